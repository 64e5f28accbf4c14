import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { frozenAnnouncement } from '../../../testing/announcement.ts'
import { signedIn, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { addressHash, suppress } from '../../fans/index.ts'
import { resumeAnnouncement } from '../announce/steer.ts'
import { askFan } from '../ask-fan.ts'
import { decideUncertain, deliveryCounts, enqueueOne } from '../enqueue.ts'
import { deliver } from './deliver.ts'
import { artistWithProvider, context, states } from './engine.fixtures.ts'
import { fakeChannel } from './fake-channel.ts'
import { tend } from './tend.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(async () => {
  await platform.pool.query(
    'delete from deliveries; delete from announcements; delete from suppressions; delete from fans',
  )
})

const uncertain = async () =>
  (await platform.pool.query<{ id: number }>(`select id from deliveries where state = 'uncertain'`)).rows.map(
    ({ id }) => id,
  )

test('everybody is told once, in their own words, and each is a touch of the announcement’s gift', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const { announcementId, giftId } = await frozenAnnouncement(platform, artistId, 57)
  await deliver(platform, parts, { providerId }, context())
  await deliver(platform, parts, { providerId }, context())
  expect(new Set(fake.taken.map(({ address }) => address)).size).toBe(57)
  expect(fake.taken).toHaveLength(57)
  expect(fake.taken[0]?.message.subject).toMatch(/^Hello Fan \d+$/)
  expect(await deliveryCounts(platform.db, announcementId)).toEqual([{ channel: 'mail', state: 'handed', count: 57 }])
  const touches = await platform.db.selectFrom('touches').selectAll().where('giftId', '=', giftId).execute()
  expect(touches).toHaveLength(57)
  expect(new Set(touches.map(({ personId }) => personId)).size).toBe(57)
  expect(touches[0]).toMatchObject({ channel: 'mail', subject: `announcement:${announcementId}` })
  const announcement = await platform.db.selectFrom('announcements').select(['state', 'finishedAt']).executeTakeFirst()
  expect(announcement).toEqual({ state: 'sent', finishedAt: expect.any(Date) })
})

test('in the moment of handing over it is looked at who may still be told', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const { announcementId } = await frozenAnnouncement(platform, artistId, 7)
  const fan = (n: number) => `(select id from fans where name = 'Fan ${n}')`
  await platform.pool.query(`
    insert into suppressions (channel, address_hash, reason, at) select 'mail', address_hash, 'complaint', now() from fan_addresses where fan_id = ${fan(1)};
    update subscriptions set state = 'left' where fan_id = ${fan(2)};
    update subscriptions set paused_until = now() + interval '1 day' where fan_id = ${fan(3)};
    update fan_addresses set removed_at = now() where fan_id = ${fan(4)};
    update fans set erased_at = now() where name = 'Fan 5'`)
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ message }) => message.subject).sort()).toEqual(['Hello Fan 6', 'Hello Fan 7'])
  expect(await states(platform, announcementId)).toEqual({ handed: 2, suppressed: 5 })
})

test('a message with its own words leaves before a great announcement', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform, {
    fake: fakeChannel({ batch: 5, lanes: 1 }),
  })
  await frozenAnnouncement(platform, artistId, 20)
  await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      kind: 'answer',
      channel: 'mail',
      artistId,
      address: 'lea@fans.example',
      language: 'fr',
      message: { subject: 'Re: merci', text: 'Avec plaisir' },
      dueAt: platform.now(),
    }),
  )
  const { rows } = await platform.pool.query(
    `select key from graphile_worker.jobs where task_identifier = 'reach.deliver'`,
  )
  expect(rows).toEqual([{ key: `reach.deliver:${providerId}` }])
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken[0]).toMatchObject({
    address: 'lea@fans.example',
    kind: 'answer',
    message: { text: 'Avec plaisir' },
  })
  expect(fake.taken).toHaveLength(21)
})

