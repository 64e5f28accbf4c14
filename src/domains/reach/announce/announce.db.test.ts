import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { givenMember, givenPlan, givenSeller, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { type OfferSource, recordReturn, recordTouches, type Subject } from '../../exchange/index.ts'
import { type Channel, leaveByAddress } from '../../fans/index.ts'
import { createArtist } from '../../identity/index.ts'
import type { Condition } from '../segment.rules.ts'
import { announcementById } from './announcement.store.ts'
import { countAudience } from './audience.views.ts'
import { gatherDigests } from './digest.ts'
import { beginAnnouncement, saveSegment, saveWords, wordsOf } from './draft.ts'
import { CLOSED } from './for-members.ts'
import { freezeAudience } from './freeze.store.ts'
import { leaveAnnouncement, leaveDue } from './leave.ts'
import { linkCode } from './links.ts'
import { progressOf } from './progress.views.ts'
import { aimOf, forecast, sendAnnouncement, undoSending } from './send.ts'
import { saveAnnouncementSettings } from './settings.store.ts'
import { cancelRest, pauseAnnouncement, resumeAnnouncement } from './steer.ts'
import { stoppedAnnouncements } from './stopped.views.ts'
import { tendAnnouncements } from './tend.ts'
import { wordsDigest } from './words.form.ts'

let platform: TestPlatform
let artistId: string
const by = newId()
const release = `release:${newId()}` as Subject
const track = `track:${newId()}` as Subject
const offers: OfferSource = async () => [
  { subject: release, title: 'Été', within: null, publicAt: new Date(0) },
  { subject: track, title: 'Une', within: release, publicAt: new Date(0) },
]

beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(async () => {
  await platform.pool.query(
    'delete from deliveries; delete from announcements; delete from suppressions; delete from fans',
  )
  const made = await platform.db.transaction().execute((tx) => createArtist(tx, { name: `Artist ${newId()}` }))
  artistId = made.id
  await platform.pool.query('insert into accounts (id, email, name) values ($1, $2, $3) on conflict do nothing', [
    by,
    `${by}@x.example`,
    'Ana',
  ])
})

type FanOf = {
  channels?: Partial<Record<Channel, string>>
  language?: 'en' | 'fr'
  country?: string | null
  place?: string
  zone?: string | null
  cadence?: 'each' | 'weekly'
  joinedDaysAgo?: number
  recognised?: boolean
}

let count = 0
async function fan(of: FanOf = {}) {
  const [fanId, personId] = [newId(), newId()]
  const { channels = { mail: `fan${++count}@fans.example` }, language = 'en', country = null, zone = null } = of
  const joined = new Date(platform.now().getTime() - (of.joinedDaysAgo ?? 100) * 86_400_000)
  await platform.pool.query(
    `insert into fans (id, person_id, name, language, country, place, time_zone, recognised_since) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [fanId, personId, `Fan ${count}`, language, country, of.place ?? '', zone, of.recognised ? joined : null],
  )
  for (const [channel, address] of Object.entries(channels)) {
    const addressId = newId()
    await platform.pool.query(
      `insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values ($1, $2, $3, $4, $4, md5($4))`,
      [addressId, fanId, channel, address],
    )
    await platform.pool.query(
      `insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, cadence, asked_at, joined_at) values ($1, $2, $3, $4, $5, 'active', $6, $7, $7)`,
      [newId(), fanId, addressId, artistId, channel, of.cadence ?? 'each', joined],
    )
  }
  return { fanId, personId }
}

const daysAgo = (days: number) => new Date(platform.now().getTime() - days * 86_400_000)
const came = (personId: string, kind: string, subject: Subject, days = 1) =>
  platform.db
    .transaction()
    .execute((tx) =>
      recordReturn(tx, { artistId, key: newId(), kind, subject, givenAs: release, personId, at: daysAgo(days) }),
    )
const told = (personId: string, days: number) =>
  recordTouches(platform.db, [
    {
      key: newId(),
      artistId,
      subject: `announcement:${newId()}`,
      givenAs: `announcement:${newId()}`,
      personId,
      channel: 'mail',
      referrer: null,
      token: null,
      at: daysAgo(days),
    },
  ])

const size = async (...all: Condition[]) =>
  (
    await countAudience(platform.db, {
      sender: { artistId },
      segment: { all },
      channels: ['mail', 'sms', 'push'],
      parts: new Map([[release, [track]]]),
      now: platform.now(),
    })
  ).people

async function draft({
  channels = ['mail', 'sms', 'push'] as Channel[],
  languages = ['en', 'fr'] as ('en' | 'fr')[],
  subjects = [] as Subject[],
} = {}) {
  const id = await beginAnnouncement(platform, { sender: { artistId }, subject: null, zone: 'Europe/Paris', by })
  const empty = await announcementById(platform.db, id)
  const variants = languages.map((language) => ({
    language,
    channel: '' as const,
    title: `Out ${language}`,
    body: 'Words',
  }))
  const saved = await saveWords(platform, {
    id,
    words: { subjects, channels, plainLetters: false, variants },
    seen: empty ? wordsDigest(wordsOf(empty)) : '',
    digest: wordsDigest,
  })
  expect(saved.ok).toBe(true)
  return id
}

const send = (
  id: string,
  asked: Partial<{ when: 'now' | 'moment' | 'local'; at: string; zone: string }> = {},
  what = offers,
) =>
  sendAnnouncement(platform, what, {
    id,
    asked: { when: 'now', at: '', zone: 'Europe/Paris', ...asked },
    undoMinutes: 5,
    by,
  })

/** Pressed, and the delay over. */
async function left(id: string, asked = {}) {
  expect((await send(id, asked)).ok).toBe(true)
  platform.pass(5 * 60_000 + 1)
  return leaveAnnouncement(platform, offers, { announcementId: id })
}

const rows = async (id: string) =>
  (
    await platform.pool.query(
      `select d.*, f.name from deliveries d left join fans f on f.id = d.fan_id where announcement_id = $1 order by d.id`,
      [id],
    )
  ).rows
const stateOf = async (id: string) => (await announcementById(platform.db, id))?.state

test('an audience is told by what is known: where, what they took and heard, since when, not told lately', async () => {
  const ana = await fan({ language: 'fr', country: 'FR', place: 'Orléans', joinedDaysAgo: 400 })
  const bo = await fan({ country: 'GB', channels: { mail: 'bo@fans.example', sms: '+447700900123' }, joinedDaysAgo: 3 })
  await fan({ country: 'FR', channels: { sms: '+33600000001' } })
  await came(ana.personId, 'download', release)
  await came(ana.personId, 'listen', track)
  await came(ana.personId, 'listen', track, 40)
  await came(bo.personId, 'download', track, 60)
  await came(bo.personId, 'reply', release, 2)
  await told(ana.personId, 5)
  expect(await size()).toBe(3)
  expect(await size({ is: 'country', country: 'FR' })).toBe(2)
  expect(await size({ is: 'place', place: 'ORLEANS' })).toBe(1)
  expect(await size({ is: 'language', language: 'fr' })).toBe(1)
  expect(await size({ is: 'channel', channel: 'sms' })).toBe(2)
  expect(await size({ is: 'joined', withinDays: 30 })).toBe(1)
  expect(await size({ is: 'joined', beforeDays: 365 })).toBe(1)
  expect(await size({ is: 'took' })).toBe(2)
  expect(await size({ is: 'took', withinDays: 30 })).toBe(1)
  // Who took a track of a release took of the release, not the other way round.
  expect(await size({ is: 'took', subject: release })).toBe(2)
  expect(await size({ is: 'took', subject: track })).toBe(1)
  expect(await size({ is: 'listened', atLeast: 2 })).toBe(1)
  expect(await size({ is: 'listened', atLeast: 2, withinDays: 30 })).toBe(0)
  expect(await size({ is: 'listened', atLeast: 2, withinDays: 60 })).toBe(1)
  expect(await size({ is: 'listened', atLeast: 1, withinDays: 30 })).toBe(1)
  expect(await size({ is: 'listened', subject: release, atLeast: 2 })).toBe(1)
  expect(await size({ is: 'answered', withinDays: 7 })).toBe(1)
  expect(await size({ is: 'not-told', forDays: 4 })).toBe(3)
  expect(await size({ is: 'not-told', forDays: 7 })).toBe(2)
  expect(await size({ is: 'not', condition: { is: 'country', country: 'FR' } })).toBe(1)
  expect(await size({ is: 'not', condition: { is: 'place', place: 'Orléans' } }, { is: 'took' })).toBe(1)
  const audience = await countAudience(platform.db, {
    sender: { artistId },
    segment: { all: [] },
    channels: ['mail', 'sms'],
    parts: new Map(),
    now: platform.now(),
  })
  expect(audience).toMatchObject({ people: 3, mail: 2, sms: 2, push: 0 })
  expect(audience.languages).toEqual([
    { language: 'en', people: 2, mail: 1, sms: 2, push: 0 },
    { language: 'fr', people: 1, mail: 1, sms: 0, push: 0 },
  ])
})

test('what is for members is told to those who may open it alone, whoever was chosen; once everybody has it, to everybody', async () => {
  const sellerId = await givenSeller(platform.db, { artistId })
  const kitchen = await givenPlan(platform, { artistId, sellerId })
  const attic = await givenPlan(platform, { artistId, sellerId, title: 'The attic' })
  for (const [mail, plan, until] of [
    ['mia@fans.example', kitchen, daysAgo(-20)],
    ['noe@fans.example', attic, daysAgo(-20)],
    ['old@fans.example', kitchen, daysAgo(1)],
    // All that they paid for now was given back.
    ['lou@fans.example', kitchen, daysAgo(-20)],
  ] as const) {
    await fan({ channels: { mail } })
    const givenBack = mail.startsWith('lou')
    await givenMember(platform, { artistId, sellerId, plan, until, mail, givenBack })
  }
  await fan()
  expect(await size({ is: 'member' })).toBe(2)
  expect(await size({ is: 'not', condition: { is: 'member' } })).toBe(3)
  const subject = `post:${newId()}` as Subject
  const given =
    (plans: string[], publicAt: Date | null = null): OfferSource =>
    async () => [{ subject, title: 'Inside', within: null, publicAt, givenTo: { artistId, plans } }]
  const toldOf = async (what: OfferSource) => {
    const id = await draft({ channels: ['mail'], subjects: [subject] })
    expect((await send(id)).ok).toBe(true)
    platform.pass(5 * 60_000 + 1)
    await leaveAnnouncement(platform, what, { announcementId: id })
    const { audience } = await platform.db
      .selectFrom('gifts')
      .select('audience')
      .where('subject', '=', `announcement:${id}`)
      .executeTakeFirstOrThrow()
    return [audience, ...(await rows(id)).map(({ address }) => address as string).sort()]
  }
  expect(await toldOf(given([]))).toEqual(['segment', 'mia@fans.example', 'noe@fans.example'])
  expect(await toldOf(given([kitchen]))).toEqual(['segment', 'mia@fans.example'])
  expect(await toldOf(given([], daysAgo(1)))).toHaveLength(6)

  // Sent for members, and taken back from them before it left: nobody is told, and a person decides.
  const id = await draft({ channels: ['mail'], subjects: [subject] })
  expect((await send(id, {}, given([]))).ok).toBe(true)
  platform.pass(5 * 60_000 + 1)
  const draftOf: OfferSource = async () => [{ subject, title: 'Inside', within: null, publicAt: null, givenTo: null }]
  await leaveAnnouncement(platform, draftOf, { announcementId: id })
  expect(await rows(id)).toEqual([])
  expect(await announcementById(platform.db, id)).toMatchObject({ state: 'draft', leavesAt: null, stopped: CLOSED })
  const [stopped] = await stoppedAnnouncements(platform.db, [artistId], 'en')
  expect(stopped).toMatchObject({ id, hasLeft: false })
  // Gone altogether, the same; sent again as it is, it leaves as the page said.
  expect((await send(id, {}, given([]))).ok).toBe(true)
  expect(await stoppedAnnouncements(platform.db, [artistId], 'en')).toEqual([])
  platform.pass(5 * 60_000 + 1)
  await leaveAnnouncement(platform, async () => [], { announcementId: id })
  expect(await stateOf(id)).toBe('draft')
  expect((await send(id, {}, draftOf)).ok).toBe(true)
  platform.pass(5 * 60_000 + 1)
  expect(await leaveAnnouncement(platform, draftOf, { announcementId: id })).toBe(5)
})

test('what a visitor did counts for a fan only since they agreed to be recognised, and no more once they do not', async () => {
  const { fanId } = await fan()
  const visitor = newId()
  await platform.pool.query('insert into person_fans (person_id, fan_id) values ($1, $2)', [visitor, fanId])
  await came(visitor, 'download', release, 10)
  expect(await size({ is: 'took' })).toBe(0)
  expect(await size({ is: 'took', subject: release })).toBe(0)
  await platform.pool.query('update fans set recognised_since = $1 where id = $2', [daysAgo(5), fanId])
  expect(await size({ is: 'took' })).toBe(0)
  await came(visitor, 'download', release, 3)
  expect(await size({ is: 'took' })).toBe(1)
  expect(await size({ is: 'took', subject: release })).toBe(1)
  await platform.pool.query('update fans set recognised_since = null where id = $1', [fanId])
  expect(await size({ is: 'took' })).toBe(0)
  expect(await size({ is: 'took', subject: release })).toBe(0)
})

test('standing facts are what a count from the beginning gives, whatever happened in whatever order', async () => {
  const step = fc.record({
    do: fc.constantFrom(
      'listen',
      'download',
      'reply',
      'told',
      'visit',
      'leave',
      'join',
      'recognise',
      'forget',
      'meet',
      'move',
      'undo',
    ),
    who: fc.nat(2),
    days: fc.integer({ min: 1, max: 50 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const fans = [await fan(), await fan({ recognised: true }), await fan({ country: 'FR' })]
      const visitors = [newId(), newId(), newId()]
      for (const { do: what, who, days } of steps) {
        const { fanId, personId } = fans[who] as (typeof fans)[number]
        const visitor = visitors[who] as string
        if (what === 'listen' || what === 'download' || what === 'reply') await came(personId, what, track, days)
        if (what === 'told') await told(personId, days)
        if (what === 'visit') await came(visitor, 'listen', release, days)
        if (what === 'leave')
          await platform.pool.query(`update subscriptions set state = 'left' where fan_id = $1`, [fanId])
        if (what === 'join')
          await platform.pool.query(`update subscriptions set state = 'active' where fan_id = $1`, [fanId])
        if (what === 'recognise')
          await platform.pool.query('update fans set recognised_since = $1 where id = $2', [daysAgo(days), fanId])
        if (what === 'forget') await platform.pool.query('delete from person_fans where fan_id = $1', [fanId])
        if (what === 'meet')
          await platform.pool.query(
            'insert into person_fans (person_id, fan_id) values ($1, $2) on conflict do nothing',
            [visitor, fanId],
          )
        if (what === 'move')
          await platform.pool.query(`update fans set country = 'BE', place = 'Liège' where id = $1`, [fanId])
        if (what === 'undo')
          await platform.pool.query(
            `insert into returns (id, artist_id, subject, person_id, kind, reverses, at) values (gen_random_uuid(), $1, $2, $3, 'listen', gen_random_uuid(), $4)`,
            [artistId, track, personId, daysAgo(days)],
          )
      }
      const standings = async () =>
        (
          await platform.pool.query(
            `select artist_id, fan_id, channels, told_at, listens, listened_at, takes, took_at, answered_at,
              case when channels <> 0 then language || coalesce(country, '') || place || joined_at end as member
             from standings where channels <> 0 or told_at is not null or listens <> 0 or listened_at is not null or takes <> 0 or answered_at is not null order by fan_id, artist_id`,
          )
        ).rows
      const bySubject = async () =>
        (await platform.pool.query('select * from subject_standings order by artist_id, subject, fan_id')).rows
      const [kept, keptBySubject] = [await standings(), await bySubject()]
      await platform.pool.query(
        'delete from standings; select refresh_members(array(select id from fans)); select recount_standings(null)',
      )
      expect(kept).toEqual(await standings())
      expect(keptBySubject).toEqual(await bySubject())
    }),
    { numRuns: 25 },
  )
})

test('an audience is frozen once, however often and by however many it is asked for', async () => {
  for (let n = 0; n < 30; n++) await fan()
  const id = await draft()
  const presses = await Promise.all(Array.from({ length: 6 }, () => send(id)))
  expect(presses.filter(({ ok }) => ok)).toHaveLength(1)
  // Not before the delay is over.
  expect(await leaveAnnouncement(platform, offers, { announcementId: id })).toBeNull()
  expect(await rows(id)).toEqual([])
  platform.pass(5 * 60_000 + 1)
  const leaving = await Promise.all([
    ...Array.from({ length: 6 }, () => leaveAnnouncement(platform, offers, { announcementId: id })),
    leaveDue(platform, offers),
    undoSending(platform, { id, by }),
  ])
  const undone = leaving.at(-1) === true
  expect(leaving.filter((one) => one === 30).length).toBeLessThanOrEqual(undone ? 0 : 1)
  expect(await rows(id)).toHaveLength(undone ? 0 : 30)
  expect(await stateOf(id)).toBe(undone ? 'draft' : 'leaving')
  if (undone) return
  const gifts = await platform.db.selectFrom('gifts').selectAll().where('subject', '=', `announcement:${id}`).execute()
  expect(gifts).toHaveLength(1)
  expect(gifts[0]).toMatchObject({ kind: 'announcement', audience: 'everyone', artistId })
})

test('each is told where they asked to be, in their language, once a week if they want; whom nothing may reach has a row that says so', async () => {
  await fan({ language: 'fr', channels: { mail: 'Lea@Fans.Example', sms: '+33611111111' }, country: 'FR' })
  await fan({ cadence: 'weekly' })
  const complaint = await fan()
  const resting = await fan()
  const gone = await fan()
  await fan({ channels: { push: 'https://push.example/1' } })
  await platform.pool.query(
    `insert into suppressions (channel, address_hash, reason, at) select 'mail', address_hash, 'complaint', now() from fan_addresses where fan_id = $1`,
    [complaint.fanId],
  )
  await platform.pool.query(`update subscriptions set paused_until = now() + interval '9 days' where fan_id = $1`, [
    resting.fanId,
  ])
  await platform.pool.query(`update subscriptions set state = 'left' where fan_id = $1`, [gone.fanId])
  const id = await draft({ channels: ['mail', 'sms'] })
  const announcement = await announcementById(platform.db, id)
  const expected = await platform.db
    .transaction()
    .execute(async (tx) => announcement && forecast(tx, await aimOf(tx, offers, announcement, platform.now())))
  expect(expected).toMatchObject({
    people: 2,
    channels: [
      { channel: 'mail', people: 2, weekly: 1 },
      { channel: 'sms', people: 1, weekly: 0 },
    ],
    silent: 1,
    tired: 0,
    numbers: [{ country: 'FR', count: 1 }],
  })
  expect(await left(id)).toBe(4)
  const frozen = (await rows(id)).sort((a, b) => `${a.state} ${a.channel}`.localeCompare(`${b.state} ${b.channel}`))
  expect(frozen).toMatchObject([
    { channel: 'mail', language: 'en', state: 'held' },
    {
      channel: 'mail',
      language: 'fr',
      state: 'queued',
      domain: 'fans.example',
      not_after: null,
      address: 'Lea@Fans.Example',
    },
    { channel: 'sms', language: 'fr', state: 'queued', domain: 'FR', not_after: expect.any(Date) },
    { channel: 'mail', state: 'suppressed', problem: 'complaint', settled_at: expect.any(Date) },
  ])
})

test('without words in somebody’s language they get the other, and the row says which', async () => {
  await fan({ language: 'fr' })
  const id = await draft({ languages: ['en'] })
  await left(id)
  expect(await rows(id)).toMatchObject([{ language: 'en' }])
})

test('the clock of each fan: rows are due when it is that time there; a number says its country', async () => {
  await fan({ zone: 'Asia/Tokyo' })
  await fan({ zone: 'America/New_York' })
  await fan({ channels: { sms: '+81312345678' }, country: null })
  await fan()
  const id = await draft()
  const tomorrow = new Date(platform.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
  expect(await send(id, { when: 'local', at: `${tomorrow}T12:00` })).toMatchObject({
    ok: true,
    value: new Date(`${tomorrow}T12:00:00+14:00`),
  })
  platform.pass(new Date(`${tomorrow}T12:00:00+14:00`).getTime() - platform.now().getTime() + 1000)
  expect(await leaveAnnouncement(platform, offers, { announcementId: id })).toBe(4)
  const due = (await rows(id)).map((row) => [row.domain, row.due_at.toISOString().slice(0, 16)])
  const paris = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Paris', timeZoneName: 'longOffset' }).format(
    new Date(`${tomorrow}T12:00:00Z`),
  )
  expect(due).toContainEqual(['fans.example', `${tomorrow}T03:00`])
  expect(due).toContainEqual(['JP', `${tomorrow}T03:00`])
  expect(due.some(([, at]) => at === `${tomorrow}T16:00` || at === `${tomorrow}T17:00`)).toBe(true)
  // Where nothing is known, the artist's own clock.
  expect(due).toContainEqual(['fans.example', `${tomorrow}T${paris.includes('+02') ? '10' : '11'}:00`])
  // And one moment for all is the same moment.
  const again = await draft()
  expect(await send(again, { when: 'moment', at: '2020-01-01T10:00' })).toEqual({ ok: false, error: 'past' })
  expect(await send(again, { when: 'moment', at: 'soon' })).toEqual({ ok: false, error: 'no-moment' })
})

test('whatever leaves at the same time, nobody is told more often than the limit says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 5 }), async (most, announcements) => {
      await platform.pool.query('delete from deliveries; delete from announcements; delete from fans')
      await platform.db.transaction().execute((tx) =>
        saveAnnouncementSettings(
          tx,
          { artistId },
          {
            capMost: most,
            capDays: 7,
            quiet: {},
            digestDay: 5,
            digestHour: 17,
            digestZone: 'UTC',
          },
        ),
      )
      await fan()
      await fan({ channels: { mail: `two${++count}@fans.example`, push: `https://push.example/${count}` } })
      await fan({ cadence: 'weekly' })
      const ids: string[] = []
      for (let n = 0; n < announcements; n++) ids.push(await draft())
      for (const id of ids) expect((await send(id)).ok).toBe(true)
      platform.pass(5 * 60_000 + 1)
      await Promise.all(ids.map((announcementId) => leaveAnnouncement(platform, offers, { announcementId })))
      const { rows: often } = await platform.pool.query(
        `select fan_id, count(distinct announcement_id)::int as n from deliveries where state = 'queued' group by 1`,
      )
      expect(often).toHaveLength(2)
      for (const { n } of often) expect(n).toBe(Math.min(most, announcements))
      const { rows: spared } = await platform.pool.query(
        `select count(*)::int as n from deliveries where state = 'cancelled' and problem = 'tired'`,
      )
      expect(spared[0].n).toBe(3 * Math.max(0, announcements - most))
    }),
    { numRuns: 6 },
  )
  // A week later it is as if nothing had been.
  platform.pass(8 * 86_400_000)
  const id = await draft()
  await left(id)
  expect((await rows(id)).filter(({ state }) => state === 'queued')).toHaveLength(3)
})

