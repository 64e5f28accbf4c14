import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM, type SignedIn, signedIn, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { addressHash, fanByAddress, leaveByAddress } from '../index.ts'
import { fansJobs } from '../jobs.ts'

let platform: TestPlatform
let artistId: string
let artist: SignedIn
let app: ReturnType<typeof testApp>
beforeAll(async () => {
  platform = await testPlatform()
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  artist = await signedIn(platform, { artistIds: [artistId] })
  app = testApp(platform)
})
afterAll(() => platform.close())

const { 'content-type': _, ...SAME_SITE } = FORM
async function upload(content: string | Buffer): Promise<Response> {
  const body = new FormData()
  body.set('file', new File([content as never], 'list.csv'))
  return app.request('/studio/fans/lists', { method: 'POST', headers: { ...SAME_SITE, ...artist.headers }, body })
}
const post = (to: string, fields: Record<string, string> = {}, who = artist) =>
  app.request(to, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(fields).toString(),
  })
const read = (id: string) =>
  fansJobs(platform)['fans.read-list'](
    { listId: id },
    { attempt: 1, lastAttempt: false, signal: new AbortController().signal, log: platform.log, worker: 'test' },
  )
const listOf = (id: string) =>
  platform.db.selectFrom('fanLists').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const MAPPING = {
  mail: '1',
  name: '0',
  phone: '2',
  heading: 'on',
  from: 'FR',
  in: 'fr',
  declaration: 'Signed at the concert of May.',
}

async function brought(content: string | Buffer, mapping: Record<string, string> = MAPPING) {
  const path = (await upload(content)).headers.get('location') ?? ''
  const id = path.split('/').at(-1) as string
  expect((await post(`${path}/try`, mapping)).status).toBe(303)
  await read(id)
  const tried = await listOf(id)
  const before = await platform.db.selectFrom('subscriptions').select('id').where('artistId', '=', artistId).execute()
  expect((await post(`${path}/bring`)).status).toBe(303)
  await read(id)
  return { id, path, tried, before: before.length, done: await listOf(id) }
}

test('a list is tried before anybody is brought, and every line that brings nobody is explained', async () => {
  await platform.db
    .insertInto('suppressions')
    .values({
      channel: 'mail',
      addressHash: addressHash(platform.signer, 'mail', 'alone@fans.example'),
      reason: 'asked',
      at: platform.now(),
    })
    .execute()
  const csv = Buffer.from(
    [
      'Nom;Courriel;Portable',
      'Zoé;zoe@fans.example;06 12 34 56 78',
      '"Martin; Léa";LEA@fans.example;',
      '"Max;max@fans.example;',
      'Nobody;;',
      'Wrong;not an address;',
      'Fixe;;01 42 68 53 00',
      'Twice;lea@fans.example;0612',
      'Alone;alone@fans.example;',
      '',
    ].join('\r\n'),
    'latin1',
  )
  const { id, path, tried, before, done } = await brought(csv)
  expect(tried).toMatchObject({ encoding: 'windows-1252', delimiter: ';', state: 'tried' })
  expect(before).toBe(0)
  expect(tried.counts).toEqual({ new: 4, known: 1, left: 0, suppressed: 1, refused: 4 })
  expect(done.counts).toEqual(tried.counts)
  const refusals = await platform.db
    .selectFrom('fanListRefusals')
    .selectAll()
    .where('listId', '=', id)
    .orderBy('line')
    .execute()
  expect(refusals.map(({ line, reason }) => [line, reason])).toEqual([
    [5, 'empty'],
    [6, 'mail-wrong'],
    [7, 'phone-no-text'],
    [8, 'phone-wrong'],
    [9, 'suppressed'],
  ])
  const [mail, phone] = [
    await fanByAddress(platform.db, 'mail', 'zoe@fans.example'),
    await fanByAddress(platform.db, 'sms', '+33612345678'),
  ]
  expect(mail).toMatchObject({ name: 'Zoé', language: 'fr', fanId: phone?.fanId })
  const page = await (await app.request(path, artist)).text()
  expect(page).toContain('no mail address')
  const file = await (await app.request(`${path}/refused.csv`, artist)).text()
  expect(file).toContain('6,no mail address,Wrong;not an address;')
  const consent = await platform.db
    .selectFrom('consents')
    .select(['wording', 'source'])
    .where('addressId', '=', mail?.addressId ?? '')
    .executeTakeFirst()
  expect(consent).toEqual({ wording: 'Signed at the concert of May.', source: 'import' })
})

