import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import {
  addressHash,
  askingMessage,
  bringIn,
  confirm,
  confirmLink,
  eraseFan,
  fanByAddress,
  join,
  joinByKeyword,
  joinByPush,
  leave,
  leaveByAddress,
  leaveLink,
  mergeFans,
  ownPersonalData,
  type Proof,
  prefer,
  readAddress,
  splitFan,
  suppress,
  suppressedAmong,
  unfollow,
} from './index.ts'
import { readToken } from './links.ts'
import type { AskedWith } from './tables.ts'

let platform: TestPlatform
let artistId: string
beforeAll(async () => {
  platform = await testPlatform()
  artistId = await newArtist('Ana')
})
afterAll(() => platform.close())

const newArtist = (name: string) => inTx((tx) => createArtist(tx, { name })).then(({ id }) => id)
const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)

const FORM: Proof = { wording: 'Write to me.', language: 'en', source: 'form', proof: { page: '/ana' } }
const LINK: Proof = { wording: 'Yes', language: 'en', source: 'link' }
let count = 0
const someMail = () => `fan${++count}@fans.example`

const signUp = async (address: string, said: AskedWith = {}, artist = artistId) => {
  const joined = await inTx((tx) =>
    join(tx, platform, { to: { artistId: artist }, channel: 'mail', address, said, ...FORM }),
  )
  if (!joined.ok) throw new Error(joined.error)
  return joined.value
}
const sayYes = (subscriptionId: string, recognised = true) =>
  inTx((tx) => confirm(tx, platform, { subscriptionId, recognised, ...LINK }))
const goAway = (subscriptionId: string) =>
  inTx((tx) => leave(tx, platform, { subscriptionId, ...LINK, source: 'one-click' }))
const bring = (address: string, artist = artistId) =>
  inTx((tx) => {
    const read = readAddress('mail', address)
    if (!read.ok) throw new Error(read.error)
    const line = { line: 1, address: read.value, name: 'Listed', language: 'fr' as const, country: null, place: '' }
    const declared = { wording: 'They signed my list.', language: 'en' as const, proof: { declaration: 'concert' } }
    return bringIn(tx, platform, { artistId: artist }, [line], declared)
  })
const stateOf = async (id: string) =>
  (await platform.db.selectFrom('subscriptions').select('state').where('id', '=', id).executeTakeFirst())?.state
const logOf = async (addressId: string) =>
  (
    await platform.db.selectFrom('consents').select('event').where('addressId', '=', addressId).orderBy('at').execute()
  ).map(({ event }) => event)
const jobs = async (name: string, subscriptionId: string) => {
  const { rows } = await sql`
    select 1 from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where t.identifier = ${name} and j.payload->>'subscriptionId' = ${subscriptionId}`.execute(platform.db)
  return rows.length
}

test('whoever asks is asked, and told once they have said yes; the log says it in the words that they saw', async () => {
  const address = someMail()
  const joined = await signUp(address)
  expect(joined.state).toBe('asked')
  expect(await jobs('fans.asked', joined.subscriptionId)).toBe(1)
  expect(await sayYes(joined.subscriptionId)).toMatchObject({ ok: true, value: { first: true, state: 'active' } })
  expect(await sayYes(joined.subscriptionId)).toMatchObject({ ok: true, value: { first: false } })
  expect(await jobs('fans.joined', joined.subscriptionId)).toBe(1)
  const log = await platform.db
    .selectFrom('consents')
    .select(['event', 'wording', 'language', 'source', 'proof'])
    .where('addressId', '=', joined.addressId)
    .orderBy('at')
    .execute()
  expect(log).toEqual([
    { event: 'asked', wording: 'Write to me.', language: 'en', source: 'form', proof: { page: '/ana' } },
    { event: 'confirmed', wording: 'Yes', language: 'en', source: 'link', proof: {} },
  ])
  const returns = await platform.db.selectFrom('returns').select('kind').where('artistId', '=', artistId).execute()
  expect(returns.map(({ kind }) => kind).sort()).toEqual(['confirmation', 'sign-up'])
  expect((await fanByAddress(platform.db, 'mail', address.toUpperCase()))?.verifiedAt).not.toBeNull()
})

test('two devices at once make one fan, one address, one subscription', async () => {
  const address = someMail()
  const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => signUp(address)))
  expect(new Set(all.map(({ fanId }) => fanId)).size).toBe(1)
  expect(new Set(all.map(({ subscriptionId }) => subscriptionId)).size).toBe(1)
  const fans = await platform.db
    .selectFrom('fans')
    .leftJoin('fanAddresses', 'fanAddresses.fanId', 'fans.id')
    .select('fans.id')
    .where('fanAddresses.id', 'is', null)
    .execute()
  expect(fans).toEqual([])
  const yes = await Promise.all([1, 2, 3].map(() => sayYes(all[0]?.subscriptionId as string)))
  expect(yes.filter((answer) => answer.ok && answer.value.first)).toHaveLength(1)
})

