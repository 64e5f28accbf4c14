import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import type { Subject, Subjects } from '../../exchange/index.ts'
import { composeWith } from '../announce/compose.ts'
import { gatherDigests } from '../announce/digest.ts'
import { linkTokens } from '../announce/links.routes.ts'
import { linkCode } from '../announce/links.ts'
import { deliver } from '../engine/deliver.ts'
import { artistWithProvider, context } from '../engine/engine.fixtures.ts'
import { keepLetter, resumeLetters, stopLetters } from './letter.store.ts'
import { hoursOf, letterCounts, lettersTo, sendLetters, waysOf } from './send-letters.ts'

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
  const letter = { artistId, subject: release, gift, channels: ['mail' as const], texts }
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
      const [way] = await waysOf(tx, artistId, [fanId])
      const due = way && (await hoursOf(tx, artistId))(way, platform.now())
      if (way && due) await sendLetters(tx, [{ letterId, artistId, way, due, once }], platform.now())
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
  expect(await waysOf(platform.db, artistId, [bea.fanId, luc.fanId])).toEqual([])
  const asked = { artistId, fanIds: [bea.fanId, luc.fanId, eve.fanId], since: new Date(0), now: platform.now() }
  expect((await lettersTo(platform.db, asked)).map(({ fanId }) => fanId)).toEqual([eve.fanId])
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
