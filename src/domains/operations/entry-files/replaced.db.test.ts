import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM, workOff } from '../../../testing/index.ts'
import { beginStudio, contestsIn, DAY, formOf, HOUR, type Studio } from '../contests/contest.fixtures.ts'

let studio: Studio
let { platform, app, owner } = {} as Studio
beforeAll(async () => {
  studio = await beginStudio()
  ;({ platform, app, owner } = studio)
}, 60_000)
afterAll(() => platform.close())
const { page, post, linkFor, openContest } = contestsIn(() => studio)
const { 'content-type': _, ...HEADERS } = FORM
const film = readFileSync(new URL('../../../testing/film.mp4', import.meta.url))
const filmForm = (fields: Record<string, string>, bytes: Uint8Array) =>
  formOf(fields, { file: { name: 'film.mp4', bytes } })

let number = 0
/** An entry of a contest of films, which somebody answers for. */
async function entered(bytes: Uint8Array) {
  // Nobody sends in many within an hour.
  platform.pass(2 * HOUR)
  const { id: operationId, path } = await openContest({ sort: 'video', releaseId: null, mostEntries: 2 })
  const mail = `kim${++number}@fans.example`
  await post(
    `${path}/entries`,
    filmForm({ name: 'Kim', title: 'Bars', alt: 'Bars.', mail, accept: 'on', rules: '1' }, bytes),
  )
  const link = await linkFor(mail)
  await post(link, {})
  await workOff(platform, ['operations.prepare-file'])
  return { operationId, link, studio: `/studio/operations/${operationId}` }
}
const entryOf = (operationId: string) =>
  platform.db
    .selectFrom('contestEntries')
    .select(['id', 'fileId', 'state'])
    .where('operationId', '=', operationId)
    .executeTakeFirstOrThrow()
const filesOf = (operationId: string) =>
  platform.db.selectFrom('entryFiles').select('id').where('operationId', '=', operationId).execute()

/** Sends a film in the place of another; while it is on its way something happens. */
async function replace(link: string, meanwhile: () => Promise<unknown>) {
  const whole = new Response(filmForm({}, film))
  const bytes = new Uint8Array(await whole.arrayBuffer())
  let sent = 0
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(stream) {
        if (sent === 1) await meanwhile()
        if (sent === 2) return stream.close()
        stream.enqueue(sent++ === 0 ? bytes.subarray(0, 600) : bytes.subarray(600))
      },
    },
    { highWaterMark: 0 },
  )
  const request = new Request(`http://localhost${link}/file`, {
    ...{ method: 'POST', body, duplex: 'half' },
    headers: { ...HEADERS, 'content-type': whole.headers.get('content-type') ?? '' },
  } as RequestInit)
  const answer = await app.request(request)
  return { status: answer.status, html: await answer.text() }
}

test('a file that plays after all, or of an entry that is shown, is not replaced by one that was on its way', async () => {
  const { operationId, link, studio } = await entered(film.subarray(0, 900))
  const { id, fileId } = await entryOf(operationId)
  const late = await replace(link, async () => {
    // The artist tries it again, it plays, and they show it.
    await platform.db.updateTable('entryFiles').set({ state: 'ready' }).where('id', '=', fileId).execute()
    expect((await post(`${studio}/entries/${id}/show`, { file: fileId ?? '' }, owner)).to).toContain('done=shown')
  })
  expect(late.status).toBe(410)
  expect(late.html).toContain('no longer needs another file')
  expect(await entryOf(operationId)).toEqual({ id, fileId, state: 'shown' })
  // Nor while it waits to be made to play, or to be looked at.
  for (const state of ['waiting', 'ready'] as const) {
    const other = await entered(film.subarray(0, 900))
    const before = await entryOf(other.operationId)
    const tried = await replace(other.link, () =>
      platform.db.updateTable('entryFiles').set({ state }).where('id', '=', before.fileId).execute(),
    )
    expect([state, tried.status]).toEqual([state, 410])
    expect(await entryOf(other.operationId)).toEqual(before)
    // What was sent in vain is not kept.
    expect(await filesOf(other.operationId)).toEqual([{ id: before.fileId }])
  }
  const last = await entered(film.subarray(0, 900))
  const closed = await replace(last.link, () => Promise.resolve(platform.pass(DAY)))
  expect([closed.status, closed.html.includes('Entries closed while')]).toEqual([410, true])
  expect(await filesOf(last.operationId)).toHaveLength(1)
}, 120_000)

test('what is shown is the file that was seen', async () => {
  const { operationId, studio } = await entered(film)
  const { id, fileId } = await entryOf(operationId)
  expect(await page(`${studio}/entries`, owner)).toContain(`name="file" value="${fileId}"`)
  for (const seen of ['', crypto.randomUUID()])
    expect((await post(`${studio}/entries/${id}/show`, { file: seen }, owner)).to).toContain('done=other_file')
  expect((await entryOf(operationId)).state).toBe('waiting')
  expect(await page(`${studio}/entries?done=other_file`, owner)).toContain('Another file came in its place')
  expect((await post(`${studio}/entries/${id}/show`, { file: fileId ?? '' }, owner)).to).toContain('done=shown')
}, 120_000)

test('whoever tries too often is told so, and nothing is read once entries are closed', async () => {
  const { link } = await entered(film.subarray(0, 900))
  const words = () => filmForm({}, new TextEncoder().encode('words, and more words'))
  const send = async () => {
    const answer = await app.request(`${link}/file`, { method: 'POST', headers: HEADERS, body: words() })
    return { status: answer.status, html: await answer.text() }
  }
  // One of the six that one network may bring in an hour was the entry.
  for (let n = 0; n < 5; n++) expect((await send()).html).toContain('This is no film')
  const often = await send()
  expect([often.status, often.html]).toEqual([422, expect.stringContaining('A lot has come from your network')])
  expect(often.html).not.toContain('There is not enough room')
  platform.pass(1.5 * DAY)
  const late = await replace(link, () => Promise.reject(new Error('It was read')))
  expect([late.status, late.html]).toEqual([410, expect.stringContaining('Entries closed')])
}, 120_000)