test('a stranger who types an address changes nothing of what is known of its owner', async () => {
  const address = someMail()
  const { subscriptionId, fanId } = await signUp(address, { name: 'Léa', language: 'fr' })
  await sayYes(subscriptionId)
  const other = await signUp(address, { name: 'Evil', language: 'en', recognised: 'Yes.' }, await newArtist('Ben'))
  const fan = () =>
    platform.db
      .selectFrom('fans')
      .select(['name', 'language', 'recognisedSince'])
      .where('id', '=', fanId)
      .executeTakeFirstOrThrow()
  expect(await fan()).toEqual({ name: 'Léa', language: 'fr', recognisedSince: null })
  await sayYes(other.subscriptionId, false)
  expect((await fan()).recognisedSince).toBeNull()
})

test('who left is asked anew when they sign up again, and an old link does not bring them back', async () => {
  const address = someMail()
  const { subscriptionId, addressId } = await signUp(address)
  await sayYes(subscriptionId)
  expect(await goAway(subscriptionId)).toEqual({ ok: true, value: { first: true } })
  expect(await goAway(subscriptionId)).toEqual({ ok: true, value: { first: false } })
  expect(await sayYes(subscriptionId)).toEqual({ ok: false, error: 'left' })
  await inTx((tx) => prefer(tx, platform, { subscriptionId, cadence: 'weekly', pausedUntil: null, ...LINK }))
  expect(await bring(address)).toEqual(['left'])
  expect(await stateOf(subscriptionId)).toBe('left')
  await signUp(address)
  expect(await stateOf(subscriptionId)).toBe('asked')
  expect(await bring(address)).toEqual(['left'])
  expect(await stateOf(subscriptionId)).toBe('asked')
  await sayYes(subscriptionId)
  expect(await stateOf(subscriptionId)).toBe('active')
  expect(await logOf(addressId)).toEqual(['asked', 'confirmed', 'withdrawn', 'asked', 'confirmed'])
})

test('the log cannot be changed', async () => {
  await expect(sql`update consents set wording = 'other'`.execute(platform.db)).rejects.toThrow('append-only')
  await expect(sql`delete from consents`.execute(platform.db)).rejects.toThrow('append-only')
})

test('the question is put in the language in which it was asked, as text and as HTML; who confirms is left alone no more', async () => {
  const address = someMail()
  const { subscriptionId, addressId } = await signUp(address, { language: 'fr', name: '<b>x</b>' })
  const question = await askingMessage(platform.db, platform, subscriptionId)
  const link = confirmLink(platform, subscriptionId)
  expect(question).toMatchObject({ address, subject: 'Ana\u00a0: dites oui d’un clic', kind: 'asked', language: 'fr' })
  expect(question?.text).toContain(link)
  expect(question?.html).toContain(`href="${link}"`)
  expect(question?.html).not.toContain('<b>x')
  const hash = addressHash(platform.signer, 'mail', address)
  await suppress(platform.db, { channel: 'mail', addressHash: hash, reason: 'hard-bounce', at: platform.now() })
  expect([...(await suppressedAmong(platform.db, 'mail', [hash, 'other']))]).toEqual([[hash, 'hard-bounce']])
  await sayYes(subscriptionId)
  expect((await suppressedAmong(platform.db, 'mail', [hash])).size).toBe(0)
  expect((await askingMessage(platform.db, platform, subscriptionId))?.subject).toBe('Ana vous écrit déjà')
  expect(await logOf(addressId)).toEqual(['asked', 'confirmed'])
  await goAway(subscriptionId)
  expect(await askingMessage(platform.db, platform, subscriptionId)).toBeNull()
})

test('a link opens what it was made for, and nothing else', () => {
  const id = newId()
  const token = leaveLink(platform, id).split('/').at(-1) as string
  expect(readToken(platform.signer, 'leave', token)).toBe(id)
  expect(readToken(platform.signer, 'confirm', token)).toBeNull()
  expect(readToken(platform.signer, 'leave', `${token}.x`)).toBeNull()
  expect(
    readToken(
      platform.signer,
      'leave',
      `${leaveLink(platform, newId()).split('/').at(-1)?.split('.')[0]}.${token.split('.')[1]}`,
    ),
  ).toBeNull()
  for (const broken of ['', '.', 'x.y', token.slice(1)]) expect(readToken(platform.signer, 'leave', broken)).toBeNull()
})

