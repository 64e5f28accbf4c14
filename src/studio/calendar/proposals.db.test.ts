import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPost, publishPost } from '../../domains/journal/index.ts'
import { newId } from '../../platform/ids.ts'
import { frozenAnnouncement } from '../../testing/announcement.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'

const DAY_MS = 24 * 3_600_000

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: GivenRelease
let owner: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  platform.stand()
  app = testApp(platform)
  ana = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', prepare: false })
  await platform.db.updateTable('artists').set({ timeZone: 'UTC' }).execute()
  owner = await signedIn(platform, { artistIds: [ana.artistId] })
  await platform.pool.query(`update sessions set expires_at = now() + interval '3 years'`)
}, 120_000)
afterAll(() => platform.close())

async function page(who = owner, lang = 'en') {
  const headers = { accept: 'text/html', ...who.headers }
  const answer = await app.request(`/studio/calendar/next?lang=${lang}`, { headers })
  return { status: answer.status, html: (await answer.text()).replaceAll('&quot;', '"') }
}
/** What the page proposes: its titles, and the form of the first that is an announcement. */
const titles = (html: string) => [...html.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title)
async function draft(html: string, who = owner) {
  const [, subject = ''] = /name="subject" value="([^"]*)"/.exec(html) ?? []
  const [, segment = ''] = /name="segment" value="(\{.*?\})"\/?>/.exec(html) ?? []
  const body = new URLSearchParams({ subject, segment }).toString()
  const answer = await app.request('/studio/calendar/next', {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body,
  })
  return answer.headers.get('location') ?? ''
}

/** Tells so many new fans of something, and so many of them, or of others, come back by it the day after. */
async function told(subject: string, people: number, came: number) {
  const { announcementId, giftId } = await frozenAnnouncement(platform, ana.artistId, people)
  const at = platform.now()
  await platform.pool.query(
    `insert into announcement_things (announcement_id, position, subject, given_by, gift_id) values ($1, 0, $2, $3, $4)`,
    [announcementId, subject, ana.artistId, giftId],
  )
  await platform.pool.query(`update deliveries set state = 'handed', handed_at = $2 where announcement_id = $1`, [
    announcementId,
    at,
  ])
  await platform.db.updateTable('announcements').set({ state: 'sent' }).where('id', '=', announcementId).execute()
  await returned(giftId, came, new Date(at.getTime() + DAY_MS))
}
const returned = (giftId: string | null, people: number, at: Date) =>
  platform.pool.query(
    `insert into returns (id, artist_id, gift_id, subject, person_id, kind, at)
     select gen_random_uuid(), $1, $2, 'release:' || $3::text, gen_random_uuid(), 'listen', $4 from generate_series(1, $5::int)`,
    [ana.artistId, giftId, ana.releaseId, at, people],
  )

test('a newcomer is proposed three things that claim nothing, and says so', async () => {
  const { status, html } = await page()
  expect(status).toBe(200)
  expect(titles(html)).toHaveLength(3)
  expect(html).toContain('Nobody did anything here in the last twelve weeks')
  expect(html).not.toContain('Observed')
  expect((await page(owner, 'fr')).html).toContain('n’affirment rien')
  const stranger = await signedIn(platform, {})
  expect((await page(stranger)).status).toBe(404)
})

test('who took one release and has not come to the next is proposed it, with how many came by themselves', async () => {
  const later = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Later', prepare: false })
  const { announcementId } = await frozenAnnouncement(platform, ana.artistId, 40)
  const { rows: people } = await platform.pool.query<{ person_id: string }>(
    `select f.person_id from deliveries d join fans f on f.id = d.fan_id where d.announcement_id = $1 order by d.id`,
    [announcementId],
  )
  await platform.db.updateTable('announcements').set({ state: 'cancelled' }).where('id', '=', announcementId).execute()
  const took = async (subject: string, count: number) => {
    for (const { person_id } of people.slice(0, count))
      await platform.pool.query(
        `insert into returns (id, artist_id, gift_id, subject, person_id, kind, at) values (gen_random_uuid(), $1, null, $2, $3, 'download', $4)`,
        [ana.artistId, subject, person_id, platform.now()],
      )
  }
  await took(`release:${ana.releaseId}`, 30)
  await took(`release:${later.releaseId}`, 9)
  const { html } = await page()
  expect(html).toContain('To 21 people who took “Tides” and have not come to this one.')
  expect(html).toMatch(/Of 30 people who took “Tides”, 9 came on to “Later” so far: 30 in 100 \(17 to 48\)/)
  const at = html.indexOf('To 21 people')
  const to = await draft(html.slice(at))
  const { rows } = await platform.pool.query<{ segment: { all: object[] } }>(
    `select segment from announcements where id = $1`,
    [to.split('/').at(-1)],
  )
  expect(rows[0]?.segment.all).toContainEqual({ is: 'took', subject: `release:${ana.releaseId}` })
})

