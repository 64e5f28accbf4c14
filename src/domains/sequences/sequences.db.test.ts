import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import {
  FORM,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { exchangePersonalData, recordReturn, type Subject } from '../exchange/index.ts'
import { confirm, eraseFan, join, leave, mergeFans, ownPersonalData, type Proof, suppress } from '../fans/index.ts'
import { createArtist, createLabel } from '../identity/index.ts'
import { reachPersonalData } from '../reach/index.ts'
import { codePath, handOutCode, shopPersonalData } from '../shop/index.ts'
import { sequencesPersonalData } from './personal-data.ts'
import type { Give, Plan, Step } from './plan.rules.ts'
import { goOn, letIn, runSequences } from './run-sequences.ts'
import { saveLimit, sequenceById } from './sequence.store.ts'
import { switchOff, switchOn } from './switch-sequence.ts'
import { askTry, readTry, tryPlan, trySequence } from './try-sequence.ts'
import { changeSequence, createSequence } from './write-sequence.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const PERSONAL_DATA = [
  ownPersonalData,
  exchangePersonalData,
  reachPersonalData,
  shopPersonalData,
  sequencesPersonalData,
]
const release = `release:${newId()}` as Subject
const offers = async () => [{ subject: release, title: 'Tides', within: null, publicAt: new Date(0) }]

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let owner: SignedIn
let artistId: string
beforeAll(async () => {
  platform = await testPlatform()
  platform.stand()
  app = testApp(platform)
}, 60_000)
afterAll(() => platform.close())
beforeEach(async () => {
  artistId = (await inTx((tx) => createArtist(tx, { name: `Artist ${newId()}` }))).id
  owner = await signedIn(platform, { artistIds: [artistId] })
  await platform.pool.query(
    `update sequences set state = 'off'; update sessions set expires_at = now() + interval '9 years'`,
  )
})

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const proof = (more: Partial<Proof> = {}): Proof => ({ wording: 'Yes', language: 'en', source: 'link', ...more })
const run = () => runSequences(platform, offers)
let count = 0
type Deps = Pick<TestPlatform, 'db' | 'now' | 'signer'>

/** Somebody who says that this artist may write to them. */
async function joins({ recognised = false, address = `fan${++count}@fans.example` } = {}) {
  const said = recognised ? { recognised: 'Know me.' } : {}
  const joined = await inTx((tx) =>
    join(tx, platform, { to: { artistId }, channel: 'mail', address, said, ...proof({ source: 'form' }) }),
  )
  if (!joined.ok) throw new Error(joined.error)
  const { subscriptionId, fanId } = joined.value
  await inTx((tx) => confirm(tx, platform, { subscriptionId, recognised, ...proof() }))
  // Where the clock stands, what is confirmed comes a moment after what was asked.
  platform.pass(10)
  const { personId } = await platform.db
    .selectFrom('fans')
    .select('personId')
    .where('id', '=', fanId)
    .executeTakeFirstOrThrow()
  const did = (kind: string, at = platform.now()) =>
    inTx((tx) => recordReturn(tx, { artistId, key: newId(), kind, subject: release, givenAs: release, personId, at }))
  return {
    fanId,
    address,
    subscriptionId,
    personId,
    did,
    goes: () => inTx((tx) => leave(tx, platform, { subscriptionId, ...proof() })),
  }
}

const give = (title: string): Step => ({
  ...{ id: newId(), kind: 'give', giveId: newId(), channels: ['mail', 'sms', 'push'], subject: null, letterId: null },
  texts: { en: { title, body: 'Here it is.' } },
})
const wait = (days: number): Step => ({ id: newId(), kind: 'wait', count: days, unit: 'day', hour: null })

async function on(steps: Step[], more: Partial<Plan> = {}) {
  const plan: Plan = { when: { is: 'joined' }, again: false, timeZone: 'Europe/Paris', steps, ...more }
  const id = await createSequence(platform, { sender: { artistId }, by: owner.accountId, name: 'Welcome', plan })
  await turnOn(id)
  return id
}
async function turnOn(id: string) {
  expect((await trySequence(platform, offers, { id, months: 3 })).ok).toBe(true)
  const seen = (await sequenceById(platform.db, id))?.last.triedAt?.toISOString() ?? ''
  expect(await switchOn(platform, offers, { id, by: owner.accountId, seen })).toMatchObject({ ok: true })
}

/** The titles of what was written for somebody to be sent, in order. */
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
    .where('letterId', 'is not', null)
    .execute()
const states = async (fanId: string) =>
  (await platform.db.selectFrom('sequenceRuns').select('state').where('fanId', '=', fanId).orderBy('id').execute()).map(
    ({ state }) => state,
  )

test('who joins after it was switched on gets one thing after the other, once; who was there before does not', async () => {
  const before = await joins()
  const id = await on([give('One'), wait(3), give('Two')])
  platform.pass(1000)
  const ana = await joins()
  await run()
  await run()
  expect(await got(ana.fanId)).toEqual(['One'])
  expect(await got(before.fanId)).toEqual([])
  await handOver()
  platform.pass(3 * DAY - 1000)
  await run()
  expect(await got(ana.fanId)).toEqual(['One'])
  platform.pass(2000)
  await run()
  expect(await got(ana.fanId)).toEqual(['One', 'Two'])
  expect(await states(ana.fanId)).toEqual(['finished'])
  // Its gift stands on the spine once, and is what its page leads to.
  const { rows } = await platform.pool.query(`select kind from gifts where artist_id = $1`, [artistId])
  expect(rows).toEqual([{ kind: 'sequence' }, { kind: 'sequence' }])
  const page = await app.request(`/studio/sequences/${id}/people?lang=en`, { headers: owner.headers })
  expect(await page.text()).toContain('Came to the end')
})

