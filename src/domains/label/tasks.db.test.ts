import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addDays, dayIn } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import {
  emptied,
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { createLabel } from '../identity/index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let tides: GivenRelease
let artist: SignedIn
let label: { id: string; slug: string }
let manager: SignedIn
let other: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  tides = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', tracks: ['Ebb'], publish: false })
  artist = await signedIn(platform, { artistIds: [tides.artistId] })
  label = await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'Fern', ownerId: null }))
  manager = await signedIn(platform, { labelIds: [label.id] })
  other = await signedIn(platform, { labelIds: [label.id] })
  await platform.db.updateTable('accounts').set({ name: 'Léa' }).where('id', '=', other.accountId).execute()
}, 120_000)
afterAll(() => platform.close())
beforeEach(async () => {
  await emptied(platform, 'tasks, mandates')
  await mandate(['music.edit'])
})

const mandate = (permissions: ('music.edit' | 'books.see')[]) =>
  platform.db
    .insertInto('mandates')
    .values({ id: newId(), artistId: tides.artistId, labelId: label.id, permissions })
    .execute()
const endMandate = () => platform.db.updateTable('mandates').set({ revokedAt: platform.now() }).execute()
const today = () => dayIn(platform.now(), Intl.DateTimeFormat().resolvedOptions().timeZone)
const get = (path: string, { headers }: SignedIn) => app.request(path, { headers })
const see = async (path: string, who: SignedIn) => (await get(path, who)).text()
const post = (path: string, fields: Record<string, string>, { headers }: SignedIn) =>
  app.request(path, { method: 'POST', headers: { ...FORM, ...headers }, body: new URLSearchParams(fields) })
const FERN = '/studio/tasks?desk=fern'
const ANA = '/studio/tasks?desk=ana-marsh'
const add = (fields: Record<string, string>, who = manager, at = FERN) =>
  post(at, { title: 'Order the vinyl', who: '', due: '', about: '', ...fields }, who)
const tasks = () => platform.db.selectFrom('tasks').selectAll().orderBy('dueOn').orderBy('id').execute()
const only = async () => {
  const [task] = await tasks()
  if (!task) throw new Error('There is no task')
  return task
}
const at = (path: string, id: string, desk = 'fern') => `/studio/tasks/${id}${path}?desk=${desk}`

test('what is to do stands under its day, overdue first, with who does it and about what', async () => {
  await add({ title: 'Call the pressing plant', due: addDays(today(), -2), who: other.accountId })
  await add({ title: 'Write the letter', due: addDays(today(), 3), about: `release:${tides.releaseId}` })
  const page = await see(FERN, manager)
  expect(page.indexOf('Overdue')).toBeLessThan(page.indexOf('Call the pressing plant'))
  expect(page.indexOf('Call the pressing plant')).toBeLessThan(page.indexOf('Within a week'))
  expect(page).toMatch(/Overdue since [^<]* · Léa/)
  expect(page).toContain('Ana Marsh: Tides')
  const byPerson = await see(`${FERN}&show=person`, manager)
  expect(byPerson.indexOf('<h2>Nobody yet</h2>')).toBeLessThan(byPerson.indexOf('<h2>Léa</h2>'))
  // The rail tells Léa what is hers and due, and nobody else.
  expect(await see(FERN, other)).toContain('1 of yours due')
  expect(await see(FERN, manager)).not.toContain('of yours due')
})

test('what is wrong is said beside the field, and nothing typed is lost', async () => {
  const answer = await add({ title: '', due: 'tomorrow', who: newId(), about: 'release:none' })
  expect(answer.status).toBe(422)
  const page = await answer.text()
  for (const sentence of ['Write what is to do.', 'Choose somebody who works here.', 'Choose something of the list.'])
    expect(page).toContain(sentence)
  expect(page).toContain('value="tomorrow"')
  expect(await tasks()).toEqual([])
})

test('done and undone, taken off and brought back, once whatever is pressed twice', async () => {
  await add({})
  const { id } = await only()
  const done = await post(at('/done', id), {}, manager)
  expect(await see(done.headers.get('location') ?? '', manager)).toContain('Done: Order the vinyl.')
  await post(at('/done', id), {}, other)
  expect((await only()).doneBy).toBe(manager.accountId)
  expect(await see(FERN, manager)).not.toContain('>Order the vinyl<')
  expect(await see(`${FERN}&show=done`, manager)).toContain('Order the vinyl')
  await post(at('/undone', id), {}, manager)
  const gone = await post(at('/remove', id), {}, manager)
  expect(await see(gone.headers.get('location') ?? '', manager)).toContain(`/studio/tasks/${id}/restore`)
  expect(await see(FERN, manager)).not.toContain('>Order the vinyl<')
  await post(at('/restore', id), {}, manager)
  expect(await see(FERN, manager)).toContain('>Order the vinyl<')
})

