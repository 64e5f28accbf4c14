/** Where a parcel is followed, by the carriers' own pages as they were in November 2026; `{}` is the number. */
const PAGES = {
  laposte: 'https://www.laposte.fr/outils/suivre-vos-envois?code={}',
  chronopost: 'https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={}',
  mondialrelay: 'https://www.mondialrelay.fr/suivi-de-colis?numeroExpedition={}',
  deutschepost: 'https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={}',
  dhl: 'https://www.dhl.com/global-en/home/tracking.html?tracking-id={}',
  bpost: 'https://track.bpost.cloud/btr/web/#/search?itemCode={}',
  swisspost: 'https://service.post.ch/ekp-web/ui/entry/search/{}',
  royalmail: 'https://www.royalmail.com/track-your-item#/tracking-results/{}',
  usps: 'https://tools.usps.com/go/TrackConfirmAction?tLabels={}',
  ups: 'https://www.ups.com/track?tracknum={}',
  fedex: 'https://www.fedex.com/fedextrack/?trknbr={}',
} as const

export type Carrier = keyof typeof PAGES

const NAMES: Record<Carrier, string> = {
  laposte: 'La Poste, Colissimo',
  chronopost: 'Chronopost',
  mondialrelay: 'Mondial Relay',
  deutschepost: 'Deutsche Post',
  dhl: 'DHL',
  bpost: 'bpost',
  swisspost: 'Swiss Post',
  royalmail: 'Royal Mail',
  usps: 'USPS',
  ups: 'UPS',
  fedex: 'FedEx',
}

export const CARRIERS = Object.keys(PAGES) as Carrier[]
/** As files write them, plain and in small letters; who is part of another's name comes after it. */
const WRITTEN: [Carrier, RegExp][] = [
  ['swisspost', /\b(swiss ?post|poste suisse|schweizerische post|posta svizzera)\b/],
  ['deutschepost', /\bdeutsche ?post\b/],
  ['chronopost', /\bchrono(post)?\b/],
  ['mondialrelay', /\bmondial ?relay\b/],
  ['laposte', /\b(la ?poste|colissimo|lettre suivie)\b/],
  ['royalmail', /\broyal ?mail\b/],
  ['bpost', /\bbpost\b/],
  ['usps', /\b(usps|united states postal service)\b/],
  ['fedex', /\bfed ?ex\b/],
  ['dhl', /\bdhl\b/],
  ['ups', /\b(ups|united parcel service)\b/],
]

/** The carrier that a cell of a file names; null: none that is known. */
export function carrierIn(cell: string): Carrier | null {
  const plain = cell
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .toLowerCase()
  return WRITTEN.find(([, names]) => names.test(plain))?.[0] ?? null
}

export const carrierName = (carrier: string): string | null => NAMES[carrier as Carrier] ?? null

export type Tracking = { carrier: Carrier | ''; tracking: string; link: string | null }

/**
 * How a parcel is followed, from what somebody typed. A number is letters and figures; spaces and dashes are how it is read aloud. An own link has to be
 * one that a mail may carry: https.
 */
export function readTracking(typed: {
  carrier: string
  tracking: string
  link: string
}): Tracking | { problem: 'tracking' | 'link' } {
  const tracking = typed.tracking.replace(/[\s-]/g, '').toUpperCase()
  if (!/^[A-Z0-9]{0,40}$/.test(tracking)) return { problem: 'tracking' }
  const carrier = CARRIERS.find((known) => known === typed.carrier) ?? ''
  if (typed.link) {
    const url = typed.link.length <= 500 && URL.canParse(typed.link) ? new URL(typed.link) : null
    return url?.protocol === 'https:' && !url.username ? { carrier, tracking, link: url.href } : { problem: 'link' }
  }
  return { carrier, tracking, link: carrier && tracking ? PAGES[carrier].replace('{}', tracking) : null }
}
