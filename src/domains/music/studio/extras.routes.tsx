import { rm } from 'node:fs/promises'
import { type Context, Hono } from 'hono'
import { receiveFile } from '../../../platform/http/index.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, ErrorSummary, FileField, Form } from '../../../ui/forms.tsx'
import { actorOf, guard, type WebEnv } from '../../identity/index.ts'
import { BONUS_EXTENSIONS, type BonusRefusal, MAX_BONUS_BYTES, MAX_BONUS_FILES } from '../bonus.rules.ts'
import { addBonus, removeBonus } from '../bonus.ts'
import type { StudioRelease } from '../studio.views.ts'
import { words } from '../words.ts'
import { ReleaseFrame, releaseHref } from './release-frame.tsx'
import { artistOfRelease, ID, releaseOf } from './things.ts'

/** What goes with the music: a booklet, stems, scores. */
export function extrasRoutes(platform: Platform): Hono<WebEnv> {
  const may = guard('music.edit', artistOfRelease(platform))
  const path = `/studio/music/:id{${ID}}/extras`
  const show = async (c: Context<WebEnv>, error?: string) => {
    const release = await releaseOf(c, platform)
    if (!release) return c.notFound()
    return c.html(<ExtrasPage c={c} release={release} error={error} />, error ? 422 : 200)
  }
  const back = (c: Context<WebEnv>, done: string) =>
    c.redirect(`${releaseHref(c.req.param('id') ?? '', 'extras')}?done=${done}`, 303)
  return new Hono<WebEnv>()
    .get(path, may, (c) => show(c))
    .post(path, may, async (c) => {
      const { lang } = c.get('page')
      const received = await receiveFile(c.req.raw, platform.paths.work, MAX_BONUS_BYTES)
      if (!received.ok)
        return show(c, received.error === 'none' ? words(lang)('error_no_file') : refusal(received.error, lang))
      try {
        const { path: file, name } = received.value
        const done = await addBonus(platform, {
          releaseId: c.req.param('id'),
          path: file,
          name,
          by: actorOf(c).accountId,
        })
        if (done.ok) return back(c, 'added')
        return done.error === 'missing' ? c.notFound() : show(c, refusal(done.error, lang))
      } finally {
        await rm(received.value.path, { force: true })
      }
    })
    .post(`${path}/:fileId{${ID}}/remove`, may, async (c) => {
      const { id, fileId } = c.req.param()
      const done = await removeBonus(platform, { releaseId: id, id: fileId, by: actorOf(c).accountId })
      return done.ok ? back(c, 'removed') : c.notFound()
    })
}

function refusal(code: BonusRefusal | 'no-room', lang: Lang): string {
  const t = words(lang)
  switch (code) {
    case 'type':
      return t('bonus_type', { types: BONUS_EXTENSIONS.join(', ') })
    case 'empty':
      return t('bonus_empty')
    case 'no-room':
      return t('bonus_no_room')
    case 'too-many':
      return t('bonus_many', { n: MAX_BONUS_FILES })
    case 'too-large':
      return t('bonus_large', { size: formats(lang).bytes(MAX_BONUS_BYTES) })
  }
}

type Props = { c: Context<WebEnv>; release: StudioRelease; error: string | undefined }

const ExtrasPage = ({ c, release, error }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const done = c.req.query('done')
  const notice = error
    ? undefined
    : done === 'added'
      ? t('bonus_added')
      : done === 'removed'
        ? t('bonus_removed')
        : undefined
  const action = releaseHref(release.id, 'extras')
  return (
    <ReleaseFrame c={c} release={release} section="extras" notice={notice}>
      <section>
        <h2>{t('section_extras')}</h2>
        <p class="lead">{t('extras_words')}</p>
        {release.bonus.length > 0 && (
          <ul class="lines" style="margin-bottom:1.5rem">
            {release.bonus.map((file) => (
              <li>
                <span />
                <span>
                  <b>{file.fileName}</b>
                  <small>{formats(page.lang).bytes(file.size)}</small>
                </span>
                <Form page={page} action={`${action}/${file.id}/remove`}>
                  <Button kind="quiet" aria-label={t('remove_bonus', { name: file.fileName })}>
                    {t('remove')}
                  </Button>
                </Form>
              </li>
            ))}
          </ul>
        )}
        <Form page={page} action={action} files>
          <ErrorSummary errors={error ? { file: error } : {}} lang={page.lang} />
          <FileField
            name="file"
            label={t('field_bonus')}
            hint={t('hint_bonus', { size: formats(page.lang).bytes(MAX_BONUS_BYTES) })}
            error={error}
            accept={BONUS_EXTENSIONS.map((extension) => `.${extension}`).join(',')}
            required
          />
          <p class="actions">
            <Button>{t('add_bonus')}</Button>
          </p>
        </Form>
      </section>
    </ReleaseFrame>
  )
}