test('edited, unless somebody saved it meanwhile, who is not written over unseen', async () => {
  await add({})
  const { id, version } = await only()
  const edit = (title: string, seen: number) =>
    post(at('', id), { title, who: '', due: '', about: '', version: String(seen) }, manager)
  expect((await edit('Order the cassettes', version)).status).toBe(303)
  const late = await edit('Order nothing', version)
  expect(late.status).toBe(422)
  const page = await late.text()
  expect(page).toContain('“Order the cassettes”')
  expect(page).toContain('value="Order nothing"')
  expect((await only()).title).toBe('Order the cassettes')
  expect((await edit('Order nothing', version + 1)).status).toBe(303)
})

test('a plan of eight weeks, counted back from the day; planned anew, what is to do moves along', async () => {
  const plan = (day: string) =>
    post(
      '/studio/tasks/plan?desk=fern',
      { plan: 'release', release: tides.releaseId, day, planWho: other.accountId },
      manager,
    )
  const day = addDays(today(), 100)
  expect((await plan(day)).status).toBe(303)
  const first = await tasks()
  expect(first).toHaveLength(12)
  expect(first[0]).toMatchObject({
    title: 'Have the masters finished and listened to',
    dueOn: addDays(day, -56),
  })
  expect(first.every(({ assignedTo }) => assignedTo === other.accountId)).toBe(true)

  // One is done, one has a day of its own, one was taken off.
  const [done, moved, removed] = first
  await post(at('/done', done?.id ?? ''), {}, manager)
  const own = addDays(today(), 5)
  const typed = { title: 'Sleeve, with Noé', who: '', due: own, about: `release:${tides.releaseId}`, version: '1' }
  await post(at('', moved?.id ?? ''), typed, manager)
  await post(at('/remove', removed?.id ?? ''), {}, manager)
  await plan(addDays(day, 7))
  const second = new Map((await tasks()).map((task) => [task.id, task]))
  expect(second.size).toBe(12)
  expect(second.get(done?.id ?? '')?.dueOn).toBe(done?.dueOn)
  expect(second.get(moved?.id ?? '')).toMatchObject({ title: 'Sleeve, with Noé', dueOn: own })
  expect(second.get(removed?.id ?? '')?.removedAt).not.toBeNull()
  for (const { id, dueOn } of first.slice(3)) expect(second.get(id)?.dueOn).toBe(addDays(dueOn ?? '', 7))
})

test('a plan asks for the day that the release does not have', async () => {
  const answer = await post(
    '/studio/tasks/plan?desk=fern',
    { plan: 'single', release: tides.releaseId, day: '', planWho: '' },
    manager,
  )
  // The folder’s name said a year only.
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('This release has no day yet: write one.')
})

test('an artist without a label has a list of their own, in their language', async () => {
  await add({ title: 'Changer les cordes' }, artist, ANA)
  expect((await only()).artistId).toBe(tides.artistId)
  expect(await see(`${ANA}&lang=fr`, artist)).toContain('Sans date')
  expect(await see(FERN, manager)).not.toContain('Changer les cordes')
  const { id } = await only()
  expect((await get(at('', id), manager)).status).toBe(404)
  expect((await post(at('/done', id), {}, manager)).status).toBe(404)
})

test('what a label asks of an artist stands at the artist’s desk while the mandate lives, and they say when it is done', async () => {
  expect(await (await add({ who: artist.accountId })).text()).toContain('works for Ana Marsh')
  await add({ title: 'Send the stems', who: artist.accountId, about: `artist:${tides.artistId}` })
  await add({ title: 'Not for Ana’s eyes', who: manager.accountId, about: `artist:${tides.artistId}` })
  const page = await see(ANA, artist)
  expect(page).toContain('Send the stems')
  expect(page).toContain('Asked by Fern')
  expect(page).not.toContain('Ana’s eyes')
  const [asked, inner] = (await tasks()).sort((a) => (a.assignedTo === artist.accountId ? -1 : 1))
  expect((await get(at('', asked?.id ?? '', 'ana-marsh'), artist)).status).toBe(404)
  expect((await post(at('/done', inner?.id ?? '', 'ana-marsh'), {}, artist)).status).toBe(404)
  expect((await post(at('/done', asked?.id ?? '', 'ana-marsh'), {}, artist)).status).toBe(303)

  await post(at('/undone', asked?.id ?? '', 'ana-marsh'), {}, artist)
  await endMandate()
  expect(await see(ANA, artist)).not.toContain('Send the stems')
  expect((await post(at('/done', asked?.id ?? '', 'ana-marsh'), {}, artist)).status).toBe(404)
  const after = await see(FERN, manager)
  expect(after).toContain('Send the stems')
  expect(after).not.toContain('Tides')
})

test('a label sees no title of a release that its mandate does not open', async () => {
  await add({ title: 'Write the letter', about: `release:${tides.releaseId}` })
  await endMandate()
  await mandate(['books.see'])
  const page = await see(FERN, manager)
  expect(page).toContain('Write the letter')
  expect(page).not.toContain('Tides')
})