test('a text with the keyword joins at once, also after leaving; another word does not', async () => {
  await platform.db.insertInto('keywords').values({ keyword: 'ANA', artistId, labelId: null }).execute()
  const text = (words: string, from = '+33612345678') =>
    inTx((tx) => joinByKeyword(tx, platform, { from, text: words, ref: 'm1' }))
  const joined = await text(' « ána » ! ')
  expect(joined).toMatchObject({ ok: true, value: { state: 'active', language: 'fr', name: 'Ana' } })
  expect(await text('hello')).toEqual({ ok: false, error: 'unknown' })
  expect(await text('ANA', 'ORANGE')).toMatchObject({ ok: false })
  const left = await inTx((tx) =>
    leaveByAddress(tx, platform, {
      ...LINK,
      source: 'reply',
      wording: 'STOP',
      channel: 'sms',
      address: '+33612345678',
      others: [],
      alone: true,
    }),
  )
  expect(left).toHaveLength(1)
  expect(await text('Ana')).toMatchObject({ ok: true, value: { state: 'active' } })
  const hash = addressHash(platform.signer, 'sms', '+33612345678')
  expect((await suppressedAmong(platform.db, 'sms', [hash])).size).toBe(0)
})

test('a browser that said yes to push is active, with its keys', async () => {
  const keys = { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) }
  const push = (over = keys) =>
    inTx((tx) =>
      joinByPush(tx, platform, { ...FORM, to: { artistId }, endpoint: 'https://push.example.net/1', keys: over }),
    )
  expect(await push()).toMatchObject({ ok: true, value: { state: 'active' } })
  expect(await push({ ...keys, auth: 'b'.repeat(22) })).toMatchObject({ ok: true })
  const row = await platform.db
    .selectFrom('fanAddresses')
    .select('keys')
    .where('channel', '=', 'push')
    .executeTakeFirst()
  expect(row?.keys?.auth).toBe('b'.repeat(22))
  expect(await push({ p256dh: 'x', auth: 'y' })).toEqual({ ok: false, error: 'push-wrong' })
})

test('two fans become one, with what each address agreed to; one becomes two again', async () => {
  const [a, b] = [await signUp(someMail(), { name: 'Léa' }), await signUp(someMail())]
  await sayYes(a.subscriptionId)
  const merge = (from: string, into: string) => inTx((tx) => mergeFans(tx, [ownPersonalData], { from, into }))
  const merged = await merge(a.fanId, b.fanId)
  expect(merged).toMatchObject({ ok: true, value: { fanId: b.fanId } })
  if (merged.ok) expect([merged.value.personIds.length, merged.value.addressIds.length]).toEqual([2, 2])
  expect(await stateOf(a.subscriptionId)).toBe('active')
  expect(await stateOf(b.subscriptionId)).toBe('asked')
  expect(await merge(a.fanId, b.fanId)).toEqual({ ok: false, error: 'gone' })
  expect(await merge(b.fanId, b.fanId)).toEqual({ ok: false, error: 'same' })
  const split = await inTx((tx) => splitFan(tx, platform, a.addressId))
  expect(split.ok && split.value.fanId).not.toBe(b.fanId)
  expect(await inTx((tx) => splitFan(tx, platform, a.addressId))).toEqual({
    ok: false,
    error: 'only',
  })
  expect(await stateOf(a.subscriptionId)).toBe('active')
})

test('who is erased leaves nothing that leads to them, and no list brings them back; they themselves can come back', async () => {
  const address = someMail()
  const { fanId, subscriptionId, addressId } = await signUp(address, { name: 'Léa' })
  await sayYes(subscriptionId)
  const person = await platform.db
    .selectFrom('fans')
    .select('personId')
    .where('id', '=', fanId)
    .executeTakeFirstOrThrow()
  await inTx((tx) => eraseFan(tx, platform, [ownPersonalData], { fanId, ...LINK, source: 'preferences' }))
  expect(await fanByAddress(platform.db, 'mail', address)).toBeNull()
  const fan = await platform.db.selectFrom('fans').selectAll().where('id', '=', fanId).executeTakeFirstOrThrow()
  expect(fan).toMatchObject({ name: '', mergedInto: null })
  expect(fan.personId).not.toBe(person.personId)
  expect(await logOf(addressId)).toEqual(['asked', 'confirmed', 'erased'])
  const { rows } = await sql<{ found: string }>`
    select c::text as found from consents c where c::text like ${`%${address}%`}
    union all select s::text from suppressions s where s::text like ${`%${address}%`}`.execute(platform.db)
  expect(rows).toEqual([])
  expect(await bring(address)).toEqual(['suppressed'])
  const again = await signUp(address)
  expect(again.fanId).not.toBe(fanId)
  await sayYes(again.subscriptionId)
  expect(await stateOf(again.subscriptionId)).toBe('active')
})

const SERIES = 'operation:0198c0de-0000-7000-8000-000000000001'

