import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM, workOff } from '../../../testing/index.ts'
import { tone } from '../../../testing/tone.ts'
import { eraseFan, fanByAddress, ownPersonalData } from '../../fans/index.ts'
import { closeOperation } from '../close-operation.ts'
import { beginStudio, contestsIn, DAY, formOf, type Sent, type Studio } from '../contests/contest.fixtures.ts'
import { contestById } from '../contests/contest.views.ts'
import { enterContest } from '../contests/enter-contest.ts'
import { operationsPersonalData } from '../personal-data.ts'
import { tidySentIn } from '../tidy-sent-in.ts'
import { keptFiles } from './keep-file.ts'

let studio: Studio
let { platform, app, ana, owner } = {} as Studio
beforeAll(async () => {
  studio = await beginStudio()
  ;({ platform, app, ana, owner } = studio)
}, 60_000)
afterAll(() => platform.close())
const { get, page, post, linkFor, ...contests } = contestsIn(() => studio)
const { 'content-type': _, ...HEADERS } = FORM
const prepare = () => workOff(platform, ['operations.prepare-file'])

let number = 0
const openContest = (sort: 'remix' | 'video', more: { stems?: string[] } = {}) =>
  contests.openContest({ sort, title: `Files ${++number}`, words: 'Take it apart.', mostEntries: 2, ...more })
const said = { name: 'Léa Quay', title: 'Ebb, turned', accept: 'on', rules: '1' }
const wav = (name = 'remix.wav', hertz = 220): Sent => ({ name, bytes: tone({ seconds: 2, hertz }) })
/** A second of coloured bars with a tone, 320 × 180. */
const film = (): Sent => ({
  name: 'film.mp4',
  bytes: readFileSync(new URL('../../../testing/film.mp4', import.meta.url)),
})
const entryOf = (operationId: string, name: string) =>
  platform.db
    .selectFrom('contestEntries')
    .select(['id', 'fileId', 'state'])
    .where('operationId', '=', operationId)
    .where('name', '=', name)
    .executeTakeFirstOrThrow()

