import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import { reasonOf } from '../cards/charge.rules.ts'
import { words as cardWords } from '../cards/words.ts'
import type { MemberRow } from './members.views.ts'
import { words } from './words.ts'

type Props = { c: Context<WebEnv>; artistId: string; members: MemberRow[]; now: Date }

/** Who is a member, since when, until when it is paid, and what it brought. */
export const MembersPage = ({ c, artistId, members, now }: Props) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { date, shortDate } = formats(lang)
  const state = ({ state, paidUntil, opensAt }: MemberRow) =>
    opensAt && state !== 'left'
      ? t('state_closed', { date: date(opensAt) })
      : t(state === 'active' && paidUntil <= now ? 'state_late' : `state_${state}`)
  const isMember = ({ paidUntil, state, opensAt }: MemberRow) => paidUntil > now && state !== 'left' && !opensAt
  const how = ({ last4, provider, dueAt, dueTotal, refusedAt, problem, price, currency }: MemberRow) => {
    const w = cardWords(lang)
    const by = last4 ? w('how_card', { last4 }) : w(provider === 'stripe' ? 'how_hand' : 'how_transfer')
    const said = { problem: w(`reason_${reasonOf(problem)}`), date: shortDate(refusedAt ?? now) }
    const money = formatMoney({ amount: dueTotal ?? price, currency }, lang)
    const when =
      problem !== null
        ? dueAt
          ? w('how_again', { ...said, next: shortDate(dueAt) })
          : w('how_refused', said)
        : dueAt && w('how_due', { date: shortDate(dueAt), price: money })
    return [by, when].filter(Boolean).join(', ')
  }
  return (
    <StudioPage c={c} title={t('members')} current="shop" artistId={artistId}>
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a>
      </p>
      <h1>{t('members')}</h1>
      {members.length === 0 ? (
        <Empty title={t('nobody')} action={<Button href="/studio/shop/new">{t('offer')}</Button>}>
          <p>{t('nobody_lead')}</p>
        </Empty>
      ) : (
        <>
          <p class="lead">{t('how_many', { n: members.filter(isMember).length })}</p>
          <Table
            lang={lang}
            caption={t('members')}
            captionHidden
            columns={[
              { label: t('who'), cell: (row) => row.name || row.mail || t('erased') },
              { label: t('plan'), cell: (row) => row.title },
              { label: t('state'), cell: state },
              { label: cardWords(lang)('how'), cell: how },
              { label: t('since'), cell: (row) => date(row.since) },
              { label: t('paid_until'), cell: (row) => date(row.paidUntil) },
              {
                label: t('price'),
                numeric: true,
                cell: ({ price, currency, every }) =>
                  t(`price_${every}`, { price: formatMoney({ amount: price, currency }, lang) }),
              },
              {
                label: t('brought'),
                numeric: true,
                cell: ({ paid, currency }) => formatMoney({ amount: paid, currency }, lang),
              },
            ]}
            rows={members}
          />
        </>
      )}
    </StudioPage>
  )
}