test('who left is brought back by no list; who asked by no list without a word of where the consent is from', async () => {
  await platform.db.transaction().execute((tx) =>
    leaveByAddress(tx, platform, {
      channel: 'mail',
      address: 'lea@fans.example',
      others: [],
      wording: 'x',
      language: 'en',
      source: 'link',
    }),
  )
  const { done } = await brought('mail\nlea@fans.example\nnew@fans.example\n', {
    ...MAPPING,
    mail: '0',
    name: '',
    phone: '',
  })
  expect(done.counts).toMatchObject({ new: 1, left: 1 })
  const path = (await upload('mail\na@fans.example')).headers.get('location') ?? ''
  expect((await post(`${path}/try`, { ...MAPPING, mail: '0', declaration: '' })).status).toBe(422)
  // Not tried yet: nothing is brought.
  await post(`${path}/bring`)
  expect((await listOf(path.split('/').at(-1) as string)).state).toBe('new')
  const stranger = await signedIn(platform, {})
  expect((await app.request(path, stranger)).status).toBe(404)
  expect((await upload('')).status).toBe(422)
})

test('a long list goes through in lots, and goes on where it was after a stop', { timeout: 120_000 }, async () => {
  const lines = Array.from({ length: 12_000 }, (_, i) => `Person ${i},person${i}@many.example`)
  const path = (await upload(lines.join('\n'))).headers.get('location') ?? ''
  const id = path.split('/').at(-1) as string
  await platform.db
    .updateTable('fanLists')
    .set({ state: 'bringing', declaration: 'All of them said yes.' })
    .where('id', '=', id)
    .execute()
  const stop = new AbortController()
  const whole = fansJobs(platform)['fans.read-list'](
    { listId: id },
    { attempt: 1, lastAttempt: false, signal: stop.signal, log: platform.log, worker: 'test' },
  )
  await expect.poll(async () => (await listOf(id)).linesDone, { timeout: 60_000 }).toBeGreaterThan(0)
  stop.abort()
  await expect(whole).rejects.toThrow()
  await read(id)
  const done = await listOf(id)
  expect(done).toMatchObject({ state: 'brought', linesDone: 12_000 })
  expect(done.counts).toMatchObject({ new: 12_000, known: 0, refused: 0 })
})

test('two that read the same list at once, as when one of them was thought dead, bring in and count each line once', async () => {
  const lines = Array.from({ length: 2_500 }, (_, n) => (n % 50 === 7 ? `nobody-${n}` : `both${n}@fans.example`))
  const path = (await upload(`mail\n${lines.join('\n')}\n`)).headers.get('location') ?? ''
  const id = path.split('/').at(-1) as string
  const counts = { new: 2_450, known: 0, left: 0, suppressed: 0, refused: 50 }
  expect((await post(`${path}/try`, { ...MAPPING, mail: '0', name: '', phone: '' })).status).toBe(303)
  await Promise.all([read(id), read(id)])
  expect(await listOf(id)).toMatchObject({ state: 'tried', counts })
  await post(`${path}/bring`)
  await Promise.all([read(id), read(id), read(id)])
  expect(await listOf(id)).toMatchObject({ state: 'brought', counts })
  const refusals = await platform.db.selectFrom('fanListRefusals').select('line').where('listId', '=', id).execute()
  expect(refusals).toHaveLength(50)
})

test('after a month the file is gone, and what was in it', async () => {
  const [list] = await platform.db.selectFrom('fanLists').select(['id', 'storageKey']).execute()
  platform.pass(31 * 24 * 3_600_000)
  await fansJobs(platform)['fans.tidy']()
  expect(await platform.storage.stat(list?.storageKey ?? '')).toBeNull()
  expect(await platform.db.selectFrom('fanLists').select('id').execute()).toEqual([])
  // Those whom it brought stay.
  expect(await fanByAddress(platform.db, 'mail', 'zoe@fans.example')).not.toBeNull()
})