test('the limit holds over all sequences: they wait, and nothing is lost', async () => {
  await saveLimit(platform.db, { artistId }, { most: 2, days: 7 })
  await on([give('A1'), give('A2')])
  await on([give('B1'), wait(1), give('B2')])
  platform.pass(1000)
  const ana = await joins()
  for (let day = 0; day < 30; day++) {
    await run()
    await handOver()
    platform.pass(DAY)
  }
  expect((await got(ana.fanId)).sort()).toEqual(['A1', 'A2', 'B1', 'B2'])
  const { rows } = await platform.pool.query<{ at: Date }>('select handed_at as at from deliveries where fan_id = $1', [
    ana.fanId,
  ])
  const times = rows.map(({ at }) => at.getTime())
  for (const from of times)
    expect(times.filter((at) => at >= from && at < from + 7 * DAY).length).toBeLessThanOrEqual(2)
})

test('while nothing leaves, what waits to leave counts: a server that comes back does not hand over a month at once', async () => {
  await saveLimit(platform.db, { artistId }, { most: 1, days: 7 })
  await on([give('One'), wait(1), give('Two'), wait(1), give('Three')])
  platform.pass(1000)
  const ana = await joins()
  for (let day = 0; day < 30; day++) {
    await run()
    platform.pass(DAY)
  }
  expect(await got(ana.fanId)).toEqual(['One'])
})

test('who leaves is out in that moment, who is to be left alone is never written to, who comes back is not let in again', async () => {
  await on([wait(1), give('One'), wait(1), give('Two')])
  platform.pass(1000)
  const [ana, bea] = [await joins(), await joins()]
  await run()
  platform.pass(DAY + 1000)
  await run()
  expect(await got(ana.fanId)).toEqual(['One'])
  await ana.goes()
  expect(await states(ana.fanId)).toEqual(['left'])
  const { addressHash } = await platform.db
    .selectFrom('fanAddresses')
    .select('addressHash')
    .where('fanId', '=', bea.fanId)
    .executeTakeFirstOrThrow()
  await suppress(platform.db, { channel: 'mail', addressHash, reason: 'complaint', at: platform.now() })
  platform.pass(DAY + 1000)
  await run()
  expect([await got(ana.fanId), await got(bea.fanId)]).toEqual([['One'], ['One']])
  expect(await states(bea.fanId)).toEqual(['left'])
  // The same address says yes again.
  const { address } = await platform.db
    .selectFrom('fanAddresses')
    .select('address')
    .where('fanId', '=', ana.fanId)
    .executeTakeFirstOrThrow()
  const again = await inTx((tx) =>
    join(tx, platform, { to: { artistId }, channel: 'mail', address, said: {}, ...proof({ source: 'form' }) }),
  )
  if (again.ok)
    await inTx((tx) =>
      confirm(tx, platform, { subscriptionId: again.value.subscriptionId, recognised: false, ...proof() }),
    )
  platform.pass(5 * DAY)
  await run()
  expect(await states(ana.fanId)).toEqual(['left'])
})

test('two who turn out to be one go on once; who is erased still counts, as nobody', async () => {
  const id = await on([wait(2), give('One')])
  platform.pass(1000)
  const [ana, bea, eve] = [await joins(), await joins(), await joins()]
  await run()
  await inTx((tx) => mergeFans(tx, PERSONAL_DATA, { from: bea.fanId, into: ana.fanId }))
  await inTx((tx) => eraseFan(tx, platform, PERSONAL_DATA, { fanId: eve.fanId, ...proof() }))
  platform.pass(3 * DAY)
  await run()
  expect(await got(ana.fanId)).toEqual(['One'])
  expect(await states(ana.fanId)).toEqual(['finished'])
  const rows = await platform.db
    .selectFrom('sequenceRuns')
    .select(['fanId', 'state'])
    .where('sequenceId', '=', id)
    .orderBy('state')
    .execute()
  expect(rows).toEqual([
    { fanId: null, state: 'erased' },
    { fanId: ana.fanId, state: 'finished' },
  ])
  expect(await got(eve.fanId, ['queued', 'suppressed'])).toEqual([])
})

test('switched off, nobody goes further and what waited does not leave; switched on again, only what happens from then on counts', async () => {
  const id = await on([give('One'), wait(1), give('Two')])
  platform.pass(1000)
  const ana = await joins()
  await run()
  expect(await got(ana.fanId)).toEqual(['One'])
  await switchOff(platform, { id, by: owner.accountId })
  expect(await got(ana.fanId)).toEqual([])
  expect(await got(ana.fanId, ['cancelled'])).toEqual(['One'])
  expect(await states(ana.fanId)).toEqual(['off'])
  platform.pass(2 * DAY)
  const bea = await joins()
  platform.pass(1000)
  await turnOn(id)
  await run()
  expect(await states(bea.fanId)).toEqual([])
  platform.pass(1000)
  const eve = await joins()
  await run()
  expect(await got(eve.fanId)).toEqual(['One'])
})

test('a change is a new version: who is on their way ends by theirs, and what was switched on never changes', async () => {
  const id = await on([wait(2), give('Old words')])
  platform.pass(1000)
  const ana = await joins()
  await run()
  const renamed = (plan: Plan): Plan => ({
    ...plan,
    steps: plan.steps.map((step) =>
      step.kind === 'give' ? { ...step, texts: { en: { title: 'New words', body: '' } } } : step,
    ),
  })
  expect(await changeSequence(platform, { id, change: renamed })).toBe(true)
  const { last } = (await sequenceById(platform.db, id)) ?? {}
  expect(last).toMatchObject({ number: 2, tried: null, fixedAt: null })
  // It is not in force before it was tried and looked at.
  expect(await switchOn(platform, offers, { id, by: owner.accountId, seen: '' })).toEqual({
    ok: false,
    error: 'unseen',
  })
  await turnOn(id)
  platform.pass(1000)
  const bea = await joins()
  await run()
  platform.pass(3 * DAY)
  await run()
  expect([await got(ana.fanId), await got(bea.fanId)]).toEqual([['Old words'], ['New words']])
  await expect(
    platform.pool.query(
      `update sequence_versions set plan = jsonb_set(plan, '{again}', 'true') where sequence_id = $1 and number = 1`,
      [id],
    ),
  ).rejects.toThrow('never changes')
  // Both versions give the same gift.
  const { rows } = await platform.pool.query(`select count(*)::int as n from gifts where artist_id = $1`, [artistId])
  expect(rows).toEqual([{ n: 1 }])
})

