import type { Lang } from '../../../../platform/i18n/index.ts'
import { readMoney, typedMoney } from '../../../../platform/money.ts'
import type { FieldErrors } from '../../../../ui/forms.tsx'
import type { Posted } from '../../../identity/index.ts'
import { seriesWords } from '../../words.ts'
import type { Series } from '../series.views.ts'
import type { Each } from '../set-each.ts'

/** As the form has it. */
export type EachTyped = {
  notice: string
  noticeWords: string
  noticeWordsOther: string
  noticeTexts: boolean
  price: string
}

/** What somebody may change of it, and in what is sold; null: nobody sells for this artist. */
export type MayEach = {
  announce: boolean
  sell: boolean
  currency: string | null
  /** A network carries text messages for this artist. */
  text: boolean
}

export const typedEach = (
  { notice, noticeWords, noticeWordsOther, noticeTexts, price }: Each,
  currency: string | null,
  lang: Lang,
): EachTyped => ({
  notice: notice ?? 'none',
  ...{ noticeWords, noticeWordsOther, noticeTexts },
  price: price !== null && currency ? typedMoney({ amount: price, currency }, lang) : '',
})

/** What the form says; what its sender may not change stays as it was. */
export function readEach(
  posted: Posted,
  series: Series,
  { announce, sell, currency }: MayEach,
  lang: Lang,
): { typed: EachTyped } & ({ value: Each; errors?: never } | { value?: never; errors: FieldErrors }) {
  const t = seriesWords(lang)
  const before = typedEach(series, currency, lang)
  const typed: EachTyped = {
    notice: announce ? posted.text('notice') : before.notice,
    noticeWords: announce ? posted.text('noticeWords').slice(0, 2000) : before.noticeWords,
    noticeWordsOther: announce ? posted.text('noticeWordsOther').slice(0, 2000) : before.noticeWordsOther,
    noticeTexts: announce ? posted.text('noticeTexts') === 'on' : before.noticeTexts,
    price: sell && currency ? posted.text('price') : before.price,
  }
  const errors: FieldErrors = {}
  const notice = (['fans', 'followers'] as const).find((one) => one === typed.notice) ?? null
  if (!notice && typed.notice !== 'none') errors['notice'] = t('error_choice')
  const money = typed.price && currency ? readMoney(typed.price, currency) : null
  if (typed.price && !money?.amount) errors['price'] = t('error_price')
  if (Object.keys(errors).length) return { typed, errors }
  const price = sell && currency ? (money?.amount ?? null) : series.price
  const { noticeWords, noticeWordsOther, noticeTexts } = typed
  return { typed, value: { notice, noticeWords, noticeWordsOther, noticeTexts, price } }
}