test('the receipt of a STOP leaves although its address asked to be left alone, and nothing else does', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  await frozenAnnouncement(platform, artistId, 1)
  await platform.pool.query(`update announcements set state = 'paused';
    insert into suppressions (channel, address_hash, reason, at) select 'mail', address_hash, 'asked', now() from fan_addresses`)
  const { id: addressId, fanId } = await platform.db
    .selectFrom('fanAddresses')
    .select(['id', 'fanId'])
    .executeTakeFirstOrThrow()
  const row = {
    channel: 'mail',
    artistId,
    fanId,
    addressId,
    address: 'x',
    language: 'en',
    dueAt: platform.now(),
  } as const
  await platform.db.transaction().execute(async (tx) => {
    await enqueueOne(tx, { ...row, kind: 'notice', message: { text: 'You left', lastWord: true } })
    await enqueueOne(tx, { ...row, kind: 'answer', message: { text: 'One more thing' } })
  })
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ message }) => message.text)).toEqual(['You left'])
})

test('what is told to who asks for it leaves to nobody who has left while it waited', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  await frozenAnnouncement(platform, artistId, 2)
  await platform.pool.query(`update announcements set state = 'paused'`)
  const [stays, leaves] = await platform.db.selectFrom('fanAddresses').select(['id', 'fanId', 'address']).execute()
  await platform.db.transaction().execute(async (tx) => {
    for (const { id: addressId, fanId, address } of [stays, leaves].flatMap((one) => one ?? []))
      await enqueueOne(tx, {
        ...{ channel: 'mail', kind: 'notice', artistId, fanId, addressId, address, language: 'en' },
        ...{ dueAt: platform.now(), message: { text: `It has ended, ${address}`, ofSubscription: true } },
      })
  })
  await platform.db
    .updateTable('subscriptions')
    .set({ state: 'left' })
    .where('addressId', '=', leaves?.id ?? '')
    .execute()
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ message }) => message.text)).toEqual([`It has ended, ${stays?.address}`])
  const { rows } = await platform.pool.query(
    `select state, problem from deliveries where address_id = $1 and kind = 'notice'`,
    [leaves?.id],
  )
  expect(rows).toEqual([{ state: 'suppressed', problem: 'left' }])
})

test('asked for twice under one name, it leaves once; an address that is no fan’s is looked up as well', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const row = { channel: 'mail', kind: 'answer', artistId, language: 'en', dueAt: platform.now() } as const
  const send = (address: string, once: string) =>
    platform.db
      .transaction()
      .execute((tx) => enqueueOne(tx, { ...row, address, once, message: { subject: 'Re:', text: 'Thanks' } }))
  const first = await send('lea@fans.example', 'answer:1')
  expect(await send('lea@fans.example', 'answer:1')).toBe(first)
  await send('Dead@Fans.example', 'answer:2')
  const hash = addressHash(platform.signer, 'mail', 'dead@fans.example')
  await suppress(platform.db, { channel: 'mail', addressHash: hash, reason: 'hard-bounce', at: platform.now() })
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ address }) => address)).toEqual(['lea@fans.example'])
})

test('who asks to be told is asked back, once, though they once wanted to be left alone', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  await frozenAnnouncement(platform, artistId, 1)
  await platform.pool.query(`update announcements set state = 'paused'; update subscriptions set state = 'asked';
    insert into suppressions (channel, address_hash, reason, at) select 'mail', address_hash, 'asked', now() from fan_addresses`)
  const { id: subscriptionId } = await platform.db.selectFrom('subscriptions').select('id').executeTakeFirstOrThrow()
  await askFan(platform, { subscriptionId })
  await askFan(platform, { subscriptionId })
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken).toHaveLength(1)
  expect(fake.taken[0]).toMatchObject({ kind: 'notice', message: { text: expect.stringContaining('/confirm/') } })
})

test('paused, nothing more leaves; resumed, it goes on where it was; cancelled, the rest stays', async () => {
  const fake = fakeChannel({
    batch: 5,
    lanes: 1,
    answer: async ({ deliveryId }) => {
      if (fake.taken.length === 7 || fake.taken.length === 17)
        await platform.pool.query(`update announcements set state = case when $1 then 'cancelled' else 'paused' end`, [
          fake.taken.length === 17,
        ])
      return { is: 'handed', ref: String(deliveryId) }
    },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 40)
  await deliver(platform, parts, { providerId }, context())
  // What its batch began is finished.
  expect(await states(platform, announcementId)).toEqual({ handed: 10, queued: 30 })
  await platform.pool.query(`update announcements set state = 'leaving'`)
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ handed: 20, cancelled: 20 })
  expect(new Set(fake.taken.map(({ address }) => address)).size).toBe(20)
})