test('what people buy lets them in once for each time, if they may come in again, and never while they are on their way', async () => {
  await on([wait(2), give('Thank you')], { when: { is: 'bought', subject: null }, again: true })
  platform.pass(1000)
  const ana = await joins()
  await ana.did('listen')
  await run()
  expect(await states(ana.fanId)).toEqual([])
  await ana.did('order')
  await run()
  platform.pass(DAY)
  await ana.did('order')
  await run()
  expect((await states(ana.fanId)).sort()).toEqual(['passed', 'walking'])
  platform.pass(2 * DAY)
  await run()
  platform.pass(DAY)
  await ana.did('order')
  await run()
  platform.pass(3 * DAY)
  await run()
  expect(await got(ana.fanId)).toEqual(['Thank you', 'Thank you'])
  expect((await states(ana.fanId)).sort()).toEqual(['finished', 'finished', 'passed'])
})

test('who has done nothing for weeks is missed, of those alone who agreed to be recognised', async () => {
  await on([give('Where are you')], { when: { is: 'silent', weeks: 2 } })
  platform.pass(1000)
  const [ana, bea, eve] = [await joins({ recognised: true }), await joins(), await joins({ recognised: true })]
  platform.pass(13 * DAY)
  await run()
  await eve.did('listen')
  platform.pass(2 * DAY)
  await run()
  expect([await got(ana.fanId), await got(bea.fanId), await got(eve.fanId)]).toEqual([['Where are you'], [], []])
  platform.pass(13 * DAY)
  await run()
  expect(await got(eve.fanId)).toEqual(['Where are you'])
})

test('who takes back that they may be recognised is followed no longer for having been silent', async () => {
  await on([wait(1), give('Where are you')], { when: { is: 'silent', weeks: 1 } })
  platform.pass(1000)
  const ana = await joins({ recognised: true })
  platform.pass(7 * DAY)
  await run()
  expect(await states(ana.fanId)).toEqual(['walking'])
  await platform.db.updateTable('fans').set({ recognisedSince: null }).where('id', '=', ana.fanId).execute()
  expect(await states(ana.fanId)).toEqual(['left'])
})

test('music that may be taken home is, by the link of the mail alone, and they are known as who took it', async () => {
  const ana = await givenRelease(platform, { artist: `Artist ${newId()}`, title: 'Tides' })
  artistId = ana.artistId
  owner = await signedIn(platform, { artistIds: [artistId] })
  const subject = `release:${ana.releaseId}` as Subject
  await on([{ ...give('Take it'), subject, take: true } as Step])
  platform.pass(1000)
  const fan = await joins()
  await run()
  const sent = await platform.db
    .selectFrom('deliveries')
    .select(['ownHref', 'ownUntil'])
    .where('fanId', '=', fan.fanId)
    .where('letterId', 'is not', null)
    .executeTakeFirstOrThrow()
  expect(sent.ownUntil?.getTime()).toBe(platform.now().getTime() + 7 * DAY)
  const page = async (query: string) => {
    const answer = await app.request(`${sent.ownHref}${query}`, { headers: { accept: 'text/html' } })
    return { status: answer.status, told: (await answer.text()).includes(`data-subject="${subject}"`) }
  }
  // By the link of the message the page says that it was seen: what is taken is owed to that message.
  expect(await page('?via=m.CODE')).toEqual({ status: 200, told: true })
  expect(await page('')).toEqual({ status: 200, told: false })
  const taken = await platform.db
    .selectFrom('takings')
    .select(['subject', 'fanId'])
    .where('artistId', '=', artistId)
    .execute()
  expect(taken).toEqual([{ subject, fanId: fan.fanId }])
})

test('many at once, and a process that dies in the middle: everybody is let in once and told once', async () => {
  await saveLimit(platform.db, { artistId }, { most: 3, days: 7 })
  const id = await on([give('One'), give('Two'), wait(1), give('Three')])
  platform.pass(1000)
  const fans = []
  for (let n = 0; n < 12; n++) fans.push(await joins())
  /** All that one of the two does, and then the end of the process before its commit. */
  const dying = async () => {
    for (const act of [(of: Deps) => letIn(of, offers, id), (of: Deps) => goOn(of, offers, { artistId })])
      await inTx(async (tx) => {
        const within = { execute: (work: (of: Tx) => Promise<unknown>) => work(tx) }
        await act({ ...platform, db: Object.assign(Object.create(tx), { transaction: () => within }) })
        throw new Error('killed')
      }).catch((error) => expect(String(error)).toContain('killed'))
  }
  await Promise.all([run(), dying(), run(), dying(), run()])
  await dying()
  await run()
  await handOver()
  platform.pass(DAY + 1000)
  await Promise.all([run(), dying(), run()])
  await run()
  for (const { fanId } of fans) expect(await got(fanId)).toEqual(['One', 'Two', 'Three'])
  const { rows } = await platform.pool.query(
    `select count(*)::int as runs, count(distinct fan_id)::int as people from sequence_runs where sequence_id = $1`,
    [id],
  )
  expect(rows).toEqual([{ runs: 12, people: 12 }])
})