test('a remix contest, from the stems to the draft that becomes of the winner', async () => {
  const bonus = await platform.db
    .insertInto('bonusFiles')
    .values({
      ...{
        id: crypto.randomUUID(),
        releaseId: ana.releaseId,
        position: 1,
        fileName: 'stems.zip',
        type: 'application/zip',
      },
      ...{ storageKey: 'bonus/aa/stems', sha256: 'a'.repeat(64), size: 5 },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await platform.storage.put('bonus/aa/stems', Buffer.from('stems'))
  // What is not of its release is not given.
  const { id, path, studio } = await openContest('remix', { stems: [bonus.id, crypto.randomUUID()] })
  expect((await contestById(platform.db, id))?.stems).toEqual([bonus.id])
  expect(await page(path)).toContain('stems.zip')
  const taken = await get(`${path}/stems/${bonus.id}`)
  expect([taken.status, await taken.text()]).toEqual([200, 'stems'])
  expect(await page(`${path}/rules`)).toContain('as its remixer')
  expect(await page(`${path}/rules?lang=fr`)).toContain('dans les crédits pour le remix')

  // What is wrong with a file is said beside it, and a good one need not be sent again.
  const words = { name: 'remix.wav', bytes: new TextEncoder().encode('These are words.') }
  const wrong = await post(`${path}/entries`, formOf({ ...said, mail: 'lea@fans.example' }, { file: words }))
  expect(wrong.status).toBe(422)
  expect(wrong.html).toMatch(/No sound was found in this file|This kind of recording cannot be read/)
  const short = { name: 'cut.wav', bytes: tone({ seconds: 2 }).subarray(0, 100_000) }
  expect(
    (await post(`${path}/entries`, formOf({ ...said, mail: 'lea@fans.example' }, { file: short }))).html,
  ).toContain('It stops before its end')
  expect((await post(`${path}/entries`, formOf({ ...said, mail: 'lea@fans.example' }))).html).toContain(
    'Choose a sound file first.',
  )
  const half = await post(`${path}/entries`, formOf({ ...said, name: '', mail: 'lea@fans.example' }, { file: wav() }))
  expect(half.html).toContain('Your file is kept: remix.wav.')
  const kept = /name="kept" value="([^"]+)"/.exec(half.html)?.[1] ?? ''
  // It is of this contest, and of no other.
  expect(await keptFiles(platform, id).read(kept)).toBe(kept.split('.')[0])
  expect(await keptFiles(platform, (await openContest('remix')).id).read(kept)).toBeNull()
  const entered = await post(`${path}/entries`, formOf({ ...said, mail: 'lea@fans.example', kept }))
  expect(entered.to).toContain('said=entry_mail')
  // A token opens its file once.
  expect((await post(`${path}/entries`, formOf({ ...said, mail: 'max@fans.example', kept }))).html).toContain(
    'Choose a sound file first.',
  )

  const link = await linkFor('lea@fans.example')
  const { id: entryId, fileId } = await entryOf(id, 'Léa Quay')
  const stream = `/media/entry/${fileId}/sound.m4a`
  // Nobody answers for it: nothing is made of it.
  await prepare()
  expect((await get(stream, owner)).status).toBe(404)
  expect((await post(link, {})).status).toBe(303)
  expect(await page(link)).toContain('It is being made to play')
  expect(await page(`${studio}/entries`, owner)).toContain('Is being made to play')
  await post(`${studio}/entries/${entryId}/show`, {}, owner)
  expect((await entryOf(id, 'Léa Quay')).state).toBe('waiting')
  await prepare()
  // Its author and the artist hear it before everybody does.
  const theirs =
    /"src":"(\/media\/entry\/[^"]+\.m4a\?key=[^"]+)"/.exec(await page(link))?.[1]?.replaceAll('\\u0026', '&') ?? ''
  expect((await get(theirs)).status).toBe(200)
  expect((await get(stream)).status).toBe(404)
  expect((await get(stream, owner)).status).toBe(200)
  expect((await post(`${studio}/entries/${entryId}/show`, {}, owner)).to).toContain('done=shown')
  const heard = await get(stream)
  expect([heard.status, heard.headers.get('content-type'), heard.headers.get('cache-control')]).toEqual([
    200,
    'audio/mp4',
    expect.stringContaining('no-cache'),
  ])
  expect((await get(`/media/entry/${fileId}/waveform.bin`)).status).toBe(200)
  const gallery = await page(path)
  expect(gallery).toContain('data-play=""')
  expect(gallery).toContain(`/media/entry/${fileId}/sound.webm`)
  const file = await platform.db.selectFrom('entryFiles').selectAll().where('id', '=', fileId).executeTakeFirstOrThrow()
  expect(file).toMatchObject({ state: 'ready', durationMs: 2000, loudness: { integratedLufs: expect.any(Number) } })

  platform.pass(3 * DAY)
  expect((await get(`${path}/stems/${bonus.id}`)).status).toBe(404)
  await platform.db.updateTable('contests').set({ winnerId: entryId }).where('operationId', '=', id).execute()
  const closing = { follow: 'none', followWords: 'None, because we move.' }
  expect((await post(`${studio}/close`, closing, owner)).to).toContain('done=closed')
  expect(await page(`${studio}/result`, owner)).toContain('becomes a draft release')
  for (let n = 0; n < 2; n++) expect((await post(`${studio}/make-release`, {}, owner)).to).toContain('done=made')
  const releases = await platform.db
    .selectFrom('releases')
    .innerJoin('tracks', 'tracks.releaseId', 'releases.id')
    .innerJoin('masters', 'masters.recordingId', 'tracks.recordingId')
    .innerJoin('credits', 'credits.recordingId', 'tracks.recordingId')
    .select(['releases.title', 'visibility', 'role', 'credits.name', 'masters.sha256', 'masters.artistId'])
    .where('releases.id', '!=', ana.releaseId)
    .execute()
  expect(releases).toEqual([
    {
      title: 'Ebb, turned (Léa Quay Remix)',
      ...{ visibility: 'draft', role: 'remixer', name: 'Léa Quay', sha256: file.sha256, artistId: ana.artistId },
    },
  ])
  await workOff(platform, ['audio.prepare'])
  expect(await page(`${studio}/result`, owner)).toContain('The draft release that was made of it')
}, 120_000)

