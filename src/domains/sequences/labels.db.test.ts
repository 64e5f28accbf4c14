import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import {
  FORM,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../testing/index.ts'
import { type OfferSource, recordReturn, type Subject } from '../exchange/index.ts'
import { confirm, join, leave, type Proof } from '../fans/index.ts'
import { createArtist, createLabel } from '../identity/index.ts'
import { sequencesBelongings } from './belongings.ts'
import { sequencesPersonalData } from './personal-data.ts'
import type { Plan, Step } from './plan.rules.ts'
import { runSequences } from './run-sequences.ts'
import { saveLimit, sequenceById } from './sequence.store.ts'
import { switchOn } from './switch-sequence.ts'
import { trySequence } from './try-sequence.ts'
import { createSequence } from './write-sequence.ts'

const DAY = 24 * 3_600_000
const release = `release:${newId()}` as Subject
/** What the artist has, and nobody else. */
const offers: OfferSource = async (_, id) =>
  id === artistId ? [{ subject: release, title: 'Tides', within: null, publicAt: new Date(0) }] : []

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let manager: SignedIn
let labelId: string
let slug: string
let artistId: string
beforeAll(async () => {
  platform = await testPlatform()
  platform.stand()
  app = testApp(platform)
}, 60_000)
afterAll(() => platform.close())
const begins = async () => {
  await platform.pool.query(`update sequences set state = 'off'`)
  artistId = (await inTx((tx) => createArtist(tx, { name: `Artist ${newId()}` }))).id
  ;({ id: labelId, slug } = await inTx((tx) => createLabel(tx, { name: `Label ${newId()}`, ownerId: null })))
}
beforeEach(async () => {
  await begins()
  manager = await signedIn(platform, { labelIds: [labelId] })
  await platform.pool.query(`update sessions set expires_at = now() + interval '9 years'`)
})

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const proof = (more: Partial<Proof> = {}): Proof => ({ wording: 'Yes', language: 'en', source: 'link', ...more })
const run = () => runSequences(platform, offers)
let count = 0

/** Somebody who says that this label, or this artist, may write to them. */
async function joins(to: { labelId: string } | { artistId: string } = { labelId }) {
  const address = `fan${++count}@fans.example`
  const joined = await inTx((tx) =>
    join(tx, platform, { to, channel: 'mail', address, said: {}, ...proof({ source: 'form' }) }),
  )
  if (!joined.ok) throw new Error(joined.error)
  const { subscriptionId, fanId } = joined.value
  await inTx((tx) => confirm(tx, platform, { subscriptionId, recognised: false, ...proof() }))
  platform.pass(10)
  const { personId } = await platform.db
    .selectFrom('fans')
    .select('personId')
    .where('id', '=', fanId)
    .executeTakeFirstOrThrow()
  const subject = `label:${labelId}` as Subject
  return {
    fanId,
    answers: () =>
      inTx((tx) =>
        recordReturn(tx, {
          ...{ artistId: labelId, key: newId(), kind: 'reply', subject, givenAs: subject, personId },
          at: platform.now(),
        }),
      ),
    goes: () => inTx((tx) => leave(tx, platform, { subscriptionId, ...proof() })),
  }
}
const lends = (permissions: ('announce.send' | 'returns.see')[] = ['announce.send']) =>
  platform.db.insertInto('mandates').values({ id: newId(), artistId, labelId, permissions, endsAt: null }).execute()
const takesBack = () =>
  platform.db.updateTable('mandates').set({ revokedAt: new Date() }).where('labelId', '=', labelId).execute()

const give = (title: string, subject: Subject | null = null): Step => ({
  ...{ id: newId(), kind: 'give', giveId: newId(), channels: ['mail', 'sms', 'push'], subject, letterId: null },
  texts: { en: { title, body: 'Here it is.' } },
})
const wait = (days: number): Step => ({ id: newId(), kind: 'wait', count: days, unit: 'day', hour: null })

const laid = (steps: Step[], more: Partial<Plan> = {}) =>
  createSequence(platform, {
    ...{ sender: { labelId }, by: manager.accountId, name: 'Welcome' },
    plan: { when: { is: 'joined' }, again: false, timeZone: 'Europe/Paris', steps, ...more },
  })
async function on(steps: Step[], more: Partial<Plan> = {}) {
  const id = await laid(steps, more)
  expect((await trySequence(platform, offers, { id, months: 3 })).ok).toBe(true)
  const seen = (await sequenceById(platform.db, id))?.last.triedAt?.toISOString() ?? ''
  expect(await switchOn(platform, offers, { id, by: manager.accountId, seen })).toMatchObject({ ok: true })
  return id
}
async function got(fanId: string, states = ['queued', 'handed']) {
  const { rows } = await platform.pool.query<{ title: string }>(
    `select t.title from deliveries d join letter_texts t on t.letter_id = d.letter_id where d.fan_id = $1 and d.state = any($2) order by d.id`,
    [fanId, states],
  )
  return rows.map(({ title }) => title)
}
/** All that waits leaves. */
const handOver = () =>
  platform.db
    .updateTable('deliveries')
    .set({ state: 'handed', handedAt: platform.now() })
    .where('state', '=', 'queued')
    .execute()
/** The label tells all its fans at once. */
async function announces() {
  const [id, at] = [newId(), platform.now()]
  await platform.db
    .insertInto('announcements')
    .values({
      ...{ id, labelId, channels: ['mail'], timeZone: 'UTC', segment: JSON.stringify({ all: [] }), state: 'waiting' },
      ...{ undoMinutes: 0, leavesAt: at, createdAt: at, changedAt: at, createdBy: null, sendAt: null },
      ...{ localTime: null, frozenAt: null, finishedAt: null, giftId: null },
    })
    .execute()
  await platform.db
    .insertInto('announcementTexts')
    .values({ announcementId: id, language: 'en', channel: '', title: 'Out', body: 'Words' })
    .execute()
  await platform.pool.query(
    `select graphile_worker.add_job('reach.leave', json_build_object('announcementId', $1::text))`,
    [id],
  )
  await workOff(platform, ['reach.leave'])
}
const ends = async (fanId: string) =>
  (await platform.db.selectFrom('sequenceRuns').select('state').where('fanId', '=', fanId).execute()).map(
    ({ state }) => state,
  )

test('a label’s sequence is for its own fans alone; music is its artist’s, and the words are the label’s', async () => {
  await lends()
  await on([give('Hello'), give('A record', release)])
  platform.pass(1000)
  const [lea, zoe] = [await joins(), await joins({ artistId })]
  await run()
  await run()
  expect(await got(lea.fanId)).toEqual(['Hello', 'A record'])
  expect(await got(zoe.fanId)).toEqual([])
  const { rows } = await platform.pool.query(
    'select distinct artist_id as artist, label_id as label from deliveries where fan_id = $1',
    [lea.fanId],
  )
  expect(rows).toEqual([{ artist: null, label: labelId }])
  const { rows: gifts } = await platform.pool.query<{ whose: string }>(
    `select artist_id as whose from gifts where kind = 'sequence' and artist_id = any($1)`,
    [[artistId, labelId]],
  )
  expect(gifts.map(({ whose }) => whose).sort()).toEqual([artistId, labelId].sort())
  // Who leaves the label is out of it in that very moment, whomever else they follow.
  await on([wait(1), give('Later')])
  platform.pass(1000)
  const max = await joins()
  await run()
  expect(await ends(max.fanId)).toContain('walking')
  await max.goes()
  expect(await ends(max.fanId)).not.toContain('walking')
  const known = await sequencesPersonalData.know(platform.db, {
    ...{ fanId: max.fanId, personIds: [], addressIds: [], addressHashes: [] },
  })
  expect(known['sequences']).toContainEqual(expect.objectContaining({ sequence: 'Welcome', state: 'left' }))
})

test('what an artist does not let the label give can be neither tried nor switched on; taken back, people go past it, and let again, it is given again', async () => {
  const id = await laid([give('A record', release), wait(1), give('After')])
  expect(await trySequence(platform, offers, { id, months: 1 })).toEqual({ ok: false, error: 'unfinished' })
  // The page says so, of what this place really has of that name: nothing.
  expect(await (await app.request(`/studio/sequences/${id}?lang=en`, manager)).text()).toContain(
    'Step 1 gives something that its artist does not let you give now.',
  )
  await lends()
  expect((await trySequence(platform, offers, { id, months: 1 })).ok).toBe(true)
  await takesBack()
  const seen = (await sequenceById(platform.db, id))?.last.triedAt?.toISOString() ?? ''
  expect(await switchOn(platform, offers, { id, by: manager.accountId, seen })).toEqual({
    ok: false,
    error: 'unfinished',
  })
  await lends()
  expect(await switchOn(platform, offers, { id, by: manager.accountId, seen })).toMatchObject({ ok: true })
  platform.pass(1000)
  await takesBack()
  const lea = await joins()
  await run()
  expect(await got(lea.fanId)).toEqual([])
  await lends()
  const max = await joins()
  await run()
  expect(await got(max.fanId)).toEqual(['A record'])
  platform.pass(DAY + 1000)
  await run()
  // Whoever went past it goes on; it does not come after all.
  expect(await got(lea.fanId)).toEqual(['After'])
  // While another version is made without that step, the page goes on to say what happens in the one that runs.
  const [first] = (await sequenceById(platform.db, id))?.last.plan.steps ?? []
  const out = await app.request(`/studio/sequences/${id}/order`, {
    method: 'POST',
    headers: { ...manager.headers, ...FORM },
    body: new URLSearchParams({ move: `${first?.id}:out` }).toString(),
  })
  expect(out.status).toBe(303)
  expect((await sequenceById(platform.db, id))?.last.number).toBe(2)
  const page = await (await app.request(`/studio/sequences/${id}?lang=en`, manager)).text()
  expect(page).toContain('In version 1, which runs, people go past step 1')
})

test('of an artist on the way out, and by a mandate that has ended, nothing is given', async () => {
  await lends()
  await on([give('A record', release)])
  platform.pass(1000)
  await platform.db.updateTable('artists').set({ goesAt: platform.now() }).where('id', '=', artistId).execute()
  const lea = await joins()
  await run()
  await platform.db.updateTable('artists').set({ goesAt: null }).where('id', '=', artistId).execute()
  await platform.db
    .updateTable('mandates')
    .set({ grantedAt: new Date(0), endsAt: new Date(Date.now() - 1000) })
    .where('labelId', '=', labelId)
    .execute()
  const max = await joins()
  await run()
  expect([await got(lea.fanId), await got(max.fanId)]).toEqual([[], []])
  expect([await ends(lea.fanId), await ends(max.fanId)]).toEqual([['finished'], ['finished']])
})

test('whoever has not answered the label for so long is let in, recognised or not; whoever answered is not', async () => {
  const before = [await joins(), await joins()]
  platform.pass(15 * DAY)
  await before[0]?.answers()
  platform.pass(1000)
  const id = await on([give('Still there?')], { when: { is: 'silent', weeks: 3 }, again: true })
  expect((await sequenceById(platform.db, id))?.last.tried).toMatchObject({ reached: 0, out: {} })
  platform.pass(7 * DAY)
  await run()
  expect(await got(before[0]?.fanId ?? '')).toEqual([])
  expect(await got(before[1]?.fanId ?? '')).toEqual(['Still there?'])
  platform.pass(15 * DAY)
  await run()
  expect(await got(before[0]?.fanId ?? '')).toEqual(['Still there?'])
  // The same of the past.
  expect(await trySequence(platform, offers, { id, months: 3 })).toMatchObject({ ok: true, value: { reached: 2 } })
})

test('a step waits for what the label announced, and an announcement leaves out whom its sequences have told enough', async () => {
  await saveLimit(platform.db, { labelId }, { most: 1, days: 7 })
  const id = await on([wait(1), give('Hello')])
  platform.pass(1000)
  const lea = await joins()
  await run()
  platform.pass(DAY)
  await announces()
  await handOver()
  platform.pass(1000)
  await run()
  expect(await got(lea.fanId)).toEqual([])
  const walking = await app.request(`/studio/sequences/${id}/people?lang=en`, manager)
  expect(await walking.text()).toContain('Had enough for now')
  platform.pass(7 * DAY)
  await run()
  expect(await got(lea.fanId)).toEqual(['Hello'])
  await handOver()
  const settings = { cap: '1', cap_days: '7', digest_day: '5', digest_hour: '17', digest_zone: 'UTC' }
  const hours = { from_fr: '8', to_fr: '20', from_all: '8', to_all: '20' }
  const saved = await app.request(`/studio/announcements/settings?desk=${slug}`, {
    method: 'POST',
    headers: { ...FORM, ...manager.headers },
    body: new URLSearchParams({ ...settings, ...hours }).toString(),
  })
  expect(saved.status).toBe(303)
  platform.pass(DAY)
  await announces()
  const { rows } = await platform.pool.query(
    `select problem from deliveries where fan_id = $1 and announcement_id is not null order by id`,
    [lea.fanId],
  )
  expect(rows).toEqual([{ problem: null }, { problem: 'tired' }])
})

test('whatever happens in whatever order: the label’s own fans alone, never more than the limit over sequences and announcements, nothing that is not lent', async () => {
  const deed = fc.record({
    what: fc.constantFrom('joins', 'leaves', 'announces', 'lends', 'takes back', 'hands', 'passes' as const),
    who: fc.nat({ max: 2 }),
    days: fc.integer({ min: 0, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 8, maxLength: 24 }), async (deeds) => {
      await begins()
      const limit = { most: 2, days: 5 }
      await saveLimit(platform.db, { labelId }, limit)
      await platform.db
        .insertInto('announcementSettings')
        .values({
          ...{ artistId: null, labelId, capMost: limit.most, capDays: limit.days, quiet: '{}' },
          ...{ digestDay: 5, digestHour: 17, digestZone: 'UTC' },
        })
        .execute()
      await lends()
      await on([give('One'), give('Lent', release), wait(1), give('Two'), give('Lent too', release)])
      const stranger = await joins({ artistId })
      let lent: [number, number | null][] = [[0, null]]
      platform.pass(1000)
      const people: (Awaited<ReturnType<typeof joins>> | null)[] = [null, null, null]
      const left = new Map<string, number>()
      for (const { what, who, days } of deeds) {
        const person = people[who] ?? null
        const now = () => platform.now().getTime()
        if (what === 'joins' && !person) people[who] = await joins()
        else if (what === 'leaves' && person) {
          await Promise.all([person.goes(), run()])
          left.set(person.fanId, now())
          people[who] = null
        } else if (what === 'announces') await Promise.all([announces(), run()])
        else if (what === 'lends' && lent.at(-1)?.[1] !== null) {
          await lends()
          lent.push([now(), null])
        } else if (what === 'takes back' && lent.at(-1)?.[1] === null) {
          await Promise.all([takesBack(), run()])
          lent = lent.map(([from, until]) => [from, until ?? now()])
        } else if (what === 'hands') await handOver()
        else if (what === 'passes') platform.pass(days * DAY)
        await Promise.all([run(), run()])
        platform.pass(60_000)
      }
      const { rows: sent } = await platform.pool.query<{
        fanId: string
        at: Date | null
        made: Date
        given: string | null
        labelId: string | null
      }>(
        `select d.fan_id as "fanId", d.handed_at as at, d.created_at as made, l.given_by as given, d.label_id as "labelId"
         from deliveries d left join letters l on l.id = d.letter_id
         where d.fan_id is not null and d.state in ('queued', 'handed') and ($1 = d.label_id or $2 = d.artist_id)`,
        [labelId, artistId],
      )
      expect(sent.filter(({ fanId, labelId: whose }) => fanId === stranger.fanId || whose !== labelId)).toEqual([])
      for (const { fanId, at } of sent) {
        if (!at) continue
        const near = sent.filter(
          (one) => one.fanId === fanId && one.at && one.at >= at && one.at.getTime() - at.getTime() < limit.days * DAY,
        )
        expect(near.length).toBeLessThanOrEqual(limit.most)
      }
      for (const { fanId, made, given } of sent) {
        expect(made.getTime()).toBeLessThanOrEqual(left.get(fanId) ?? Number.POSITIVE_INFINITY)
        if (given)
          expect(lent.some(([from, until]) => made.getTime() >= from && made.getTime() <= (until ?? Infinity))).toBe(
            true,
          )
      }
    }),
    { numRuns: 6, endOnFailure: true },
  )
}, 180_000)

test('its pages: whoever manages the label lays down and switches on; no music is asked about, no code and no download of somebody else’s is offered', async () => {
  await lends()
  const send = async (path: string, fields: Record<string, string>, who = manager) => {
    const answer = await app.request(path, {
      method: 'POST',
      headers: { ...FORM, ...who.headers },
      body: new URLSearchParams(fields).toString(),
    })
    return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
  }
  const see = async (path: string, who = manager) => (await app.request(path, who)).text()
  const form = await see(`/studio/sequences/new?desk=${slug}&lang=en`)
  expect(form).toContain('have not answered you for some weeks')
  for (const never of ['value="took"', 'value="bought"', 'value="part"', 'name="music"', 'name="operation"'])
    expect(form).not.toContain(never)
  expect((await send('/studio/sequences/new', { name: 'Welcome', when: 'took' })).status).toBe(422)
  const made = await send('/studio/sequences/new', { name: 'Welcome', when: 'joined' })
  const path = made.to.split('?')[0] ?? ''
  const condition = (await send(`${path}/add`, { kind: 'condition' })).to
  const asked = await see(condition)
  expect(asked).toContain('value="answered"')
  expect(asked).not.toContain('value="listened"')
  expect((await send(condition, { test: 'bought', otherwise: 'stop', since: 'ever', not: '' })).status).toBe(422)
  expect((await send(condition, { test: 'answered', otherwise: 'skip', since: 'ever', not: 'not' })).status).toBe(303)
  const step = (await send(`${path}/add`, { kind: 'give' })).to
  const giving = await see(step)
  for (const never of ['name="take"', 'name="batch"']) expect(giving).not.toContain(never)
  const words = { channels: 'mail', title_en: 'Hello', body_en: 'Words' }
  expect((await send(step, { ...words, batch: newId() })).status).toBe(422)
  expect((await send(step, { ...words, take: 'on' })).status).toBe(303)
  const id = path.split('/').at(-1) ?? ''
  const [, given] = (await sequenceById(platform.db, id))?.last.plan.steps ?? []
  expect(given).toMatchObject({ kind: 'give', take: false, batch: null })
  await send(`${path}/try`, { months: '1' })
  const seen = /name="seen" value="([^"]+)"/.exec(await see(`${path}/try`))?.[1] ?? ''
  const artist = await signedIn(platform, { artistIds: [artistId] })
  for (const page of ['', '/when', '/try', '/people']) expect((await app.request(path + page, artist)).status).toBe(404)
  expect((await send(`${path}/on`, { seen }, artist)).status).toBe(404)
  expect((await send(`${path}/on`, { seen })).to).toContain('done=on')
  expect((await send(`/studio/sequences/limit?desk=${slug}`, { most: '3', days: '7' })).status).toBe(303)
  expect(await see(`/studio/sequences?desk=${slug}&lang=en`)).toContain('what you announce is counted too')
  const { rows } = await platform.pool.query('select action from audit_log where label_id = $1 order by at, id', [
    labelId,
  ])
  expect(rows.map(({ action }) => action)).toEqual(['sequence.make', 'sequence.on'])
})

test('a label that goes takes its sequences along: they stop at once, stand in its archive, and go with it', async () => {
  await on([wait(1), give('Hello')])
  platform.pass(1000)
  const lea = await joins()
  await run()
  const owner = { kind: 'label', id: labelId, name: 'Label', slug, language: 'en' } as const
  expect(await sequencesBelongings.goes?.(platform.db, owner, 'en')).toEqual(['one sequence, 1 of them switched on'])
  const packed = []
  for await (const file of sequencesBelongings.pack?.(platform.db, owner, {} as never) ?? []) packed.push(file)
  expect(JSON.stringify(packed)).toContain('Welcome')
  await inTx(async (tx) => sequencesBelongings.hide?.(tx, owner))
  expect(await ends(lea.fanId)).toEqual(['off'])
  await sequencesBelongings.remove?.(platform, owner, {} as never)
  expect(await platform.db.selectFrom('sequences').select('id').where('labelId', '=', labelId).execute()).toEqual([])
})