test('what became of each message is kept: refused for good, for now, not known, not begun', async () => {
  const { artistId, providerId, parts } = await artistWithProvider(platform, {
    fake: fakeChannel({
      answer: ({ message }) => {
        if (message.subject === 'Hello Fan 1')
          return { is: 'refused', problem: '550 5.1.1 no such user', suppress: 'hard-bounce' }
        if (message.subject === 'Hello Fan 2') return { is: 'refused', problem: '554 5.7.1 not liked' }
        if (message.subject === 'Hello Fan 3') return { is: 'later', problem: '451 greylisted' }
        if (message.subject === 'Hello Fan 4') return { is: 'unknown', problem: 'cut off after the last dot' }
        return { is: 'handed', ref: 'ok' }
      },
    }),
  })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 5)
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ bounced: 1, failed: 1, queued: 1, uncertain: 1, handed: 1 })
  const suppressed = await platform.db.selectFrom('suppressions').select('reason').execute()
  expect(suppressed).toEqual([{ reason: 'hard-bounce' }])
  const later = await platform.db
    .selectFrom('deliveries')
    .selectAll()
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow()
  expect(later).toMatchObject({ attempts: 1, problem: '451 greylisted' })
  expect(later.dueAt.getTime()).toBeGreaterThan(platform.now().getTime() + 60_000)
  // And somebody comes back for it, not before.
  const { rows } = await platform.pool.query(`select run_at from graphile_worker.jobs where key = $1`, [
    `reach.deliver:${providerId}:later`,
  ])
  expect(rows).toEqual([{ run_at: later.dueAt }])
})

test('what a killed worker held is uncertain, is not sent again by itself, and a person decides', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const { announcementId } = await frozenAnnouncement(platform, artistId, 6)
  await platform.pool.query(
    `update deliveries set state = 'handing', holder = 'dead-worker/x', provider_id = $1, handing_at = now() where id in (select id from deliveries limit 4)`,
    [providerId],
  )
  await tend(platform)
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ uncertain: 4, handed: 2 })
  const [first, second, ...rest] = await uncertain()
  await platform.db.transaction().execute(async (tx) => {
    expect(await decideUncertain(tx, [first as number], 'again', platform.now())).toBe(1)
    expect(await decideUncertain(tx, [second as number], 'leave', platform.now())).toBe(1)
    // Said twice, it counts once.
    expect(await decideUncertain(tx, [first as number, second as number], 'again', platform.now())).toBe(0)
  })
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ uncertain: 3, handed: 3 })
  expect(fake.taken).toHaveLength(3)
  expect(rest).toHaveLength(2)
})

test('of what a killed worker had taken, only that is uncertain which it had begun and of which nothing was written', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const { announcementId, giftId } = await frozenAnnouncement(platform, artistId, 10)
  const { rows } = await platform.pool.query<{ id: number }>('select id from deliveries order by id')
  const ids = rows.map(({ id }) => id)
  const holder = 'dead-worker/x'
  await platform.pool.query(`update deliveries set state = 'handing', holder = $1, attempts = 1 where id = any($2)`, [
    holder,
    ids.slice(0, 8),
  ])
  await platform.db
    .insertInto('handLoads')
    .values({ holder, load: 0, providerId, announcementId, ids: ids.slice(0, 8) })
    .execute()
  const said = { problem: null, dueAt: null, attempts: 1 }
  const known = [
    { id: ids[0], state: 'handed', ref: 'first', ...said },
    { id: ids[2], state: 'failed', ref: null, ...said, problem: '554 no' },
  ]
  // Written twice, as when the answer to the first writing was lost.
  for (let n = 0; n < 2; n++)
    await platform.db
      .insertInto('handOutcomes')
      .values({ holder, load: 0, outcomes: JSON.stringify(known), begun: 5 })
      .execute()
  await tend(platform)
  expect(await states(platform, announcementId)).toEqual({ handed: 1, failed: 1, uncertain: 3, queued: 5 })
  const first = await platform.db
    .selectFrom('deliveries')
    .selectAll()
    .where('id', '=', ids[0] as number)
    .executeTakeFirst()
  expect(first).toMatchObject({ state: 'handed', providerRef: 'first', providerId, holder: null })
  const { rows: attempts } = await platform.pool.query(
    `select distinct attempts from deliveries where state = 'queued' and id = any($1)`,
    [ids],
  )
  expect(attempts).toEqual([{ attempts: 0 }])
  expect(await platform.db.selectFrom('handOutcomes').selectAll().execute()).toEqual([])
  // What was known is a touch like any other; the rest goes on, and nobody is told twice.
  expect(await platform.db.selectFrom('touches').select('id').where('giftId', '=', giftId).execute()).toHaveLength(1)
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ deliveryId }) => deliveryId).sort((a, b) => a - b)).toEqual(ids.slice(5))
  expect(await states(platform, announcementId)).toEqual({ handed: 6, failed: 1, uncertain: 3 })
  expect(await platform.db.selectFrom('handLoads').selectAll().execute()).toEqual([])
})

