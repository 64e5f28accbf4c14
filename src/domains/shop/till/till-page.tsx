import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { currencyName, formatMoney } from '../../../platform/money.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Radios } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { clockAt, StudioPage, type WebEnv } from '../../identity/index.ts'
import { boxOf } from './till.rules.ts'
import type { TillRow, TillSale, TillThing } from './till.views.ts'
import { SAYINGS, type TillProps } from './till-props.ts'
import { words } from './words.ts'

export type TypedSale = { quantities: Map<string, string>; paidWith: string; given: string; mail: string }

type Props = {
  c: Context<WebEnv>
  till: TillRow
  things: TillThing[]
  sales: TillSale[]
  /** Made for the next sale of the form. */
  saleId: string
  notice?: string | undefined
  typed?: TypedSale | undefined
  counted?: { counted: string; note: string } | undefined
  errors?: FieldErrors | undefined
}

/** One evening: the till while it is open, and what it brought. */
export const TillPage = (props: Props) => {
  const { c, till, sales, notice } = props
  const { lang } = c.var.page
  const t = words(lang)
  const short = sales.flatMap((sale) => sale.short)
  return (
    <StudioPage
      c={c}
      title={t('tills')}
      current="shop"
      artistId={till.artistId ?? undefined}
      scripts={till.closedAt ? [] : ['islands/till.js']}
      notice={notice}
    >
      <p class="quiet">
        <a href="/studio/till">{t('tills')}</a>
      </p>
      <h1>{till.place || clockAt(c, till.artistId)(till.openedAt)}</h1>
      {!till.closedAt && <Selling {...props} />}
      <Sums till={till} sales={sales} lang={lang} />
      {short.length > 0 && (
        <section class="shop">
          <h2>{t('short_title')}</h2>
          <p>{t('short_lead')}</p>
          <ul>
            {short.map(({ title, missing }) => (
              <li>
                {missing} × {title}
              </li>
            ))}
          </ul>
        </section>
      )}
      {!till.closedAt && <Ending {...props} />}
      {sales.length > 0 && <Sales {...{ c, till, sales }} />}
    </StudioPage>
  )
}

type Lang = Context<WebEnv>['var']['page']['lang']

/** Without scripts a form; with them, the till takes its place (islands/till.tsx). */
const Selling = ({ c, till, things, saleId, typed, errors }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const { id: tillId, currency } = till
  const says = Object.fromEntries(
    SAYINGS.map((name) => [name, t(`js_${name}`, { n: '{n}', amount: '{amount}', what: '{what}' })]),
  ) as TillProps['says']
  const props: TillProps = { tillId, currency, lang: page.lang, things, says }
  const form = (
    <Form page={page} action={`/studio/till/${tillId}/sell`} class="shop">
      <ErrorSummary errors={errors} lang={page.lang} />
      <input type="hidden" name="sale" value={saleId} />
      {things.map(({ variantId, title, variant, price, left }) => (
        <Field
          name={`q_${variantId}`}
          label={[title, variant].filter(Boolean).join(', ')}
          hint={
            left === null
              ? formatMoney({ amount: price, currency }, page.lang)
              : t('price_left', {
                  price: formatMoney({ amount: price, currency }, page.lang),
                  left: Math.max(0, left),
                })
          }
          value={typed?.quantities.get(variantId) ?? ''}
          inputmode="numeric"
          autocomplete="off"
          maxlength={2}
        />
      ))}
      <Radios
        name="paid"
        label={t('paid_with')}
        value={typed?.paidWith ?? 'cash'}
        options={(['cash', 'other'] as const).map((value) => ({ value, label: t(`with_${value}`) }))}
      />
      <Field
        name="given"
        label={t('given', { currency: currencyName(currency, page.lang) })}
        note={t('optional')}
        value={typed?.given}
        error={errors?.['given']}
        inputmode="decimal"
        autocomplete="off"
      />
      <Field
        name="mail"
        type="email"
        label={t('mail')}
        note={t('optional')}
        hint={t('mail_hint')}
        value={typed?.mail}
        error={errors?.['mail']}
        autocomplete="off"
      />
      <Button>{t('sell')}</Button>
    </Form>
  )
  // What a form was refused for is shown in the form.
  return errors ? (
    form
  ) : (
    <div data-island="till" data-props={JSON.stringify(props)}>
      {form}
    </div>
  )
}

const Sums = ({ till, sales, lang }: { till: TillRow; sales: TillSale[]; lang: Lang }) => {
  const t = words(lang)
  const { currency, begunWith, cash: sold, other, counted } = till
  const money = (amount: number) => formatMoney({ amount, currency }, lang)
  const givenBack = till.givenBack ?? till.returned
  const { expected, difference } = boxOf({ begunWith, sold, givenBack, counted: counted ?? 0 })
  const late = sales.filter(({ isLate }) => isLate).length
  return (
    <section class="shop">
      <h2>{t(counted === null ? 'so_far' : 'the_evening')}</h2>
      <dl class="sums">
        <dt>{t('begun_with_said')}</dt>
        <dd>{money(begunWith)}</dd>
        <dt>{t('cash')}</dt>
        <dd>{money(sold)}</dd>
        {givenBack > 0 && (
          <>
            <dt>{t('given_back')}</dt>
            <dd>{money(-givenBack)}</dd>
          </>
        )}
        <dt>{t('expected')}</dt>
        <dd>{money(expected)}</dd>
        {counted !== null && (
          <>
            <dt>{t('counted')}</dt>
            <dd>{money(counted)}</dd>
            <dt>{t('difference')}</dt>
            <dd>{difference === 0 ? t('difference_none') : money(difference)}</dd>
          </>
        )}
        <dt>{t('other')}</dt>
        <dd>{money(other)}</dd>
      </dl>
      {late > 0 && <p>{t('late', { n: late })}</p>}
      {till.note && <p class="as-written">{till.note}</p>}
    </section>
  )
}

const Ending = ({ c, till, counted, errors }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  return (
    <details class="shop" open={counted !== undefined}>
      <summary>{t('end')}</summary>
      <p>{t('end_lead')}</p>
      <p>{t('end_waiting')}</p>
      <Form page={page} action={`/studio/till/${till.id}/count`}>
        <Field
          name="counted"
          label={t('counted_label', { currency: currencyName(till.currency, page.lang) })}
          value={counted?.counted}
          error={errors?.['counted']}
          inputmode="decimal"
          autocomplete="off"
          required
        />
        <Field name="note" label={t('note')} note={t('optional')} value={counted?.note} maxlength={500} />
        <Button kind="plain">{t('end_button')}</Button>
      </Form>
    </details>
  )
}

const Sales = ({ c, till: { artistId, currency }, sales }: Pick<Props, 'c' | 'till' | 'sales'>) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { list } = formats(lang)
  const dateTime = clockAt(c, artistId)
  return (
    <Table
      lang={lang}
      caption={t('sold_here')}
      columns={[
        {
          label: t('order'),
          cell: (row) => (
            <a href={`/studio/orders/${row.orderId}`} style="white-space:nowrap">
              {row.code}
            </a>
          ),
        },
        { label: t('when'), cell: (row) => dateTime(row.at) },
        { label: t('what'), cell: (row) => list(row.what) },
        {
          label: t('paid_with'),
          cell: (row) => [t(`with_${row.paidWith}`), row.refunded > 0 ? t('back') : ''].filter(Boolean).join(', '),
        },
        { label: t('total'), numeric: true, cell: (row) => formatMoney({ amount: row.total, currency }, lang) },
      ]}
      rows={sales}
    />
  )
}
