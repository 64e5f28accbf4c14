import type { Context } from 'hono'
import { countryName, formats } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { currencyName, formatMoney, typedMoney } from '../../../platform/money.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { clockAt, StudioPage, type WebEnv, zoneAt } from '../../identity/index.ts'
import type { PeriodGivenBack } from '../members/members.views.ts'
import { ClosedPeriods, WhatRefundDoes } from '../members/refund-parts.tsx'
import type { OrderDetails } from '../order.views.ts'
import type { OrderPaper } from '../papers.ts'
import { OrderParcels } from '../parcels/order-parcels.tsx'
import type { SentParcel } from '../parcels/parcels.views.ts'
import { DisputeEvidence, type Typed } from '../parcels/proof-parts.tsx'
import { words as parcelWords } from '../parcels/words.ts'
import { reasonsOf } from '../tax.rules.ts'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  order: OrderDetails
  papers: OrderPaper[]
  parcels: SentParcel[]
  /** Those of memberships that it paid. */
  periods: PeriodGivenBack[]
  now: Date
  errors?: FieldErrors | undefined
  typed?: Typed | undefined
}

const PARCEL_DONE = ['packed', 'sent', 'unpacked', 'back', 'corrected', 'told', 'proof', 'dropped', 'evidence'] as const
const DONE = ['asked', 'paid', 'again', 'wrong-amount', 'too-late', 'cancelled', 'refunded'] as const

