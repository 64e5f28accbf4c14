import type { Context } from 'hono'
import { countries, type Lang } from '../../../platform/i18n/index.ts'
import { currencyName, formatMoney, typedMoney } from '../../../platform/money.ts'
import {
  Button,
  Checkboxes,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  Radios,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import type { Offer } from '../../exchange/index.ts'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import type { Bundleable, EditedProduct, VariantRow } from '../product.views.ts'
import { picturesHref } from './pictures-page.tsx'
import { EVERYTHING, type TypedProduct, type TypedVariant } from './product.form.ts'
import { words } from './words.ts'

type Product = EditedProduct

type Props = {
  c: Context<WebEnv>
  product: Product
  offers: Offer[]
  /** What a bundle can hold. */
  things: Bundleable[]
  /** Where buyers find it, once it is offered. */
  publicPath: string
  /** How many photographs it has. */
  pictures: number
  typed?: TypedProduct | undefined
  errors?: FieldErrors | undefined
}

const shownVariant = (currency: string, lang: Lang, { id, name, price, weight, stock }: VariantRow): TypedVariant => ({
  id,
  name,
  price: price === null ? '' : typedMoney({ amount: price, currency }, lang),
  weight: weight === null ? '' : String(weight),
  stock: stock === null ? '' : String(stock),
})

const shown = (product: Product, lang: Lang): TypedProduct => ({
  title: product.title,
  description: product.description,
  subject: product.givesAll ? EVERYTHING : (product.subject ?? ''),
  pricing: product.pricing,
  every: product.every ?? '',
  price: typedMoney({ amount: product.price, currency: product.currency }, lang),
  suggested:
    product.suggested === null ? '' : typedMoney({ amount: product.suggested, currency: product.currency }, lang),
  variants: product.variants.map((variant) => shownVariant(product.currency, lang, variant)),
  parts: product.parts.map(({ variantId, quantity }) => ({ variantId, quantity: String(quantity) })),
  ...{ customsName: product.customsName, hsCode: product.hsCode, origin: product.origin },
  releasedOn: product.releasedAt?.toISOString().slice(0, 10) ?? '',
  early: product.early,
})

/** One thing that is offered: its words, its price, what is counted of it. */
export const ProductPage = ({
  c,
  product,
  offers,
  things,
  publicPath,
  pictures,
  typed = shown(product, c.var.page.lang),
  errors,
}: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const done = errors ? undefined : c.req.query('done')
  const isOffered = product.state === 'offered'
  const isMembership = product.kind === 'membership'
  return (
    <StudioPage
      c={c}
      title={product.title}
      current="shop"
      artistId={product.artistId}
      notice={
        done === 'saved'
          ? t('saved')
          : done === 'offered'
            ? t('offered_done')
            : done === 'withdrawn'
              ? t('withdrawn_done')
              : undefined
      }
    >
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a>
      </p>
      <h1>{product.title}</h1>
      <p class="lead">
        {t(`state_${product.state}`)} {isOffered && <a href={publicPath}>{t('see_it')}</a>} ·{' '}
        <a href={picturesHref(product.id)}>{t('pictures_of', { n: pictures })}</a>
      </p>
      <Form page={page} action={`/studio/shop/${product.id}`} novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <input type="hidden" name="version" value={product.version} />
        <Field name="title" label={t('title')} value={typed.title} error={errors?.['title']} required maxlength={200} />
        <TextArea
          name="description"
          label={t(isMembership ? 'membership_description' : 'description')}
          note={t('optional')}
          value={typed.description}
        />
        {product.kind === 'bundle' && <Parts {...{ product, things, typed, errors, lang: page.lang }} />}
        {product.kind !== 'tip' && product.kind !== 'bundle' && (
          <SubjectField {...{ product, offers, typed, errors, lang: page.lang }} />
        )}
        {isMembership && (
          <Radios
            name="every"
            label={t('every')}
            value={typed.every}
            options={(['month', 'year'] as const).map((value) => ({ value, label: t(`every_${value}`) }))}
          />
        )}
        {product.kind !== 'tip' && !isMembership && (
          <Radios
            name="pricing"
            label={t('pricing')}
            value={typed.pricing}
            options={(['fixed', 'named', 'free'] as const).map((value) => ({
              value,
              label: t(`pricing_${value}`),
              hint: t(`pricing_${value}_hint`),
            }))}
          />
        )}
        <Field
          name="price"
          label={t(product.kind === 'tip' ? 'tip_least' : 'price', {
            currency: currencyName(product.currency, page.lang),
          })}
          hint={product.kind === 'tip' ? undefined : t(isMembership ? 'membership_price_hint' : 'price_hint')}
          value={typed.price}
          error={errors?.['price']}
          inputmode="decimal"
          autocomplete="off"
        />
        {!isMembership && (
          <Field
            name="suggested"
            label={t('suggested', { currency: currencyName(product.currency, page.lang) })}
            hint={t('suggested_hint')}
            note={t('optional')}
            value={typed.suggested}
            error={errors?.['suggested']}
            inputmode="decimal"
            autocomplete="off"
          />
        )}
        {product.kind === 'download' || product.kind === 'bundle' || product.kind === 'tip' || isMembership ? (
          <input type="hidden" name="v_id" value={product.variants[0]?.id ?? ''} />
        ) : (
          <Variants {...{ product, typed, errors, lang: page.lang }} />
        )}
        {product.kind !== 'tip' && product.kind !== 'bundle' && !isMembership && (
          <Preorder {...{ product, offers, typed, errors, lang: page.lang }} />
        )}
        {(product.kind === 'record' || product.kind === 'merch') && <Customs {...{ typed, errors, lang: page.lang }} />}
        <Button>{t('save')}</Button>
      </Form>
      <section class="shop">
        <h2>{t(isOffered ? 'withdraw_title' : 'offer_title')}</h2>
        <p>{t(isOffered ? (isMembership ? 'membership_withdraw_lead' : 'withdraw_lead') : 'offer_lead')}</p>
        <Form page={page} action={`/studio/shop/${product.id}/${isOffered ? 'withdraw' : 'offer'}`}>
          <Button kind={isOffered ? 'plain' : 'main'}>{t(isOffered ? 'withdraw' : 'offer')}</Button>
        </Form>
      </section>
    </StudioPage>
  )
}

type PartProps = {
  product: Product
  typed: TypedProduct
  errors: FieldErrors | undefined
  lang: Context<WebEnv>['var']['page']['lang']
}

const SubjectField = ({ product, offers, typed, errors, lang }: PartProps & { offers: Offer[] }) => {
  const t = words(lang)
  const isMembership = product.kind === 'membership'
  const music = offers.filter(({ subject }) => /^(release|track):/.test(subject))
  return (
    <Select
      name="subject"
      label={t(product.kind === 'download' ? 'downloads' : isMembership ? 'membership_includes' : 'includes')}
      hint={product.kind === 'download' ? undefined : t(isMembership ? 'membership_includes_hint' : 'includes_hint')}
      value={typed.subject}
      error={errors?.['subject']}
      options={[
        { value: '', label: t(product.kind === 'download' ? 'choose' : 'includes_nothing') },
        ...(isMembership ? [{ value: EVERYTHING, label: t('includes_all') }] : []),
        ...music.map(({ subject, title, within }) => ({ value: subject, label: within ? `\u2003${title}` : title })),
      ]}
    />
  )
}

/** What a bundle holds, and what is saved by it. */
const Parts = ({ product, things, typed, errors, lang }: PartProps & { things: Bundleable[] }) => {
  const t = words(lang)
  const money = (amount: number) => formatMoney({ amount, currency: product.currency }, lang)
  const rows = [...typed.parts.filter(({ variantId }) => variantId), { variantId: '', quantity: '' }]
  const alone = product.parts.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
  const saved = alone - product.price
  return (
    <fieldset class="field" id="f-parts">
      <legend>{t('parts')}</legend>
      <p class="hint">{t('parts_hint')}</p>
      {things.length === 0 && <p>{t('parts_none')}</p>}
      {errors?.['parts'] && <p class="error">{errors['parts']}</p>}
      {rows.map((row, index) => (
        <div class="fields-beside">
          <Select
            name="p_variant"
            id={`f-p_variant_${index}`}
            label={t(row.variantId ? 'part' : 'part_new')}
            value={row.variantId}
            options={[
              { value: '', label: t('choose') },
              ...(row.variantId && !things.some(({ variantId }) => variantId === row.variantId)
                ? [{ value: row.variantId, label: t('part_gone') }]
                : []),
              ...things.map(({ variantId, title, variant, price }) => ({
                value: variantId,
                label: `${[title, variant].filter(Boolean).join(', ')} (${money(price)})`,
              })),
            ]}
          />
          <Field
            name="p_quantity"
            id={`f-p_quantity_${index}`}
            label={t('part_quantity')}
            value={row.quantity}
            error={errors?.[`p_quantity_${index}`]}
            inputmode="numeric"
            maxlength={2}
            autocomplete="off"
          />
        </div>
      ))}
      {product.parts.length > 0 && (
        <p class="hint">
          {t('parts_alone', { price: money(alone) })}{' '}
          {product.pricing === 'fixed' && saved > 0 && t('parts_saved', { price: money(saved) })}
        </p>
      )}
    </fieldset>
  )
}

/** From when on it is out, and what of it comes before. */
const Preorder = ({ product, offers, typed, errors, lang }: PartProps & { offers: Offer[] }) => {
  const t = words(lang)
  const tracks = offers.filter(({ within }) => within !== null && within === product.subject)
  return (
    <>
      <Field
        name="releasedOn"
        type="date"
        label={t('released_on')}
        note={t('optional')}
        hint={t('released_on_hint')}
        value={typed.releasedOn}
        error={errors?.['releasedOn']}
      />
      {tracks.length > 0 && typed.releasedOn && (
        <Checkboxes
          name="early"
          label={t('early')}
          hint={t('early_hint')}
          values={typed.early}
          options={tracks.map(({ subject, title }) => ({ value: subject.replace(/^track:/, ''), label: title }))}
        />
      )}
    </>
  )
}

/** What customs are told, for what may go abroad. */
const Customs = ({ typed, errors, lang }: Omit<PartProps, 'product'>) => {
  const t = words(lang)
  return (
    <fieldset class="field">
      <legend>{t('customs')}</legend>
      <p class="hint">{t('customs_hint')}</p>
      <Field
        name="customsName"
        label={t('customs_name')}
        hint={t('customs_name_hint')}
        note={t('optional')}
        value={typed.customsName}
        maxlength={60}
      />
      <Field
        name="hsCode"
        label={t('hs_code')}
        hint={t('hs_code_hint')}
        note={t('optional')}
        value={typed.hsCode}
        error={errors?.['hsCode']}
        inputmode="numeric"
        autocomplete="off"
        maxlength={16}
      />
      <Select
        name="origin"
        label={t('origin')}
        hint={t('origin_hint')}
        value={typed.origin}
        options={[{ value: '', label: t('choose') }, ...countries(lang)]}
      />
    </fieldset>
  )
}

const Variants = ({ product, typed, errors, lang }: PartProps) => {
  const t = words(lang)
  const rows = [...typed.variants, { id: '', name: '', price: '', weight: '', stock: '' }]
  const error = (name: string, index: number) => errors?.[`${name}_${index}`]
  return (
    <fieldset class="field">
      <legend>{t('variants')}</legend>
      <p class="hint">{t('variants_hint')}</p>
      {rows.map((row, index) => {
        const held = product.variants.find(({ id }) => id === row.id)?.held ?? 0
        const field = (name: string) => ({
          name,
          id: `f-${name}_${index}`,
          error: error(name, index),
          autocomplete: 'off',
        })
        return (
          <div class="fields-beside">
            <input type="hidden" name="v_id" value={row.id} />
            <Field
              {...field('v_name')}
              label={t(row.id ? 'variant_name' : 'variant_new')}
              value={row.name}
              maxlength={100}
            />
            <Field {...field('v_price')} label={t('variant_price')} value={row.price} inputmode="decimal" />
            <Field {...field('v_weight')} label={t('variant_weight')} value={row.weight} inputmode="numeric" />
            <Field
              {...field('v_stock')}
              label={t('variant_stock')}
              hint={held > 0 ? t('variant_held', { n: held }) : undefined}
              value={row.stock}
              inputmode="numeric"
            />
          </div>
        )
      })}
    </fieldset>
  )
}
