import { countryName, formats } from '../../../platform/i18n/index.ts'
import type { OrderDetails } from '../order.views.ts'
import type { ShippingEvidence } from '../payments/provider.types.ts'
import { carrierName } from './carrier.rules.ts'
import type { SentParcel } from './parcels.views.ts'

const several = (texts: string[]) => [...new Set(texts.filter(Boolean))].join(', ')

/** What a bank is told of the parcels of an order, in English, which its people read; null when none left. The day is the one on the receipt, where there is one. */
export function evidenceOf(
  { address }: Pick<OrderDetails, 'address'>,
  parcels: Pick<SentParcel, 'sentAt' | 'carrier' | 'tracking' | 'proofs'>[],
): ShippingEvidence | null {
  const sent = parcels.flatMap(({ sentAt, ...parcel }) => (sentAt ? [{ ...parcel, sentAt }] : []))
  if (sent.length === 0 || !address) return null
  const { date } = formats('en')
  const { name, lines, postcode, city, region, country } = address
  const handedOn = ({ proofs, sentAt }: (typeof sent)[number]) => {
    const day = proofs.flatMap(({ handedOn: on }) => on ?? [])[0]
    return date(day ? new Date(`${day}T12:00:00Z`) : sentAt)
  }
  return {
    carrier: several(sent.map(({ carrier }) => carrierName(carrier) ?? '')),
    // What is not followed has the number of its receipt.
    number: several(sent.flatMap(({ tracking, proofs }) => tracking || proofs.map(({ reference }) => reference))),
    date: several(sent.map(handedOn)),
    address: [name, ...lines, `${postcode} ${city}`.trim(), region, countryName(country, 'en')]
      .filter(Boolean)
      .join('\n'),
  }
}
