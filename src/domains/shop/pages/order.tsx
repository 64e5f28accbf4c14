import { formats } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import { Button, Checkboxes, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { Terms } from '../cards/agreement.store.ts'
import { AgreeBox } from '../cards/card-parts.tsx'
import { words as cardWords } from '../cards/words.ts'
import { words as memberWords } from '../members/words.ts'
import { isGivenBack } from '../order.rules.ts'
import type { StoredLine } from '../order.store.ts'
import type { OrderDetails } from '../order.views.ts'
import type { OrderPaper } from '../papers.ts'
import { SentToBuyer } from '../parcels/order-parcels.tsx'
import type { SentParcel } from '../parcels/parcels.views.ts'
import type { BeginProblem } from '../payments/provider.types.ts'
import { pictureOfVariant, type picturesFor } from '../pictures.views.ts'
import type { Present } from '../presents/present.store.ts'
import { PresentOfBuyer } from '../presents/present-page.tsx'
import { reasonsOf } from '../tax.rules.ts'
import { termsPath } from '../terms/paths.rules.ts'
import { ProductThumb } from './photographs.tsx'
import { words } from './words.ts'

/** What one may download, and in which formats. */
export type Owned = {
  title: string
  of: string
  /** When it is out, while it is not yet. */
  opensAt: Date | null
  formats: { label: string; href: string }[]
}

export const OwnedList = ({ page, owned }: { page: Page; owned: Owned[] }) => (
  <ul class="owned">
    {owned.map(({ title, of, formats: forms, opensAt }) => (
      <li>
        <p>
          <strong>{title}</strong> <span class="quiet">{of}</span>
        </p>
        {opensAt && <p>{words(page.lang)('opens_on', { date: formats(page.lang).date(opensAt) })}</p>}
        <p class="actions">
          {forms.map(({ label, href }) => (
            <a href={href} data-reload="" aria-label={words(page.lang)('take_as', { title, format: label })}>
              {label}
            </a>
          ))}
        </p>
      </li>
    ))}
  </ul>
)

type OrderProps = {
  page: Page
  order: OrderDetails
  owned: Owned[]
  /** Its own address. */
  href: string
  papers: OrderPaper[]
  parcels: SentParcel[]
  /** By what each product is known, by its id. */
  pictures: Awaited<ReturnType<typeof picturesFor>>
  /** When a kept card pays it by itself. */
  paidOn?: Date | null | undefined
  /** What a card may pay by itself from now on. */
  mayKeep?: Terms | null | undefined
  /** It is of a membership. The way to that, as to all that the buyer has, is in the mail alone: an address that was typed is proven by nothing. */
  isMember: boolean
  /** For whom it is, where that is a friend; and what was typed last. */
  present?: { of: Present; mail?: string; error?: string } | null | undefined
  /** The buyer comes from the page of the payment. */
  isBack: boolean
  /** Why that page could not be begun. */
  problem?: BeginProblem | undefined
  now: Date
  /** The lines of which one may say that one takes them back. */
  mayWithdraw: StoredLine[]
  /** It was said just now. */
  notice: boolean
  withdrawProblem?: string | undefined
}

/** The way to the page where it is paid, or what is waited for. */
const CardPayment = ({
  page,
  order,
  href,
  isBack,
  isAsked,
  problem,
  now,
  mayKeep,
  paidOn,
}: Pick<OrderProps, 'page' | 'order' | 'href' | 'isBack' | 'problem' | 'now' | 'mayKeep' | 'paidOn'> & {
  isAsked: boolean
}) => {
  const { lang } = page
  const t = words(lang)
  const { card, seller } = order
  const name = seller.artistName ?? seller.legalName
  if (card?.state === 'pending') return <p>{t('card_pending')}</p>
  const url = card?.state === 'begun' && card.openUntil && card.openUntil > now ? card.url : null
  // A member who was asked by mail has not begun to pay.
  const isFresh = !problem && isAsked
  return (
    <section>
      <h2>{t('card_title')}</h2>
      {paidOn && <p>{cardWords(lang)('order_due', { date: formats(lang).date(paidOn) })}</p>}
      {isBack && (
        <p role="status">
          {t('card_back')}{' '}
          <a href={`${href}?from=payment`} data-reload="">
            {t('card_look')}
          </a>
        </p>
      )}
      {url ? (
        <>
          <p>{t('card_lead', { name })}</p>
          <p>
            <Button href={url} rel="noopener">
              {t('card_button', { amount: formatMoney({ amount: order.total, currency: order.currency }, lang) })}
            </Button>
          </p>
        </>
      ) : (
        <>
          {isFresh ? <p>{t('card_next')}</p> : <p role="alert">{t(`card_${problem ?? 'unreachable'}`, { name })}</p>}
          {problem !== 'not-chargeable' && problem !== 'too-late' && (
            <Form page={page} action={`${href}/pay`}>
              {mayKeep && <AgreeBox page={page} terms={mayKeep} hint={cardWords(lang)('agree_hint')} />}
              <Button>
                {isFresh
                  ? t('card_button', { amount: formatMoney({ amount: order.total, currency: order.currency }, lang) })
                  : t('card_again')}
              </Button>
            </Form>
          )}
        </>
      )}
    </section>
  )
}

/** One order, for whoever placed it: what is next, what was ordered, what can be downloaded. */
export const OrderBody = ({
  page,
  order,
  owned,
  papers,
  parcels,
  pictures,
  isMember,
  present,
  ...more
}: OrderProps) => {
  const { lang } = page
  const t = words(lang)
  const { date } = formats(lang)
  const money = (amount: number) => formatMoney({ amount, currency: order.currency }, lang)
  return (
    <div class="shop">
      <p class="lead">{t(`order_${order.state}`)}</p>
      {order.state === 'placed' && order.provider === 'stripe' && (
        <CardPayment page={page} order={order} isAsked={isMember} {...more} />
      )}
      {order.state === 'placed' && order.provider === 'manual' && (
        <section>
          <h2>{t('transfer_title')}</h2>
          <p>
            {t('transfer_lead', {
              amount: money(order.total),
              until: order.holdUntil ? date(order.holdUntil) : '',
            })}
          </p>
          <dl class="sums">
            <dt>{t('transfer_to')}</dt>
            <dd class="as-written">{order.seller.paysTo}</dd>
            <dt>{t('transfer_reference')}</dt>
            <dd>
              <strong>{order.code}</strong>
            </dd>
          </dl>
        </section>
      )}
      {isMember && order.mail && <p>{memberWords(lang)('order_link')}</p>}
      {present && (order.state === 'paid' || order.state === 'placed') && (
        <PresentOfBuyer
          page={page}
          present={present.of}
          href={more.href}
          isPaid={order.state === 'paid' && !isGivenBack(order)}
          mail={present.mail}
          error={present.error}
        />
      )}
      {owned.length > 0 && (
        <section>
          <h2>{t('yours')}</h2>
          <OwnedList page={page} owned={owned} />
          {order.mail && (
            <p>
              {t('all_yours')} <a href="/library">{t('all_yours_again')}</a>
            </p>
          )}
        </section>
      )}
      <SentToBuyer {...{ page, order, parcels }} />
      <section>
        <h2>{t('ordered')}</h2>
        <ul class="offers with-pictures">
          {order.lines.map((line) => {
            const known = line.productId === null ? undefined : pictures.get(line.productId)
            return (
              <li>
                <ProductThumb cover={known ? pictureOfVariant(known, line.variantId) : null} />
                <span>
                  {line.quantity > 1 && `${line.quantity} × `}
                  {[line.title, line.variant, line.bundle && t('in_bundle', { title: line.bundle })]
                    .filter(Boolean)
                    .join(', ')}
                </span>{' '}
                <span class="quiet">
                  {money(line.gross)}
                  {line.releasedAt && ` · ${t('preorder_line', { date: date(line.releasedAt) })}`}
                </span>
              </li>
            )
          })}
        </ul>
        <dl class="sums">
          {order.shipping > 0 && (
            <>
              <dt>{t('shipping')}</dt>
              <dd>{money(order.shipping)}</dd>
            </>
          )}
          <dt>{t('total')}</dt>
          <dd>{money(order.total)}</dd>
          {order.tax > 0 ? (
            <>
              <dt>{t('tax_within')}</dt>
              <dd>{money(order.tax)}</dd>
            </>
          ) : (
            reasonsOf(order, order.lines).includes('small') &&
            order.seller.country === 'FR' && (
              <>
                <dt>{t('tax')}</dt>
                <dd>{t('art_293b')}</dd>
              </>
            )
          )}
          {order.refunded > 0 && (
            <>
              <dt>{t('given_back')}</dt>
              <dd>{money(order.refunded)}</dd>
            </>
          )}
          <dt>{t('sold_by')}</dt>
          <dd>{order.seller.legalName}</dd>
        </dl>
        {papers.length > 0 && (
          <p class="actions">
            {papers.map(({ kind, name }, index) => (
              <a href={`${more.href}/papers/${index + 1}.pdf`} data-reload="">
                {t(`paper_${kind}`, { name: name ?? '' })}
              </a>
            ))}
          </p>
        )}
      </section>
      <Contract page={page} order={order} {...more} />
    </div>
  )
}

/** What was agreed to, and how one takes back what one bought. */
const Contract = ({
  page,
  order,
  href,
  mayWithdraw,
  notice,
  withdrawProblem,
}: Pick<OrderProps, 'page' | 'order' | 'href' | 'mayWithdraw' | 'notice' | 'withdrawProblem'>) => {
  const { lang } = page
  const t = words(lang)
  const { dateTime, list } = formats(lang)
  const { terms, withdrawals, lines } = order
  // What was taken at a table was taken there, with the seller in front of one.
  if (terms.version === 'till') return null
  return (
    <section>
      <h2>{t('contract')}</h2>
      {notice && <p role="status">{t('withdrawn_done')}</p>}
      <p>
        <a href={termsPath(order.sellerId, terms)}>{t('terms_accepted')}</a>
      </p>
      {terms.waiver && (
        <>
          <p>{t('waiver_said')}</p>
          <blockquote lang={terms.language}>{terms.waiver}</blockquote>
        </>
      )}
      {withdrawals.map(({ positions, saidAt }) => (
        <p>
          {t('withdrawn_on', {
            titles: list(lines.filter(({ position }) => positions.includes(position)).map(({ title }) => title)),
            date: dateTime(saidAt),
          })}
        </p>
      ))}
      {mayWithdraw.length > 0 && (
        <details open={Boolean(withdrawProblem)}>
          <summary>{t('withdraw_title')}</summary>
          <Form page={page} action={`${href}/withdraw`}>
            <ErrorSummary errors={withdrawProblem ? { line: withdrawProblem } : undefined} lang={lang} />
            <Checkboxes
              name="line"
              label={t('withdraw_what')}
              hint={t('withdraw_hint')}
              error={withdrawProblem}
              values={mayWithdraw.length === 1 ? mayWithdraw.map(({ position }) => String(position)) : []}
              options={mayWithdraw.map(({ position, title, variant, quantity }) => ({
                value: String(position),
                label: `${quantity > 1 ? `${quantity} × ` : ''}${[title, variant].filter(Boolean).join(', ')}`,
              }))}
            />
            {mayWithdraw.some(({ kind }) => kind === 'membership') && <p>{memberWords(lang)('refund_of_period')}</p>}
            <Button kind="plain">{t('withdraw_button')}</Button>
          </Form>
        </details>
      )}
    </section>
  )
}

/** An order that was paid, with its page. */
type Bought = { code: string; total: number; currency: string; placedAt: Date; href: string }

/** Everything that somebody ever bought here. */
export const LibraryBody = ({
  page,
  owned,
  mail,
  orders,
  memberships,
}: {
  page: Page
  owned: Owned[]
  mail: string
  orders: Bought[]
  memberships: { title: string; href: string }[]
}) => {
  const t = words(page.lang)
  const { date } = formats(page.lang)
  return (
    <div class="shop">
      <p class="lead">{t('library_lead', { mail })}</p>
      {owned.length === 0 ? <p>{t('library_empty')}</p> : <OwnedList page={page} owned={owned} />}
      {memberships.length > 0 && (
        <section>
          <h2>{memberWords(page.lang)('yours')}</h2>
          <ul class="offers">
            {memberships.map(({ title, href }) => (
              <li>
                <a href={href}>{title}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {orders.length > 0 && (
        <section>
          <h2>{t('orders_paid')}</h2>
          <p>
            {t('orders_paid_lead')} {t('orders_withdraw')}
          </p>
          <ul class="offers">
            {orders.map(({ code, total, currency, placedAt, href }) => (
              <li>
                <a href={href}>{t('order_title', { code })}</a>{' '}
                <span class="quiet">
                  {date(placedAt)} · {formatMoney({ amount: total, currency }, page.lang)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

/** For whoever lost the mail: the link is sent again, to the address alone. */
export const LostBody = ({
  page,
  errors,
  mail,
  sent,
}: {
  page: Page
  errors?: FieldErrors | undefined
  mail?: string
  sent?: boolean
}) => {
  const t = words(page.lang)
  return sent ? (
    <p class="lead" role="status">
      {t('lost_sent')}
    </p>
  ) : (
    <Form page={page} action="/library" class="shop" novalidate>
      <p>{t('lost_lead')}</p>
      <Field
        name="mail"
        type="email"
        label={t('mail')}
        value={mail}
        error={errors?.['mail']}
        autocomplete="email"
        required
      />
      <Button>{t('lost_button')}</Button>
    </Form>
  )
}