test('what an earlier load of the dead says of a row that a later one had begun is no more to be believed', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const { announcementId } = await frozenAnnouncement(platform, artistId, 2)
  const { rows } = await platform.pool.query<{ id: number }>('select id from deliveries order by id')
  const [asked, other] = rows.map(({ id }) => id) as [number, number]
  const holder = 'dead-worker/y'
  await platform.pool.query(`update deliveries set state = 'handing', holder = $1, attempts = 1`, [holder])
  // Asked to wait in the first load, taken again and begun in the second: it may have been told.
  const loads = [
    { load: 0, ids: [asked, other] },
    { load: 1, ids: [asked] },
  ]
  for (const { load, ids } of loads) {
    await platform.db.insertInto('handLoads').values({ holder, load, providerId, announcementId, ids }).execute()
    await platform.db.insertInto('handOutcomes').values({ holder, load, outcomes: '[]', begun: ids.length }).execute()
  }
  const later = { id: asked, state: 'queued', ref: null, problem: '450 later', dueAt: null, attempts: 1 }
  await platform.db
    .insertInto('handOutcomes')
    .values({ holder, load: 0, outcomes: JSON.stringify([later]) })
    .execute()
  await tend(platform)
  expect(await states(platform, announcementId)).toEqual({ uncertain: 2 })
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken).toEqual([])
})

test('whoever was thought dead may begin nothing more of what it had taken', async () => {
  const fake = fakeChannel({
    batch: 2,
    lanes: 1,
    answer: async ({ deliveryId }) => {
      // In the middle of its second load, another process settles what it holds.
      if (fake.taken.length === 3) {
        await platform.pool.query(`delete from workers`)
        await tend(platform)
      }
      return { is: 'handed', ref: String(deliveryId) }
    },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 12)
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ handed: 12 })
  expect(new Set(fake.taken.map(({ deliveryId }) => deliveryId)).size).toBe(12)
  expect(fake.taken).toHaveLength(12)
})

test('who was only slow may still say what became of a message, unless a person has decided meanwhile', async () => {
  const fake = fakeChannel({
    answer: async ({ deliveryId, message }) => {
      // Thought dead in the middle of it.
      await platform.pool.query(`update deliveries set state = 'uncertain' where id = $1`, [deliveryId])
      if (message.subject === 'Hello Fan 2')
        await platform.db
          .transaction()
          .execute((tx) => decideUncertain(tx, [deliveryId], 'again', new Date(platform.now().getTime() + 3_600_000)))
      return { is: 'handed', ref: 'late' }
    },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 2)
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ handed: 1, queued: 1 })
})

test('what a living worker holds is left to it', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const { announcementId } = await frozenAnnouncement(platform, artistId, 3)
  await platform.pool.query(`insert into workers (id) values ('other') on conflict (id) do update set seen_at = now()`)
  await platform.pool.query(`update deliveries set state = 'handing', holder = 'other/run'`)
  await tend(platform)
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ handing: 3 })
  expect(fake.taken).toEqual([])
})

test('two processes at once hand over each message once, and share the window', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform, {
    settings: { rate: { count: 60, seconds: 3600 }, domainRate: { count: 25, seconds: 3600 } },
    fake: fakeChannel({ batch: 7, lanes: 3 }),
  })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 200, {
    domains: ['a.example', 'b.example', 'c.example'],
  })
  await Promise.all(['one', 'two', 'three'].map((worker) => deliver(platform, parts, { providerId }, context(worker))))
  expect(fake.taken).toHaveLength(60)
  expect(new Set(fake.taken.map(({ address }) => address)).size).toBe(60)
  const of = (domain: string) => fake.taken.filter((one) => one.domain === domain).length
  for (const domain of ['a.example', 'b.example', 'c.example']) expect(of(domain)).toBeLessThanOrEqual(25)
  platform.pass(3_601_000)
  await Promise.all(['one', 'two'].map((worker) => deliver(platform, parts, { providerId }, context(worker))))
  expect(fake.taken).toHaveLength(120)
  platform.pass(3_601_000)
  await deliver(platform, parts, { providerId }, context())
  platform.pass(3_601_000)
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ handed: 200 })
})

