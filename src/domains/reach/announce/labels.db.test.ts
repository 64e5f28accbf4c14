import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../../testing/index.ts'
import type { OfferSource, Subject } from '../../exchange/index.ts'
import { confirm, join } from '../../fans/index.ts'
import { createLabel } from '../../identity/index.ts'
import { deliver } from '../engine/deliver.ts'
import { context, states } from '../engine/engine.fixtures.ts'
import { fakeChannel } from '../engine/fake-channel.ts'
import { addProvider } from '../providers.store.ts'
import { gatherDigests } from './digest.ts'
import { leaveAnnouncement } from './leave.ts'
import { tendAnnouncements } from './tend.ts'

let platform: TestPlatform
let given: GivenRelease
let labelId: string
let providerId: string
let manager: SignedIn
let artist: SignedIn
let app: ReturnType<typeof testApp>
let release: Subject
let offers: OfferSource
const fake = fakeChannel()
const parts = {
  channels: { smtp: fake },
  compose: async () => () => ({ subject: 'Out', text: 'Words' }),
}

beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { artist: 'Ana', title: 'Tide', tracks: ['One'] })
  release = `release:${given.releaseId}`
  offers = async (_, artistId) =>
    artistId === given.artistId ? [{ subject: release, title: 'Tide', within: null, publicAt: new Date(0) }] : []
  labelId = (await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'Fern', ownerId: null }))).id
  manager = await signedIn(platform, { labelIds: [labelId] })
  artist = await signedIn(platform, { artistIds: [given.artistId] })
  app = testApp(platform)
  const fern = { channel: 'mail', kind: 'smtp', name: 'Fern', settings: {}, secrets: {} } as const
  providerId = await addProvider(platform.db, platform.sealer, { labelId, ...fern })
  await follows('lea@fans.example', { labelId })
  await follows('zoe@fans.example', { artistId: given.artistId })
})
afterAll(() => platform.close())

const PROOF = { wording: 'Yes.', language: 'en', source: 'form' } as const
const follows = (address: string, to: { labelId: string } | { artistId: string }) =>
  platform.db.transaction().execute(async (tx) => {
    const joined = await join(tx, platform, { to, channel: 'mail', address, said: { name: 'Léa' }, ...PROOF })
    if (joined.ok)
      await confirm(tx, platform, { subscriptionId: joined.value.subscriptionId, recognised: false, ...PROOF })
  })
const post = (to: string, fields: Record<string, string> | string[][], who: SignedIn) =>
  app.request(to, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(fields).toString(),
  })
const see = async (path: string, who: SignedIn) => (await app.request(path, who)).text()
const lend = () =>
  post(`/studio/artists/${given.artistId}/people/mandates`, { labelId, permissions: 'announce.send' }, artist)
const takeBack = async () => {
  const { id } = await platform.db
    .selectFrom('mandates')
    .select('id')
    .where('revokedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return post(`/studio/artists/${given.artistId}/people/mandates/${id}/revoke`, {}, artist)
}

/** Written and sent as a person does, and brought to the moment at which it leaves. */
async function announced(subject: string, ...others: string[]): Promise<string> {
  const path = (await post('/studio/announcements?desk=fern', { subject }, manager)).headers.get('location') ?? ''
  const seen = (await see(path, manager)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
  const words = { seen, channels: 'mail', title_en: 'Out', body_en: 'Words' }
  await post(path, [...Object.entries(words), ...[subject, ...others].map((one) => ['subjects', one])], manager)
  const sent = await post(`${path}/send`, { when: 'now', undo: '1', at: '', zone: 'UTC' }, manager)
  expect(sent.headers.get('location')).toContain('done=sent')
  const id = path.split('/').at(-1) as string
  await platform.db.updateTable('announcements').set({ leavesAt: platform.now() }).where('id', '=', id).execute()
  return id
}
const stateOf = async (id: string) =>
  (await platform.db.selectFrom('announcements').select('state').where('id', '=', id).executeTakeFirst())?.state

test('a label tells its own fans and nobody else’s, in its own name', async () => {
  const id = await announced('')
  expect(await leaveAnnouncement(platform, offers, { announcementId: id })).toBe(1)
  await deliver(platform, parts, { providerId }, context())
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ address, labelId: whose, senderName }) => [address, whose, senderName])).toEqual([
    ['lea@fans.example', labelId, 'Fern'],
  ])
  const gift = await platform.db
    .selectFrom('gifts')
    .select('artistId')
    .where('subject', '=', `announcement:${id}`)
    .executeTakeFirst()
  expect(gift?.artistId).toBe(labelId)
  const told = await platform.db.selectFrom('touches').select(['artistId', 'channel']).execute()
  expect(told).toEqual([{ artistId: labelId, channel: 'mail' }])
  expect((await app.request(`/studio/announcements/${id}`, manager)).status).toBe(200)
  expect((await app.request(`/studio/announcements/${id}`, artist)).status).toBe(404)
  const { rows } = await platform.pool.query('select told_at from standings where artist_id = $1', [labelId])
  expect(rows).toEqual([{ told_at: expect.any(Date) }])
})

