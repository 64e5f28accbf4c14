import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { FORM, type SignedIn, signedIn, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { createArtist, createLabel } from '../identity/index.ts'
import { enqueueOne } from '../reach/index.ts'
import { note } from './answer.ts'
import { conversationPage } from './inbox.views.ts'
import { inboxJobs } from './index.ts'
import { countStray, strayTexts } from './stray.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: { id: string }
let fern: { id: string }
let host: SignedIn
let providerId: string

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  await platform.db.transaction().execute(async (tx) => {
    ana = await createArtist(tx, { name: 'Ana' })
    await createArtist(tx, { name: 'Bo' })
    fern = await createLabel(tx, { name: 'Fern', ownerId: null })
  })
  host = await signedIn(platform, { isHost: true })
  providerId = newId()
  await platform.db
    .insertInto('providers')
    .values({
      id: providerId,
      artistId: null,
      labelId: null,
      channel: 'sms',
      kind: 'smpp',
      name: 'Shared number',
      settings: '{}',
      secrets: null,
      triedAt: null,
      problem: null,
    })
    .execute()
  await platform.db.insertInto('keywords').values({ keyword: 'ANA', artistId: ana.id, labelId: null }).execute()
})
afterAll(() => platform.close())

let number = 0
let phone = ''
beforeEach(() => {
  phone = `+3361299${String(1000 + number++).padStart(4, '0')}`
})

async function comesIn(text: string): Promise<string> {
  const id = newId()
  await platform.db
    .insertInto('received')
    .values({
      id,
      channel: 'sms',
      providerId,
      providerRef: id,
      sender: phone,
      recipient: '+33600000000',
      text,
      size: null,
      storageKey: null,
      receivedAt: platform.now(),
      handledAt: null,
    })
    .execute()
  await inboxJobs(platform, [])['reach.received']({ receivedId: id })
  return id
}
const understood = async (id: string) =>
  (await platform.db.selectFrom('received').select('understood').where('id', '=', id).executeTakeFirstOrThrow())
    .understood
const conversationOf = async (receivedId: string) => {
  const row = await platform.db
    .selectFrom('conversationMessages')
    .select('conversationId')
    .where('receivedId', '=', receivedId)
    .executeTakeFirstOrThrow()
  return conversationPage(platform.db, row.conversationId)
}
const mine = async (aside = false) => (await strayTexts(platform.db, { aside })).find(({ sender }) => sender === phone)
const get = async (path: string, who: SignedIn = host) => {
  const answered = await app.request(path, { headers: who.headers })
  return { status: answered.status, html: await answered.text() }
}
const post = async (path: string, form: Record<string, string> = {}, who: SignedIn = host) => {
  const body = new URLSearchParams(form)
  const answered = await app.request(path, { method: 'POST', headers: { ...FORM, ...who.headers }, body })
  return { status: answered.status, to: answered.headers.get('location') ?? '' }
}
const PAGE = '/studio/settings/texts'

test('a text that is nobody’s waits for the host, who hands it on in one press; what follows goes there by itself', async () => {
  const [one, two] = [await comesIn('Are you playing in Lyon?'), await comesIn('On the 4th?')]
  expect([await understood(one), await understood(two)]).toEqual(['unknown', 'unknown'])
  const before = await countStray(platform.db)
  const { html } = await get(PAGE)
  expect(html).toContain('Are you playing in Lyon?')
  expect(html).toContain('To Ana')
  expect((await get('/studio')).html).toContain(`Unclaimed texts (${before})`)
  const stray = await mine()
  expect(stray?.texts.map(({ text }) => text)).toEqual(['Are you playing in Lyon?', 'On the 4th?'])

  const handed = await post(`${PAGE}/${stray?.id}/hand`, { to: fern.id })
  expect((await get(handed.to)).html).toContain('It is in Fern’s inbox.')
  const page = await conversationOf(one)
  expect(page).toMatchObject({ labelId: fern.id, fanId: null, state: 'open' })
  expect(page?.waitingSince).not.toBeNull()
  expect(page?.messages.map(({ text }) => text)).toEqual(['Are you playing in Lyon?', 'On the 4th?'])
  expect(await countStray(platform.db)).toBe(before - 1)
  const replies = () => platform.pool.query(`select from returns where kind = 'reply' and artist_id = $1`, [fern.id])
  // What counts is never uncounted, so it does once it can be taken back no more; told twice, once.
  expect((await replies()).rows).toHaveLength(0)
  for (const id of [one, two, two]) await inboxJobs(platform, [])['inbox.count-handed']({ receivedId: id })
  expect((await replies()).rows).toHaveLength(2)
  // Pressed twice, it is handed once.
  expect((await post(`${PAGE}/${stray?.id}/hand`, { to: ana.id })).to).toContain('done=gone')

  const next = await comesIn('And in Paris?')
  expect(await understood(next)).toBe('message')
  expect((await conversationOf(next))?.id).toBe(page?.id)
})

