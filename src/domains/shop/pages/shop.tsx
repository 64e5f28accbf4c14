import { formats } from '../../../platform/i18n/index.ts'
import { currencyName, formatMoney, typedMoney } from '../../../platform/money.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Radios } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { Estimates } from '../estimates/estimate.rules.ts'
import { productPath, shopPath } from '../paths.rules.ts'
import { pictureOfVariant } from '../pictures.views.ts'
import { startsAt } from '../price.rules.ts'
import type { PublicProduct, PublicVariant } from '../product.views.ts'
import { isFew } from '../stock.rules.ts'
import { CurrencyChoice, withCurrency } from './estimates.tsx'
import { Photographs, ProductThumb } from './photographs.tsx'
import { priceWords } from './price-words.ts'
import { words } from './words.ts'

/** All that an artist offers, each leading to its page. */
export const ShopBody = ({
  page,
  products,
  estimates,
}: {
  page: Page
  products: PublicProduct[]
  estimates?: Estimates
}) => {
  const t = words(page.lang)
  const [first] = products
  if (!first) return <p>{t('nothing')}</p>
  return (
    <>
      <ul class="offers with-pictures">
        {products.map((product) => (
          <li>
            <ProductThumb cover={pictureOfVariant(product, null)} />
            <a href={withCurrency(productPath(product.artistSlug, product.slug), estimates)}>{product.title}</a>{' '}
            <span class="quiet">
              {t(`kind_${product.kind}`)} · {priceWords(product, page.lang, estimates)}
              {product.releasedAt && ` · ${t('preorder')}`}
              {isSoldOut(product) && ` · ${t('sold_out')}`}
            </span>
          </li>
        ))}
      </ul>
      {estimates && (
        <CurrencyChoice
          page={page}
          estimates={estimates}
          currency={first.currency}
          action={shopPath(first.artistSlug)}
        />
      )}
    </>
  )
}

const isGone = ({ left }: PublicVariant) => left !== null && left <= 0
const isScarce = (variant: PublicVariant): variant is PublicVariant & { left: number } => isFew(variant.left)
const isSoldOut = ({ variants }: PublicProduct) => variants.every(isGone)

const hasDownload = ({ subject, parts }: PublicProduct) => Boolean(subject) || parts.some((part) => part.subject)
const formatsKey = ({ releasedAt }: PublicProduct) => (releasedAt ? 'formats_then' : 'formats')

type Shown = { product: PublicProduct; lang: Page['lang'] }

/** What a bundle holds, what each costs alone, and what is saved by it. */
const Parts = ({ product, lang }: Shown) => {
  const { parts, pricing, price, currency, artistSlug } = product
  if (parts.length === 0) return null
  const t = words(lang)
  const { date } = formats(lang)
  const saved = parts.reduce((sum, part) => sum + part.price * part.quantity, 0) - price
  return (
    <>
      <ul class="parts">
        {parts.map(({ title, variant, quantity, price: alone, slug, releasedAt }) => {
          const name = [title, variant].filter(Boolean).join(', ')
          return (
            <li>
              <span>
                {quantity > 1 && `${quantity} × `}
                {slug ? <a href={productPath(artistSlug, slug)}>{name}</a> : name}
              </span>{' '}
              <span class="quiet">
                {alone > 0 && formatMoney({ amount: alone * quantity, currency }, lang)}
                {releasedAt && ` · ${t('out_on', { date: date(releasedAt) })}`}
              </span>
            </li>
          )
        })}
      </ul>
      {pricing === 'fixed' && saved > 0 && (
        <p>{t('bundle_saves', { price: formatMoney({ amount: saved, currency }, lang) })}</p>
      )}
    </>
  )
}

/** That it is not out yet, when it is, and what comes at once. */
const Preorder = ({ product, lang }: Shown) => {
  const { releasedAt, early, variants, parts } = product
  if (!releasedAt || parts.length > 0) return null
  const t = words(lang)
  const { date, list } = formats(lang)
  return (
    <>
      <p>
        <strong>{t('preorder_until', { date: date(releasedAt) })}</strong>{' '}
        {t(variants.some(({ sent }) => sent) ? 'preorder_sent' : 'preorder_open')}
      </p>
      {early.length > 0 && <p>{t('early', { tracks: list(early), n: early.length })}</p>}
    </>
  )
}

type ProductProps = {
  page: Page
  product: PublicProduct
  /** In which formats it is downloaded, in words: said before anything is paid. */
  formatNames: string[]
  errors?: FieldErrors | undefined
  typed?: { named?: string; variant?: string }
  estimates?: Estimates | undefined
}

