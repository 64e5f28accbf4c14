import { formats, type Lang } from '../../../platform/i18n/index.ts'
import type { PeriodGivenBack } from './members.views.ts'
import { words } from './words.ts'

type Props = { lang: Lang; periods: PeriodGivenBack[]; now: Date }

/** What giving all of an order back does to the memberships that it paid, for whoever is about to press. */
export const WhatRefundDoes = ({ lang, periods, now }: Props) => {
  const t = words(lang)
  const { date } = formats(lang)
  const open = periods.filter(({ closedAt }) => !closedAt)
  return open.length === 0 ? null : (
    <>
      {open.map(({ title, state, from, until, paidUntil, isPaidLater, keptUntil }) => (
        <p>
          {[
            t('refund_closes', { title, from: date(from), end: date(until) }),
            state !== 'left' && !isPaidLater ? t('refund_ends') : t(`refund_${state}`, { until: date(paidUntil) }),
            ...kept({ state, isPaidLater, keptUntil }, lang, now),
          ].join(' ')}
        </p>
      ))}
      <p class="quiet">{t('refund_part')}</p>
    </>
  )
}

/** What a refund did, or a dispute that was lost. */
export const ClosedPeriods = ({ lang, periods, now }: Props) => {
  const t = words(lang)
  const { date } = formats(lang)
  return periods
    .filter(({ closedAt }) => closedAt)
    .map(({ title, state, from, until, paidUntil, isPaidLater, keptUntil }) => (
      <p>
        {[
          t('closed_said', { title, from: date(from), end: date(until) }),
          t(`closed_${state}`, { until: date(paidUntil) }),
          ...kept({ state, isPaidLater, keptUntil }, lang, now),
        ].join(' ')}
      </p>
    ))
}

/** Of a membership that has ended, or does. */
function kept(
  { state, isPaidLater, keptUntil }: Pick<PeriodGivenBack, 'state' | 'isPaidLater' | 'keptUntil'>,
  lang: Lang,
  now: Date,
): string[] {
  const goesOn = state !== 'left' && isPaidLater
  return !goesOn && keptUntil && keptUntil > now
    ? [words(lang)('refund_kept', { kept: formats(lang).date(keptUntil) })]
    : []
}