test('an artist’s music is given by their leave alone, and in their books', async () => {
  const refused = await announced(release)
  expect(await leaveAnnouncement(platform, offers, { announcementId: refused })).toBe(0)
  expect(await stateOf(refused)).toBe('cancelled')
  await lend()
  expect(await see('/studio/announcements?desk=fern', manager)).toContain('Announcements')
  const id = await announced(release)
  await leaveAnnouncement(platform, offers, { announcementId: id })
  const gift = await platform.db
    .selectFrom('gifts')
    .select('artistId')
    .where('subject', '=', `announcement:${id}`)
    .executeTakeFirst()
  expect(gift?.artistId).toBe(given.artistId)
  // The mandate is about what is given: whose fans they are, it does not say.
  const { rows } = await platform.pool.query('select count(*)::int as n from deliveries where announcement_id = $1', [
    id,
  ])
  expect(rows[0]?.n).toBe(1)

  fake.taken.length = 0
  await takeBack()
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken).toEqual([])
  expect(await states(platform, id)).toEqual({ queued: 1 })
  await tendAnnouncements(platform, offers)
  expect(await stateOf(id)).toBe('cancelled')
  expect(await states(platform, id)).toEqual({ cancelled: 1 })
  expect(await see(`/studio/announcements/${id}`, manager)).toContain('The artist no longer lets the label give it')
})

test('a post of the label’s own asks nobody’s leave, and stands in the label’s books', async () => {
  const postId = newId()
  await platform.pool.query(
    `insert into posts (id, label_id, slug, title, body, visibility, published_at) values ($1, $2, 'our-winter', 'Our winter', 'Words', 'public', now())`,
    [postId, labelId],
  )
  const own: Subject = `post:${postId}`
  const id = await announced(own)
  const withPosts: OfferSource = async (db, of) =>
    of === labelId ? [{ subject: own, title: 'Our winter', within: null, publicAt: new Date(0) }] : offers(db, of)
  expect(await leaveAnnouncement(platform, withPosts, { announcementId: id })).toBe(1)
  fake.taken.length = 0
  await deliver(platform, parts, { providerId }, context())
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ address }) => address)).toEqual(['lea@fans.example'])
  const gift = await platform.db
    .selectFrom('gifts')
    .select('artistId')
    .where('subject', '=', `announcement:${id}`)
    .executeTakeFirst()
  expect(gift?.artistId).toBe(labelId)
  // An artist has no say in it, and no part.
  const { rows } = await platform.pool.query('select given_by from announcement_things where announcement_id = $1', [
    id,
  ])
  expect(rows).toEqual([{ given_by: null }])
})

test('of what several artists lent, each has a gift in their own books, and one of them taking it back stops it all', async () => {
  const bob = await givenRelease(platform, { artist: 'Bob', title: 'Ebb', tracks: ['Two'] })
  const theirs: Subject = `release:${bob.releaseId}`
  const both: OfferSource = async (db, artistId) =>
    artistId === bob.artistId
      ? [{ subject: theirs, title: 'Ebb', within: null, publicAt: new Date(0) }]
      : offers(db, artistId)
  await lend()
  const early = await announced(release, theirs)
  expect(await leaveAnnouncement(platform, both, { announcementId: early })).toBe(0)
  expect(await stateOf(early)).toBe('cancelled')
  const owner = await signedIn(platform, { artistIds: [bob.artistId] })
  await post(`/studio/artists/${bob.artistId}/people/mandates`, { labelId, permissions: 'announce.send' }, owner)
  const id = await announced(release, theirs)
  expect(await leaveAnnouncement(platform, both, { announcementId: id })).toBe(1)
  const gifts = await platform.db
    .selectFrom('announcementThings')
    .innerJoin('gifts', 'gifts.id', 'giftId')
    .select(['artistId', 'givenBy', 'operationId'])
    .where('announcementId', '=', id)
    .orderBy('position')
    .execute()
  expect(gifts).toEqual([
    { artistId: given.artistId, givenBy: given.artistId, operationId: null },
    { artistId: bob.artistId, givenBy: bob.artistId, operationId: null },
  ])
  await platform.db
    .updateTable('mandates')
    .set({ revokedAt: platform.now() })
    .where('artistId', '=', bob.artistId)
    .execute()
  fake.taken.length = 0
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken).toEqual([])
  await tendAnnouncements(platform, both)
  expect([await stateOf(id), await states(platform, id)]).toEqual(['cancelled', { cancelled: 1 }])
  await takeBack()
})

