import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import type { Subject, Subjects } from '../../exchange/index.ts'
import { createArtist, createLabel } from '../../identity/index.ts'
import { composeWith } from '../announce/compose.ts'
import { gatherDigests } from '../announce/digest.ts'
import { linkTokens } from '../announce/links.routes.ts'
import { linkCode } from '../announce/links.ts'
import { stopWithdrawn } from '../announce/stop-withdrawn.ts'
import { deliver } from '../engine/deliver.ts'
import { artistWithProvider, context } from '../engine/engine.fixtures.ts'
import { type FakeChannel, fakeChannel } from '../engine/fake-channel.ts'
import { addProvider } from '../providers.store.ts'
import { keepLetter, resumeLetters, stopLetters } from './letter.store.ts'
import { countedTo, hoursOf, letterCounts, sendLetters, waysOf } from './send-letters.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const release = `release:${newId()}` as Subject
let count = 0

async function given() {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const facts = { artistId, title: 'Tides', path: '/ana/tides', givenAs: release, publicAt: null }
  const subjects: Subjects = { release: async (_, ids) => new Map(ids.map((id) => [id, facts])) }
  const gift = `give:${newId()}` as Subject
  const texts = { en: { title: 'For you, {name}', body: 'A **song**.' }, fr: { title: 'Pour vous', body: 'Voilà.' } }
  const letter = { sender: { artistId }, subject: release, gift, channels: ['mail' as const], texts }
  const letterId = await platform.db.transaction().execute((tx) => keepLetter(tx, letter, platform.now()))
  const fan = async ({ language = 'en', cadence = 'each' } = {}) => {
    const [fanId, personId, addressId, subscriptionId] = [newId(), newId(), newId(), newId()]
    const address = `fan${++count}@fans.example`
    await platform.pool.query(
      `insert into fans (id, person_id, name, language, recognised_since) values ($1, $2, 'Bea', $3, now() - interval '1 day')`,
      [fanId, personId, language],
    )
    await platform.pool.query(
      `insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values ($1, $2, 'mail', $3, $3, md5($3))`,
      [addressId, fanId, address],
    )
    await platform.pool.query(
      `insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, cadence, asked_at, joined_at) values ($1, $2, $3, $4, 'mail', 'active', $5, now(), now())`,
      [subscriptionId, fanId, addressId, artistId, cadence],
    )
    return { fanId, personId, subscriptionId }
  }
  const send = (fanId: string, once: string) =>
    platform.db.transaction().execute(async (tx) => {
      const [way] = await waysOf(tx, { artistId }, [fanId])
      const due = way && (await hoursOf(tx, { artistId }))(way, platform.now())
      if (way && due) await sendLetters(tx, [{ letterId, sender: { artistId }, way, due, once }], platform.now())
    })
  const leave = () => deliver(platform, { ...parts, compose: composeWith(subjects) }, { providerId }, context())
  return { artistId, letterId, gift, subjects, fake, fan, send, leave }
}

test('a letter leaves once, in their language, with its own links and a way out; the fan is touched by its gift', async () => {
  const { artistId, gift, fake, fan, send, leave } = await given()
  const [bea, luc] = [await fan(), await fan({ language: 'fr' })]
  await send(bea.fanId, `${gift} 1`)
  await send(bea.fanId, `${gift} 1`)
  await send(luc.fanId, `${gift} 2`)
  await leave()
  expect(fake.taken.map(({ message }) => message.subject)).toEqual(['For you, Bea', 'Pour vous'])
  const [{ message, deliveryId } = { message: { text: '', unsubscribe: '' }, deliveryId: 0 }] = fake.taken
  expect(message.text).toContain('Tides')
  expect(message.unsubscribe).toContain('/leave')
  const code = /\/l\/([\w-]+)/.exec(message.text)?.[1] ?? ''
  // Nobody reads a mail in the second in which it was handed over.
  await platform.pool.query(`update deliveries set handed_at = handed_at - interval '1 hour' where id = $1`, [
    deliveryId,
  ])
  expect(await linkTokens(platform)(code, null)).toEqual({ artistId, givenAs: gift, personId: bea.personId })
  const { rows } = await platform.pool.query('select person_id as person, subject from touches where artist_id = $1', [
    artistId,
  ])
  expect(rows).toContainEqual({ person: bea.personId, subject: gift })
  expect(rows).toHaveLength(2)
  expect(await letterCounts(platform.db, [gift])).toEqual([{ gift, state: 'handed', count: 2 }])
})

