import ICAL from 'ical.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLabel, type MandatePermission } from '../../domains/identity/index.ts'
import { createPost, publishPost, schedulePost } from '../../domains/journal/index.ts'
import { scheduleRelease } from '../../domains/music/index.ts'
import { addDays, dayIn } from '../../platform/days.ts'
import { newId } from '../../platform/ids.ts'
import { fromLocal } from '../../platform/zones.ts'
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

const ZONE = 'Europe/Paris'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let tides: GivenRelease
let owner: SignedIn
let today: string
beforeAll(async () => {
  platform = await testPlatform()
  platform.stand()
  app = testApp(platform)
  tides = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', publish: false, prepare: false })
  await platform.db.updateTable('artists').set({ timeZone: ZONE }).execute()
  owner = await signedIn(platform, { artistIds: [tides.artistId] })
  today = dayIn(platform.now(), ZONE)
}, 120_000)
afterAll(() => platform.close())
beforeEach(() => emptied(platform, 'posts, tasks, mandates, announcements, calendar_links'))

const at = (day: string, time = '18:00') => fromLocal(`${day}T${time}`, ZONE) ?? new Date(0)
async function post(title: string, when: Date | 'now' | null, artistId = tides.artistId) {
  const { id } = await createPost(platform.db, { artistId, title, body: 'Words.', language: 'en' })
  if (when === 'now') await publishPost(platform, { postId: id, by: null })
  else if (when) await schedulePost(platform, { postId: id, at: when, zone: ZONE, by: null })
  return id
}
async function page(query = '', who = owner) {
  const answer = await app.request(`/studio/calendar?${query}`, { headers: { accept: 'text/html', ...who.headers } })
  return { status: answer.status, html: await answer.text() }
}
async function send(path: string, fields: Record<string, string>, who = owner) {
  const body = new URLSearchParams(fields).toString()
  const answer = await app.request(path, { method: 'POST', headers: { ...FORM, ...who.headers }, body })
  return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
}
/** The form of a thing as the page shows it. */
async function standing(key: string, who = owner) {
  const { html } = await page(`month=${monthOf(key, await page('', who))}`, who)
  const entry = html.slice(html.indexOf(`id="${key}"`)).split('</form>')[0] ?? ''
  const value = (name: string) => new RegExp(`name="${name}"[^>]*? value="([^"]*)"`).exec(entry)?.[1] ?? ''
  return { from: value('from'), time: value('time'), was: value('was'), zone: value('zone') }
}
const monthOf = (key: string, { html }: { html: string }) =>
  html.includes(`id="${key}"`) ? today.slice(0, 7) : addDays(`${today.slice(0, 7)}-01`, 31).slice(0, 7)
const dayOf = async (id: string) => {
  const row = await platform.db.selectFrom('posts').select('publishAt').where('id', '=', id).executeTakeFirst()
  return row?.publishAt
}

test('what was given and what is planned stand on their days, and what is empty says so', async () => {
  const soon = addDays(today, 3)
  await post('Given already', 'now')
  const id = await post('To come', at(soon))
  const { html } = await page(`month=${soon.slice(0, 7)}`)
  const day = html.slice(html.indexOf(`data-day="${soon}"`))
  expect(day.indexOf('To come')).toBeLessThan(day.indexOf('</li>'))
  expect(html).toContain(`href="/studio/journal/${id}"`)
  const later = (await page(`month=${addDays(today, 90).slice(0, 7)}`)).html
  expect(later.match(/data-hole="coming"/g)?.length).toBeGreaterThanOrEqual(4)
  expect(later).toContain('Nothing is planned this week.')
  // Before the first gift nobody left anything out.
  expect((await page(`month=${addDays(today, -90).slice(0, 7)}`)).html).not.toContain('data-hole')
  const now = (await page()).html
  expect(now).toMatch(/data-state="given"[\s\S]*?Given already/)
})

