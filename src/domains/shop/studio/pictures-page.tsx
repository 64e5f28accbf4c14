import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, FileField, Form, Select } from '../../../ui/forms.tsx'
import { Sleeve } from '../../../ui/sleeve.tsx'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import { pictureOf } from '../../music/index.ts'
import type { StudioPicture } from '../pictures.views.ts'
import type { productById } from '../product.views.ts'
import { KEPT_DAYS, MOST_PICTURES } from '../product-pictures.ts'
import { words } from './words.ts'

type Product = NonNullable<Awaited<ReturnType<typeof productById>>>
type Props = {
  c: Context<WebEnv>
  product: Product
  pictures: StudioPicture[]
  errors?: FieldErrors | undefined
  /** What was typed for a new one. */
  typed?: { alt: string; variant: string } | undefined
}
type Of = Pick<Props, 'c' | 'product'>

const DONE = { added: 'picture_added', saved: 'saved', moved: 'picture_moved', back: 'picture_back' } as const

export const picturesHref = (productId: string): string => `/studio/shop/${productId}/pictures`

/** The photographs of one thing: in their order, each with its words, and the way to add another. */
export const PicturesPage = ({ c, product, pictures, errors, typed }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const shown = pictures.filter(({ removedAt }) => !removedAt)
  const removed = pictures.filter(({ removedAt }) => removedAt)
  const just = errors ? undefined : removed.find(({ id }) => id === c.req.query('removed'))
  const done = DONE[c.req.query('done') as keyof typeof DONE]
  return (
    <StudioPage
      c={c}
      title={`${t('pictures')} – ${product.title}`}
      current="shop"
      artistId={product.artistId}
      notice={just ? <PutBack c={c} product={product} picture={just} /> : !errors && done ? t(done) : undefined}
    >
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a> · <a href={`/studio/shop/${product.id}`}>{product.title}</a>
      </p>
      <h1>{t('pictures')}</h1>
      <p class="lead">{t('pictures_lead')}</p>
      <ErrorSummary errors={errors} lang={page.lang} />
      {shown.length > 0 && (
        <ol class="lines pictures-of">
          {shown.map((picture, index) => (
            <Shown
              {...{ c, product, picture, errors }}
              isFirst={index === 0}
              isLast={index === shown.length - 1}
              place={index + 1}
            />
          ))}
        </ol>
      )}
      {shown.length < MOST_PICTURES ? (
        <section class="shop" id="add">
          <h2>{t('picture_add')}</h2>
          <Form page={page} action={picturesHref(product.id)} files novalidate>
            <FileField
              name="picture"
              label={t('picture')}
              hint={t('picture_hint')}
              error={errors?.['picture']}
              accept="image/jpeg,image/png,image/webp,image/avif,image/tiff,image/gif"
              required
            />
            <AltField c={c} name="alt" value={typed?.alt ?? ''} error={errors?.['alt']} />
            <OfWhich c={c} product={product} name="variant" value={typed?.variant ?? ''} />
            <Button>{t('picture_add')}</Button>
          </Form>
        </section>
      ) : (
        <p>{t('picture_problem_many', { most: MOST_PICTURES })}</p>
      )}
      {removed.length > 0 && (
        <section class="shop">
          <h2>{t('pictures_removed')}</h2>
          {removed.map((picture) => (
            <PutBack c={c} product={product} picture={picture} />
          ))}
        </section>
      )}
    </StudioPage>
  )
}

type FieldProps = { c: Context<WebEnv>; name: string; value: string; error?: string | undefined; id?: string }

const AltField = ({ c, ...field }: FieldProps) => {
  const t = words(c.var.page.lang)
  return (
    <Field
      {...field}
      label={t('picture_alt')}
      hint={t('picture_alt_hint')}
      maxlength={500}
      required
      autocomplete="off"
    />
  )
}

const OfWhich = ({ c, product, ...field }: FieldProps & { product: Product }) => {
  const t = words(c.var.page.lang)
  const named = product.variants.filter(({ name }) => name)
  if (named.length < 2) return null
  return (
    <Select
      {...field}
      label={t('picture_of')}
      options={[
        { value: '', label: t('picture_of_all') },
        ...named.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  )
}

type ShownProps = Of & {
  picture: StudioPicture
  errors: FieldErrors | undefined
  isFirst: boolean
  isLast: boolean
  place: number
}

const Shown = ({ c, product, picture, errors, isFirst, isLast, place }: ShownProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const action = `${picturesHref(product.id)}/${picture.id}`
  const button = (to: 'earlier' | 'later' | 'remove') => (
    <Form page={page} action={`${action}/${to}`}>
      <Button kind="quiet" aria-label={t(`picture_${to}_label`, { place, alt: picture.alt })}>
        {t(`picture_${to}`)}
      </Button>
    </Form>
  )
  return (
    <li id={`picture-${picture.id}`}>
      <div>
        <Sleeve picture={pictureOf(picture.picture, picture.alt)} sizes="8rem" class="photograph" />
        {isFirst && <p class="quiet">{t('picture_first')}</p>}
      </div>
      <div>
        <Form page={page} action={action} novalidate>
          <AltField
            c={c}
            name="alt"
            id={`f-alt_${picture.id}`}
            value={picture.alt}
            error={errors?.[`alt_${picture.id}`]}
          />
          <OfWhich
            c={c}
            product={product}
            name="variant"
            id={`f-variant_${picture.id}`}
            value={picture.variantId ?? ''}
          />
          <Button kind="plain" aria-label={t('picture_save_label', { place })}>
            {t('save')}
          </Button>
        </Form>
        <div class="actions">
          {!isFirst && button('earlier')}
          {!isLast && button('later')}
          {button('remove')}
        </div>
      </div>
    </li>
  )
}

const PutBack = ({ c, product, picture }: Of & { picture: StudioPicture }) => {
  const { page } = c.var
  const t = words(page.lang)
  const until = new Date((picture.removedAt?.getTime() ?? 0) + KEPT_DAYS * 86_400_000)
  return (
    <Form page={page} action={`${picturesHref(product.id)}/${picture.id}/restore`} class="actions" style="margin:0">
      <span>{t('picture_removed', { alt: picture.alt, date: formats(page.lang).date(until) })}</span>
      <Button kind="quiet" aria-label={t('picture_put_back_label', { alt: picture.alt })}>
        {t('picture_put_back')}
      </Button>
    </Form>
  )
}
