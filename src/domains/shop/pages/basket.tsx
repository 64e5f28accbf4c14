import { countries, formats } from '../../../platform/i18n/index.ts'
import { currencyName, formatMoney, typedMoney } from '../../../platform/money.ts'
import {
  Button,
  Checkbox,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  Radios,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { BundlePart, ShownLine } from '../basket.views.ts'
import type { Terms } from '../cards/agreement.store.ts'
import { AgreeBox } from '../cards/card-parts.tsx'
import { words as cardWords } from '../cards/words.ts'
import type { Estimates } from '../estimates/estimate.rules.ts'
import { pictureOfVariant } from '../pictures.views.ts'
import { PresentFields, type TypedPresent } from '../presents/present-page.tsx'
import { priceOf } from '../price.rules.ts'
import { isFew } from '../stock.rules.ts'
import { aboutWords, CurrencyChoice } from './estimates.tsx'
import { ProductThumb } from './photographs.tsx'
import { words } from './words.ts'

export type TypedOrder = TypedPresent & {
  mail: string
  name: string
  country: string
  street: string
  postcode: string
  city: string
  region: string
  provider: string
  waiver: boolean
  /** The sum of which they agree that a card pays it again; empty: they do not. */
  keep: string
  /** A word for the artist. */
  note: string
}

export type ShownBasket = {
  id: string
  sellerName: string
  termsHref: string
  artistName: string
  lines: ShownLine[]
  currency: string
  /** What stands in the way of a line, in words, by variant. */
  problems: Map<string, string>
  /** What sending costs to the country that is chosen; null while it is not known, or is not sent there. */
  shipping: number | null
  isSent: boolean
  /** Something of it is downloaded, and costs something: it may be for a friend. */
  canBePresent: boolean
  transfers: boolean
  /** Whether one may pay by card here, and whether money moves then. */
  card: 'live' | 'test' | null
  /** What a card may pay again by itself, where that is offered. */
  mayKeep: Terms | null
  /** How long an order waits for a transfer. */
  holdDays: number
  typed: TypedOrder
  errors: FieldErrors | undefined
  /** Names this form: sent twice, it is one order. */
  formKey: string
}

/** Nothing is put aside: that it is so, and the way back to where there is something. */
export const EmptyBasket = ({ page, back }: { page: Page; back: { name: string; path: string } | null }) => {
  const t = words(page.lang)
  return (
    <div class="shop">
      <p class="lead">{t('basket_empty_lead')}</p>
      <p>
        <Button href={back?.path ?? '/'}>{back ? t('back_to_shop', { name: back.name }) : t('back_to_start')}</Button>
      </p>
    </div>
  )
}

/** What was put aside, and the one page on which it is ordered. */
export const BasketBody = ({
  page,
  baskets,
  estimates,
}: {
  page: Page
  baskets: ShownBasket[]
  estimates: Estimates
}) => {
  const t = words(page.lang)
  return (
    <div class="shop">
      {baskets.length > 1 && <p>{t('several_sellers')}</p>}
      {baskets.map((basket) => (
        <section>
          {baskets.length > 1 && <h2>{basket.sellerName}</h2>}
          <Lines page={page} basket={basket} estimates={estimates} />
          <OrderForm page={page} basket={basket} estimates={estimates} />
        </section>
      ))}
      {baskets[0] && (
        <CurrencyChoice page={page} estimates={estimates} currency={baskets[0].currency} action="/basket" />
      )}
    </div>
  )
}

const eachOf = (line: ShownLine): number => {
  const price = priceOf(line, line.named)
  return 'each' in price ? price.each : price.least
}

/** A thing in a bundle: how many, which, and from when on when it is not out yet. */
const partName = ({ title, variant, quantity, releasedAt }: BundlePart, lang: Page['lang']): string => {
  const name = `${quantity > 1 ? `${quantity} × ` : ''}${[title, variant].filter(Boolean).join(', ')}`
  return releasedAt ? `${name} (${words(lang)('out_on', { date: formats(lang).date(releasedAt) })})` : name
}

const goodsOf = ({ lines }: ShownBasket): number => lines.reduce((sum, line) => sum + eachOf(line) * line.quantity, 0)

type PartProps = { page: Page; basket: ShownBasket; estimates: Estimates }

const Lines = ({ page, basket, estimates }: PartProps) => {
  const t = words(page.lang)
  const money = (amount: number) => formatMoney({ amount, currency: basket.currency }, page.lang)
  return (
    <Form page={page} action={`/basket/${basket.id}/lines`}>
      {estimates.chosen && <input type="hidden" name="estimate" value={estimates.chosen} />}
      <ul class="basket">
        {basket.lines.map((line) => {
          const name = line.variant ? `${line.title}, ${line.variant}` : line.title
          const problem = basket.problems.get(line.variantId)
          return (
            <li>
              <div class="basket-thing">
                <ProductThumb cover={pictureOfVariant(line, line.variantId)} />
                <strong>{name}</strong> {money(eachOf(line) * line.quantity)}
              </div>
              {line.parts.length > 0 && (
                <p class="quiet">{formats(page.lang).list(line.parts.map((part) => partName(part, page.lang)))}</p>
              )}
              {line.releasedAt && <p>{t('preorder_line', { date: formats(page.lang).date(line.releasedAt) })}</p>}
              <input type="hidden" name="variant" value={line.variantId} />
              <Field
                name="quantity"
                id={`f-quantity-${line.variantId}`}
                label={t('how_many', { title: name })}
                value={String(line.quantity)}
                error={problem}
                hint={isFew(line.left) && !problem ? t('few_left', { n: line.left }) : undefined}
                inputmode="numeric"
                maxlength={2}
                autocomplete="off"
              />
              {line.pricing === 'named' ? (
                <Field
                  name="named"
                  id={`f-named-${line.variantId}`}
                  label={t(line.kind === 'tip' ? 'tip_amount' : 'your_price', {
                    currency: currencyName(basket.currency, page.lang),
                  })}
                  value={typedMoney({ amount: eachOf(line), currency: basket.currency }, page.lang)}
                  inputmode="decimal"
                  autocomplete="off"
                />
              ) : (
                <input type="hidden" name="named" value="" />
              )}
            </li>
          )
        })}
      </ul>
      <p class="actions">
        <Button kind="plain">{t('update')}</Button> <span class="quiet">{t('zero_takes_out')}</span>
      </p>
    </Form>
  )
}

const OrderForm = ({ page, basket, estimates }: PartProps) => {
  const { lang } = page
  const t = words(lang)
  const { typed, errors, isSent, shipping } = basket
  const money = (amount: number) => formatMoney({ amount, currency: basket.currency }, lang)
  const goods = goodsOf(basket)
  const total = goods + (shipping ?? 0)
  const about = aboutWords({ amount: total, currency: basket.currency }, estimates, lang)
  const hasDownload = basket.lines.some(({ subject, parts }) => subject || parts.some((part) => part.subject))
  return (
    <Form page={page} action={`/basket/${basket.id}/order`} novalidate>
      <ErrorSummary errors={errors} lang={lang} />
      <input type="hidden" name="form" value={basket.formKey} />
      <Field
        name="mail"
        type="email"
        label={t('mail')}
        hint={t('mail_hint')}
        value={typed.mail}
        error={errors?.['mail']}
        autocomplete="email"
        required
      />
      <Select
        name="country"
        label={t('country')}
        hint={t('country_hint')}
        value={typed.country}
        error={errors?.['country']}
        autocomplete="country"
        options={[{ value: '', label: t('choose') }, ...countries(lang)]}
      />
      {isSent && (
        <fieldset class="field">
          <legend>{t('where_to')}</legend>
          <Field name="name" label={t('name')} value={typed.name} error={errors?.['name']} autocomplete="name" />
          <Field
            name="street"
            label={t('street')}
            value={typed.street}
            error={errors?.['street']}
            autocomplete="street-address"
          />
          <Field
            name="postcode"
            label={t('postcode')}
            value={typed.postcode}
            error={errors?.['postcode']}
            autocomplete="postal-code"
          />
          <Field
            name="city"
            label={t('city')}
            value={typed.city}
            error={errors?.['city']}
            autocomplete="address-level2"
          />
          <Field
            name="region"
            label={t('region')}
            note={t('optional')}
            value={typed.region}
            autocomplete="address-level1"
          />
        </fieldset>
      )}
      {basket.lines.some(({ kind }) => kind === 'tip') && (
        <TextArea
          name="note"
          label={t('tip_word', { name: basket.artistName })}
          note={t('optional')}
          value={typed.note}
          maxlength={1000}
          rows={3}
        />
      )}
      {basket.canBePresent && <PresentFields page={page} typed={typed} errors={errors} />}
      <dl class="sums">
        {isSent && (
          <>
            <dt>{t('shipping')}</dt>
            <dd>{shipping === null ? t('shipping_unknown') : money(shipping)}</dd>
          </>
        )}
        <dt>{t('total')}</dt>
        <dd>
          <strong>{money(total)}</strong>
          {about && ` (${about})`}
        </dd>
      </dl>
      {isSent && shipping === null && (
        <p>
          <Button kind="plain" name="only" value="shipping" formnovalidate>
            {t('show_shipping')}
          </Button>
        </p>
      )}
      {goods > 0 && (
        <Radios
          name="provider"
          label={t('how_to_pay')}
          value={typed.provider || (basket.card ? 'stripe' : 'manual')}
          error={errors?.['provider']}
          options={[
            ...(basket.card
              ? [
                  {
                    value: 'stripe',
                    label: t(basket.card === 'live' ? 'pay_card' : 'pay_card_test'),
                    hint: t('pay_card_hint'),
                  },
                ]
              : []),
            ...(basket.transfers ? [{ value: 'manual', label: t('pay_manual'), hint: t('pay_manual_hint') }] : []),
          ]}
        />
      )}
      {basket.mayKeep && (
        <AgreeBox
          page={page}
          terms={basket.mayKeep}
          checked={typed.keep === String(basket.mayKeep.amount)}
          hint={cardWords(lang)('agree_hint')}
        />
      )}
      {goods > 0 && hasDownload && (
        <Checkbox name="waiver" label={t('waiver')} checked={typed.waiver} error={errors?.['waiver']} />
      )}
      <p class="quiet">
        {t('terms_before')} <a href={basket.termsHref}>{t('terms_link')}</a>
      </p>
      <Button>{t(total > 0 ? 'order_and_pay' : 'order_free')}</Button>
    </Form>
  )
}