test('whatever happens in whatever order: one run at a time, each thing once, never more than the limit, nobody after they left', async () => {
  const deed = fc.record({
    what: fc.constantFrom(
      'joins',
      'buys',
      'leaves',
      'merges',
      'erases',
      'runs',
      'hands',
      'switches',
      'passes' as const,
    ),
    who: fc.nat({ max: 3 }),
    days: fc.integer({ min: 0, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 25 }), async (deeds) => {
      artistId = (await inTx((tx) => createArtist(tx, { name: `Artist ${newId()}` }))).id
      const limit = { most: 2, days: 5 }
      await saveLimit(platform.db, { artistId }, limit)
      const welcome = await on([give('W1'), wait(1), give('W2'), give('W3')])
      await on([give('T1'), wait(2), give('T2')], { when: { is: 'bought', subject: null }, again: true })
      platform.pass(1000)
      const people: (Awaited<ReturnType<typeof joins>> | null)[] = [null, null, null, null]
      const left = new Map<string, number>()
      for (const { what, who, days } of deeds) {
        const person = people[who] ?? null
        const other = people[(who + 1) % 4] ?? null
        if (what === 'joins' && !person) people[who] = await joins()
        else if (what === 'buys') await person?.did('order')
        else if (what === 'leaves' && person) {
          await Promise.all([person.goes(), run()])
          left.set(person.fanId, platform.now().getTime())
          people[who] = null
        } else if (what === 'merges' && person && other) {
          await Promise.all([
            inTx((tx) => mergeFans(tx, PERSONAL_DATA, { from: person.fanId, into: other.fanId })),
            run(),
          ])
          people[who] = null
        } else if (what === 'erases' && person) {
          await inTx((tx) => eraseFan(tx, platform, PERSONAL_DATA, { fanId: person.fanId, ...proof() }))
          people[who] = null
        } else if (what === 'switches') {
          await Promise.all([switchOff(platform, { id: welcome, by: owner.accountId }), run()])
          await turnOn(welcome)
        } else if (what === 'hands') await handOver()
        else if (what === 'passes') platform.pass(days * DAY)
        await Promise.all([run(), run()])
        platform.pass(60_000)
      }
      const { rows: twice } = await platform.pool.query(
        `select 1 from sequence_runs r join sequences s on s.id = r.sequence_id where s.artist_id = $1 and fan_id is not null and r.state = 'walking'
         group by sequence_id, fan_id having count(*) > 1
         union all select 1 from deliveries where artist_id = $1 and letter_id is not null group by once having count(*) > 1`,
        [artistId],
      )
      expect(twice).toEqual([])
      const { rows: sent } = await platform.pool.query<{ address: string; at: Date; fanId: string; made: Date }>(
        `select address, handed_at as at, fan_id as "fanId", created_at as made from deliveries where artist_id = $1 and handed_at is not null and address is not null`,
        [artistId],
      )
      // By address: what two told apart had got before they were one is nobody's doing.
      for (const { address, at } of sent) {
        const near = sent.filter(
          (one) => one.address === address && one.at >= at && one.at.getTime() - at.getTime() < limit.days * DAY,
        )
        expect(near.length).toBeLessThanOrEqual(limit.most)
      }
      for (const { fanId, made } of sent)
        expect(made.getTime()).toBeLessThanOrEqual(left.get(fanId) ?? Number.POSITIVE_INFINITY)
    }),
    { numRuns: 5 },
  )
}, 120_000)

test('a try reads the real past and says what the running sequence would have done, writing nothing', async () => {
  for (let n = 0; n < 5; n++) {
    const fan = await joins()
    if (n < 2) await fan.did('order')
    if (n === 4) await fan.goes()
    platform.pass(DAY)
  }
  platform.pass(1000)
  const plan = (steps: Step[], when: Plan['when'] = { is: 'joined' }): Plan => ({
    when,
    again: false,
    timeZone: 'UTC',
    steps,
  })
  const asked = (of: Plan) => tryPlan(platform, offers, { sender: { artistId }, plan: of, months: 1 })
  const tables = () =>
    sql`select (select count(*) from deliveries) + (select count(*) from sequence_runs) + (select count(*) from gifts) as n`.execute(
      platform.db,
    )
  const before = (await tables()).rows
  expect(await asked(plan([give('One'), wait(2), give('Two')]))).toMatchObject({
    reached: 5,
    messages: 9,
    mostInWeek: 2,
  })
  expect(await asked(plan([wait(1), give('One')]))).toMatchObject({ reached: 4, messages: 4, out: { left: 1 } })
  expect(await asked(plan([give('Thanks')], { is: 'bought', subject: release }))).toMatchObject({ reached: 2 })
  expect(await asked(plan([give('Thanks')], { is: 'bought', subject: `release:${newId()}` }))).toMatchObject({
    reached: 0,
    out: {},
  })
  expect((await tables()).rows).toEqual(before)
})

/** So many people who said yes, one a minute, up to now. */
async function joinedBefore(n: number) {
  await platform.pool.query(
    `with made as (
       select gen_random_uuid() as fan, gen_random_uuid() as address, n, $3::timestamptz - make_interval(mins => n) as at from generate_series(1, $2::int) n
     ), fan as (insert into fans (id, person_id, name) select fan, gen_random_uuid(), 'Fan ' || n from made),
     address as (insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash)
       select address, fan, 'mail', address || '@fans.example', address || '@fans.example', md5(address::text) from made),
     consent as (insert into consents (id, fan_id, address_id, artist_id, channel, event, wording, language, source, at)
       select gen_random_uuid(), fan, address, $1::uuid, 'mail', 'confirmed', 'Yes', 'en', 'form', at from made)
     insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
     select gen_random_uuid(), fan, address, $1::uuid, 'mail', 'active', at, at from made`,
    [artistId, n, platform.now()],
  )
}