test('a post is moved to another day at the same time of it, and back', async () => {
  const [from, to] = [addDays(today, 3), addDays(today, 5)]
  const id = await post('To come', at(from))
  const form = await standing(`post-${id}`)
  expect(form).toMatchObject({ time: '18:00', was: `${from}T18:00`, zone: ZONE })
  const moved = await send(`/studio/calendar/move/post/${id}`, { ...form, day: to })
  expect(moved.status).toBe(303)
  expect(await dayOf(id)).toEqual(at(to))
  const { html } = await page(moved.to.split('?')[1])
  expect(html).toContain('“To come” now stands on')
  const notice = html.slice(html.indexOf('data-moved'))
  const seen = /name="from" value="([^"]*)"/.exec(notice)?.[1] ?? ''
  await send(`/studio/calendar/move/post/${id}`, { ...form, from: seen, day: from })
  expect(await dayOf(id)).toEqual(at(from))
})

test('a past day, a thing that somebody moved meanwhile and one that is out are refused, each with its sentence', async () => {
  const id = await post('To come', at(addDays(today, 3)))
  const form = await standing(`post-${id}`)
  const past = await send(`/studio/calendar/move/post/${id}`, { ...form, day: addDays(today, -1) })
  expect([past.status, past.html]).toEqual([422, expect.stringContaining('is over: “To come” stays on')])
  const nonsense = await send(`/studio/calendar/move/post/${id}`, { ...form, day: 'never', zone: 'Nowhere' })
  expect(nonsense.status).toBe(422)

  const both = await Promise.all(
    [4, 6].map((days) => send(`/studio/calendar/move/post/${id}`, { ...form, day: addDays(today, days) })),
  )
  expect(both.map(({ status }) => status).sort()).toEqual([303, 409])
  expect(both.find(({ status }) => status === 409)?.html).toContain('was changed meanwhile')

  await publishPost(platform, { postId: id, by: null })
  const late = await send(`/studio/calendar/move/post/${id}`, { ...form, day: addDays(today, 9) })
  expect([late.status, late.html]).toEqual([409, expect.stringContaining('has been given already')])
})

test('a scheduled release, an announcement that waits and a task are moved by their own domains', async () => {
  const [from, to] = [addDays(today, 3), addDays(today, 4)]
  const day = async (table: 'releases' | 'announcements' | 'tasks', id: string) =>
    (await platform.pool.query(`select * from ${table} where id = $1`, [id])).rows[0]
  const { releaseId: id } = tides
  await scheduleRelease(platform, { releaseId: id, at: at(from), zone: 'Asia/Tokyo', by: null })
  await send(`/studio/calendar/move/release/${id}`, { ...(await standing(`release-${id}`)), day: to })
  expect(await day('releases', id)).toMatchObject({ publish_at: at(to), publish_zone: 'Asia/Tokyo' })
  await platform.db.updateTable('releases').set({ visibility: 'draft', publishAt: null }).execute()

  const { to: written } = await send('/studio/announcements', { subject: '' })
  const letter = written.split('/').at(-1) ?? ''
  await platform.db
    .insertInto('announcementTexts')
    .values({ announcementId: letter, language: 'en', title: 'News', body: 'Words.' })
    .execute()
  for (const when of ['moment', 'local']) {
    const timed = { when, at: `${from}T18:00`, zone: ZONE, undo: '5', waves: '2', days: '7' }
    expect((await send(`/studio/announcements/${letter}/send`, timed)).to).toContain('done=sent')
    const form = await standing(`announcement-${letter}`)
    expect((await send(`/studio/calendar/move/announcement/${letter}`, { ...form, day: to })).status).toBe(303)
    const row = await day('announcements', letter)
    if (when === 'moment') expect(row).toMatchObject({ send_at: at(to), leaves_at: at(to) })
    else expect(row).toMatchObject({ local_time: `${to}T18:00`, send_at: null })
    const waves = await page(`month=${addDays(to, 7).slice(0, 7)}`)
    expect(waves.html).toContain('Announcement, wave 2')
    await send(`/studio/announcements/${letter}/undo`, {})
  }

  const task = newId()
  await platform.db
    .insertInto('tasks')
    .values({
      ...{ id: task, artistId: tides.artistId, labelId: null, title: 'Print the sleeves', aboutArtistId: null },
      ...{ releaseId: null, assignedTo: null, dueOn: from, planStep: null, plannedOn: null, createdAt: platform.now() },
      ...{ createdBy: null, doneAt: null, doneBy: null, removedAt: null },
    })
    .execute()
  await send(`/studio/calendar/move/task/${task}`, { ...(await standing(`task-${task}`)), day: to })
  expect(await day('tasks', task)).toMatchObject({ due_on: to, version: 2 })
})