test('taken back, it is a draft again; paused, resumed, stopped, the rest of it stays', async () => {
  await fan()
  await fan({ cadence: 'weekly' })
  const id = await draft()
  await send(id)
  expect(await stateOf(id)).toBe('waiting')
  expect(await undoSending(platform, { id, by })).toBe(true)
  expect(await undoSending(platform, { id, by })).toBe(false)
  expect(await stateOf(id)).toBe('draft')
  platform.pass(3_600_000)
  await leaveDue(platform, offers)
  expect(await rows(id)).toEqual([])
  await left(id)
  expect(await undoSending(platform, { id, by })).toBe(false)
  expect(await pauseAnnouncement(platform, { id, by })).toBe(true)
  expect(await pauseAnnouncement(platform, { id, by })).toBe(false)
  expect(await resumeAnnouncement(platform, { id, by })).toBe(true)
  expect(await stateOf(id)).toBe('leaving')
  expect(await cancelRest(platform, { id, by })).toBe(true)
  expect((await rows(id)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
  expect(await resumeAnnouncement(platform, { id, by })).toBe(false)
  expect(await progressOf(platform.db, id)).toEqual([{ channel: 'mail', counts: { cancelled: 2 }, total: 2 }])
})

test('a text message that could not leave in its hours waits for the next ones', async () => {
  await fan({ channels: { sms: '+33622222222' }, country: 'FR' })
  const id = await draft()
  await left(id)
  const [before] = await rows(id)
  platform.pass(before.not_after.getTime() - platform.now().getTime() + 1)
  await tendAnnouncements(platform, offers)
  const [after] = await rows(id)
  expect(after.state).toBe('queued')
  expect(after.due_at.getTime()).toBeGreaterThan(before.not_after.getTime())
  expect(after.not_after.getTime()).toBeGreaterThan(after.due_at.getTime())
})

test('a great audience is frozen by one statement', async () => {
  await platform.pool.query(
    `with made as (select gen_random_uuid() as fan, gen_random_uuid() as person, gen_random_uuid() as address, n from generate_series(1, 20000) n),
     f as (insert into fans (id, person_id, language) select fan, person, case when n % 3 = 0 then 'fr' else 'en' end from made),
     a as (insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash)
       select address, fan, 'mail', 'm' || n || '@fans.example', 'm' || n || '@fans.example', md5(n::text) from made)
     insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
     select gen_random_uuid(), fan, address, $1, 'mail', 'active', now(), now() from made`,
    [artistId],
  )
  const id = await draft()
  await saveSegment(platform, { id, change: () => ({ all: [{ is: 'language', language: 'fr' }] }) })
  expect(await left(id)).toBe(6666)
  const { rows: sums } = await platform.pool.query(
    `select count(*)::int as n, count(distinct address_id)::int as addresses, min(language) as language from deliveries where announcement_id = $1`,
    [id],
  )
  expect(sums).toEqual([{ n: 6666, addresses: 6666, language: 'fr' }])
})

test('who wants a weekly digest gets the week’s announcements in one message, once', async () => {
  const weekly = await fan({ cadence: 'weekly', language: 'fr' })
  await fan({ cadence: 'weekly', channels: { sms: '+33633333333' }, country: 'FR' })
  await fan()
  const first = await draft()
  await left(first)
  const second = await draft()
  await left(second)
  // Not before the day and hour.
  const { rows: held } = await platform.pool.query(`select count(*)::int as n from deliveries where state = 'held'`)
  expect(held[0].n).toBe(4)
  platform.pass(8 * 86_400_000)
  const gathered = await Promise.all([gatherDigests(platform, {}), gatherDigests(platform, {})])
  expect(gathered[0] + gathered[1]).toBe(2)
  expect(await gatherDigests(platform, {})).toBe(0)
  const { rows: digests } = await platform.pool.query(`select * from deliveries where kind = 'digest' order by channel`)
  expect(digests).toHaveLength(2)
  expect(digests[0]).toMatchObject({ channel: 'mail', state: 'queued', language: 'fr', fan_id: weekly.fanId })
  expect(digests[0].message.subject).toContain('2 nouvelles cette semaine')
  expect(digests[0].message.html.match(/<h1>Out fr<\/h1>/g)).toHaveLength(2)
  expect(digests[0].message.unsubscribe).toMatch(/\/leave\//)
  expect(digests[1].message.text).toMatch(/^Artist .*Out en http\S+ \/ Out en http\S+ To leave: STOP$/)
  const carried = await platform.pool.query(`select distinct digest_id from deliveries where state = 'held' order by 1`)
  expect(carried.rows.map((row) => row.digest_id).sort()).toEqual(digests.map(({ id }) => id).sort())
  await platform.pool.query(`update deliveries set state = 'handed' where kind = 'digest'`)
  // A digest's rows stand where it stands.
  expect(await progressOf(platform.db, first)).toMatchObject([
    { channel: 'mail', counts: { handed: 1, queued: 1 } },
    { channel: 'sms', counts: { handed: 1 } },
  ])
})

test('a digest has each of an announcement’s things with its own link, and a text leads to the first of each', async () => {
  await fan({ cadence: 'weekly', channels: { mail: 'week@fans.example' } })
  await fan({ cadence: 'weekly', channels: { sms: '+33644444444' }, country: 'FR' })
  const both = await draft({ languages: ['en'], subjects: [release, track] })
  await left(both)
  await left(await draft({ languages: ['en'] }))
  platform.pass(8 * 86_400_000)
  const facts = (title: string, path: string) => ({ artistId, title, path, givenAs: release, publicAt: null })
  const subjects = {
    release: async () => new Map([[release.split(':')[1] as string, facts('Tide', '/ana/tide')]]),
    track: async () => new Map([[track.split(':')[1] as string, facts('Ebb', '/ana/tide/ebb')]]),
  }
  expect(await gatherDigests(platform, subjects)).toBe(2)
  const { rows: digests } = await platform.pool.query(
    `select channel, message from deliveries where kind = 'digest' and state = 'queued' order by channel`,
  )
  const { rows: held } = await platform.pool.query(
    `select id, channel from deliveries where announcement_id = $1 and state = 'held'`,
    [both],
  )
  const link = (channel: string, n: number) =>
    `/l/${linkCode(platform.signer, { deliveryId: Number(held.find((row) => row.channel === channel)?.id), link: n })}`
  const [mail, text] = digests.map(({ message }) => message)
  for (const said of [mail.html, mail.text]) {
    expect(said).toContain(link('mail', 0))
    expect(said).toContain(link('mail', 1))
  }
  expect(mail.html).toMatch(/>Tide<\/a>[\s\S]*>Ebb<\/a>[\s\S]*<hr>/)
  expect(mail.text).toMatch(/Tide\nhttp\S+\n\nEbb\nhttp/)
  expect(text.text).toContain(`Out en http://ritornello.test${link('sms', 0)} / Out en `)
  expect(text.text).not.toContain(link('sms', 1))
})

test('while an audience is frozen its fans can leave, and whoever is leaving keeps no announcement waiting', async () => {
  const here = await Promise.all(['one@fans.example', 'two@fans.example'].map((mail) => fan({ channels: { mail } })))
  // A lock that had to be waited for is an error.
  const atOnce = <T>(act: (tx: Tx) => Promise<T>) =>
    platform.db.transaction().execute(async (tx) => {
      await sql`set local lock_timeout = '50ms'`.execute(tx)
      return act(tx)
    })
  const leaves = (tx: Tx, address: string) =>
    leaveByAddress(tx, platform, {
      channel: 'mail',
      address,
      others: [],
      wording: 'Leave',
      language: 'en',
      source: 'link',
      proof: {},
    })
  const freeze = async (tx: Tx, id: string) => {
    const announcement = await announcementById(tx, id, { lock: true })
    if (!announcement) throw new Error('There is no announcement')
    return freezeAudience(tx, await aimOf(tx, offers, announcement, platform.now()))
  }
  const [first, second] = [await draft(), await draft()]
  await platform.db.transaction().execute(async (freezing) => {
    expect(await freeze(freezing, first)).toBe(here.length)
    expect(await atOnce((tx) => leaves(tx, 'one@fans.example'))).toHaveLength(1)
  })
  await platform.db.transaction().execute(async (leaving) => {
    expect(await leaves(leaving, 'two@fans.example')).toHaveLength(1)
    // Not left yet for anybody else: the engine looks again when it hands over.
    expect(await atOnce((tx) => freeze(tx, second))).toBe(1)
  })
})