test('a try of many people is read by a job: the page says how far it is, a worker that dies begins again, and a change makes it nobody’s', async () => {
  await joinedBefore(2_300)
  const plan: Plan = { when: { is: 'joined' }, again: false, timeZone: 'UTC', steps: [give('One')] }
  const id = await createSequence(platform, { sender: { artistId }, by: owner.accountId, name: 'Welcome', plan })
  const path = `/studio/sequences/${id}/try`
  const page = async () => (await app.request(`${path}?lang=en`, { headers: owner.headers })).text()
  const last = async () => (await sequenceById(platform.db, id))?.last
  const work = (signal = new AbortController().signal, lastAttempt = false) =>
    readTry(platform, offers, { sequenceId: id }, { signal, lastAttempt })
  const ask = async () => {
    const answer = await app.request(path, {
      method: 'POST',
      headers: { ...FORM, ...owner.headers },
      body: 'months=1',
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, path])
  }
  await ask()
  const { rows: jobs } = await platform.pool.query(
    `select payload from graphile_worker._private_jobs where key = 'sequences.try:${id}'`,
  )
  expect(jobs).toEqual([{ payload: { sequenceId: id } }])
  expect(await page()).toContain('nobody was looked at yet')
  expect(await page()).toContain('http-equiv="refresh"')
  expect(await page()).not.toContain('Switch it on</button>')

  // Asked to stop on the way.
  const stop = new AbortController()
  stop.abort(new Error('stopped'))
  await expect(work(stop.signal)).rejects.toThrow('stopped')
  expect((await last())?.tried).toBeNull()
  await work()
  expect(await last()).toMatchObject({ tried: { reached: 2_300, messages: 2_300 }, tryAskedAt: null, tryRead: 2_300 })
  expect(await page()).toContain('would have reached 2,300 people')
  expect(await page()).not.toContain('http-equiv="refresh"')

  // Changed while it is read: what it would say is of a plan that is no more.
  await ask()
  await changeSequence(platform, { id, change: (was) => ({ ...was, steps: [...was.steps, give('Two')] }) })
  await work()
  expect(await last()).toMatchObject({ tried: null, tryAskedAt: null })
  // It comes to no end: that is said, and the next one is as good as the first.
  await ask()
  await expect(work(stop.signal, true)).rejects.toThrow('stopped')
  expect(await page()).toContain('did not come to its end')
  expect(await askTry(platform, offers, { id, months: 1 })).toMatchObject({ ok: true, value: 'reading' })
  expect(await page()).not.toContain('did not come to its end')
  // Killed over its last attempt: nobody reads it any more, and it may be asked for again.
  expect(await page()).not.toContain('name="months"')
  platform.pass(31 * 60_000)
  expect(await page()).toContain('name="months"')
  expect(await page()).not.toContain('http-equiv="refresh"')
  await ask()
  expect(await page()).not.toContain('name="months"')
  await work()
  expect((await last())?.tried).toMatchObject({ reached: 2_300, messages: 4_600 })
})

test('in the studio: laid down with plain forms, tried, seen, switched on; nonsense is said beside its field, and nothing typed is lost', async () => {
  const post = async (path: string, fields: Record<string, string>, who = owner) => {
    const answer = await app.request(`${path}${path.includes('?') ? '&' : '?'}lang=en`, {
      method: 'POST',
      headers: { ...FORM, ...who.headers },
      body: new URLSearchParams(fields).toString(),
    })
    return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
  }
  const get = async (path: string) => (await app.request(`${path}?lang=en`, { headers: owner.headers })).text()
  const wrong = await post('/studio/sequences/new', { name: '', when: 'silent', weeks: 'some' })
  expect([
    wrong.status,
    wrong.html.includes('A whole number from 1 to 104.'),
    wrong.html.includes('value="some"'),
  ]).toEqual([422, true, true])
  const { to } = await post('/studio/sequences/new', { name: 'Welcome', when: 'joined' })
  const path = to.split('?')[0] ?? ''
  expect((await post(`${path}/add`, { kind: 'song' })).status).toBe(404)
  const { to: waiting } = await post(`${path}/add`, { kind: 'wait' })
  expect((await post(waiting, { count: '0', unit: 'day', hour: '99:99' })).status).toBe(422)
  expect((await post(waiting, { count: '3', unit: 'day', hour: '18:00' })).status).toBe(303)
  const { to: giving } = await post(`${path}/add`, { kind: 'give' })
  expect(await get(path)).toContain('Step 2 gives a message that has no words.')
  expect((await post(`${path}/try`, { months: '3' })).status).toBe(422)
  expect((await post(giving, { title_en: 'Kept', body_en: 'Kept too', subject: 'release:nonsense' })).html).toContain(
    'Kept too',
  )
  expect((await post(giving, { channels: 'mail', title_en: 'Hello {name}', body_en: 'A **song**.' })).status).toBe(303)
  expect(await get(giving)).toContain('Hello Alex')
  await post(`${path}/add`, { kind: 'stop' })
  const stop = /id="step-([0-9a-f-]{36})" data-step="stop"/.exec(await get(path))?.[1] ?? ''
  expect((await post(`${path}/order`, { move: `${stop}:up` })).to).toContain(`moved=${stop}`)
  expect((await post(`${path}/order`, { move: `${stop}:out` })).status).toBe(303)
  expect((await post(`${path}/on`, { seen: '' })).status).toBe(422)
  const fan = await joins()
  platform.pass(4 * DAY)
  expect((await post(`${path}/try`, { months: '1' })).status).toBe(303)
  const tried = await get(`${path}/try`)
  expect(tried).toContain('would have reached one person with one message')
  const seen = /name="seen" value="([^"]+)"/.exec(tried)?.[1] ?? ''
  // A change in between, in another window.
  await post(waiting, { count: '1', unit: 'day', hour: '' })
  expect((await post(`${path}/on`, { seen })).html).toContain('It changed since it was tried.')
  await post(`${path}/try`, { months: '1' })
  const editor = await signedIn(platform, { artistIds: [artistId], role: 'editor' })
  const again = /name="seen" value="([^"]+)"/.exec(await get(`${path}/try`))?.[1] ?? ''
  expect((await post(`${path}/on`, { seen: again }, editor)).status).toBe(404)
  expect((await post(`${path}/on`, { seen: again })).to).toContain('done=on')
  expect(await get(path)).toContain('What is switched on does not change.')
  expect(await got(fan.fanId)).toEqual([])
  expect((await post(`${path}/off`, {})).to).toContain('done=off')
  expect((await post('/studio/sequences/limit', { most: '0', days: '7' })).status).toBe(422)
  expect((await post('/studio/sequences/limit', { most: '1', days: '7' })).status).toBe(303)
  const stranger = await signedIn(platform, { artistIds: [] })
  expect((await post(`${path}/off`, {}, stranger)).status).toBe(404)
})

