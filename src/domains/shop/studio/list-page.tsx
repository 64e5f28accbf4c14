import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Radios, Select } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import type { Offer } from '../../exchange/index.ts'
import { clockAt, StudioPage, type WebEnv, zoneAt } from '../../identity/index.ts'
import { isGivenBack } from '../order.rules.ts'
import type { OrderRow } from '../order.views.ts'
import type { PaymentNotes } from '../payments/payments.views.ts'
import type { StudioProduct } from '../product.views.ts'
import { words } from './words.ts'

type Common = { c: Context<WebEnv>; artistId: string }

/** Before anything is sold, somebody has to answer for it. */
export const NoSellerPage = ({ c, artistId }: Common) => {
  const t = words(c.var.page.lang)
  return (
    <StudioPage c={c} title={t('shop')} current="shop" artistId={artistId}>
      <h1>{t('shop')}</h1>
      <Empty title={t('no_seller')} action={<Button href="/studio/books/seller">{t('name_seller')}</Button>}>
        <p>{t('no_seller_lead')}</p>
      </Empty>
      <CodesAlone t={t} />
    </StudioPage>
  )
}

/** Codes sell nothing, nor does what was bought elsewhere: they need nobody who sells. */
const CodesAlone = ({ t }: { t: ReturnType<typeof words> }) => (
  <p>
    <a href="/studio/shop/codes">{t('codes')}</a> · <a href="/studio/shop/bandcamp">{t('bandcamp')}</a>
  </p>
)