test('a kind that brought more people back is proposed with its figures, once its weeks are over', async () => {
  const { id: letter } = await createPost(platform.db, {
    ...{ artistId: ana.artistId, title: 'A letter', body: 'Words.', language: 'en' },
  })
  await publishPost(platform, { postId: letter, by: null })
  for (const [releases, posts] of [
    [30, 4],
    [26, 6],
    [33, 5],
    [28, 7],
  ] as const) {
    platform.pass(DAY_MS)
    await told(`release:${ana.releaseId}`, 100, releases)
    await told(`post:${newId()}`, 100, posts)
  }
  // Their two weeks are not over.
  expect((await page()).html).not.toContain('Of 100 people told')
  platform.pass(20 * DAY_MS)
  const { html } = await page()
  expect(html).toMatch(
    /Of 100 people told of a release, 29 came back by it within two weeks \(\d+ to \d+; 4 announcements to 400 people\)/,
  )
  expect(html).toMatch(/The next best: of 100 people told of a post, 5\.5 came/)
  expect(html).toContain('Observed, not tried.')
  // What else speaks for the same thing stands beside it.
  expect(titles(html)[0]).toBe('Tell of “Later”')
  expect(html).toContain('Of 30 people who took “Tides”, 9 came on to “Later”')
  expect(html).not.toContain('To 21 people')
})

test('what nobody was told of becomes a draft for those whom it names, once however often it is pressed', async () => {
  const { html } = await page()
  const [first, second] = await Promise.all([draft(html), draft(html)])
  expect(first).toMatch(/^\/studio\/announcements\/[0-9a-f-]{36}$/)
  expect(second).toBe(first)
  const id = first.split('/').at(-1) ?? ''
  const { rows } = await platform.pool.query(
    `select a.state, a.segment, t.title, t.body, th.subject from announcements a join announcement_texts t on t.announcement_id = a.id
     join announcement_things th on th.announcement_id = a.id where a.id = $1`,
    [id],
  )
  expect(rows).toMatchObject([{ state: 'draft', body: '' }])
  const audience = await app.request(`${first}/audience`, { headers: { accept: 'text/html', ...owner.headers } })
  expect(audience.status).toBe(200)
  // What is not proposed is not made.
  const body = new URLSearchParams({ subject: `post:${newId()}`, segment: '{"all":[]}' }).toString()
  const other = await app.request('/studio/calendar/next', {
    method: 'POST',
    headers: { ...FORM, ...owner.headers },
    body,
  })
  expect(other.headers.get('location')).toContain('/studio/calendar/next')
})

test('a Sunday on which most is done is named, with what it lies between', async () => {
  const now = platform.now()
  const monday = new Date(now.getTime() - ((now.getUTCDay() + 6) % 7) * DAY_MS)
  for (let week = 1; week <= 12; week++)
    for (let day = 0; day < 7; day++) {
      const at = new Date(monday.getTime() - week * 7 * DAY_MS + day * DAY_MS)
      await platform.pool.query(`select ensure_spine_partitions($1, $1)`, [at])
      await returned(null, day === 6 ? 25 + (week % 3) : 4 + ((week + day) % 3), at)
    }
  const { html } = await page()
  expect(html).toMatch(
    /\d+ in 100 of the days on which people did something were a Sunday \(\d+ to \d+; 14 if all weekdays were alike/,
  )
  expect(html).toMatch(/Of 100 times that people did something, \d+ were in the (night|morning|afternoon|evening) \(/)
})