const codesOf = async (fanIds: string[]) =>
  (
    await platform.pool.query<{ href: string; fan: string }>(
      `select own_href as href, fan_id as fan from deliveries where fan_id = any($1) and letter_id is not null and own_href like '/code/%' order by id`,
      [fanIds],
    )
  ).rows

/** As many codes as are given here, for what is offered. */
const batchOf = async (count: number) => {
  const id = newId()
  await platform.pool.query(
    `insert into code_batches (id, artist_id, subject, name, created_at) values ($1, $2, $3, 'Thanks', now())`,
    [id, artistId, release],
  )
  await platform.pool.query(
    `insert into codes (code, batch_id, position) select replace($1::text, '-', '') || n, $1::uuid, n from generate_series(1, $2::int) n`,
    [id, count],
  )
  return id
}
const giveCode = (title: string, batch: string): Step => ({ ...(give(title) as Give), subject: release, batch })

const page = async (path: string) => (await app.request(`${path}?lang=en`, owner)).text()

/** The batch of what is given is changed, tried and switched on. */
async function chooseBatch(id: string, batch: string | null) {
  await changeSequence(platform, {
    id,
    change: (was) => ({
      ...was,
      steps: was.steps.map((step) => (step.kind === 'give' && step.batch ? { ...step, batch } : step)),
    }),
  })
  await turnOn(id)
}

test('a step gives each a code of their own, one a person and batch; once there is none left people wait there, the artist is told, and a new batch gives a new code', async () => {
  const batch = await batchOf(2)
  const id = await on([giveCode('A code', batch), wait(10), give('After')], {
    when: { is: 'took', subject: null },
    again: true,
  })
  const [bea, luc, eve] = [
    await joins({ recognised: true }),
    await joins({ recognised: true }),
    await joins({ recognised: true }),
  ]
  const all = [bea, luc, eve].map(({ fanId }) => fanId)
  expect(await page('/studio/sequences')).not.toContain('have run out')
  for (const fan of [bea, luc]) await fan.did('download')
  platform.pass(1000)
  await run()
  await run()
  const first = await codesOf(all)
  expect(first.map(({ fan }) => fan).sort()).toEqual([bea.fanId, luc.fanId].sort())
  expect(new Set(first.map(({ href }) => href)).size).toBe(2)
  await eve.did('download')
  platform.pass(1000)
  await run()
  expect(await got(eve.fanId)).toEqual([])
  for (const path of ['/studio/sequences', `/studio/sequences/${id}`, '/studio'])
    expect(await page(path)).toMatch(
      /The codes of “Thanks” have run out in “Welcome”\.[^<]* One person waits at that step/,
    )
  expect(await page(`/studio/sequences/${id}`)).toContain('a code of “Thanks”')
  expect(await page(`/studio/sequences/${id}/people`)).toContain('Waits for a code')
  await handOver()
  platform.pass(11 * DAY)
  await run()
  // Nothing of it is lost to her, and nothing that comes after it overtakes it.
  expect(await got(eve.fanId)).toEqual([])
  await handOver()
  platform.pass(11 * DAY)
  // Who comes in again gets the code that is theirs already, also when there is none left.
  await bea.did('download')
  platform.pass(1000)
  await run()
  const again = await codesOf([bea.fanId])
  expect(again).toHaveLength(2)
  expect(new Set(again.map(({ href }) => href)).size).toBe(1)
  const known = await shopPersonalData.know(platform.db, {
    ...{ fanId: bea.fanId, personIds: [], addressIds: [], addressHashes: [] },
  })
  expect(known['codes']).toHaveLength(1)

  await chooseBatch(id, await batchOf(5))
  platform.pass(HOUR)
  await run()
  expect(await got(eve.fanId)).toEqual(['A code'])
  // What she does without is hers to come to as well.
  await handOver()
  platform.pass(30 * DAY)
  await run()
  expect(await got(eve.fanId)).toEqual(['A code', 'After'])
  await handOver()
  platform.pass(30 * DAY)
  await bea.did('download')
  platform.pass(1000)
  await run()
  const third = await codesOf([bea.fanId])
  expect(third).toHaveLength(3)
  expect(new Set(third.map(({ href }) => href)).size).toBe(2)
  expect(await page('/studio')).not.toContain('have run out')
})

test('who waits for a code goes on without it once the step gives none any more; a batch that was closed gives nobody a link that leads nowhere', async () => {
  const batch = await batchOf(3)
  const id = await on([giveCode('A code', batch), give('After')])
  await platform.pool.query('update code_batches set closed_at = now() where id = $1', [batch])
  const fan = await joins()
  platform.pass(1000)
  await run()
  expect(await got(fan.fanId)).toEqual([])
  expect(await page('/studio')).toContain('The codes of “Thanks” may be used no longer')
  await chooseBatch(id, null)
  platform.pass(HOUR)
  await run()
  expect(await got(fan.fanId)).toEqual(['After'])
  expect(await codesOf([fan.fanId])).toEqual([])
})

