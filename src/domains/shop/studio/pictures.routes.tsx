import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isId } from '../../../platform/ids.ts'
import { maxImageBytes } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { guard, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { imageSentence } from '../../music/index.ts'
import { studioPictures } from '../pictures.views.ts'
import { productById } from '../product.views.ts'
import {
  addProductPicture,
  editProductPicture,
  MOST_PICTURES,
  moveProductPicture,
  removeProductPicture,
  restoreProductPicture,
} from '../product-pictures.ts'
import { PicturesPage, picturesHref } from './pictures-page.tsx'
import { words } from './words.ts'

const UUID = '[0-9a-f-]{36}'

/** The photographs of what is offered: added, said in words, put in order, taken off and put back. */
export function picturesStudio(platform: Pick<Platform, 'db' | 'now' | 'storage'>): Hono<WebEnv> {
  const { db } = platform
  const may = guard('shop.edit', async (c) => {
    const product = await productById(db, c.req.param('id') ?? '')
    return product && { kind: 'artist', artistId: product.artistId }
  })
  const path = `/studio/shop/:id{${UUID}}/pictures`
  const one = `${path}/:picture{${UUID}}` as const

  async function show(c: Context<WebEnv>, errors?: FieldErrors, typed?: { alt: string; variant: string }) {
    const product = await productById(db, c.req.param('id') ?? '')
    if (!product) return c.notFound()
    const pictures = await studioPictures(db, product.id)
    return c.html(<PicturesPage {...{ c, product, pictures, errors, typed }} />, errors ? 422 : 200)
  }
  const back = (c: Context<WebEnv>, more: string) => c.redirect(`${picturesHref(c.req.param('id') ?? '')}?${more}`, 303)
  const ids = (c: Context<WebEnv>) => ({
    productId: c.req.param('id') ?? '',
    pictureId: c.req.param('picture') ?? '',
  })
  const tooLarge = (c: Context<WebEnv>) =>
    show(c, { picture: imageSentence({ code: 'too-many-bytes', values: {} }, c.var.page.lang) })

  return new Hono<WebEnv>()
    .get(path, may, (c) => show(c))
    .post(path, may, bodyLimit({ maxSize: maxImageBytes + 100_000, onError: tooLarge as never }), async (c) => {
      const { lang } = c.var.page
      const t = words(lang)
      const body = await c.req.parseBody()
      const file = body['picture']
      const typed = { alt: oneLine(body['alt']), variant: oneLine(body['variant']) }
      const errors: FieldErrors = {}
      if (!(file instanceof File) || file.size === 0) errors['picture'] = t('picture_problem_none')
      if (!typed.alt) errors['alt'] = t('picture_problem_alt')
      if (!(file instanceof File) || Object.keys(errors).length > 0) return show(c, errors, typed)
      const picture = new Uint8Array(await file.arrayBuffer())
      const productId = c.req.param('id')
      const done = await addProductPicture(platform, { productId, picture, ...asWords(typed) })
      if (done.ok) return back(c, 'done=added')
      if (done.error === 'missing') return c.notFound()
      if (done.error === 'too-many') return show(c, { '': t('picture_problem_many', { most: MOST_PICTURES }) }, typed)
      return show(c, { picture: imageSentence(done.error, lang) }, typed)
    })
    .post(one, may, smallBody, async (c) => {
      const posted = await readForm(c)
      const typed = { alt: oneLine(posted.text('alt')), variant: posted.text('variant') }
      if (!typed.alt)
        return show(c, { [`alt_${c.req.param('picture')}`]: words(c.var.page.lang)('picture_problem_alt') })
      const done = await editProductPicture(platform, { ...ids(c), ...asWords(typed) })
      return done.ok ? back(c, 'done=saved') : c.notFound()
    })
    .post(`${one}/:to{earlier|later}`, may, async (c) => {
      const done = await moveProductPicture(platform, { ...ids(c), by: c.req.param('to') === 'earlier' ? -1 : 1 })
      return done.ok ? back(c, 'done=moved') : c.notFound()
    })
    .post(`${one}/remove`, may, async (c) => {
      const done = await removeProductPicture(platform, ids(c))
      return done.ok ? back(c, `removed=${ids(c).pictureId}`) : c.notFound()
    })
    .post(`${one}/restore`, may, async (c) => {
      const done = await restoreProductPicture(platform, ids(c))
      if (done.ok) return back(c, 'done=back')
      return done.error === 'missing'
        ? c.notFound()
        : show(c, { '': words(c.var.page.lang)('picture_problem_many', { most: MOST_PICTURES }) })
    })
}

const oneLine = (text: unknown): string =>
  String(text ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500)

const asWords = ({ alt, variant }: { alt: string; variant: string }) => ({
  alt,
  variantId: isId(variant) ? variant : null,
})