test('a film with captions is looked at, shown, taken down and forgotten', async () => {
  const { id, path, studio } = await openContest('video')
  const fields = { ...said, title: 'Bars', alt: 'Coloured bars.', mail: 'noe@fans.example' }
  const none = { name: 'film.mp4', bytes: new TextEncoder().encode('no film at all, just words') }
  expect((await post(`${path}/entries`, formOf({ ...fields, alt: '' }, { file: none }))).html).toMatch(
    /This is no film[\s\S]*Say what the film shows/,
  )
  const captions = {
    name: 'k.srt',
    bytes: new TextEncoder().encode('1\n00:00:00,100 --> 00:00:00,900\nA kettle sings\n'),
  }
  const bad = { name: 'k.srt', bytes: new TextEncoder().encode('no captions') }
  expect((await post(`${path}/entries`, formOf(fields, { file: film(), captions: bad }))).html).toContain(
    'These captions could not be read.',
  )
  expect((await post(`${path}/entries`, formOf(fields, { file: film(), captions }))).to).toContain('said=entry_mail')
  const link = await linkFor('noe@fans.example')
  await post(link, {})
  await prepare()
  const { id: entryId, fileId } = await entryOf(id, 'Léa Quay')
  expect((await post(`${studio}/entries/${entryId}/show`, {}, owner)).to).toContain('done=shown')
  const gallery = await page(path)
  expect(gallery).toMatch(
    /<video controls="?"? preload="none" playsinline="?"? width="320" height="180" poster="\/media\/image\//,
  )
  const files = ['film.mp4', 'film.webm', 'captions.vtt'].map((name) => `/media/entry/${fileId}/${name}`)
  for (const one of files) expect((await get(one)).status, one).toBe(200)
  expect(await page(files[2] ?? '')).toContain('A kettle sings')

  // Taken down, it is nobody's but the artist's at once, can be shown again for two weeks, and is gone then.
  await post(`${studio}/entries/${entryId}/block`, { reason: 'Somebody else filmed it.' }, owner)
  for (const one of files) expect([(await get(one)).status, (await get(one, owner)).status], one).toEqual([404, 200])
  // So is the still of it that the gallery showed.
  const still = /poster="([^"]+)"/.exec(gallery)?.[1] ?? ''
  await workOff(platform, ['operations.settle-picture'])
  expect((await get(still)).status).toBe(404)
  expect((await post(`${studio}/entries/${entryId}/show`, {}, owner)).to).toContain('done=shown')
  await workOff(platform, ['operations.settle-picture'])
  expect([(await get(files[0] ?? '')).status, (await get(still)).status]).toEqual([200, 200])
  await post(`${studio}/entries/${entryId}/block`, { reason: 'Somebody else filmed it.' }, owner)
  platform.pass(15 * DAY)
  await tidySentIn(platform)
  expect((await get(files[0] ?? '', owner)).status).toBe(404)
  expect((await entryOf(id, 'Léa Quay')).fileId).toBeNull()
  expect(await platform.db.selectFrom('entryFiles').select('id').where('operationId', '=', id).execute()).toEqual([])
}, 120_000)

