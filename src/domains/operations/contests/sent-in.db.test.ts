import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { toLocal } from '../../../platform/zones.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../../testing/index.ts'
import { createContest, openOperation } from '../edit-operation.ts'
import { tidySentIn } from '../tidy-sent-in.ts'
import { contestById } from './contest.views.ts'

const DAY = 24 * 3_600_000

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: GivenRelease
let owner: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  ana = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', tracks: ['Ebb'] })
  owner = await signedIn(platform, { artistIds: [ana.artistId] })
  // The clock goes on for days here.
  await platform.pool.query(`update sessions set expires_at = now() + interval '90 days'`)
}, 60_000)
afterAll(() => platform.close())

const { 'content-type': _, ...HEADERS } = FORM
async function post(path: string, fields: Record<string, string>, who?: SignedIn) {
  const body = new URLSearchParams(fields).toString()
  const answer = await app.request(path, { method: 'POST', headers: { ...FORM, ...who?.headers }, body })
  return answer.headers.get('location') ?? ''
}
let number = 0
async function openContest(sort: 'sleeve' | 'words') {
  // Nobody sends in many within an hour.
  platform.pass(2 * 3_600_000)
  const id = await createContest(platform, {
    ...{ artistId: ana.artistId, by: owner.accountId, mayGive: true },
    fields: {
      ...{ title: `Sea ${++number}`, words: 'Draw the sea.', language: 'en', timeZone: 'Europe/Paris' },
      ...{ sort, releaseId: null, juryWeight: 0, mostEntries: 1, stems: [] },
      entriesUntil: new Date(platform.now().getTime() + DAY),
      endsAt: new Date(platform.now().getTime() + 2 * DAY),
    },
  })
  await openOperation(platform, { operationId: id, by: owner.accountId, mayGive: true })
  const slug = (await contestById(platform.db, id))?.slug
  return { id, entries: `/ana-marsh/take-part/${slug}/entries`, studio: `/studio/operations/${id}/entries` }
}
async function enter(path: string, fields: Record<string, string>, picture?: Uint8Array) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ accept: 'on', rules: '1', ...fields })) form.set(name, value)
  if (picture) form.set('picture', new File([new Uint8Array(picture)], 'a.png'))
  const answer = await app.request(path, { method: 'POST', headers: HEADERS, body: form })
  return answer.headers.get('location') ?? ''
}
async function linkFor(to: string): Promise<string> {
  await workOff(platform, ['operations.ask'])
  const mail = platform.mails.findLast((one) => one.to === to)
  return /\/contests\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
}
async function pictured(contest: Awaited<ReturnType<typeof openContest>>, name: string, background: string) {
  const mail = `${name}@pictures.example`
  const bytes = await sharp({ create: { width: 400, height: 400, channels: 3, background } })
    .png()
    .toBuffer()
  await enter(contest.entries, { name, title: name, alt: 'The sea.', mail }, bytes)
  const link = await linkFor(mail)
  await post(link, {})
  const { rows } = await platform.pool.query(
    'select e.id, i.sha256, i.widths[1] as width from contest_entries e join images i on i.id = e.image_id where e.name = $1',
    [name],
  )
  return {
    ...rows[0],
    link,
    step: `${contest.studio}/${rows[0].id}`,
    url: `/media/image/${rows[0].sha256}/${rows[0].width}.jpg`,
  }
}
const status = async (path: string) => (await app.request(path)).status
const settle = () => workOff(platform, ['operations.settle-picture'])
const held = async () => (await platform.pool.query('select storage_key from held_pictures')).rows

test('a picture that was held is nobody’s once its author takes it back, whatever still runs', async () => {
  const contest = await openContest('sleeve')
  const one = await pictured(contest, 'aya', '#112233')
  await post(`${one.step}/block`, { reason: 'It is Ada’s.' }, owner)
  await settle()
  const [kept] = await held()
  expect([await status(one.url), kept !== undefined]).toEqual([404, true])
  // Shown again, and taken back before the job has brought it back.
  expect(await post(`${one.step}/show`, {}, owner)).toContain('done=shown')
  await post(one.link, { step: 'withdraw' })
  await settle()
  expect([await status(one.url), await held()]).toEqual([404, []])
  await workOff(platform, ['operations.forget-pictures'])
  expect(await platform.storage.stat(kept.storage_key)).toBeNull()
  const { rows } = await platform.pool.query('select state, image_id from contest_entries where id = $1', [one.id])
  expect(rows).toEqual([{ state: 'withdrawn', image_id: null }])
}, 60_000)

