import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { countries, type Lang, writeDate } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, Form, Radios, Select, TextArea } from '../../../ui/forms.tsx'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import { ownerAtDesk } from '../owner.ts'
import type { SellerProblems, TypedSeller } from '../seller.rules.ts'
import { words } from '../words.ts'

type Props = {
  c: Context<WebEnv>
  typed: TypedSeller
  problems: SellerProblems
  /** The books hold entries. */
  frozen: boolean
  isNew: boolean
  notice: Child
}

export const SellerPage = ({ c, typed, problems, frozen, isNew, notice }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const errors = Object.fromEntries(Object.entries(problems).map(([name, problem]) => [name, t(`problem_${problem}`)]))
  const of = (name: keyof TypedSeller) => ({ name, value: typed[name], error: errors[name] })
  const slug = ownerAtDesk(c)?.slug ?? ''
  return (
    <StudioPage c={c} title={t('seller_title')} current="books" foot="/studio/books/seller" notice={notice}>
      {!isNew && (
        <p class="quiet">
          <a href="/studio/books">{t('books')}</a>
        </p>
      )}
      <h1>{t('seller_title')}</h1>
      <p class="lead">{t('seller_lead')}</p>
      <Form page={page} action={`/studio/books/seller?desk=${encodeURIComponent(slug)}`} novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <Field {...of('legalName')} label={t('legal_name')} hint={t('legal_name_hint')} autocomplete="name" required />
        <TextArea {...of('lines')} label={t('address_lines')} rows={2} autocomplete="street-address" required />
        <Field {...of('postcode')} label={t('postcode')} autocomplete="postal-code" size={10} />
        <Field {...of('city')} label={t('city')} autocomplete="address-level2" required />
        <Select {...of('country')} label={t('country')} options={countryOptions(page.lang, t('choose'))} />
        <Field {...of('registerNumber')} label={t('register_number')} hint={t('register_number_hint')} />
        <Radios
          {...of('vatRegime')}
          label={t('vat_regime')}
          options={[
            { value: 'small', label: t('regime_small'), hint: t('regime_small_hint') },
            { value: 'registered', label: t('regime_registered'), hint: t('regime_registered_hint') },
            { value: 'outside', label: t('regime_outside') },
          ]}
        />
        <Field {...of('vatNumber')} label={t('vat_number')} hint={t('vat_number_hint')} />
        <Field {...of('ossSince')} type="date" label={t('oss_since')} hint={t('oss_since_hint')} />
        <Select
          {...of('currency')}
          label={t('books_currency')}
          hint={t(frozen ? 'books_currency_kept' : 'books_currency_hint')}
          options={currencyOptions(page.lang).map((one) => ({
            ...one,
            disabled: frozen && one.value !== typed.currency,
          }))}
        />
        <Select
          {...of('yearBegins')}
          label={t('year_begins')}
          hint={frozen ? t('year_begins_kept') : undefined}
          options={monthOptions(page.lang).map((one) => ({
            ...one,
            disabled: frozen && one.value !== typed.yearBegins,
          }))}
        />
        <Button>{t('save')}</Button>
      </Form>
      {!isNew && (
        <p>
          <a href="/studio/shop/payments">{t('paid_by_card')}</a> · <a href="/studio/shop/oss">{t('oss')}</a>
        </p>
      )}
    </StudioPage>
  )
}

const countryOptions = (lang: Lang, choose: string) => [{ value: '', label: choose }, ...countries(lang)]

function currencyOptions(lang: Lang) {
  const names = new Intl.DisplayNames([lang], { type: 'currency' })
  return Intl.supportedValuesOf('currency')
    .map((code) => ({ value: code, label: `${names.of(code)} (${code})` }))
    .toSorted((a, b) => a.label.localeCompare(b.label, lang))
}

function monthOptions(lang: Lang) {
  return Array.from({ length: 12 }, (_, month) => ({
    value: String(month + 1),
    label: writeDate(new Date(Date.UTC(2026, month)), { month: 'long' }, lang),
  }))
}
