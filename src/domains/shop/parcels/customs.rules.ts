/**
 * When something that is sent crosses a border of customs, and which of the Universal Postal Union's two declarations goes with it: CN 22 for small
 * packets up to 300 special drawing rights and 2 kg, else CN 23 (Regulations to the Universal
 * Postal Convention; laposte.fr, "Formalités douanières"; royalmail.com, "Customs information and forms").
 */

export type Place = { country: string; postcode: string }

/** Countries that are within the customs territory of another: Monaco of the Union (Regulation 952/2013, article 4), the Isle of Man of the United Kingdom, Liechtenstein of Switzerland. */
const WITHIN: Record<string, string> = { MC: 'EU', IM: 'GB', LI: 'CH' }

/**
 * Which customs territory, or which part of one between which and the rest a declaration is asked for all the same: what is France, Spain or the United
 * Kingdom by its code, and is not in the customs or tax territory of the Union, or is. Northern Ireland is in both: nothing is declared on either side.
 */
function territoryOf({ country, postcode }: Place, isInEu: (country: string) => boolean): string[] {
  const begins = postcode.replace(/\s/g, '').toUpperCase()
  // Overseas (Directive 2006/112/EC, article 6): post asks for a declaration from and to there.
  if (country === 'FR' && /^9[78]/.test(begins)) return [`FR-${begins.slice(0, 3)}`]
  // The Canary Islands, Ceuta and Melilla.
  if (country === 'ES' && /^(35|38|51|52)/.test(begins)) return [`ES-${begins.slice(0, 2)}`]
  if (country === 'GB' && begins.startsWith('BT')) return ['GB', 'EU']
  return [WITHIN[country] ?? (isInEu(country) ? 'EU' : country)]
}

export function crossesCustoms(from: Place, to: Place, isInEu: (country: string) => boolean): boolean {
  const there = territoryOf(to, isInEu)
  return !territoryOf(from, isInEu).some((one) => there.includes(one))
}

/** A special drawing right has so far always been worth a little more than a euro: so many euros are on the safe side. */
const MOST_EUROS = 300
const MOST_GRAMS = 2000
/** No more stand on a label. */
const MOST_LINES = 4

/** `euros`: what it is worth, null when no rate is known; then, and past any limit, the form that is taken for anything. */
export const formFor = (parcel: { euros: number | null; grams: number; lines: number }): 'CN 22' | 'CN 23' =>
  parcel.euros !== null && parcel.euros <= MOST_EUROS && parcel.grams <= MOST_GRAMS && parcel.lines <= MOST_LINES
    ? 'CN 22'
    : 'CN 23'

/**
 * What so many of what was bought together are worth: what was paid for them, and never more than was kept of the whole. A refund may have been for
 * those that do not leave, so it lowers nothing further: too little is never said. Of what was given back whole nothing leaves any more; a sheet printed
 * again says what was said.
 */
export function worthOf(
  { gross, refunded, quantity }: Record<'gross' | 'refunded' | 'quantity', number>,
  many: number,
): number {
  const share = Math.round((gross * many) / quantity)
  return refunded < gross ? Math.min(share, gross - refunded) : share
}

/** What was paid for the sending and not given back, as the long form asks it. */
export const postageOf = ({ shipping, shippingRefunded }: Record<'shipping' | 'shippingRefunded', number>): number =>
  shipping - shippingRefunded

/** Into the Union, what is worth no more than 150 euros may have its VAT paid already (Directive 2006/112/EC, article 369l). */
export const mayNameIoss = (
  { euros, to }: { euros: number | null; to: Place },
  isInEu: (country: string) => boolean,
): boolean => territoryOf(to, isInEu).includes('EU') && euros !== null && euros <= 150