test('whoever is erased and comes again at that address finds the code that was theirs, and takes no other; nothing that is kept leads to them', async () => {
  const batch = await batchOf(2)
  await on([giveCode('A code', batch)])
  let fan = await joins()
  const erase = (fanId: string) =>
    inTx((tx) => eraseFan(tx, platform, PERSONAL_DATA, { fanId, ...proof({ source: 'preferences' }) }))
  const codes = new Set<string | undefined>()
  for (let round = 0; round < 4; round++) {
    platform.pass(HOUR)
    await run()
    const rows = await codesOf([fan.fanId])
    expect(rows).toHaveLength(1)
    codes.add(rows[0]?.href)
    const { rows: kept } = await platform.pool.query<{ addressHash: string }>(
      'select address_hash as "addressHash" from fan_addresses where fan_id = $1',
      [fan.fanId],
    )
    await erase(fan.fanId)
    const { rows: left } = await platform.pool.query<{ row: string; marks: string[] }>(
      'select g::text as row, marks from given_codes g where batch_id = $1',
      [batch],
    )
    expect(left).toHaveLength(1)
    expect(left[0]?.marks).toHaveLength(1)
    for (const trace of [fan.fanId, fan.address, kept[0]?.addressHash ?? ''])
      expect(left[0]?.row.includes(trace)).toBe(false)
    fan = await joins({ address: fan.address })
  }
  expect(codes.size).toBe(1)
  platform.pass(HOUR)
  await run()
  // Used before they were erased: they had theirs, and are told of none that opens nothing.
  await platform.pool.query(
    `update codes set redeemed_at = now(), browser = 'there' where batch_id = $1 and handed_at is not null`,
    [batch],
  )
  await erase(fan.fanId)
  fan = await joins({ address: fan.address })
  platform.pass(HOUR)
  await run()
  expect(await got(fan.fanId)).toEqual([])
  const other = await joins()
  platform.pass(HOUR)
  await run()
  expect(await codesOf([other.fanId])).toHaveLength(1)
})

test('two who turn out to be one keep one code of a batch, and going and coming again at both addresses draws no third', async () => {
  const batch = await batchOf(6)
  await on([giveCode('A code', batch)])
  let [one, two] = [await joins(), await joins()]
  for (let round = 0; round < 3; round++) {
    platform.pass(HOUR)
    await run()
    expect(new Set((await codesOf([one.fanId, two.fanId])).map(({ href }) => href)).size).toBe(2)
    await inTx((tx) => mergeFans(tx, PERSONAL_DATA, { from: one.fanId, into: two.fanId }))
    const { fanId } = two
    await inTx((tx) => eraseFan(tx, platform, PERSONAL_DATA, { fanId, ...proof({ source: 'preferences' }) }))
    ;[one, two] = [await joins({ address: one.address }), await joins({ address: two.address })]
  }
  const { rows } = await platform.pool.query(
    'select from codes where batch_id = $1 and (handed_at is not null or redeemed_at is not null)',
    [batch],
  )
  expect(rows).toHaveLength(2)
})

test('who waits for a code gets one once more of the same batch are made; a label that may write for the artist sees it on its day', async () => {
  const batch = await batchOf(1)
  await on([giveCode('A code', batch)])
  const [first, second] = [await joins(), await joins()]
  platform.pass(1000)
  await run()
  expect(await codesOf([first.fanId, second.fanId])).toHaveLength(1)
  const { id: labelId, slug } = await inTx((tx) => createLabel(tx, { name: `Label ${newId()}`, ownerId: null }))
  const manager = await signedIn(platform, { labelIds: [labelId] })
  const mandate = newId()
  await platform.db
    .insertInto('mandates')
    .values({ id: mandate, artistId, labelId, permissions: ['music.edit'], endsAt: null })
    .execute()
  const day = async () => (await app.request(`/studio?desk=${slug}&lang=en`, manager)).text()
  expect(await day()).not.toContain('Codes that run short')
  await platform.db
    .updateTable('mandates')
    .set({ permissions: ['announce.edit'] })
    .where('id', '=', mandate)
    .execute()
  expect(await day()).toMatch(/Codes that run short[\s\S]*The codes of “Thanks” have run out in “Welcome”/)

  const form = { headers: { ...owner.headers, ...FORM }, method: 'POST', body: 'count=3&had=1' }
  const done = await app.request(`/studio/shop/codes/${batch}/add`, form)
  expect(done.headers.get('location')).toContain('done=added')
  platform.pass(HOUR)
  await run()
  const codes = await codesOf([first.fanId, second.fanId])
  expect(new Set(codes.map(({ fan }) => fan)).size).toBe(2)
  expect(new Set(codes.map(({ href }) => href)).size).toBe(2)
  expect(await day()).not.toContain('have run out')
})

test('whatever gives of a batch, at whatever moment, somebody has one code of it: a sequence, and the thanks of missions', async () => {
  const [one, two] = [await batchOf(40), await batchOf(40)]
  await on([giveCode('A code', one), giveCode('And another', two)])
  const fans = []
  for (let n = 0; n < 8; n++) fans.push(await joins())
  platform.pass(1000)
  // As a mission thanks: each in a transaction of their own, by both batches in another order than the sequence.
  const thank = (fanId: string) =>
    inTx(async (tx) => {
      for (const batchId of [two, one, two]) await handOutCode(tx, platform, { batchId, fanId })
    })
  await Promise.all([run(), ...fans.flatMap(({ fanId }) => [thank(fanId), thank(fanId)]), run()])
  await run()
  const { rows } = await platform.pool.query<{ fan: string; batch: string; code: string }>(
    'select fan_id as fan, batch_id as batch, code from given_codes where batch_id = any($1)',
    [[one, two]],
  )
  const { rows: taken } = await platform.pool.query<{ code: string }>(
    'select code from codes where batch_id = any($1) and handed_at is not null',
    [[one, two]],
  )
  expect(taken.map(({ code }) => code).sort()).toEqual(rows.map(({ code }) => code).sort())
  expect(rows).toHaveLength(16)
  // What they were told of is what is theirs.
  for (const { href, fan } of await codesOf(fans.map(({ fanId }) => fanId)))
    expect(rows.filter((row) => row.fan === fan).map(({ code }) => codePath(code))).toContain(href)

  // Who had it of a mission before is given that, though the batch has none left for anybody else.
  const last = await batchOf(1)
  await on([giveCode('Of the last', last)])
  const [fan, late] = [await joins(), await joins()]
  const handed = await inTx((tx) => handOutCode(tx, platform, { batchId: last, fanId: fan.fanId }))
  const theirs = handed.is === 'given' ? handed.code : ''
  platform.pass(1000)
  await run()
  await handOver()
  platform.pass(11 * DAY)
  await run()
  expect((await codesOf([fan.fanId])).map(({ href }) => href)).toContain(codePath(theirs))
  expect((await codesOf([late.fanId])).map(({ href }) => href)).not.toContain(codePath(theirs))
  await inTx((tx) => mergeFans(tx, PERSONAL_DATA, { from: fan.fanId, into: late.fanId }))
  const known = await shopPersonalData.know(platform.db, {
    ...{ fanId: late.fanId, personIds: [], addressIds: [], addressHashes: [] },
  })
  expect(known['codes']).toContainEqual(expect.objectContaining({ code: theirs, subject: release }))
  await inTx((tx) => eraseFan(tx, platform, PERSONAL_DATA, { fanId: late.fanId, ...proof({ source: 'preferences' }) }))
  expect(await platform.db.selectFrom('givenCodes').select('code').where('fanId', '=', late.fanId).execute()).toEqual(
    [],
  )
})