test('a domain that refuses again and again is left alone for a while, the others are not', async () => {
  const fake = fakeChannel({
    batch: 4,
    lanes: 1,
    answer: ({ domain }) =>
      domain === 'slow.example' ? { is: 'later', problem: '421 busy', holds: 'domain' } : { is: 'handed', ref: 'ok' },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 60, {
    domains: ['slow.example', 'fast.example'],
  })
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ handed: 30, queued: 30 })
  expect(fake.taken.filter(({ domain }) => domain === 'slow.example').length).toBeLessThan(15)
  const pause = await platform.db
    .selectFrom('handPauses')
    .selectAll()
    .where('providerId', '=', providerId)
    .executeTakeFirst()
  expect(pause).toMatchObject({ domain: 'slow.example', problem: '421 busy' })
})

test('a mailing that one server after the other refuses by policy is paused, and those that were refused wait again', async () => {
  let unwanted = true
  const fake = fakeChannel({
    batch: 5,
    lanes: 2,
    answer: ({ message }) => {
      if (message.subject === 'Hello Fan 3') return { is: 'handed', ref: 'ok' }
      if (message.subject === 'Hello Fan 4') return { is: 'refused', problem: '554 5.6.0 broken' }
      return unwanted ? { is: 'refused', problem: '550 5.7.26 not signed', policy: true } : { is: 'handed', ref: 'ok' }
    },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 200)
  await deliver(platform, parts, { providerId }, context())
  const stopped = await platform.db.selectFrom('announcements').select(['state', 'stopped']).executeTakeFirst()
  expect(stopped).toEqual({ state: 'paused', stopped: '550 5.7.26 not signed' })
  expect(fake.taken.length).toBeLessThan(60)
  const before = await states(platform, announcementId)
  expect(before).toMatchObject({ handed: 1 })
  // Those of before the row, of which one was taken, are refused; those of the row reached nobody and wait.
  expect(before['failed']).toBeLessThan(10)
  unwanted = false
  expect(await resumeAnnouncement(platform, { id: announcementId, by: (await signedIn(platform)).accountId })).toBe(
    true,
  )
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({
    handed: 200 - (before['failed'] ?? 0),
    failed: before['failed'],
  })
  const after = await platform.db.selectFrom('announcements').select(['state', 'stopped']).executeTakeFirst()
  expect(after).toEqual({ state: 'sent', stopped: null })
})

test('a provider that is away holds everything, costs no attempt, and is tried again', async () => {
  let away = true
  const fake = fakeChannel({
    answer: () => (away ? { is: 'later', problem: 'ECONNREFUSED', holds: 'provider' } : { is: 'handed', ref: 'ok' }),
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 50)
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.length).toBeLessThanOrEqual(20)
  const { rows } = await platform.pool.query('select distinct state, attempts from deliveries')
  expect(rows).toEqual([{ state: 'queued', attempts: 0 }])
  const asked = fake.taken.length
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.length).toBe(asked)
  away = false
  platform.pass(3_600_000)
  await deliver(platform, parts, { providerId }, context())
  expect(await states(platform, announcementId)).toEqual({ handed: 50 })
})

test('asked to stop, what was not begun waits as before', async () => {
  const stop = new AbortController()
  const fake = fakeChannel({
    batch: 10,
    lanes: 1,
    answer: ({ deliveryId }) => {
      if (fake.taken.length === 3) stop.abort()
      return { is: 'handed', ref: String(deliveryId) }
    },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 30)
  await deliver(platform, parts, { providerId }, context('here', stop.signal))
  expect(await states(platform, announcementId)).toEqual({ handed: 3, queued: 27 })
  const { rows } = await platform.pool.query(`select distinct attempts from deliveries where state = 'queued'`)
  expect(rows).toEqual([{ attempts: 0 }])
  expect(fake.closed).toBe(1)
})

test('a provider’s secrets lie sealed in the database', async () => {
  const { providerId } = await artistWithProvider(platform)
  const { rows } = await platform.pool.query('select secrets, settings from providers where id = $1', [providerId])
  expect(rows[0].secrets.includes('sesame')).toBe(false)
})
