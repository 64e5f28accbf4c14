import { formats } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import { Button, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { CardOfMembership, type CardProps, ChargeProblem } from '../cards/card-parts.tsx'
import { type Door, MemberDoor } from './door-page.tsx'
import { openingOf } from './member.rules.ts'
import type { MemberDetails } from './members.views.ts'
import { words } from './words.ts'

type MemberProps = {
  page: Page
  member: MemberDetails
  /** Its own address, where its buttons lead. */
  href: string
  payHref: string | null
  orderHref: (orderId: string) => string
  /** Absent once nothing is paid: what members read and hear is closed then. */
  door: Door | null
  now: Date
  /** The card that pays by itself, and what it does. */
  byCard: CardProps
}

/** One's own membership: what it is, until when it is paid, and each thing that one may do, in one press. */
export const MemberBody = ({ page, member, href, payHref, orderHref, door, now, byCard }: MemberProps) => {
  const { lang } = page
  const t = words(lang)
  const { date } = formats(lang)
  const { state, paidUntil, periods } = member
  const money = (amount: number) => formatMoney({ amount, currency: member.currency }, lang)
  const isPaid = paidUntil > now
  const { opensAt } = openingOf(member, now)
  // The latest is the first: who left themselves has that one still.
  const ended = state === 'left' && periods[0]?.closedAt ? 'ended' : null
  const paysItself =
    byCard.charges.some(({ state: due }) => due === 'due') && !byCard.charges.some(({ problem }) => problem)
  const press = (what: 'pause' | 'resume' | 'leave') => (
    <Form page={page} action={`${href}/${what}`}>
      <Button kind={what === 'resume' ? 'main' : 'plain'}>{t(what)}</Button>
    </Form>
  )
  return (
    <div class="shop">
      <p class="lead">
        {opensAt
          ? t(`opens_${state}`, { from: date(opensAt), until: date(paidUntil) })
          : t(isPaid ? `is_${ended ?? state}` : `over_${ended ?? state}`, { until: date(paidUntil) })}
      </p>
      <ChargeProblem page={page} charges={byCard.charges} />
      {payHref && (
        <p>
          {/* What the card will pay by itself need not be paid. */}
          <Button href={payHref} kind={paysItself ? 'plain' : 'main'}>
            {t('pay_next', { price: money(member.openTotal ?? member.price) })}
          </Button>
        </p>
      )}
      <dl class="sums">
        <dt>{t('price')}</dt>
        <dd>{t(`price_${member.every}`, { price: money(member.price) })}</dd>
        <dt>{t('since')}</dt>
        <dd>{date(member.since)}</dd>
        <dt>{t('paid_until')}</dt>
        <dd>{date(paidUntil)}</dd>
      </dl>
      {state === 'active' && !byCard.card && <p>{t('asked_before')}</p>}
      <p class="quiet">{t('library')}</p>
      {door && <MemberDoor page={page} door={door} href={href} />}
      <CardOfMembership {...{ page, member, href, now, ...byCard }} />
      {state === 'left' ? (
        member.artistSlug && (
          <p>
            <a href={`/${encodeURIComponent(member.artistSlug)}/shop`}>{t('begin_again')}</a>
          </p>
        )
      ) : (
        <section>
          <h2>{t('change')}</h2>
          <p>{t(state === 'active' ? 'change_lead' : 'resume_lead')}</p>
          <div class="actions">
            {state === 'active' ? press('pause') : press('resume')}
            {press('leave')}
          </div>
        </section>
      )}
      {periods.length > 0 && (
        <section>
          <h2>{t('paid')}</h2>
          <ul>
            {periods.map(({ orderId, code, from, until, total, refunded, closedAt }) => (
              <li>
                <a href={orderHref(orderId)}>{t('order', { code })}</a>{' '}
                <span class="quiet">
                  {t('period', { from: date(from), until: date(until) })} · {money(total)}
                  {refunded > 0 && ` · ${t('given_back', { amount: money(refunded) })}`}
                  {closedAt && ` · ${t('closed')}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
