import { countryName, type Lang } from '../../../platform/i18n/index.ts'
import { currencyName } from '../../../platform/money.ts'
import { words } from './words.ts'

/** All that the terms of a seller say of the seller. */
export type TermsFacts = {
  legalName: string
  address: { lines?: string[]; postcode?: string; city?: string; region?: string }
  country: string
  registerNumber: string
  vatRegime: 'small' | 'registered' | 'outside'
  vatNumber: string
  currency: string
  contactMail: string
  contactPhone: string
  /** Who mediates between the seller and consumers: name, address, site. */
  mediator: string
  transfers: boolean
  holdDays: number
  card: boolean
  /** Whole address of what is said about data. */
  privacy: string
}

/** The terms of sale as the template makes them of what is known of the seller. It is a template, and no legal advice: the studio says so. */
export function termsFromTemplate(facts: TermsFacts, lang: Lang): string {
  const t = words(lang)
  const { address, registerNumber, vatNumber, country } = facts
  const place = [address.postcode, address.city].filter(Boolean).join(' ')
  const who = [
    facts.legalName,
    ...(address.lines ?? []),
    place,
    address.region,
    countryName(country, lang),
    registerNumber && t('register', { number: registerNumber }),
    vatNumber && t('vat', { number: vatNumber }),
  ]
  return t('template', {
    who: who.filter(Boolean).join(', '),
    contact: [facts.contactMail, facts.contactPhone].filter(Boolean).join(', ') || '…',
    currency: currencyName(facts.currency, lang),
    regime: facts.vatRegime,
    law: country === 'FR' ? 'FR' : 'other',
    mediator: facts.mediator.replaceAll(/,?\s*\n\s*/g, ', ') || 'none',
    transfers: facts.transfers ? 'yes' : 'no',
    holdDays: facts.holdDays,
    card: facts.card ? 'yes' : 'no',
    privacy: facts.privacy,
  })
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
}

export type TermsLack = 'address' | 'mail' | 'mediator'

/** What the law wants said of a seller and nobody has said yet: in France a mediator among it (article L616-1 of the code de la consommation). */
export const lackingIn = ({ address, contactMail, mediator, country }: TermsFacts): TermsLack[] => [
  ...(address.lines?.length && address.city ? [] : (['address'] as const)),
  ...(contactMail ? [] : (['mail'] as const)),
  ...(mediator || country !== 'FR' ? [] : (['mediator'] as const)),
]