/** One order: who, what, where to, whether it is paid, and the next thing to do about it. */
export const OrderPage = ({ c, order, papers, parcels, periods, now, errors, typed }: Props) => {
  const { page } = c.var
  const { lang } = page
  const t = words(lang)
  const { date, number } = formats(lang)
  const dateTime = clockAt(c, order.artistId)
  const money = (amount: number) => formatMoney({ amount, currency: order.currency }, lang)
  const done = errors ? undefined : DONE.find((name) => name === c.req.query('done'))
  const parcelDone = errors ? undefined : PARCEL_DONE.find((name) => name === c.req.query('done'))
  const left = order.total - order.refunded
  // What the bank has taken cannot be given back as well; Stripe refuses it.
  const isDisputed = order.disputes.some(({ state }) => state === 'open')
  return (
    <StudioPage
      c={c}
      title={t('order_title', { code: order.code })}
      current="shop"
      artistId={order.artistId ?? undefined}
      notice={done ? t(`done_${done}`) : parcelDone && parcelWords(lang)(`done_${parcelDone}`)}
    >
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a>
      </p>
      <h1>{t('order_title', { code: order.code })}</h1>
      <p class="lead">
        {t(`order_${order.state}`)} · {dateTime(order.placedAt)}
      </p>
      <div class="shop">
        <ErrorSummary errors={errors} lang={lang} />
        {order.stray.length > 0 && (
          <p>{t('stray', { amounts: formats(lang).list(order.stray.map((paid) => formatMoney(paid, lang))) })}</p>
        )}
        {order.stray
          .filter(({ provider }) => provider === 'stripe')
          .map((paid) => (
            <Form page={page} action={`/studio/orders/${order.id}/return`}>
              <input type="hidden" name="key" value={newId()} />
              <input type="hidden" name="payment" value={paid.id} />
              <Button kind="plain">{t('return_button', { amount: formatMoney(paid, lang) })}</Button>
            </Form>
          ))}
        {order.disputes.map((dispute) => (
          <section>
            <h2>{t('disputes_title')}</h2>
            <p>
              {t(`dispute_${dispute.state}`, { amount: money(dispute.amount) })}
              {(dispute.state === 'open' || dispute.state === 'asked') &&
                dispute.dueAt &&
                ` ${t('dispute_until', { until: dateTime(dispute.dueAt) })}`}
            </p>
            {(dispute.state === 'open' || dispute.state === 'asked') && (
              <DisputeEvidence {...{ c, order, parcels, dispute }} />
            )}
            {(dispute.state === 'open' || dispute.state === 'asked') && (
              <p>
                <a
                  href={`https://dashboard.stripe.com/${order.card?.isLive === false ? 'test/' : ''}disputes/${dispute.reference}`}
                  rel="noopener"
                >
                  {t('dispute_at_stripe')}
                </a>
              </p>
            )}
          </section>
        ))}
        {order.withdrawals.map(({ positions, saidAt }) => (
          <section>
            <h2>{t('withdrawal_title')}</h2>
            <p>
              {t('withdrawal_said', {
                titles: formats(lang).list(
                  order.lines.filter(({ position }) => positions.includes(position)).map(({ title }) => title),
                ),
                date: dateTime(saidAt),
                until: date(new Date(saidAt.getTime() + 14 * 86_400_000), zoneAt(c, order.artistId ?? '')),
              })}
            </p>
          </section>
        ))}
        <Table
          lang={lang}
          caption={t('what')}
          columns={[
            {
              label: t('title'),
              cell: (line) =>
                [
                  line.title,
                  line.variant,
                  line.bundle && t('in_bundle', { title: line.bundle }),
                  line.releasedAt && t('preorder_until', { date: date(line.releasedAt) }),
                ]
                  .filter(Boolean)
                  .join(', '),
            },
            { label: t('quantity'), numeric: true, cell: (line) => number(line.quantity) },
            { label: t('total'), numeric: true, cell: (line) => money(line.gross) },
          ]}
          rows={order.lines}
        />
        {order.note && (
          <section>
            <h2>{t('tip_word')}</h2>
            <p class="as-written">{order.note}</p>
          </section>
        )}
        <dl class="sums">
          {order.shipping > 0 && (
            <>
              <dt>{t('shipping')}</dt>
              <dd>{money(order.shipping)}</dd>
            </>
          )}
          <dt>{t('total')}</dt>
          <dd>{money(order.total)}</dd>
          <dt>{t('tax_within')}</dt>
          <dd>
            {[money(order.tax), ...reasonsOf(order, order.lines).map((reason) => t(`tax_${reason}`))].join(' · ')}
          </dd>
          {order.card?.state === 'paid' && (
            <>
              <dt>{t('paid_by_card')}</dt>
              <dd>{order.card.isLive ? 'Stripe' : `Stripe · ${t('account_test')}`}</dd>
              {order.card.settled && order.card.settled.currency !== order.currency && (
                <>
                  <dt>{t('card_settled')}</dt>
                  <dd>
                    {t('card_rate', { amount: formatMoney(order.card.settled, lang), rate: order.card.rate ?? '' })}
                  </dd>
                </>
              )}
              {order.card.fee && (
                <>
                  <dt>{t('card_fee')}</dt>
                  <dd>{formatMoney(order.card.fee, lang)}</dd>
                </>
              )}
            </>
          )}
          {order.refunded > 0 && (
            <>
              <dt>{t('refunded')}</dt>
              <dd>{money(order.refunded)}</dd>
            </>
          )}
          {papers.length > 0 && (
            <>
              <dt>{t('papers')}</dt>
              <dd>
                {papers.map(({ kind, name }, index) => (
                  <>
                    {index > 0 && ' · '}
                    <a href={`/studio/orders/${order.id}/papers/${index + 1}.pdf`} data-reload="">
                      {t(`paper_${kind}`, { name: name ?? '' })}
                    </a>
                  </>
                ))}
              </dd>
            </>
          )}
          <dt>{t('who')}</dt>
          <dd>
            {order.name} {order.mail ? <a href={`mailto:${order.mail}`}>{order.mail}</a> : t('till')}
          </dd>
          {order.address && (
            <>
              <dt>{t('send_to')}</dt>
              <dd class="as-written">
                {[
                  order.address.name,
                  ...order.address.lines,
                  `${order.address.postcode} ${order.address.city}`,
                  order.address.region,
                  countryName(order.address.country, lang),
                ]
                  .filter((line) => line.trim())
                  .join('\n')}
              </dd>
            </>
          )}
        </dl>
        {order.state === 'paid' && order.address && (
          <p class="actions">
            {(['label', 'slip'] as const).map((file) => (
              <a href={`/studio/orders/${order.id}/${file}.pdf`} data-reload="">
                {t(`print_${file}`)}
              </a>
            ))}
          </p>
        )}
        <OrderParcels {...{ c, order, parcels, errors, typed }} />
        {order.state === 'placed' && order.provider === 'stripe' && (
          <p>{t(order.card?.state === 'pending' ? 'card_pending' : 'card_waits')}</p>
        )}
        {order.refunds.some(({ state }) => state !== 'done') && (
          <section>
            <h2>{t('refunds_title')}</h2>
            <ul>
              {order.refunds.map((refund) => (
                <li>
                  {t(`refund_${refund.state}`, { amount: money(refund.amount), problem: refund.problem ?? '' })}{' '}
                  <span class="quiet">{dateTime(refund.at)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <ClosedPeriods {...{ lang, periods, now }} />
        {order.state !== 'paid' && order.provider === 'manual' && (
          <section>
            <h2>{t('paid_title')}</h2>
            <p>{t('paid_lead')}</p>
            <Form page={page} action={`/studio/orders/${order.id}/paid`}>
              <Field
                name="amount"
                label={t('amount_received', { currency: currencyName(order.currency, page.lang) })}
                value={typedMoney({ amount: order.total, currency: order.currency }, page.lang)}
                error={errors?.['amount']}
                inputmode="decimal"
                autocomplete="off"
              />
              <Button>{t('paid_button')}</Button>
            </Form>
          </section>
        )}
        {order.state === 'placed' && (
          <Form page={page} action={`/studio/orders/${order.id}/cancel`}>
            <Button kind="plain">{t('cancel')}</Button>
          </Form>
        )}
        {order.state === 'paid' && left > 0 && !isDisputed && (
          <details open={Boolean(errors?.['amount'])}>
            <summary>{t('refund_title')}</summary>
            <p>{t(order.card ? 'refund_card_lead' : 'refund_lead')}</p>
            <WhatRefundDoes {...{ lang, periods, now }} />
            <Form page={page} action={`/studio/orders/${order.id}/refund`}>
              <input type="hidden" name="key" value={newId()} />
              <Field
                name="amount"
                label={t('amount_back', { currency: currencyName(order.currency, page.lang) })}
                value={typedMoney({ amount: left, currency: order.currency }, page.lang)}
                error={errors?.['amount']}
                inputmode="decimal"
                autocomplete="off"
              />
              <Field name="reason" label={t('reason')} note={t('optional')} maxlength={500} />
              <Button kind="plain">{t(order.card ? 'refund_card_button' : 'refund_button')}</Button>
            </Form>
          </details>
        )}
      </div>
    </StudioPage>
  )
}