test('a file that does not play is told of by mail, and another takes its place', async () => {
  const { id, path, studio } = await openContest('video')
  const damaged = { name: 'film.mp4', bytes: film().bytes.subarray(0, 900) }
  const fields = { ...said, name: 'Kim', alt: 'Bars.', mail: 'kim@fans.example' }
  expect((await post(`${path}/entries`, formOf(fields, { file: damaged }))).to).toContain('said=entry_mail')
  const link = await linkFor('kim@fans.example')
  await post(link, {})
  await prepare()
  expect(await linkFor('kim@fans.example')).toBe(link)
  expect(platform.mails.at(-1)?.subject).toBe(`What you sent in for “Files ${number}” does not play`)
  expect(await page(link)).toContain('Send another file in its place')
  // Tried again in vain, it is not told again.
  const told = platform.mails.length
  const { id: failedId } = await entryOf(id, 'Kim')
  await post(`${studio}/entries/${failedId}/retry`, {}, owner)
  expect(await page(link)).toContain('It is being made to play')
  await prepare()
  await linkFor('kim@fans.example')
  expect(await page(link)).toContain('Send another file in its place')
  expect(platform.mails).toHaveLength(told)
  expect(await page(`${studio}/entries`, owner)).toContain('Does not play, so it cannot be shown.')
  const none = { name: 'a.txt', bytes: new TextEncoder().encode('words, and more words') }
  expect((await post(`${link}/file`, formOf({}, { file: none }))).html).toContain('This is no film')
  expect((await post(`${link}/file`, formOf({}, { file: film() }))).to).toBe(link)
  await prepare()
  expect(await page(link)).toContain('<video')
  const { id: entryId, fileId } = await entryOf(id, 'Kim')
  expect((await post(`${studio}/entries/${entryId}/show`, {}, owner)).to).toContain('done=shown')

  // Taken back, its file goes; what was sent in by whoever is erased goes too.
  await post(link, { step: 'withdraw' })
  expect((await get(`/media/entry/${fileId}/film.mp4`, owner)).status).toBe(404)
  await workOff(platform, ['operations.forget-pictures'])
  await post(`${path}/entries`, formOf({ ...fields, title: 'Again' }, { file: film() }))
  await post(await linkFor('kim@fans.example'), {})
  const fanId = (await fanByAddress(platform.db, 'mail', 'kim@fans.example'))?.fanId ?? ''
  const proof = { wording: 'Forget me.', language: 'en', source: 'link' } as const
  const registry = [operationsPersonalData, ownPersonalData]
  await platform.db.transaction().execute((tx) => eraseFan(tx, platform, registry, { fanId, ...proof }))
  await workOff(platform, ['operations.forget-pictures'])
  expect(await platform.db.selectFrom('entryFiles').select('id').where('operationId', '=', id).execute()).toEqual([])
}, 120_000)