test('an editor sees and does not move; a stranger finds nothing', async () => {
  const id = await post('To come', at(addDays(today, 3)))
  const form = await standing(`post-${id}`)
  const editor = await signedIn(platform, { artistIds: [tides.artistId], role: 'editor' })
  const { html } = await page(`month=${addDays(today, 3).slice(0, 7)}`, editor)
  expect(html).toContain('To come')
  expect(html).not.toContain('/studio/calendar/move/post')
  expect((await send(`/studio/calendar/move/post/${id}`, { ...form, day: addDays(today, 5) }, editor)).status).toBe(404)
  const stranger = await signedIn(platform, {})
  expect((await page('', stranger)).status).toBe(404)
})

test('a label sees of its roster what each mandate lets it', async () => {
  const label = await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'Fern', ownerId: null }))
  const manager = await signedIn(platform, { labelIds: [label.id] })
  const soon = addDays(today, 3)
  await post('A post of hers', at(soon))
  await scheduleRelease(platform, { releaseId: tides.releaseId, at: at(soon), zone: ZONE, by: null })
  const lets = (permissions: MandatePermission[]) =>
    platform.db
      .insertInto('mandates')
      .values({ id: newId(), artistId: tides.artistId, labelId: label.id, permissions, endsAt: null })
      .execute()
  const seen = async () => {
    const { html } = await page(`desk=fern&month=${soon.slice(0, 7)}`, manager)
    return ['A post of hers', 'Tides'].filter((title) => html.includes(title))
  }
  expect(await seen()).toEqual([])
  await lets(['music.edit'])
  expect(await seen()).toEqual(['Tides'])
  await emptied(platform, 'mandates')
  await lets(['journal.edit', 'music.edit'])
  expect(await seen()).toEqual(['A post of hers', 'Tides'])
  // What to give next is asked for those alone whose figures it may see and for whom it may write.
  const next = async () =>
    /href="(\/studio\/calendar\/next[^"]*)">/.exec((await page('desk=fern', manager)).html)?.[1] ?? ''
  expect(await next()).toBe('')
  await emptied(platform, 'mandates')
  await lets(['music.edit', 'returns.see'])
  expect(await next()).toBe('')
  await emptied(platform, 'mandates')
  await lets(['music.edit', 'returns.see', 'announce.edit'])
  expect((await app.request(await next(), manager)).status).toBe(200)
  await platform.db.updateTable('releases').set({ visibility: 'draft', publishAt: null }).execute()
})