/** One thing: what it is, what one gets, what it costs, and the one thing to press. */
export const ProductBody = ({ page, product, formatNames, errors, typed, estimates }: ProductProps) => {
  const { lang } = page
  const t = words(lang)
  const { variants } = product
  return (
    <div class="product">
      <Photographs product={product} lang={lang} />
      <div class="shop">
        <p class="lead">
          {t(`kind_${product.kind}`)} · {priceWords(product, lang, estimates)}
        </p>
        {product.description && <p class="as-written">{product.description}</p>}
        {product.givesAll && <p>{t('gives_all')}</p>}
        {product.every && <p>{t('member_how')}</p>}
        <Parts product={product} lang={lang} />
        <Preorder product={product} lang={lang} />
        {hasDownload(product) && <p>{t(formatsKey(product), { formats: formats(lang).list(formatNames) })}</p>}
        {variants.some(({ sent }) => sent) && <p>{t('sent_by_post')}</p>}
        {isSoldOut(product) ? (
          <p>
            <strong>{t('sold_out_long')}</strong>
          </p>
        ) : (
          <PutAside page={page} product={product} errors={errors} typed={typed} estimates={estimates} />
        )}
        <p class="quiet">{t(product.kind === 'tip' ? 'tip_taxes' : 'taxes_included')}</p>
        {estimates && (
          <CurrencyChoice
            page={page}
            estimates={estimates}
            currency={product.currency}
            action={productPath(product.artistSlug, product.slug)}
          />
        )}
      </div>
    </div>
  )
}

type PutAsideProps = {
  page: Page
  product: PublicProduct
  errors?: FieldErrors | undefined
  typed?: ProductProps['typed'] | undefined
  estimates?: Estimates | undefined
  /** One of several on a page. */
  among?: boolean
}

/** Which one, at what price where the buyer names it, and the one thing to press. */
const PutAside = ({ page, product, errors, typed, estimates, among }: PutAsideProps) => {
  const { lang } = page
  const t = words(lang)
  const { currency, variants } = product
  const one = variants.length === 1 ? variants[0] : undefined
  const chosen = typed?.variant ?? variants.find((variant) => !isGone(variant))?.id
  const press = t(
    product.kind === 'tip'
      ? 'tip_go_on'
      : product.kind === 'membership'
        ? 'become'
        : product.pricing === 'free'
          ? 'take'
          : 'put_in_basket',
  )
  const idOf = (name: string) => (among ? `${name}-${product.id}` : undefined)
  return (
    <Form page={page} action="/basket/add">
      <ErrorSummary errors={errors} lang={lang} />
      <input type="hidden" name="product" value={product.id} />
      {estimates?.chosen && <input type="hidden" name="estimate" value={estimates.chosen} />}
      {one ? (
        <input type="hidden" name="variant" value={one.id} />
      ) : (
        <Radios
          name="variant"
          id={idOf('variant')}
          label={t('which')}
          value={chosen}
          error={errors?.['variant']}
          options={variants.map((variant) => ({
            value: variant.id,
            label: variant.name || product.title,
            hint:
              [
                variant.price !== product.price &&
                  product.pricing === 'fixed' &&
                  !isGone(variant) &&
                  formatMoney({ amount: variant.price, currency }, lang),
                isGone(variant) ? t('sold_out') : isScarce(variant) && t('few_left', { n: variant.left }),
              ]
                .filter(Boolean)
                .join(' · ') || undefined,
            disabled: isGone(variant),
          }))}
        />
      )}
      {one && isScarce(one) && <p class="quiet">{t('few_left', { n: one.left })}</p>}
      {product.pricing === 'named' && (
        <Field
          name="named"
          id={idOf('named')}
          label={t(product.kind === 'tip' ? 'tip_amount' : 'your_price', { currency: currencyName(currency, lang) })}
          hint={
            product.price > 0
              ? t('least', { price: formatMoney({ amount: product.price, currency }, lang) })
              : t('any_price')
          }
          value={typed?.named ?? typedMoney({ amount: startsAt(product), currency }, lang)}
          error={errors?.['named']}
          inputmode="decimal"
          autocomplete="off"
        />
      )}
      <Button kind={among ? 'plain' : 'main'} aria-label={among && `${press}: ${product.title}`}>
        {press}
      </Button>
    </Form>
  )
}

type TakeOffersProps = { page: Page; products: PublicProduct[]; formatNames: string[] }

/** What can be had of a release or a track, on its own page: each with what one gets, its price, and the one thing to press. */
export const TakeOffers = ({ page, products, formatNames }: TakeOffersProps) => {
  const { lang } = page
  const t = words(lang)
  if (products.length === 0) return null
  return (
    <section class="to-have" aria-labelledby="to-have">
      <h2 id="to-have">{t('to_have')}</h2>
      {products.map((product) => (
        <section class="shop" aria-labelledby={`have-${product.id}`}>
          <h3 id={`have-${product.id}`}>
            <a href={productPath(product.artistSlug, product.slug)}>{product.title}</a>
          </h3>
          <ProductThumb cover={product.pictures[0]?.picture ?? null} alt={product.pictures[0]?.alt} />
          <p class="facts">
            {t(`kind_${product.kind}`)} · {priceWords(product, lang)}
          </p>
          <Parts product={product} lang={lang} />
          <Preorder product={product} lang={lang} />
          {hasDownload(product) && !isSoldOut(product) && (
            <p class="aside">{t(formatsKey(product), { formats: formats(lang).list(formatNames) })}</p>
          )}
          {isSoldOut(product) ? (
            <p>
              <strong>{t('sold_out_long')}</strong>
            </p>
          ) : (
            <PutAside page={page} product={product} among />
          )}
        </section>
      ))}
      <p class="aside">{t('taxes_included')}</p>
    </section>
  )
}