test('whether they may be written to is asked in the moment of sending', async () => {
  const { artistId, fake, fan, send, leave, letterId } = await given()
  const [bea, luc, eve] = [await fan(), await fan(), await fan()]
  for (const { fanId } of [bea, luc, eve]) await send(fanId, `${letterId} ${fanId}`)
  await platform.pool.query(`update subscriptions set state = 'left', left_at = now() where id = $1`, [
    bea.subscriptionId,
  ])
  await platform.pool.query(
    `insert into suppressions (channel, address_hash, reason, at) select 'mail', address_hash, 'complaint', now() from fan_addresses where fan_id = $1`,
    [luc.fanId],
  )
  await leave()
  expect(fake.taken.map(({ fanId }) => fanId)).toEqual([eve.fanId])
  expect(await waysOf(platform.db, { artistId }, [bea.fanId, luc.fanId])).toEqual([])
  const asked = {
    sender: { artistId },
    fanIds: [bea.fanId, luc.fanId, eve.fanId],
    since: new Date(0),
    now: platform.now(),
  }
  expect((await countedTo(platform.db, asked)).map(({ fanId }) => fanId)).toEqual([eve.fanId])
})

test('stopped, nothing of it leaves, also what comes to be written meanwhile', async () => {
  const { fake, fan, send, leave, letterId } = await given()
  const [bea, luc] = [await fan(), await fan()]
  await send(bea.fanId, `${letterId} 1`)
  await platform.db.transaction().execute((tx) => stopLetters(tx, [letterId], platform.now()))
  await send(luc.fanId, `${letterId} 2`)
  await leave()
  expect(fake.taken).toEqual([])
  const { rows } = await platform.pool.query('select state, problem from deliveries where letter_id = $1 order by id', [
    letterId,
  ])
  expect(rows).toEqual([
    { state: 'cancelled', problem: 'stopped' },
    { state: 'suppressed', problem: 'stopped' },
  ])
  await platform.db.transaction().execute((tx) => resumeLetters(tx, [letterId]))
  await send(luc.fanId, `${letterId} 3`)
  await leave()
  expect(fake.taken).toHaveLength(1)
})

test('who wants one letter a week finds it in that one', async () => {
  const { artistId, gift, subjects, fake, fan, send, leave, letterId } = await given()
  const bea = await fan({ cadence: 'weekly' })
  await send(bea.fanId, `${letterId} 1`)
  await leave()
  expect(fake.taken).toEqual([])
  await platform.pool.query(
    `update deliveries set created_at = now() - interval '8 days', due_at = now() - interval '8 days' where letter_id = $1`,
    [letterId],
  )
  expect(await gatherDigests(platform, subjects)).toBe(1)
  await leave()
  expect(fake.taken.map(({ kind, message }) => [kind, message.text.includes('A song.')])).toEqual([['digest', true]])
  const { rows } = await platform.pool.query('select subject from touches where artist_id = $1', [artistId])
  expect(rows).toEqual([{ subject: gift }])
})

test('the first link of a letter leads to what is theirs alone while that lasts, then where it leads everybody', async () => {
  const { fan, send, letterId } = await given()
  const bea = await fan()
  await send(bea.fanId, `${letterId} 1`)
  const { rows } = await platform.pool.query<{ id: number }>(
    `update deliveries set own_href = '/take/link/key', own_until = now() + interval '1 minute' where letter_id = $1 returning id`,
    [letterId],
  )
  const to = async (link: number) => {
    const code = linkCode(platform.signer, { deliveryId: Number(rows[0]?.id), link })
    const answer = await testApp(platform).request(`/l/${code}`)
    return (answer.headers.get('location') ?? '').replace(/^https?:\/\/[^/]+/, '').replace(code, 'CODE')
  }
  expect(await to(0)).toBe('/take/link/key?via=m.CODE')
  await platform.pool.query(`update deliveries set own_until = now() - interval '1 minute' where letter_id = $1`, [
    letterId,
  ])
  expect(await to(0)).toMatch(/^\/artist-.*\?via=m\.CODE$/)
})