/** The shop's other pages, by when one goes there: to sell, once something was bought, to set it up. */
const Groups = ({ t, sells, hasMembers }: { t: ReturnType<typeof words>; sells?: boolean; hasMembers?: boolean }) => {
  const groups = {
    to_sell: [...(sells ? ['till' as const] : []), 'codes' as const],
    once_bought: [
      ...(sells ? ['to_send' as const] : []),
      ...(hasMembers ? ['members' as const] : []),
      'bandcamp' as const,
    ],
    set_up: ['payments' as const, ...(sells ? ['terms' as const] : []), 'settings' as const],
  }
  return (
    <nav class="groups" aria-label={t('shop')}>
      <dl>
        {(['to_sell', 'once_bought', 'set_up'] as const).map((group) => (
          <div>
            <dt>{t(group)}</dt>
            {groups[group].map((page) => (
              <dd>
                <a href={PAGES[page]}>{t(page)}</a>
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </nav>
  )
}

const PAGES = {
  till: '/studio/till',
  codes: '/studio/shop/codes',
  to_send: '/studio/parcels',
  members: '/studio/shop/members',
  bandcamp: '/studio/shop/bandcamp',
  payments: '/studio/shop/payments',
  terms: '/studio/shop/terms',
  settings: '/studio/shop/settings',
} as const

/** What is offered, and what was ordered. */
export const ShopPage = ({
  c,
  artistId,
  products,
  orders,
  notes,
  publicPath,
}: Common & { products: StudioProduct[]; orders: OrderRow[]; notes: PaymentNotes; publicPath: string }) => {
  const { lang } = c.var.page
  const t = words(lang)
  return (
    <StudioPage c={c} title={t('shop')} current="shop" artistId={artistId}>
      <h1>{t('shop')}</h1>
      <Notes {...{ c, artistId, notes }} />
      {products.length === 0 ? (
        <>
          <Empty title={t('nothing_offered')} action={<Button href="/studio/shop/new">{t('new')}</Button>}>
            <p>{t('nothing_offered_lead')}</p>
          </Empty>
          <Groups t={t} />
        </>
      ) : (
        <>
          <p class="actions">
            <Button href="/studio/shop/new">{t('new')}</Button>
            {products.some(({ state }) => state === 'offered') && <a href={publicPath}>{t('see_shop')}</a>}
          </p>
          <Groups t={t} sells hasMembers={products.some(({ kind }) => kind === 'membership')} />
          <Products products={products} lang={lang} />
        </>
      )}
      {orders.length > 0 && <Orders {...{ c, artistId, orders }} />}
    </StudioPage>
  )
}

type Lang = Context<WebEnv>['var']['page']['lang']

/** What somebody should know of payments; nothing at all when all is well. */
const Notes = ({ c, artistId, notes }: Common & { notes: PaymentNotes }) => {
  const { lang } = c.var.page
  const t = words(lang)
  const dateTime = clockAt(c, artistId)
  const { disputes, repairs, refused, problem } = notes
  if (disputes.length + repairs.length + refused.length === 0 && !problem) return null
  const link = ({ orderId, code }: { orderId: string; code: string }) => (
    <a href={`/studio/orders/${orderId}`}>{code}</a>
  )
  const listed = <T extends { orderId: string; code: string }>(rows: T[], more: (row: T) => string | null) => (
    <ul>
      {rows.map((row) => (
        <li>
          {link(row)} <span class="quiet">{more(row)}</span>
        </li>
      ))}
    </ul>
  )
  return (
    <section class="shop">
      <h2>{t('notes_title')}</h2>
      {disputes.length > 0 && (
        <>
          <p>{t('notes_disputes', { n: disputes.length })}</p>
          {listed(disputes, ({ dueAt }) => (dueAt ? t('notes_until', { until: dateTime(dueAt) }) : null))}
        </>
      )}
      {refused.length > 0 && (
        <>
          <p>{t('notes_refused')}</p>
          {listed(refused, () => null)}
        </>
      )}
      {repairs.length > 0 && (
        <>
          <p>{t('notes_repairs', { n: repairs.length })}</p>
          {listed(repairs, ({ at }) => dateTime(at))}
        </>
      )}
      {problem && (
        <p>
          {t('notes_problem', { problem })} <a href="/studio/shop/payments">{t('notes_see')}</a>
        </p>
      )}
    </section>
  )
}

/** A bundle is sold as its parts: how many of them were, and are to leave, is said beside each of those. */
const Products = ({ products, lang }: { products: StudioProduct[]; lang: Lang }) => {
  const t = words(lang)
  const { number } = formats(lang)
  const price = ({ pricing, price, currency }: StudioProduct) =>
    pricing === 'free'
      ? t('free')
      : pricing === 'named' && price === 0
        ? t('any_price')
        : t(pricing === 'named' ? 'from' : 'at', { price: formatMoney({ amount: price, currency }, lang) })
  return (
    <Table
      lang={lang}
      caption={t('offered')}
      columns={[
        { label: t('title'), cell: (row) => <a href={`/studio/shop/${row.id}`}>{row.title}</a> },
        { label: t('kind'), cell: (row) => t(`kind_${row.kind}`) },
        { label: t('state'), cell: (row) => t(`state_${row.state}`) },
        { label: t('price_column'), numeric: true, cell: price },
        { label: t('sold'), numeric: true, cell: (row) => (row.kind === 'bundle' ? '–' : number(row.sold)) },
        {
          label: t('left'),
          numeric: true,
          cell: (row) =>
            row.stock === null
              ? t('uncounted')
              : [number(row.stock), row.held > 0 && t('left_held', { n: row.held })].filter(Boolean).join(' · '),
        },
        { label: t('promised'), numeric: true, cell: (row) => (row.kind === 'bundle' ? '–' : number(row.promised)) },
      ]}
      rows={products}
    />
  )
}

const Orders = ({ c, artistId, orders }: Common & { orders: OrderRow[] }) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { date, list } = formats(lang)
  return (
    <Table
      lang={lang}
      caption={t('orders')}
      columns={[
        {
          label: t('order'),
          cell: (row) => (
            <a href={`/studio/orders/${row.id}`} style="white-space:nowrap">
              {row.code}
            </a>
          ),
        },
        { label: t('when'), cell: (row) => date(row.placedAt, zoneAt(c, artistId)) },
        { label: t('who'), cell: (row) => row.name || row.mail || t('till') },
        {
          label: t('what'),
          cell: (row) =>
            [list(row.titles), row.releasedAt && t('preorder_until', { date: date(row.releasedAt) })]
              .filter(Boolean)
              .join(' · '),
        },
        {
          label: t('state'),
          cell: (row) =>
            t(
              row.isWithdrawn && !isGivenBack(row)
                ? 'order_withdrawn'
                : row.refunded > 0
                  ? isGivenBack(row)
                    ? 'order_back'
                    : 'order_partly'
                  : `order_${row.state}`,
            ),
        },
        {
          label: t('total'),
          numeric: true,
          cell: ({ total, currency }) => formatMoney({ amount: total, currency }, lang),
        },
      ]}
      rows={orders}
    />
  )
}

/** What one begins with: what kind of thing, and of which music. */
export const NewProductPage = ({
  c,
  artistId,
  offers,
  errors,
  title,
}: Common & { offers: Offer[]; errors?: FieldErrors | undefined; title?: string }) => {
  const { page } = c.var
  const t = words(page.lang)
  const music = offers.filter(({ subject }) => /^(release|track):/.test(subject))
  return (
    <StudioPage c={c} title={t('new')} current="shop" artistId={artistId}>
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a>
      </p>
      <h1>{t('new')}</h1>
      <Form page={page} action="/studio/shop/new">
        <ErrorSummary errors={errors} lang={page.lang} />
        <Radios
          name="kind"
          label={t('kind')}
          value="download"
          options={(['download', 'record', 'merch', 'bundle', 'tip', 'membership'] as const).map((value) => ({
            value,
            label: t(`kind_${value}`),
            hint: t(`kind_${value}_hint`),
          }))}
        />
        <Select
          name="subject"
          label={t('of_which')}
          hint={t('of_which_hint')}
          error={errors?.['subject']}
          options={[
            { value: '', label: t('choose') },
            ...music.map((offer) => ({
              value: offer.subject,
              label: offer.within ? `\u2003${offer.title}` : offer.title,
            })),
          ]}
        />
        <Field
          name="title"
          label={t('title')}
          note={t('optional')}
          hint={t('title_hint')}
          value={title}
          error={errors?.['title']}
          maxlength={200}
        />
        <Button>{t('go_on')}</Button>
      </Form>
    </StudioPage>
  )
}