test('nothing is read for a contest that is closed, and no file kept beside too many that nobody answers for', async () => {
  const { id, path } = await openContest('remix')
  const heavy = await platform.db
    .insertInto('entryFiles')
    .values({
      ...{
        id: crypto.randomUUID(),
        operationId: id,
        kind: 'sound',
        fileName: 'heavy.wav',
        storageKey: 'master/aa/heavy',
      },
      ...{ sha256: 'b'.repeat(64), size: 20_000_000_000, facts: null, loudness: null, durationMs: null, problem: null },
      ...{ waveform: null, width: null, height: null, posterImageId: null, captions: null, cameAt: platform.now() },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const fields = { ...said, mail: 'lou@fans.example' }
  const full = await post(`${path}/entries`, formOf(fields, { file: wav('other.wav', 330) }))
  expect([full.status, full.html]).toEqual([422, expect.stringContaining('There is not enough room on this site')])
  expect(full.html).toContain('Ebb, turned')
  // Of another contest, or once somebody answers for it, it takes nobody's room.
  await platform.db.updateTable('entryFiles').set({ state: 'ready' }).where('id', '=', heavy.id).execute()
  const half = await post(`${path}/entries`, formOf({ ...fields, name: '' }, { file: wav('other.wav', 330) }))
  expect(half.html).toContain('Your file is kept: other.wav.')

  platform.pass(1.5 * DAY)
  let read = 0
  const body = new ReadableStream(
    { pull: (control) => (read++ < 20 ? control.enqueue(new Uint8Array(1000)) : control.close()) },
    { highWaterMark: 0 },
  )
  const headers = { ...HEADERS, 'content-type': 'multipart/form-data; boundary=b', accept: 'text/html' }
  const late = await app.request(`${path}/entries`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
  expect([late.status, await late.text()]).toEqual([422, expect.stringContaining('Entries are closed')])
  expect(read).toBe(0)
}, 120_000)

test('a file that was kept becomes one entry, though two forms bring it at once', async () => {
  const { id, path } = await openContest('remix')
  const half = await post(`${path}/entries`, formOf({ ...said, name: '', mail: 'una@fans.example' }, { file: wav() }))
  const fileId = /name="kept" value="([^".]+)\./.exec(half.html)?.[1] ?? ''
  const bring = (mail: string, of = fileId) =>
    enterContest(platform, {
      ...{ operationId: id, name: 'Una', title: mail, text: '', alt: '', imageId: null, fileId: of, language: 'en' },
      ...{ rules: { version: 1, language: 'en' }, accepted: 'I accept.', mail, fan: null },
    })
  const both = await Promise.all(['una@fans.example', 'ugo@fans.example'].map((mail) => bring(mail)))
  expect(both.map((one) => (one.ok ? 'in' : one.error)).toSorted()).toEqual(['file', 'in'])
  expect(await bring('ulf@fans.example')).toEqual({ ok: false, error: 'file' })
  expect(await bring('ulf@fans.example', crypto.randomUUID())).toEqual({ ok: false, error: 'file' })
  // Pressed twice it is one.
  const first = both.find((one) => one.ok)
  const entered = await platform.db
    .selectFrom('contestEntries')
    .select(['id', 'mail'])
    .where('fileId', '=', fileId)
    .execute()
  expect(entered).toHaveLength(1)
  expect(await bring(entered[0]?.mail ?? '')).toEqual(first)
}, 120_000)

test('the film that wins becomes a draft post with its captions, once', async () => {
  const { id, path, studio } = await openContest('video')
  const fields = { ...said, name: 'Max', title: 'Bars', alt: 'Bars.', mail: 'max@fans.example' }
  const srt = '1\n00:00:00,100 --> 00:00:00,900\nA kettle sings\n'
  const captions = { name: 'k.srt', bytes: new TextEncoder().encode(srt) }
  await post(`${path}/entries`, formOf(fields, { file: film(), captions }))
  await post(await linkFor('max@fans.example'), {})
  await prepare()
  const { id: entryId } = await entryOf(id, 'Max')
  await post(`${studio}/entries/${entryId}/show`, {}, owner)
  platform.pass(3 * DAY)
  await platform.db.updateTable('contests').set({ winnerId: entryId }).where('operationId', '=', id).execute()
  await closeOperation(platform, {
    ...{ operationId: id, by: owner.accountId, thanks: { words: '', subject: null } },
    followUp: { kind: 'none', words: 'None, because we move.', subject: null },
  })
  for (let n = 0; n < 2; n++) expect((await post(`${studio}/make-post`, {}, owner)).to).toContain('done=made')
  const posts = await platform.db
    .selectFrom('posts')
    .innerJoin('postVideos', 'postVideos.postId', 'posts.id')
    .select(['posts.title', 'body', 'visibility'])
    .where('artistId', '=', ana.artistId)
    .execute()
  expect(posts).toEqual([
    {
      title: 'Bars',
      visibility: 'draft',
      body: expect.stringMatching(/By Max, who won “Files \d+”\.[\s\S]*\[\[video:/),
    },
  ])
  // What is said and heard in it goes along, in the language in which it was sent in.
  const carried = await platform.db.selectFrom('videoCaptions').select(['language', 'vtt']).execute()
  expect(carried).toEqual([{ language: 'en', vtt: expect.stringContaining('A kettle sings') }])
}, 120_000)
