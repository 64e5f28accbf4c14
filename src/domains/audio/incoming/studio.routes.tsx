import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { actorOf, artistsFor, can, guard, type WebEnv } from '../../identity/index.ts'
import { batchView, stillThere, unfinishedBatches } from './batch.views.ts'
import { abandonBatch, batchById, openBatch, reopenBatch, startMaking, startReading } from './batches.store.ts'
import { coverPreview } from './cover-preview.ts'
import { batchHref, NEW, releaseHref } from './hrefs.ts'
import { boundaryOf } from './multipart.ts'
import { BatchPage } from './pages/batch-page.tsx'
import { DropPage, WhosePage } from './pages/drop-page.tsx'
import { receiveForm } from './receive-form.ts'
import { artistOfBatch, artistOfTarget, artistThing, findTarget, ID, type Target, targetOf } from './things.ts'
import { countReceived, removeUpload, removeUploadsOf, uploadsOf } from './uploads.store.ts'
import { refusalSentence, words } from './words.ts'

/** The pages where music comes in, and what is pressed there. */
export function incomingPages(platform: Platform): Hono<WebEnv> {
  const { db } = platform
  const may = guard('music.edit', artistOfBatch(platform))
  const batch = `${NEW}/:batch{${ID}}`
  const idOf = (c: Context<WebEnv>) => c.req.param('batch') ?? ''
  const back = (c: Context<WebEnv>) => c.redirect(batchHref(idOf(c)), 303)

  async function drop(c: Context<WebEnv>, target: Target, query: string, errors?: FieldErrors) {
    const unfinished = target.release ? [] : await unfinishedBatches(db, target.artistId)
    const page = <DropPage c={c} target={target} unfinished={unfinished} query={query} {...(errors && { errors })} />
    return c.html(page, errors ? 422 : 200)
  }

  async function show(c: Context<WebEnv>, errors?: FieldErrors) {
    const view = await batchView(platform, idOf(c))
    if (!view) return c.notFound()
    if (view.batch.state === 'imported') {
      const made = await stillThere(db, view.batch.made)
      if (made.length > 0) return c.redirect(made.length === 1 ? releaseHref(made[0] ?? '') : '/studio/music', 303)
    }
    return c.html(<BatchPage c={c} view={view} errors={errors} />, errors ? 422 : 200)
  }

  /** A form with files. The errors of single files are shown; whatever arrived is kept. */
  async function receive(c: Context<WebEnv>, batchId: string): Promise<FieldErrors | null> {
    const { lang } = c.get('page')
    const t = words(lang)
    const boundary = boundaryOf(c.req.header('content-type'))
    const { body } = c.req.raw
    if (!boundary || !body) return { '': t('not_a_form') }
    const received = await receiveForm(platform, batchId, body, boundary)
    if (!received.ok) return { '': t('cut') }
    const { refused } = received.value
    if (refused.length > 0)
      return Object.fromEntries(
        refused.map(({ path, refusal }) => [path, `${path} – ${refusalSentence(lang, refusal)}`]),
      )
    return received.value.received === 0 ? { files: t('no_files_sent') } : null
  }

  return new Hono<WebEnv>()
    .get(NEW, guard('studio.enter', { kind: 'site' }), async (c) => {
      const actor = actorOf(c)
      const target = await targetOf(platform, c)
      const thing = artistThing(target?.artistId)
      if (target && thing && can(actor, 'music.edit', thing)) return drop(c, target, `artist=${target.artistId}`)
      const artists = await artistsFor(db, actor, 'music.edit')
      const [only] = artists
      return only && artists.length === 1
        ? drop(c, { artistId: only.id, release: null, track: null }, `artist=${only.id}`)
        : c.html(<WhosePage c={c} artists={artists} />)
    })
    .get(`/studio/music/:release{${ID}}/tracks/new`, guard('music.edit', named(platform, 'release')), async (c) => {
      const { release } = c.req.param()
      const target = await findTarget(db, { release })
      return target ? drop(c, target, `release=${release}`) : c.notFound()
    })
    .get(`/studio/music/tracks/:track{${ID}}/master`, guard('music.edit', named(platform, 'track')), async (c) => {
      const { track } = c.req.param()
      const target = await findTarget(db, { track })
      return target ? drop(c, target, `track=${track}`) : c.notFound()
    })
    .post(NEW, guard('music.edit', artistOfTarget(platform)), async (c) => {
      const target = await targetOf(platform, c)
      if (!target) return c.notFound()
      const { artistId, release, track } = target
      const id = await openBatch(db, {
        accountId: actorOf(c).accountId,
        artistId,
        releaseId: track ? null : (release?.id ?? null),
        trackId: track?.id ?? null,
      })
      const errors = await receive(c, id)
      if (!errors) return c.redirect(batchHref(id), 303)
      if ((await uploadsOf(db, id)).length > 0) {
        const view = await batchView(platform, id)
        return view ? c.html(<BatchPage c={c} view={view} errors={errors} />, 422) : c.notFound()
      }
      await abandonBatch(db, id)
      return drop(c, target, new URL(c.req.url).searchParams.toString(), errors)
    })
    .get(batch, may, (c) => show(c))
    .get(`${batch}/progress`, may, async (c) => {
      const found = await batchById(db, idOf(c))
      c.header('Cache-Control', 'no-store')
      return found ? c.json({ state: found.state, progress: found.progress }) : c.notFound()
    })
    .get(`${batch}/cover/:index{[0-9]{1,3}}`, may, async (c) => {
      const jpeg = await coverPreview(platform, await batchById(db, idOf(c)), Number(c.req.param('index')))
      return jpeg
        ? c.body(jpeg, 200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'private, max-age=600' })
        : c.notFound()
    })
    .post(`${batch}/files`, may, async (c) => {
      if ((await batchById(db, idOf(c)))?.state !== 'receiving') return back(c)
      const errors = await receive(c, idOf(c))
      return errors ? show(c, errors) : back(c)
    })
    .post(`${batch}/remove`, may, bodyLimit({ maxSize: 8_192 }), async (c) => {
      const { upload } = await c.req.parseBody()
      const found = (await uploadsOf(db, idOf(c))).find(({ id }) => id === upload)
      if (found && (await batchById(db, idOf(c)))?.state === 'receiving') await removeUpload(platform, found.id)
      return back(c)
    })
    .post(`${batch}/done`, may, async (c) => {
      await countReceived(platform, await uploadsOf(db, idOf(c)))
      if ((await uploadsOf(db, idOf(c))).some((upload) => upload.completedAt)) await startReading(db, idOf(c))
      return back(c)
    })
    .post(`${batch}/make`, may, async (c) => {
      const plan = (await batchById(db, idOf(c)))?.plan
      if (plan?.releases.some((release) => release.tracks.length > 0)) await startMaking(db, idOf(c))
      return back(c)
    })
    .post(`${batch}/reopen`, may, async (c) => {
      await reopenBatch(db, idOf(c))
      return back(c)
    })
    .post(`${batch}/abandon`, may, async (c) => {
      if (await abandonBatch(db, idOf(c))) await removeUploadsOf(platform, idOf(c))
      return back(c)
    })
}

/** The artist of the release or the track that the path names. */
const named = (deps: Pick<Platform, 'db'>, what: 'release' | 'track') => async (c: Context<WebEnv>) =>
  artistThing((await findTarget(deps.db, { [what]: c.req.param(what) }))?.artistId)
