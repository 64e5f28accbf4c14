import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { toLocal } from '../../../platform/zones.ts'
import { FORM, type SignedIn, workOff } from '../../../testing/index.ts'
import { tidySentIn } from '../tidy-sent-in.ts'
import { beginStudio, contestsIn, DAY, formOf, HOUR, type Studio } from './contest.fixtures.ts'
import { contestById } from './contest.views.ts'

let studio: Studio
let { platform, app, owner } = {} as Studio
beforeAll(async () => {
  studio = await beginStudio()
  ;({ platform, app, owner } = studio)
}, 60_000)
afterAll(() => platform.close())
const { linkFor, ...contests } = contestsIn(() => studio)
const post = async (path: string, fields: Record<string, string> | FormData, who?: SignedIn) =>
  (await contests.post(path, fields, who)).to
async function openContest(sort: 'sleeve' | 'words') {
  // Nobody sends in many within an hour.
  platform.pass(2 * HOUR)
  const { id, path, studio } = await contests.openContest({ sort, releaseId: null })
  return { id, entries: `${path}/entries`, studio: `${studio}/entries` }
}
const enter = (path: string, fields: Record<string, string>, bytes?: Uint8Array) =>
  post(path, formOf({ accept: 'on', rules: '1', ...fields }, bytes && { picture: { name: 'a.png', bytes } }))
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