type Step = {
  does: 'join' | 'ask-each' | 'no-more' | 'confirm' | 'leave' | 'bring' | 'merge' | 'split'
  who: 0 | 1
  times: number
}

test('whatever happens in whatever order, at once or in turn: nobody is told without a yes that is later than their last no', async () => {
  const step = fc.record({
    does: fc.constantFrom<Step['does']>(
      'join',
      'confirm',
      'leave',
      'bring',
      'join',
      'confirm',
      'leave',
      'ask-each',
      'ask-each',
      'no-more',
      'merge',
      'split',
    ),
    who: fc.constantFrom(0 as const, 1 as const),
    times: fc.integer({ min: 1, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 8 }),
      async (rounds) => {
        const artist = await newArtist('Cy')
        const mails = [someMail(), someMail()]
        let before: string[] = []
        for (const round of rounds) {
          await Promise.all(
            round.flatMap(({ does, who, times }) =>
              Array.from({ length: times }, () => act(does, mails[who] as string, mails, artist)),
            ),
          )
          const log = await logRows(artist)
          // Append-only: what was there is there, unchanged.
          expect(before.filter((row) => !log.includes(row))).toEqual([])
          before = log
          await expectConsent(artist)
        }
      },
    ),
    { numRuns: 40 },
  )
})

async function act(does: Step['does'], mail: string, mails: string[], artist: string): Promise<void> {
  const subscription = await platform.db
    .selectFrom('subscriptions')
    .innerJoin('fanAddresses', 'fanAddresses.id', 'subscriptions.addressId')
    .select(['subscriptions.id', 'subscriptions.addressId'])
    .where('artistId', '=', artist)
    .where('addressKey', '=', mail)
    .executeTakeFirst()
  if (does === 'join') await signUp(mail, {}, artist)
  if (does === 'ask-each') await signUp(mail, { follows: { subject: SERIES, title: 'Songs' } }, artist)
  if (does === 'no-more' && subscription)
    await inTx((tx) => unfollow(tx, platform, { subscriptionId: subscription.id, subject: SERIES, ...LINK }))
  if (does === 'bring') await bring(mail, artist)
  if (does === 'confirm' && subscription) await sayYes(subscription.id)
  if (does === 'leave' && subscription) await goAway(subscription.id)
  if (does === 'split' && subscription) await inTx((tx) => splitFan(tx, platform, subscription.addressId))
  if (does === 'merge') {
    const fans = await Promise.all(mails.map((each) => fanByAddress(platform.db, 'mail', each)))
    const [from, into] = fans
    if (from && into) await inTx((tx) => mergeFans(tx, [ownPersonalData], { from: from.fanId, into: into.fanId }))
  }
}

const logRows = async (artist: string) =>
  (
    await sql<{
      row: string
    }>`select c::text as row from consents c where artist_id = ${artist} order by address_id, at`.execute(platform.db)
  ).rows
    .map(({ row }) => row)
    .sort()

async function expectConsent(artist: string): Promise<void> {
  const { rows } = await sql<{
    state: string
    yes: Date | null
    no: Date | null
    fans: boolean
    each: boolean
    eachYes: Date | null
    eachNo: Date | null
  }>`
    select s.state, s.fan_id = a.fan_id as fans,
      (select max(at) from consents c where c.address_id = s.address_id and c.artist_id = s.artist_id and event in ('confirmed', 'imported')) as yes,
      (select max(at) from consents c where c.address_id = s.address_id and c.artist_id = s.artist_id and event = 'withdrawn') as no,
      exists (select from followings g where g.subscription_id = s.id) as each,
      (select max(at) from consents c where c.address_id = s.address_id and c.artist_id = s.artist_id and proof->>'follows' = ${SERIES}) as "eachYes",
      (select max(at) from consents c where c.address_id = s.address_id and c.artist_id = s.artist_id and proof->>'unfollows' = ${SERIES}) as "eachNo"
    from subscriptions s join fan_addresses a on a.id = s.address_id where s.artist_id = ${artist}`.execute(platform.db)
  for (const { state, yes, no, fans, each, eachYes, eachNo } of rows) {
    expect(fans).toBe(true)
    if (state === 'active') {
      expect(yes).not.toBeNull()
      if (no) expect(yes?.getTime()).toBeGreaterThan(no.getTime())
    }
    // To be told each time is agreed to as well, later than the last time that it was not.
    if (each) {
      expect(state).toBe('active')
      expect(eachYes).not.toBeNull()
      if (eachNo) expect(eachYes?.getTime()).toBeGreaterThan(eachNo.getTime())
      if (no) expect(eachYes?.getTime()).toBeGreaterThan(no.getTime())
    }
    if (state === 'left') {
      expect(no).not.toBeNull()
      if (yes) expect(no?.getTime()).toBeGreaterThan(yes.getTime())
    }
  }
}
