import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { formatMoney, typedMoney } from '../../../platform/money.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import type { Outlay } from '../outlay.views.ts'
import { mayEdit } from '../owner.ts'
import type { Payee } from '../payee.views.ts'
import type { TypedPayee } from '../save-payee.ts'
import type { Seller } from '../seller.views.ts'
import type { StatementLine } from '../statement.views.ts'
import { words } from '../words.ts'
import { OutlayFields, OutlayRow, type TypedOutlay } from './money.routes.tsx'
import { Places, Row, withDesk } from './parts.tsx'

type Artists = { id: string; name: string }[]
type Shared = {
  c: Context<WebEnv>
  artists: Artists
  typed?: TypedPayee | undefined
  errors?: FieldErrors | undefined
  notice: Child
}

export const PeoplePage = ({ c, payees, artists, typed, errors, notice }: Shared & { payees: Payee[] }) => {
  const { page } = c.var
  const t = words(page.lang)
  return (
    <StudioPage c={c} title={t('place_people')} current="books" notice={notice}>
      <Places c={c} at="people" />
      <h1>{t('place_people')}</h1>
      {payees.length === 0 ? (
        <Empty title={t('people_none')}>
          <p>{t('people_none_lead')}</p>
        </Empty>
      ) : (
        <ul class="lines">
          {payees.map((payee) => (
            <Row
              name={<a href={`/studio/books/people/${payee.id}`}>{payee.name}</a>}
              says={[payee.email, payee.leftAt && t('payee_left')].filter(Boolean).join(' · ')}
            />
          ))}
        </ul>
      )}
      {mayEdit(c) && (
        <section>
          <h2>{t('people_add')}</h2>
          <Form page={page} action={withDesk(c, '/studio/books/people')} novalidate>
            <ErrorSummary errors={errors} lang={page.lang} />
            <PayeeFields c={c} artists={artists} typed={typed} errors={errors} />
            <Button>{t('people_add_button')}</Button>
          </Form>
        </section>
      )}
    </StudioPage>
  )
}

const PayeeFields = ({ c, artists, typed, errors }: Omit<Shared, 'notice'>) => {
  const t = words(c.var.page.lang)
  const of = (name: keyof TypedPayee) => ({ name, value: typed?.[name] ?? '', error: errors?.[name] })
  return (
    <>
      <Field {...of('name')} label={t('payee_name')} required autocomplete="off" />
      <Field {...of('email')} label={t('payee_email')} hint={t('payee_email_hint')} type="email" autocomplete="off" />
      <Select
        {...of('language')}
        value={typed?.language ?? c.var.page.lang}
        label={t('payee_language')}
        options={[
          { value: 'en', label: 'English' },
          { value: 'fr', label: 'Français' },
        ]}
      />
      {artists.length > 0 && (
        <Select
          {...of('artistId')}
          label={t('payee_artist')}
          options={[
            { value: '', label: t('payee_artist_none') },
            ...artists.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
    </>
  )
}

type PersonProps = Shared & {
  seller: Seller
  payee: Payee
  due: number
  today: string
  outlays: Outlay[]
  statements: StatementLine[]
  /** Of the form that pays: which, what was typed and what is wrong. */
  paying?: { kind: 'advance' | 'payout'; typed: TypedOutlay; errors: FieldErrors } | undefined
}

export const PersonPage = (props: PersonProps) => {
  const { c, seller, payee, artists, typed, errors, notice, due, outlays, statements, paying } = props
  const { page } = c.var
  const { date } = formats(page.lang)
  const money = (amount: number) => formatMoney({ amount, currency: seller.currency }, page.lang)
  const t = words(page.lang)
  const shown = typed ?? { ...payee, artistId: payee.artistId ?? '', left: payee.leftAt ? 'on' : '' }
  return (
    <StudioPage c={c} title={payee.name} current="books" notice={notice}>
      <p class="quiet">
        <a href="/studio/books/people">{t('place_people')}</a>
      </p>
      <h1>{payee.name}</h1>
      <p class="lead">{due < 0 ? t('payee_owes', { amount: money(-due) }) : t('payee_due', { amount: money(due) })}</p>
      {paying && <ErrorSummary errors={paying.errors} lang={page.lang} />}
      {statements.length > 0 && (
        <section>
          <h2>{t('statements')}</h2>
          <ul class="lines">
            {statements.map(({ id, through, earned, balance }) => (
              <Row
                name={
                  <a href={`/studio/books/statements/${id}`}>
                    {t('statement_to', { through: date(new Date(through)) })}
                  </a>
                }
                says={t('statement_says', { earned: money(earned), balance: money(balance) })}
              />
            ))}
          </ul>
        </section>
      )}
      {outlays.length > 0 && (
        <section>
          <h2>{t('payments')}</h2>
          <ul class="lines">
            {outlays.map((outlay) => (
              <OutlayRow
                c={c}
                seller={seller}
                outlay={outlay}
                name={t(`st_${outlay.kind === 'advance' ? 'advance' : 'payout'}`)}
              />
            ))}
          </ul>
        </section>
      )}
      {mayEdit(c) && (['payout', 'advance'] as const).map((kind) => <Pay {...props} kind={kind} />)}
      {mayEdit(c) && (
        <section>
          <h2>{t('payee_about')}</h2>
          <Form page={page} action={withDesk(c, `/studio/books/people/${payee.id}`)} novalidate>
            <ErrorSummary errors={errors} lang={page.lang} />
            <PayeeFields c={c} artists={artists} typed={shown} errors={errors} />
            <Checkbox
              name="left"
              label={t('payee_left_tick')}
              hint={t('payee_left_hint')}
              checked={shown.left !== ''}
            />
            <Button>{t('save')}</Button>
          </Form>
        </section>
      )}
    </StudioPage>
  )
}

const Pay = ({ c, seller, payee, today, due, paying, kind }: PersonProps & { kind: 'advance' | 'payout' }) => {
  const t = words(c.var.page.lang)
  const own = paying?.kind === kind ? paying : undefined
  const begin =
    kind === 'payout' && due > 0
      ? { amount: typedMoney({ amount: due, currency: seller.currency }, c.var.page.lang), on: today }
      : undefined
  return (
    <section>
      <details open={own !== undefined}>
        <summary>{t(`pay_${kind}`)}</summary>
        <p class="quiet">{t(`pay_${kind}_lead`)}</p>
        <Form page={c.var.page} action={withDesk(c, `/studio/books/people/${payee.id}/${kind}`)} files novalidate>
          <OutlayFields {...{ c, seller, today }} of={kind} typed={own?.typed ?? begin} errors={own?.errors} />
          <Button kind="plain">{t(`pay_${kind}_record`)}</Button>
        </Form>
      </details>
    </section>
  )
}
