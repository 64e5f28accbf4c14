import { type Context, Hono } from 'hono'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, ErrorSummary, Field, Form } from '../../../ui/forms.tsx'
import {
  actorOf,
  artistsFor,
  audit,
  can,
  currentArtist,
  guard,
  publicationSentence,
  readTexts,
  StudioPage,
  type Thing,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { answerAppearance, appearancesOf } from '../appearances.ts'
import { createRelease } from '../create-release.ts'
import { line } from '../release.form.ts'
import { removeRelease, restoreRelease } from '../remove-release.ts'
import { type StudioRow, studioReleases } from '../studio.views.ts'
import { words } from '../words.ts'
import { Appearances } from './appearances.tsx'
import { dateWords } from './date-words.ts'
import { releaseHref } from './release-frame.tsx'
import { artistOfRelease, ID } from './things.ts'
import { Thumb } from './thumb.tsx'

const deskArtist = (c: Context<WebEnv>): Thing | null => {
  const artist = currentArtist(c)
  return artist && { kind: 'artist', artistId: artist.id }
}

/** The catalogue: what there is, what state it is in, and the way to add to it. `dropHref` is where one drops an album. */
export function listRoutes(platform: Platform, dropHref: string): Hono<WebEnv> {
  const { db, now } = platform
  const app = new Hono<WebEnv>()
  const ofRelease = artistOfRelease(platform)

  async function show(c: Context<WebEnv>, wrong?: { title: string; error: string }) {
    const { lang } = c.get('page')
    const t = words(lang)
    const own = currentArtist(c)
    const artists = own ? [own] : await artistsFor(db, actorOf(c), 'music.edit')
    const rows = await studioReleases(
      db,
      artists.map(({ id }) => id),
      now(),
    )
    const there = rows.filter((row) => !row.removedAt)
    const mayAnswer = own !== null && can(c.get('actor'), 'music.publish', { kind: 'artist', artistId: own.id })
    const removed = rows.filter((row) => row.removedAt)
    const done = removed.find((row) => row.id === c.req.query('removed'))
    const notice = done ? (
      <Restore c={c} row={done} sentence={t('removed_release', { title: done.title })} />
    ) : undefined
    const page = (
      <StudioPage c={c} title={t('music')} current="music" notice={notice}>
        <h1>{t('music')}</h1>
        {there.length === 0 ? (
          <Empty title={t('empty_title')} action={own && <Button href={dropHref}>{t('drop_album')}</Button>}>
            <p>{t('empty_words')}</p>
          </Empty>
        ) : (
          <section>
            {own && (
              <p class="actions" style="margin:0 0 1.5rem">
                <Button href={dropHref}>{t('drop_album')}</Button>
              </p>
            )}
            <ul class="lines">
              {there.map((row) => (
                <Line row={row} lang={lang} zone={zoneAt(c, row.artistId)} withArtist={!own} />
              ))}
            </ul>
          </section>
        )}
        {own && <NewRelease c={c} wrong={wrong} />}
        {own && <Appearances c={c} list={await appearancesOf(db, own.id, now())} mayAnswer={mayAnswer} />}
        {removed.length > 0 && (
          <section>
            <h2>{t('removed_title')}</h2>
            <ul class="lines">
              {removed.map((row) => (
                <li>
                  <Thumb cover={row.cover} />
                  <Restore c={c} row={row} sentence={row.title} />
                </li>
              ))}
            </ul>
          </section>
        )}
      </StudioPage>
    )
    return c.html(page, wrong ? 422 : 200)
  }

  app.get('/studio/music', guard('studio.enter', { kind: 'site' }), (c) => show(c))
  app.post('/studio/music', guard('music.edit', deskArtist), async (c) => {
    const { title = '' } = await readTexts(c)
    const artistId = currentArtist(c)?.id
    if (!artistId) return c.notFound()
    if (!line(title)) return show(c, { title, error: words(c.get('page').lang)('error_title') })
    const { id } = await db.transaction().execute(async (tx) => {
      const made = await createRelease(tx, { artistId, title: line(title) })
      await audit(tx, { accountId: actorOf(c).accountId, action: 'release.make', artistId, subject: line(title) })
      return made
    })
    return c.redirect(releaseHref(id, 'details'), 303)
  })
  app.post(`/studio/music/:id{${ID}}/remove`, guard('music.publish', ofRelease), async (c) => {
    const done = await removeRelease(platform, { releaseId: c.req.param('id'), by: actorOf(c).accountId })
    return done.ok ? c.redirect(`/studio/music?removed=${c.req.param('id')}`, 303) : c.notFound()
  })
  // Of the artist at the desk, not of whose release it is.
  app.post(`/studio/music/:id{${ID}}/appearance`, guard('music.publish', deskArtist), async (c) => {
    const artistId = currentArtist(c)?.id
    const { answer } = await readTexts(c)
    if (!artistId || (answer !== 'show' && answer !== 'hide')) return c.notFound()
    const releaseId = c.req.param('id')
    const shown = answer === 'show'
    const done = await answerAppearance(platform, { artistId, releaseId, shown, by: actorOf(c).accountId })
    return done.ok ? c.redirect('/studio/music#appearances', 303) : c.notFound()
  })
  app.post(`/studio/music/:id{${ID}}/restore`, guard('music.publish', ofRelease), async (c) => {
    const done = await restoreRelease(platform, { releaseId: c.req.param('id'), by: actorOf(c).accountId })
    return done.ok ? c.redirect(releaseHref(c.req.param('id')), 303) : c.notFound()
  })
  return app
}

type LineProps = { row: StudioRow; lang: Lang; zone: string; withArtist: boolean }

const Line = ({ row, lang, zone, withArtist }: LineProps) => {
  const t = words(lang)
  const facts = [
    withArtist && row.artistName,
    t(`kind_${row.kind}`),
    t('track_count', { n: row.trackCount }),
    dateWords(row.date, lang),
  ]
  return (
    <li>
      <Thumb cover={row.cover} />
      <span>
        <b>
          <a href={releaseHref(row.id)}>{row.title}</a>
        </b>
        <small>{facts.filter(Boolean).join(' · ')}</small>
        <br />
        <small>{publicationSentence(row, lang, zone)}</small>
      </span>
      <span />
    </li>
  )
}

const Restore = ({ c, row, sentence }: { c: Context<WebEnv>; row: StudioRow; sentence: string }) => (
  <Form page={c.get('page')} action={`/studio/music/${row.id}/restore`} class="actions" style="margin:0">
    <span>{sentence}</span>
    <Button kind="quiet">{words(c.get('page').lang)('put_back')}</Button>
  </Form>
)

const NewRelease = ({ c, wrong }: { c: Context<WebEnv>; wrong: { title: string; error: string } | undefined }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { slug = '' } = currentArtist(c) ?? {}
  return (
    <section>
      <h2>{t('new_release')}</h2>
      <p class="lead">{t('new_release_words')}</p>
      <Form page={page} action={`/studio/music?desk=${encodeURIComponent(slug)}`}>
        <ErrorSummary errors={wrong && { title: wrong.error }} lang={page.lang} />
        <Field
          name="title"
          label={t('field_title')}
          value={wrong?.title}
          error={wrong?.error}
          required
          maxlength={300}
        />
        <Button kind="plain">{t('create')}</Button>
      </Form>
    </section>
  )
}