test('what a mission gave, or a sequence, is known again by either once its owner was erased and came back; nobody else has it meanwhile', async () => {
  const batch = await batchOf(3)
  await on([giveCode('A code', batch)])
  const byMission = (fanId: string) => inTx((tx) => handOutCode(tx, platform, { batchId: batch, fanId }))
  const erase = (fanId: string) =>
    inTx((tx) => eraseFan(tx, platform, PERSONAL_DATA, { fanId, ...proof({ source: 'preferences' }) }))
  let fan = await joins()
  const first = await byMission(fan.fanId)
  expect(first.is).toBe('given')
  await erase(fan.fanId)
  fan = await joins({ address: fan.address })
  platform.pass(1000)
  await run()
  const href = (await codesOf([fan.fanId])).map((one) => one.href)
  expect(href).toEqual([first.is === 'given' && codePath(first.code)])
  await erase(fan.fanId)
  // Of one who asked and never said that the address is theirs it is not known.
  const asked = await inTx((tx) =>
    join(tx, platform, {
      ...{ to: { artistId }, channel: 'mail', address: fan.address, said: {}, ...proof({ source: 'form' }) },
    }),
  )
  if (!asked.ok) throw new Error(asked.error)
  const other = await byMission(asked.value.fanId)
  expect(other).toMatchObject({ is: 'given' })
  expect(other).not.toEqual(first)
  await erase(asked.value.fanId)
  // The one who left it unsaid took another, and both lead to this address now: the one that was its first is found.
  fan = await joins({ address: fan.address })
  expect(await byMission(fan.fanId)).toEqual(first)
  await erase(fan.fanId)
  await platform.pool.query(`update codes set redeemed_at = now(), browser = 'there' where batch_id = $1`, [batch])
  fan = await joins({ address: fan.address })
  expect(await byMission(fan.fanId)).toEqual({ is: 'used' })
})

test('a try says how many would get a code and how many are left; a batch that the next two weeks may empty is said on the home of the studio', async () => {
  const batch = await batchOf(3)
  for (let n = 0; n < 4; n++) await joins()
  platform.pass(1000)
  const id = await on([giveCode('One', batch), giveCode('Two', batch)])
  expect((await sequenceById(platform.db, id))?.last.tried?.codes).toEqual([{ batch, people: 4 }])
  expect(await page(`/studio/sequences/${id}/try`)).toContain(
    'Codes of “Thanks”: 3 left; 4 people would have got one. That is too few',
  )
  expect(await page('/studio')).not.toContain('of “Thanks” left')
  await joins()
  platform.pass(1000)
  await run()
  // Two are left, one was taken: as many again is still there.
  expect(await page('/studio')).not.toContain('of “Thanks” left')
  await joins()
  platform.pass(1000)
  await letIn(platform, offers, id)
  expect(await page('/studio')).not.toContain('of “Thanks” left')
  await run()
  expect(await page('/studio')).toContain(
    '“Welcome”: one code of “Thanks” left. Nobody is on their way to one; 2 were taken in the last two weeks.',
  )
})

test('two steps at once, and whoever dies in between: nobody gets two codes of a batch, no code goes to two, and whoever finds none waits', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 }), async (count, people) => {
      await platform.pool.query(`update sequences set state = 'off'`)
      artistId = (await inTx((tx) => createArtist(tx, { name: `Artist ${newId()}` }))).id
      owner = await signedIn(platform, { artistIds: [artistId] })
      const batch = await batchOf(count)
      // One sequence with two such steps, and another one beside it.
      await on([giveCode('One', batch), giveCode('Two', batch)])
      await on([giveCode('Three', batch)])
      await saveLimit(platform.db, { artistId }, { most: 5, days: 1 })
      const fans = []
      for (let n = 0; n < people; n++) fans.push(await joins())
      platform.pass(1000)
      let left = 1
      const dying = { ...platform, signer: platform.signer, now: () => platform.now() }
      await Promise.allSettled([
        run(),
        run(),
        runSequences(dying, async () => {
          if (left-- > 0) throw new Error('killed')
          return offers()
        }),
      ])
      await run()
      const rows = await codesOf(fans.map(({ fanId }) => fanId))
      expect(rows).toHaveLength(3 * Math.min(count, people))
      expect(new Set(rows.map(({ href }) => href)).size).toBe(Math.min(count, people))
      for (const { fanId } of fans)
        expect(new Set(rows.filter(({ fan }) => fan === fanId).map(({ href }) => href)).size).toBeLessThanOrEqual(1)
      const { rows: waiting } = await platform.pool.query(
        `select from sequence_runs where fan_id = any($1) and state = 'walking' and waits_for = 'code'`,
        [fans.map(({ fanId }) => fanId)],
      )
      expect(waiting).toHaveLength(2 * Math.max(0, people - count))
    }),
    { numRuns: 8 },
  )
}, 120_000)