test('what was handed to the wrong one is taken back, as if it had not been, until somebody has taken it up', async () => {
  const one = await comesIn('For Bo, I think')
  const hand = async (to: string) => post(`${PAGE}/${(await mine())?.id}/hand`, { to })
  const takeBack = () => post(`${PAGE}/${one}/take-back`)
  const replies = async () =>
    (await platform.pool.query(`select from facts where key = $1`, [`return:reply:${one}`])).rows
  const handed = await hand(ana.id)
  const { html } = await get(handed.to)
  expect(html).toContain('It is in Ana’s inbox.')
  expect(html).toContain(`${PAGE}/${one}/take-back`)
  const conversation = await conversationOf(one)
  expect((await takeBack()).to).toContain('done=back')
  expect(await conversationPage(platform.db, conversation?.id ?? '')).toBeNull()
  expect((await mine())?.texts.map(({ text }) => text)).toEqual(['For Bo, I think'])
  await inboxJobs(platform, [])['inbox.count-handed']({ receivedId: one })
  expect(await replies()).toHaveLength(0)
  // Pressed again, nothing is left to take back.
  expect((await takeBack()).to).toContain('done=late')

  // Its sender wrote on, to whom it is with now: it stays there.
  await hand(fern.id)
  await comesIn('And one more')
  expect((await takeBack()).to).toContain('done=late')
  expect((await conversationOf(one))?.messages).toHaveLength(2)
})

test('what was handed on stays there once somebody has noted something, or after a quarter of an hour', async () => {
  const taken = async () => {
    const id = await comesIn('Hello')
    await post(`${PAGE}/${(await mine())?.id}/hand`, { to: ana.id })
    return { id, conversation: await conversationOf(id) }
  }
  const first = await taken()
  await note(platform, { conversationId: first.conversation?.id ?? '', text: 'Mine', by: host.accountId })
  expect((await post(`${PAGE}/${first.id}/take-back`)).to).toContain('done=late')
  phone = `${phone}9`
  const second = await taken()
  platform.pass(16 * 60_000)
  expect((await post(`${PAGE}/${second.id}/take-back`)).to).toContain('done=late')
  const writer = await signedIn(platform, { artistIds: [ana.id] })
  expect((await post(`${PAGE}/${second.id}/take-back`, {}, writer)).status).toBe(404)
})

test('put aside it waits no more, and can be taken up again; what its sender writes later waits anew', async () => {
  await comesIn('Win a telephone')
  const before = await countStray(platform.db)
  const stray = await mine()
  const aside = await post(`${PAGE}/${stray?.id}/aside`)
  expect((await get(aside.to)).html).toContain(`${PAGE}/${stray?.id}/back`)
  expect(await mine()).toBeUndefined()
  expect(await countStray(platform.db)).toBe(before - 1)
  expect((await get(`${PAGE}?show=aside`)).html).toContain('Win a telephone')
  await comesIn('Win two telephones')
  const later = await mine()
  expect(later?.texts.map(({ text }) => text)).toEqual(['Win two telephones'])
  // Only what is seen there is handed on.
  await post(`${PAGE}/${later?.id}/hand`, { to: ana.id })
  expect((await mine(true))?.texts.map(({ text }) => text)).toEqual(['Win a telephone'])
  await post(`${PAGE}/${stray?.id}/back`)
  expect((await mine())?.texts.map(({ text }) => text)).toEqual(['Win a telephone'])
})

test('a word needs no host: STOP of somebody who was told nothing is done, a keyword joins', async () => {
  expect(await understood(await comesIn('STOP'))).toBe('word')
  expect(await understood(await comesIn('ana'))).toBe('word')
  expect(await mine()).toBeUndefined()
})

test('who answers a link that they asked for writes to whom it came from', async () => {
  await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      kind: 'notice',
      channel: 'sms',
      artistId: ana.id,
      labelId: null,
      fanId: null,
      addressId: null,
      address: phone,
      language: 'en',
      message: { text: 'Your download' },
      dueAt: platform.now(),
    }),
  )
  await platform.db
    .updateTable('deliveries')
    .set({ state: 'handed', handedAt: platform.now(), providerId })
    .where('address', '=', phone)
    .execute()
  const id = await comesIn('Thank you')
  expect(await conversationOf(id)).toMatchObject({ artistId: ana.id })
})

test('what is too old to be kept is not shown, and only the host sees the page', async () => {
  await comesIn('Long ago')
  await platform.db
    .updateTable('received')
    .set({ forgottenAt: platform.now(), text: '' })
    .where('sender', '=', phone)
    .execute()
  expect(await mine()).toBeUndefined()
  const writer = await signedIn(platform, { artistIds: [ana.id] })
  expect((await get(PAGE, writer)).status).toBe(404)
  expect((await get('/studio', writer)).html).not.toContain('Unclaimed')
  expect((await post(`${PAGE}/${newId()}/hand`, { to: ana.id }, writer)).status).toBe(404)
})
