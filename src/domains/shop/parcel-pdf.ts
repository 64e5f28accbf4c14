import { countryName, formats, type Lang } from '../../platform/i18n/index.ts'
import { pdfOf } from '../../platform/sheet.ts'
import type { Order, StoredLine } from './order.store.ts'
import { words } from './studio/words.ts'
import type { ParcelAddress } from './tables.ts'

type Sender = { legalName: string; address: { lines?: string[]; postcode?: string; city?: string }; country: string }
type Parcel = { order: Order; lines: StoredLine[]; address: ParcelAddress; sender: Sender; lang: Lang }

/** The postal convention: the country in capitals, on the last line, and only when it is abroad. */
const lastLine = (country: string, from: string, lang: Lang) =>
  country === from ? [] : [countryName(country, lang).toLocaleUpperCase(lang)]

const senderLines = ({ legalName, address, country }: Sender, to: string, lang: Lang) => [
  legalName,
  ...(address.lines ?? []),
  [address.postcode, address.city].filter(Boolean).join(' '),
  ...lastLine(country, to, lang),
]

/** Where it goes, large, and where from: a label of 100 by 150 mm. */
export function labelPdf({ order, address, sender, lang }: Parcel): Promise<Buffer> {
  const t = words(lang)
  const title = t('label_title', { code: order.code })
  return pdfOf({ lang, title, made: order.placedAt, on: 'label' }, (sheet) => {
    sheet.text(t('label_from', { sender: senderLines(sender, address.country, lang).join(', ') }))
    sheet.heading(t('label_to'))
    const { name, lines, postcode, city, region, country } = address
    for (const line of [
      name,
      ...lines,
      `${postcode} ${city}`.trim(),
      region,
      ...lastLine(country, sender.country, lang),
    ])
      if (line) sheet.large(line)
    sheet.text(title)
  })
}

/** What goes into the parcel, for whoever packs it and for whoever opens it: no prices. In the buyer's language. */
export function slipPdf({ order, lines, address, sender, lang }: Parcel): Promise<Buffer> {
  const t = words(lang)
  const { date, number } = formats(lang)
  const title = t('slip_title', { code: order.code })
  return pdfOf({ lang, title, made: order.placedAt }, (sheet) => {
    sheet.title(title)
    sheet.text(t('slip_ordered', { date: date(order.placedAt) }))
    sheet.text(t('label_from', { sender: senderLines(sender, address.country, lang).join(', ') }))
    sheet.heading(t('label_to'))
    sheet.text(
      [address.name, ...address.lines, `${address.postcode} ${address.city}`.trim(), address.region]
        .filter(Boolean)
        .join(', '),
    )
    sheet.text(countryName(address.country, lang))
    sheet.table(
      [
        { label: t('what'), weight: 5 },
        { label: t('quantity'), weight: 1, numeric: true },
        { label: t('slip_weight'), weight: 1.4, numeric: true },
      ],
      lines.map((line) => [
        [line.title, line.variant].filter(Boolean).join(', '),
        number(line.quantity),
        t('grams', { n: (line.weight ?? 0) * line.quantity }),
      ]),
    )
    sheet.text(t('slip_total', { n: lines.reduce((sum, line) => sum + (line.weight ?? 0) * line.quantity, 0) }))
  })
}