test('an address of one’s own opens the calendar to another program until it is ended', async () => {
  const soon = addDays(today, 3)
  const id = await post('Come, see; hear', at(soon))
  const read = async (address: string) => {
    const answer = await app.request(address)
    return { answer, text: await answer.text() }
  }
  const addressIn = (html: string) => /value="[^"]*(\/studio\/calendar\/[\w-]{32}\.ics)"/.exec(html)?.[1] ?? ''
  const first = addressIn((await send('/studio/calendar/address', {})).html)
  const { answer, text } = await read(first)
  expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
  const calendar = new ICAL.Component(ICAL.parse(text))
  ICAL.TimezoneService.register(new ICAL.Timezone(calendar.getFirstSubcomponent('vtimezone')))
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined)
  expect(event.summary).toBe('Post: Come, see; hear')
  expect(event.startDate.toJSDate()).toEqual(at(soon))
  expect(event.uid).toBe(`post-${id}`)

  // Moved, it is the same event, of a later sequence.
  const form = await standing(`post-${id}`)
  await send(`/studio/calendar/move/post/${id}`, { ...form, day: addDays(today, 5) })
  const after = new ICAL.Component(ICAL.parse((await read(first)).text)).getFirstSubcomponent('vevent')
  const moved = new ICAL.Event(after ?? undefined)
  expect([moved.uid, moved.sequence > event.sequence]).toEqual([event.uid, true])

  const tag = (await read(first)).answer.headers.get('etag') ?? ''
  expect((await app.request(first, { headers: { 'if-none-match': tag } })).status).toBe(304)

  // Nowhere is the secret kept.
  const { rows } = await platform.pool.query('select * from calendar_links')
  expect(JSON.stringify(rows)).not.toContain(first.slice(-36, -4))
  expect(addressIn((await page()).html)).toBe('')

  const second = addressIn((await send('/studio/calendar/address', {})).html)
  expect((await read(first)).answer.status).toBe(404)
  expect((await read(second)).answer.status).toBe(200)
  await platform.db
    .updateTable('memberships')
    .set({ role: 'editor' })
    .where('accountId', '=', owner.accountId)
    .execute()
  expect((await read(second)).text).toContain('BEGIN:VEVENT')
  await platform.db
    .updateTable('memberships')
    .set({ role: 'artist' })
    .where('accountId', '=', owner.accountId)
    .execute()
  await send('/studio/calendar/address/end', {})
  expect((await read(second)).answer.status).toBe(404)
})

test('what waits in a series has its place, holes are seen, and everybody may know the hours but not what waits', async () => {
  const first = addDays(today, 2)
  const typed = { title: 'A song a week', words: 'One a week.', language: 'en', unit: 'week', every: '1', count: '' }
  const { to } = await send('/studio/series/new', { ...typed, firstDay: first, hour: '18:00', zone: ZONE })
  const studio = to.split('?')[0] ?? ''
  await send(`${studio}/lay-in`, { draft: `post:${await post('A secret', null)}` })
  const before = await app.request('/ana-marsh/calendar.ics')
  expect(before.status).toBe(404)
  await send(`${studio}/open`, {})

  const { html } = await page(`month=${first.slice(0, 7)}`)
  const day = html.slice(html.indexOf(`data-day="${first}"`))
  expect(day.slice(0, day.indexOf('</li>'))).toMatch(/A secret<\/a>[\s\S]*No. 1 of A song a week/)
  const second = addDays(first, 7)
  const later = (await page(`month=${second.slice(0, 7)}`)).html
  const empty = later.slice(later.indexOf(`data-day="${second}"`))
  expect(empty.slice(0, empty.indexOf('</li>'))).toMatch(/data-state="empty"[\s\S]*Nothing laid in<\/a>/)

  const text = await (await app.request('/ana-marsh/calendar.ics')).text()
  const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((one) => new ICAL.Event(one))
  expect(events.map(({ summary }) => summary).slice(0, 3)).toEqual([
    'A song a week: it begins',
    'A song a week, no. 1',
    'A song a week, no. 2',
  ])
  expect(text).not.toContain('secret')
  expect((await app.request('/nobody/calendar.ics')).status).toBe(404)
})

test('a mission stands there from its opening to its last moment, and leads to where it is edited', async () => {
  const [id, soon] = [newId(), addDays(today, 4)]
  await platform.pool.query(
    `insert into operations (id, artist_id, kind, slug, title, time_zone, state, opened_at, ends_at)
     values ($1, $2, 'mission', 'posters', 'Put up the posters', $3, 'open', $4, $5)`,
    [id, tides.artistId, ZONE, platform.now(), at(soon)],
  )
  const { html } = await page(`month=${soon.slice(0, 7)}`)
  const entry = html.slice(html.indexOf(`id="ends-${id}"`)).split('</small>')[0]
  expect(entry).toContain(`href="/studio/missions/${id}"`)
  expect(entry).toContain('18:00 · Last moment to take part')
  const text = await (await app.request('/ana-marsh/calendar.ics')).text()
  expect(text).toContain('SUMMARY:Put up the posters: last moment to take part')
})