test('nothing is given from the moment that a mandate comes to its end, before anybody wrote that down', async () => {
  await lend()
  const id = await announced(release)
  await leaveAnnouncement(platform, offers, { announcementId: id })
  await platform.db
    .updateTable('mandates')
    .set({ grantedAt: new Date(0), endsAt: new Date(Date.now() - 1000) })
    .where('revokedAt', 'is', null)
    .execute()
  fake.taken.length = 0
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken).toEqual([])
  await tendAnnouncements(platform, offers)
  expect(await stateOf(id)).toBe('cancelled')
  await takeBack()
})

test('nothing of an artist on the way out is given', async () => {
  await lend()
  const id = await announced(release)
  await leaveAnnouncement(platform, offers, { announcementId: id })
  const goes = (goesAt: Date | null) =>
    platform.db.updateTable('artists').set({ goesAt }).where('id', '=', given.artistId).execute()
  await goes(platform.now())
  fake.taken.length = 0
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken).toEqual([])
  await goes(null)
  await takeBack()
})

test('what somebody listened to is no condition on a label’s fans', async () => {
  const path = (await post('/studio/announcements?desk=fern', {}, manager)).headers.get('location') ?? ''
  const page = await see(`${path}/audience`, manager)
  const offered = (kind: string) => page.includes(`<option value="${kind}">`)
  expect([offered('place'), offered('answered'), offered('listened'), offered('took')]).toEqual([
    true,
    true,
    false,
    false,
  ])
  await post(`${path}/audience`, { is: 'took', what: release, days: '', number: '' }, manager)
  const id = path.split('/').at(-1) as string
  const row = await platform.db.selectFrom('announcements').select('segment').where('id', '=', id).executeTakeFirst()
  expect(row?.segment).toEqual({ all: [] })
  expect((await post('/studio/announcements/settings?desk=fern', { cap_days: '7', cap: '2' }, manager)).status).toBe(
    303,
  )
  expect((await app.request('/studio/announcements/settings', artist)).status).toBe(200)
  const kept = await platform.db.selectFrom('announcementSettings').select(['artistId', 'labelId']).execute()
  expect(kept).toEqual([{ artistId: null, labelId }])
})

test('a label gives a post of its own, which nobody lends it; an artist’s post it cannot give', async () => {
  const written = async (desk: string, title: string, who: SignedIn) => {
    const begun = (await post(`/studio/journal?desk=${desk}`, {}, who)).headers.get('location') ?? ''
    const seen = (await see(begun, who)).match(/name="seen" value="([^"]*)"/)?.[1] ?? ''
    await post(begun, { seen, title, body: 'Words.', language: 'en' }, who)
    await post(`${begun}/access/publish`, {}, who)
    return `post:${begun.split('/').at(-1)}`
  }
  const own = await written('fern', 'Three records', manager)
  const theirs = await written('ana', 'Mine alone', artist)
  const path = (await post('/studio/announcements?desk=fern', { subject: own }, manager)).headers.get('location') ?? ''
  const page = await see(path, manager)
  expect(page).toContain('Three records')
  expect(page).not.toContain('Mine alone')
  const seen = page.match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
  const fields = { seen, channels: 'mail', title_en: 'Read', body_en: 'Words' }
  await post(path, [...Object.entries(fields), ['subjects', own], ['subjects', theirs]], manager)
  const letter = await see(`${path}/mail?show=en`, manager)
  expect(letter).toMatch(/href="http:\/\/ritornello\.test\/fern\/journal\/three-records"[^>]*>Three records</)
  expect(letter).not.toContain('mine-alone')
})

test('a week’s digest that carries what is given no more is taken apart, and the rest of it leaves', async () => {
  fake.taken.length = 0
  await platform.db.updateTable('subscriptions').set({ cadence: 'weekly' }).where('labelId', '=', labelId).execute()
  await lend()
  const theirs = await announced(release)
  const own = await announced('')
  for (const announcementId of [theirs, own]) await leaveAnnouncement(platform, offers, { announcementId })
  platform.pass(8 * 86_400_000)
  expect(await gatherDigests(platform, {})).toBe(1)
  // By then nobody is signed in any more.
  await platform.db.updateTable('mandates').set({ revokedAt: platform.now() }).execute()
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken).toEqual([])
  await tendAnnouncements(platform, offers)
  expect([await stateOf(theirs), await states(platform, theirs)]).toEqual(['cancelled', { cancelled: 1 }])
  expect(await states(platform, own)).toEqual({ held: 1 })
  expect(await gatherDigests(platform, {})).toBe(1)
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ address, kind }) => [address, kind])).toEqual([['lea@fans.example', 'digest']])
  const told = await platform.db
    .selectFrom('touches')
    .select('subject')
    .where('subject', 'in', [`announcement:${theirs}`, `announcement:${own}`])
    .execute()
  expect(told).toEqual([{ subject: `announcement:${own}` }])
})