/** A label whose artist lets it speak of their music, with a letter that gives some and one of words alone. */
async function lent(fake: FakeChannel = fakeChannel()) {
  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
  const { id: artistId } = await inTx((tx) => createArtist(tx, { name: `Artist ${newId()}` }))
  const { id: labelId } = await inTx((tx) => createLabel(tx, { name: `Label ${newId()}`, ownerId: null }))
  const way = { channel: 'mail', kind: 'smtp', name: 'Fake', settings: {}, secrets: {} } as const
  const providerId = await addProvider(platform.db, platform.sealer, { labelId, ...way })
  const facts = { artistId, title: 'Tides', path: '/ana/tides', givenAs: release, publicAt: null }
  const subjects: Subjects = { release: async (_, ids) => new Map(ids.map((id) => [id, facts])) }
  const lends = () =>
    platform.db
      .insertInto('mandates')
      .values({ id: newId(), artistId, labelId, permissions: ['announce.send'], endsAt: null })
      .execute()
  await lends()
  const takesBack = () =>
    platform.db.updateTable('mandates').set({ revokedAt: new Date() }).where('labelId', '=', labelId).execute()
  const letter = (title: string, givenBy: string | null) => {
    const words = {
      gift: `give:${newId()}` as Subject,
      channels: ['mail' as const],
      texts: { en: { title, body: '' } },
    }
    const subject = givenBy ? release : null
    return inTx((tx) => keepLetter(tx, { sender: { labelId }, subject, givenBy, ...words }, platform.now()))
  }
  const letters = { record: await letter('A record', artistId), words: await letter('Words', null) }
  const fan = async (cadence = 'each') => {
    const [fanId, addressId] = [newId(), newId()]
    const address = `fan${++count}@fans.example`
    await platform.pool.query(`insert into fans (id, person_id, name, language) values ($1, $2, 'Bea', 'en')`, [
      fanId,
      newId(),
    ])
    await platform.pool.query(
      `insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) values ($1, $2, 'mail', $3, $3, md5($3))`,
      [addressId, fanId, address],
    )
    await platform.pool.query(
      `insert into subscriptions (id, fan_id, address_id, label_id, channel, state, cadence, asked_at, joined_at) values ($1, $2, $3, $4, 'mail', 'active', $5, now(), now())`,
      [newId(), fanId, addressId, labelId, cadence],
    )
    return fanId
  }
  const send = (letterId: string, fanId: string) =>
    platform.db.transaction().execute(async (tx) => {
      const sender = { labelId }
      const [way] = await waysOf(tx, sender, [fanId])
      const due = way && (await hoursOf(tx, sender))(way, platform.now())
      if (way && due) await sendLetters(tx, [{ letterId, sender, way, due, once: newId() }], platform.now())
    })
  const parts = { channels: { smtp: fake }, compose: composeWith(subjects) }
  const leave = () => deliver(platform, parts, { providerId }, context())
  const states = async (letterId: string) =>
    (
      await platform.pool.query('select state, problem from deliveries where letter_id = $1 order by id', [letterId])
    ).rows.map(({ state, problem }) => problem ?? state)
  return { artistId, labelId, subjects, letters, fan, send, leave, states, lends, takesBack, fake }
}

test('a label’s letter is from the label, and what comes of it is the artist’s whose music it gives', async () => {
  const { artistId, labelId, letters, fan, send, leave, fake } = await lent()
  const bea = await fan()
  await send(letters.record, bea)
  await leave()
  expect(fake.taken.map(({ labelId: whose, message }) => [whose, message.text.includes('Tides')])).toEqual([
    [labelId, true],
  ])
  const [{ message, deliveryId } = { message: { text: '' }, deliveryId: 0 }] = fake.taken
  await platform.pool.query(`update deliveries set handed_at = handed_at - interval '1 hour' where id = $1`, [
    deliveryId,
  ])
  const code = /\/l\/([\w-]+)/.exec(message.text)?.[1] ?? ''
  expect(await linkTokens(platform)(code, null)).toMatchObject({ artistId })
  const { rows } = await platform.pool.query('select artist_id as whose from touches where artist_id = any($1)', [
    [artistId, labelId],
  ])
  expect(rows).toEqual([{ whose: labelId }])
})

test('what an artist lets a label give no more does not leave: neither what waits nor what was taken, and words alone do', async () => {
  const { letters, fan, send, leave, states, takesBack, lends, fake } = await lent()
  const [bea, luc] = [await fan(), await fan()]
  for (const letterId of [letters.record, letters.words]) await send(letterId, bea)
  await takesBack()
  await leave()
  expect(fake.taken.map(({ message }) => message.subject)).toEqual(['Words'])
  expect(await states(letters.record)).toEqual(['withdrawn'])
  // What waits for its hour is written down within the minute, and does not leave when the artist lets it again.
  await send(letters.record, luc)
  await stopWithdrawn(platform)
  expect(await states(letters.record)).toEqual(['withdrawn', 'withdrawn'])
  await lends()
  await leave()
  expect(fake.taken).toHaveLength(1)
})

