import type { Context } from 'hono'
import { currencyName, readMoney, typedMoney } from '../../../platform/money.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import { type Posted, StudioPage, type WebEnv } from '../../identity/index.ts'
import type { PaySettings } from '../settings.store.ts'
import type { ShippingRate } from '../shipping.rules.ts'
import { words } from './words.ts'

type TypedRate = { countries: string; upTo: string; price: string }
export type TypedSettings = { paysTo: string; holdDays: string; ioss: string; rates: TypedRate[] }

type Props = {
  c: Context<WebEnv>
  artistId: string
  currency: string
  settings: PaySettings
  rates: ShippingRate[]
  typed?: TypedSettings | undefined
  errors?: FieldErrors | undefined
}

const shown = ({ c, settings, rates, currency }: Props): TypedSettings => ({
  paysTo: settings.paysTo,
  holdDays: String(settings.holdDays),
  ioss: settings.ioss,
  rates: rates.map(({ countries, upTo, price }) => ({
    countries: countries.join(' '),
    upTo: upTo === null ? '' : String(upTo),
    price: typedMoney({ amount: price, currency }, c.var.page.lang),
  })),
})

/** How one is paid by transfer, and what sending costs. */
export const SettingsPage = (props: Props) => {
  const { c, artistId, currency, typed = shown(props), errors } = props
  const { page } = c.var
  const t = words(page.lang)
  const rows = [...typed.rates, { countries: '', upTo: '', price: '' }]
  return (
    <StudioPage
      c={c}
      title={t('settings')}
      current="shop"
      artistId={artistId}
      notice={!errors && c.req.query('done') === 'saved' ? t('saved') : undefined}
    >
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a>
      </p>
      <h1>{t('settings')}</h1>
      <Form page={page} action="/studio/shop/settings">
        <ErrorSummary errors={errors} lang={page.lang} />
        <TextArea name="paysTo" label={t('pays_to')} hint={t('pays_to_hint')} value={typed.paysTo} maxlength={600} />
        <Field
          name="holdDays"
          label={t('hold_days')}
          value={typed.holdDays}
          error={errors?.['holdDays']}
          inputmode="numeric"
          maxlength={2}
        />
        <fieldset class="field">
          <legend>{t('shipping')}</legend>
          <p class="hint">{t('shipping_hint')}</p>
          {rows.map((row, index) => {
            const field = (name: string) => ({
              name,
              id: `f-${name}_${index}`,
              error: errors?.[`${name}_${index}`],
              autocomplete: 'off',
            })
            return (
              <div class="fields-beside">
                <Field {...field('r_countries')} label={t('rate_countries')} value={row.countries} />
                <Field {...field('r_upto')} label={t('rate_up_to')} value={row.upTo} inputmode="numeric" />
                <Field
                  {...field('r_price')}
                  label={t('rate_price', { currency: currencyName(currency, page.lang) })}
                  value={row.price}
                  inputmode="decimal"
                />
              </div>
            )
          })}
        </fieldset>
        <Field
          name="ioss"
          label={t('ioss')}
          hint={t('ioss_hint')}
          note={t('optional')}
          value={typed.ioss}
          error={errors?.['ioss']}
          autocomplete="off"
          maxlength={20}
        />
        <Button>{t('save')}</Button>
      </Form>
      <p class="actions">
        <a href="/studio/shop/payments">{t('payments')}</a> <a href="/studio/shop/terms">{t('terms')}</a>{' '}
        <a href="/studio/books/seller">{t('edit_seller')}</a>
      </p>
    </StudioPage>
  )
}

/** Reads the form; a row of shipping that is empty is none. */
export function readRates(
  posted: Posted,
  currency: string,
  t: ReturnType<typeof words>,
): Result<PaySettings & { rates: ShippingRate[] }, { typed: TypedSettings; errors: FieldErrors }> {
  const [countries, upTos, prices] = [posted.texts('r_countries'), posted.texts('r_upto'), posted.texts('r_price')]
  const typed: TypedSettings = {
    paysTo: posted.text('paysTo').slice(0, 600),
    holdDays: posted.text('holdDays'),
    ioss: posted.text('ioss').slice(0, 20),
    rates: countries.map((text, index) => ({ countries: text, upTo: upTos[index] ?? '', price: prices[index] ?? '' })),
  }
  const errors: FieldErrors = {}
  const rates: ShippingRate[] = []
  for (const [index, row] of typed.rates.entries()) {
    if (!row.countries && !row.upTo && !row.price) continue
    const named = row.countries
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter(Boolean)
    if (named.length === 0 || !named.every((name) => name === '*' || /^[A-Z]{2}$/.test(name)))
      errors[`r_countries_${index}`] = t('problem_countries')
    const price = readMoney(row.price, currency)
    if (!price) errors[`r_price_${index}`] = t('problem_amount')
    const upTo = /^[1-9]\d{0,5}$/.test(row.upTo) ? Number(row.upTo) : null
    if (row.upTo && upTo === null) errors[`r_upto_${index}`] = t('problem_weight')
    rates.push({ countries: named, upTo, price: price?.amount ?? 0 })
  }
  const holdDays = Number(typed.holdDays)
  if (!Number.isInteger(holdDays) || holdDays < 1 || holdDays > 60) errors['holdDays'] = t('problem_days')
  const ioss = typed.ioss.replace(/\s/g, '').toUpperCase()
  if (!/^(IM\d{10})?$/.test(ioss)) errors['ioss'] = t('problem_ioss')
  return Object.keys(errors).length > 0 ? fail({ typed, errors }) : ok({ paysTo: typed.paysTo, holdDays, ioss, rates })
}
