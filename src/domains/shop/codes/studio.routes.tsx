import { type Context, Hono } from 'hono'
import { csvTable } from '../../../platform/csv.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { describe, giftOf, isSubject, type OfferSource, type Subjects } from '../../exchange/index.ts'
import { actorOf, currentArtist, guard, type Posted, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { type Batch, batchById, batchesOf, codesOf } from './batches.views.ts'
import { cardsPdf, sleeveOf } from './cards-pdf.ts'
import { codeShown, isOver } from './code.rules.ts'
import { codePath } from './code-page.tsx'
import { addCodes, batchSubject, closeBatch, MOST_CODES, makeCodes, reopenBatch } from './make-codes.ts'
import { BatchesPage, BatchPage, CODES, NewBatchPage, type TypedBatch } from './studio-pages.tsx'
import { words } from './words.ts'

const UUID = '[0-9a-f-]{36}'
const NOTHING: TypedBatch = { subject: '', name: '', purpose: '', count: '', until: '' }

/** Where an artist makes codes, prints them, and sees how many were used. */
export function codesStudio(platform: Platform, offers: OfferSource, subjects: Subjects): Hono<WebEnv> {
  const { db, now, config } = platform
  const atDesk = guard('shop.edit', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  const ofBatch = guard('shop.edit', async (c) => {
    const batch = await batchById(db, c.req.param('id') ?? '', now())
    return batch && { kind: 'artist', artistId: batch.artistId }
  })
  const music = async (artistId: string) =>
    (await offers(db, artistId)).filter(({ subject }) => /^(release|track):/.test(subject))

  async function showNew(c: Context<WebEnv>, typed: TypedBatch = NOTHING, errors?: FieldErrors) {
    const artist = currentArtist(c)
    if (!artist) return c.notFound()
    const page = <NewBatchPage {...{ c, artistId: artist.id, offers: await music(artist.id), typed, errors }} />
    return c.html(page, errors ? 422 : 200)
  }

  async function found(c: Context<WebEnv>): Promise<{ batch: Batch; title: string } | null> {
    const batch = await batchById(db, c.req.param('id') ?? '', now())
    if (!batch) return null
    return { batch, title: (await describe(db, subjects, [batch.subject])).get(batch.subject)?.title ?? '' }
  }

  async function showBatch(c: Context<WebEnv>, wrong?: { typed: string; error: string }) {
    const its = await found(c)
    if (!its) return c.notFound()
    const giftId = await giftOf(db, batchSubject(its.batch.id))
    const address = `${config.baseUrl.replace(/^https?:\/\//, '')}/code`
    return c.html(<BatchPage {...{ c, ...its, giftId, address, wrong }} />, wrong ? 422 : 200)
  }

  return new Hono<WebEnv>()
    .get(CODES, atDesk, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      const batches = await batchesOf(db, artist.id, now())
      const facts = await describe(
        db,
        subjects,
        batches.map(({ subject }) => subject),
      )
      const titles = new Map([...facts].map(([subject, { title }]) => [subject as string, title]))
      return c.html(<BatchesPage {...{ c, artistId: artist.id, batches, titles }} />)
    })
    .get(`${CODES}/new`, atDesk, (c) => showNew(c))
    .post(`${CODES}/new`, atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      const t = words(c.var.page.lang)
      const typed = typedBatch(await readForm(c))
      const chosen = (await music(artist.id)).find(({ subject }) => subject === typed.subject)
      const count = /^\d{1,6}$/.test(typed.count) ? Number(typed.count) : 0
      const errors: FieldErrors = {}
      if (!chosen || !isSubject(typed.subject)) errors['subject'] = t('problem_subject')
      if (!typed.name) errors['name'] = t('problem_name')
      if (count < 1 || count > MOST_CODES) errors['count'] = t('problem_count', { most: MOST_CODES })
      if (typed.until && !isGoodDay(typed.until, now())) errors['until'] = t('problem_until')
      if (!chosen || Object.keys(errors).length > 0) return showNew(c, typed, errors)
      const { subject } = chosen
      const { name, purpose, until } = typed
      const by = actorOf(c).accountId
      const batch = { artistId: artist.id, subject, name, purpose, until: until || null, count }
      const id = await makeCodes(platform, { ...batch, by })
      return c.redirect(`${CODES}/${id}?done=made`, 303)
    })
    .get(`${CODES}/:id{${UUID}}`, ofBatch, (c) => showBatch(c))
    .post(`${CODES}/:id{${UUID}}/add`, ofBatch, smallBody, async (c) => {
      const its = await found(c)
      if (!its) return c.notFound()
      const { batch } = its
      const posted = await readForm(c)
      const [typed, had] = [posted.text('count').trim(), Number(posted.text('had'))]
      const count = /^\d{1,6}$/.test(typed) ? Number(typed) : 0
      const most = MOST_CODES - batch.left
      const wrong = { typed, error: words(c.var.page.lang)('problem_count', { most }) }
      if (count < 1 || count > MOST_CODES) return showBatch(c, wrong)
      const done = await addCodes(platform, { batchId: batch.id, count, had, by: actorOf(c).accountId })
      if (!done.ok && done.error === 'many') return showBatch(c, wrong)
      const said = done.ok ? `added&from=${done.value.from}` : done.error
      return c.redirect(`${CODES}/${batch.id}?done=${said}`, 303)
    })
    .get(`${CODES}/:id{${UUID}}/codes.csv`, ofBatch, async (c) => {
      const its = await found(c)
      if (!its) return c.notFound()
      const t = words(c.var.page.lang)
      const rows = (await codesOf(db, its.batch.id)).map(({ position, code, redeemedAt, handedAt }) => ({
        [t('csv_number')]: position,
        [t('csv_code')]: codeShown(code),
        [t('csv_address')]: config.baseUrl + codePath(code),
        [t('csv_redeemed')]: redeemedAt,
        [t('csv_handed')]: handedAt,
      }))
      const table = csvTable([t('csv_number'), t('csv_code'), t('csv_address'), t('csv_redeemed')], one(rows))
      return c.body((await Array.fromAsync(table)).join(''), 200, {
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': `attachment; filename="codes-${its.batch.id.slice(0, 8)}.csv"`,
        'Cache-Control': 'private, no-store',
      })
    })
    .get(`${CODES}/:id{${UUID}}/cards.pdf`, ofBatch, async (c) => {
      const its = await found(c)
      if (!its) return c.notFound()
      const { batch, title } = its
      // Those that were made before may be cut out already.
      const from = numberIn(c.req.query('from'))
      const codes = (await codesOf(db, batch.id)).filter(
        ({ position, redeemedAt, handedAt }) => position >= from && !redeemedAt && !handedAt,
      )
      if (codes.length === 0) return c.notFound()
      const artist = batch.artistName
      const sleeve = await sleeveOf(platform, { subject: batch.subject, title, artist })
      const { lang } = c.var.page
      const pdf = await cardsPdf({ lang, title, artist, sleeve, codes, baseUrl: config.baseUrl, made: batch.createdAt })
      return c.body(new Uint8Array(pdf), 200, {
        'Content-Type': 'application/pdf',
        'Content-Disposition': `attachment; filename="cards-${batch.id.slice(0, 8)}.pdf"`,
        'Cache-Control': 'private, no-store',
      })
    })
    .post(`${CODES}/:id{${UUID}}/close`, ofBatch, smallBody, async (c) => {
      await closeBatch(platform, { batchId: c.req.param('id'), by: actorOf(c).accountId })
      return c.redirect(`${CODES}/${c.req.param('id')}?done=closed`, 303)
    })
    .post(`${CODES}/:id{${UUID}}/reopen`, ofBatch, smallBody, async (c) => {
      await reopenBatch(platform, { batchId: c.req.param('id'), by: actorOf(c).accountId })
      return c.redirect(`${CODES}/${c.req.param('id')}?done=reopened`, 303)
    })
}

/** The number of a code in its batch, in an address; 1 for anything else. */
const numberIn = (text: string | undefined): number => (/^[1-9]\d{0,6}$/.test(text ?? '') ? Number(text) : 1)

async function* one<Row>(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows
}

const typedBatch = (posted: Posted): TypedBatch => ({
  subject: posted.text('subject'),
  name: posted.text('name').trim().slice(0, 120),
  purpose: posted.text('purpose').trim().slice(0, 300),
  count: posted.text('count').trim(),
  until: posted.text('until').trim(),
})

/** A day of the calendar that is not over. */
const isGoodDay = (text: string, now: Date): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  new Date(`${text}T00:00:00Z`).getTime() > 0 &&
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text) &&
  !isOver(text, now)