test('a held picture whose job was lost is back by the clock, one that cannot be read keeps no other, one that was taken back goes', async () => {
  const contest = await openContest('sleeve')
  const [lost, broken, back] = [
    await pictured(contest, 'bob', '#223344'),
    await pictured(contest, 'cy', '#334455'),
    await pictured(contest, 'dee', '#445566'),
  ]
  for (const one of [lost, broken, back]) await post(`${one.step}/block`, { reason: 'It is Ada’s.' }, owner)
  await settle()
  await platform.storage.remove(`held/${broken.id.slice(-2)}/${broken.id}`)
  // As whatever decided it before the job that followed was lost.
  await platform.pool.query(`update contest_entries set state = 'shown' where id = any($1::uuid[])`, [
    [lost.id, broken.id],
  ])
  await platform.pool.query(`update contest_entries set state = 'withdrawn' where id = $1`, [back.id])
  await tidySentIn(platform)
  expect([await status(lost.url), await status(back.url)]).toEqual([200, 404])
  const { rows } = await platform.pool.query('select of_id from held_pictures')
  expect(rows).toEqual([{ of_id: broken.id }])
}, 60_000)

test('the same words with an address that was mistyped are another entry; sent twice, they are one', async () => {
  const { id, entries } = await openContest('words')
  const said = { name: 'Eve', text: 'The sea, the sea.' }
  for (const mail of ['eve@fans.exmaple', 'eve@fans.example', 'eve@fans.example'])
    expect(await enter(entries, { ...said, mail })).toContain('said=entry_mail')
  const sentIn = async () =>
    (
      await platform.pool.query(
        'select mail, confirmed_at is not null as confirmed from contest_entries where operation_id = $1 order by at, id',
        [id],
      )
    ).rows
  expect(await sentIn()).toEqual([
    { mail: 'eve@fans.exmaple', confirmed: false },
    { mail: 'eve@fans.example', confirmed: false },
  ])
  await post(await linkFor('eve@fans.example'), {})
  expect(await sentIn()).toEqual([
    { mail: 'eve@fans.exmaple', confirmed: false },
    { mail: null, confirmed: true },
  ])
}, 60_000)

test('a contest whose votes were set aside goes on only once they are counted again', async () => {
  const { id } = await openContest('words')
  const contest = async () => (await contestById(platform.db, id)) ?? expect.fail()
  const setAsideId = newId()
  await platform.db
    .insertInto('contestSetAsides')
    .values({
      ...{ id: setAsideId, operationId: id, kind: 'minute', people: 6, reason: 'One farm.', setBy: owner.accountId },
      ...{ setAt: platform.now(), undoneBy: null, undoneAt: null },
    })
    .execute()
  platform.pass(3 * DAY)
  const until = (days: number) => toLocal(new Date(platform.now().getTime() + days * DAY), 'Europe/Paris')
  const { title, endsAt } = await contest()
  const typed = { title, words: 'Draw the sea.', language: 'en', entriesUntil: until(-1), endsAt: until(2) }
  const studio = `/studio/operations/${id}`
  const goOn = async () => {
    const body = new URLSearchParams(typed).toString()
    const answer = await app.request(studio, { method: 'POST', headers: { ...FORM, ...owner.headers }, body })
    return { status: answer.status, html: await answer.text() }
  }
  const refused = await goOn()
  expect([refused.status, refused.html.includes('count them again first, under Result')]).toEqual([422, true])
  expect((await contest()).endsAt).toEqual(endsAt)
  expect(await post(`${studio}/aside/${setAsideId}/undo`, {}, owner)).toContain('done=votes_back')
  expect((await goOn()).status).toBe(303)
  expect((await contest()).endsAt?.getTime()).toBeGreaterThan(platform.now().getTime())
}, 60_000)
