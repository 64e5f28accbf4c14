import type { Lang } from '../../../platform/i18n/index.ts'
import type { TillThing } from './till.views.ts'

/** What the till on the device is given. `says`: every sentence of it, in the language of the page. */
export type TillProps = {
  tillId: string
  currency: string
  lang: Lang
  things: TillThing[]
  says: Record<Saying, string>
}

/** `{n}`, `{amount}` and `{what}` in them are filled in on the device. */
export const SAYINGS = [
  'total',
  'nothing_yet',
  'one_less',
  'in_stock',
  'none_left',
  'given',
  'change',
  'too_little',
  'paid_cash',
  'paid_other',
  'mail',
  'sold',
  'waiting',
  'all_arrived',
  'sign_in',
  'refused',
  'short',
  'not_kept',
  'other_evenings',
] as const
export type Saying = (typeof SAYINGS)[number]