/** One message after the other, of which more and more are taken at a time: something happens while the fifth is spoken of. */
function fakeThat() {
  let happens: () => Promise<unknown> = async () => null
  let spoken = 0
  const fake = fakeChannel({
    batch: 1,
    lanes: 1,
    answer: async ({ deliveryId }) => {
      if (++spoken === 5) await happens()
      return { is: 'handed', ref: `fake-${deliveryId}` }
    },
  })
  const onFifth = (what: () => Promise<unknown>) => {
    happens = what
  }
  return { fake, onFifth }
}

test('taken to be handed over, the next batch of a label’s letters does not begin once their artist has said no', async () => {
  const { fake, onFifth } = fakeThat()
  const { letters, fan, send, leave, states, takesBack } = await lent(fake)
  onFifth(takesBack)
  for (let n = 0; n < 12; n++) await send(letters.record, await fan())
  await leave()
  await leave()
  expect(fake.taken).toHaveLength(5)
  expect(await states(letters.record)).toEqual([...Array(5).fill('handed'), ...Array(7).fill('withdrawn')])
})

test('of a label’s digests that were taken to be handed over, the next batch does not begin once the artist whose music they carry has said no', async () => {
  const { fake, onFifth } = fakeThat()
  const { labelId, letters, fan, send, leave, takesBack, subjects } = await lent(fake)
  onFifth(takesBack)
  for (let n = 0; n < 12; n++) await send(letters.record, await fan('weekly'))
  await platform.pool.query(
    `update deliveries set created_at = now() - interval '8 days', due_at = now() - interval '8 days' where label_id = $1`,
    [labelId],
  )
  expect(await gatherDigests(platform, subjects)).toBe(12)
  await leave()
  await leave()
  expect(fake.taken).toHaveLength(5)
})

test('what a week’s digest carried counts from when it left, and not for ever as what is about to', async () => {
  const { labelId, letters, fan, send, leave, subjects } = await lent()
  const bea = await fan('weekly')
  await send(letters.words, bea)
  const day = 24 * 3_600_000
  const counted = async (now: Date) => {
    const asked = { sender: { labelId }, fanIds: [bea], since: new Date(now.getTime() - 7 * day), now }
    return (await countedTo(platform.db, asked)).map(({ at }) => at.getTime())
  }
  const today = platform.now()
  expect(await counted(today)).toEqual([today.getTime()])
  await platform.pool.query(
    `update deliveries set created_at = now() - interval '8 days', due_at = now() - interval '8 days' where fan_id = $1`,
    [bea],
  )
  expect(await gatherDigests(platform, subjects)).toBe(1)
  await leave()
  const [left = 0] = await counted(platform.now())
  expect(left).toBeGreaterThanOrEqual(today.getTime())
  const soon = new Date(left + 6 * day)
  expect(await counted(soon)).toEqual([left])
  expect(await counted(new Date(left + 8 * day))).toEqual([])
})

test('what waits behind an announcement of a label counts as about to be told while it leaves, and not while it is paused', async () => {
  const { labelId, fan } = await lent()
  const bea = await fan()
  const announcement = newId()
  await platform.pool.query(`insert into announcements (id, label_id, state) values ($1, $2, 'leaving')`, [
    announcement,
    labelId,
  ])
  await platform.pool.query(
    `insert into deliveries (kind, announcement_id, label_id, fan_id, channel, language, state, due_at) values ('announcement', $1, $2, $3, 'mail', 'en', 'queued', now())`,
    [announcement, labelId, bea],
  )
  const counted = async () => {
    const asked = { sender: { labelId }, fanIds: [bea], since: new Date(0), now: platform.now() }
    return (await countedTo(platform.db, asked)).length
  }
  expect(await counted()).toBe(1)
  await platform.pool.query(`update announcements set state = 'paused' where id = $1`, [announcement])
  expect(await counted()).toBe(0)
})

test('a week’s digest of a label that carries what is lent no more is taken apart, and the rest of it leaves', async () => {
  const { letters, fan, send, leave, states, takesBack, fake, subjects } = await lent()
  const bea = await fan('weekly')
  for (const letterId of [letters.record, letters.words]) await send(letterId, bea)
  await platform.pool.query(
    `update deliveries set created_at = now() - interval '8 days', due_at = now() - interval '8 days' where fan_id = $1`,
    [bea],
  )
  expect(await gatherDigests(platform, subjects)).toBe(1)
  await takesBack()
  await leave()
  expect(fake.taken).toEqual([])
  await stopWithdrawn(platform)
  expect([await states(letters.record), await states(letters.words)]).toEqual([['withdrawn'], ['held']])
  expect(await gatherDigests(platform, subjects)).toBe(1)
  await leave()
  expect(
    fake.taken.map(({ kind, message }) => [kind, message.text.includes('Words'), message.text.includes('A record')]),
  ).toEqual([['digest', true, false]])
})
