import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Lang } from '../../../platform/i18n/index.ts'
import { type ImageError, imageUrl, maxImageBytes } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, ErrorSummary, FileField, Form } from '../../../ui/forms.tsx'
import { actorOf, guard, type WebEnv } from '../../identity/index.ts'
import { setCover } from '../set-cover.ts'
import type { StudioRelease } from '../studio.views.ts'
import { words } from '../words.ts'
import { ReleaseFrame, releaseHref } from './release-frame.tsx'
import { artistOfRelease, ID, releaseOf } from './things.ts'

/** The sleeve: one picture, checked, kept, shown at once. */
export function coverRoutes(platform: Platform): Hono<WebEnv> {
  const may = guard('music.edit', artistOfRelease(platform))
  const path = `/studio/music/:id{${ID}}/cover`
  const show = async (c: Context<WebEnv>, error?: string) => {
    const release = await releaseOf(c, platform)
    if (!release) return c.notFound()
    return c.html(<CoverPage c={c} release={release} error={error} />, error ? 422 : 200)
  }
  const tooLarge = (c: Context<WebEnv>) =>
    show(c, imageSentence({ code: 'too-many-bytes', values: {} }, c.get('page').lang))
  return new Hono<WebEnv>()
    .get(path, may, (c) => show(c))
    .post(path, may, bodyLimit({ maxSize: maxImageBytes + 100_000, onError: tooLarge as never }), async (c) => {
      const { lang } = c.get('page')
      const file = (await c.req.parseBody())['cover']
      if (!(file instanceof File) || file.size === 0) return show(c, words(lang)('error_no_file'))
      const releaseId = c.req.param('id')
      const picture = new Uint8Array(await file.arrayBuffer())
      const done = await setCover(platform, { releaseId, picture, by: actorOf(c).accountId })
      if (done.ok) return c.redirect(`${releaseHref(releaseId, 'cover')}?done=saved`, 303)
      return done.error === 'missing' ? c.notFound() : show(c, imageSentence(done.error, lang))
    })
    .post(`${path}/remove`, may, async (c) => {
      const releaseId = c.req.param('id')
      const done = await setCover(platform, { releaseId, picture: null, by: actorOf(c).accountId })
      return done.ok ? c.redirect(`${releaseHref(releaseId, 'cover')}?done=removed`, 303) : c.notFound()
    })
}

/** Why a picture was refused, in a sentence. */
export function imageSentence(error: ImageError, lang: Lang): string {
  const t = words(lang)
  const values = { megabytes: Math.round(maxImageBytes / 1e6), ...error.values }
  switch (error.code) {
    case 'empty':
      return t('image_empty')
    case 'too-many-bytes':
      return t('image_heavy', values)
    case 'svg':
      return t('image_svg')
    case 'not-an-image':
      return t('image_unknown')
    case 'too-large':
      return t('image_large', values)
    case 'broken':
      return t('image_broken')
  }
}

type Props = { c: Context<WebEnv>; release: StudioRelease; error: string | undefined }

const CoverPage = ({ c, release, error }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { cover } = release
  const done = c.req.query('done')
  const notice = error
    ? undefined
    : done === 'saved'
      ? t('cover_saved')
      : done === 'removed'
        ? t('cover_removed')
        : undefined
  const action = releaseHref(release.id, 'cover')
  const width = cover?.widths.find((w) => w >= 640) ?? cover?.widths.at(-1)
  return (
    <ReleaseFrame c={c} release={release} section="cover" notice={notice}>
      <section>
        <h2>{t('section_cover')}</h2>
        {cover && width ? (
          <p>
            <img
              src={imageUrl(cover.sha256, width, 'jpg')}
              width={cover.width}
              height={cover.height}
              alt={t('cover_of', { title: release.title })}
              style="width:min(20rem,100%);height:auto;margin-bottom:1.5rem"
            />
          </p>
        ) : (
          <p class="lead">{t('no_cover')}</p>
        )}
        <Form page={page} action={action} files>
          <ErrorSummary errors={error ? { cover: error } : {}} lang={page.lang} />
          <FileField
            name="cover"
            label={t('field_cover')}
            hint={t('hint_cover')}
            error={error}
            accept="image/jpeg,image/png,image/webp,image/avif,image/tiff,image/gif"
            required
          />
          <p class="actions">
            <Button>{cover ? t('replace_cover') : t('add_cover')}</Button>
          </p>
        </Form>
        {cover && (
          <Form page={page} action={`${action}/remove`} class="actions">
            <Button kind="quiet">{t('remove_cover')}</Button>
          </Form>
        )}
      </section>
    </ReleaseFrame>
  )
}
