import { readdirSync, readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BELONGINGS, jobHandlers } from '../app.ts'
import { confirm, fanByAddress, join } from '../domains/fans/index.ts'
import { createLabel } from '../domains/identity/index.ts'
import { createPost, publishPost } from '../domains/journal/index.ts'
import { newId } from '../platform/ids.ts'
import { originalKey, storeImage } from '../platform/images/index.ts'
import type { Platform } from '../platform/platform.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from './index.ts'

const DAY = 86_400_000
const PROOF = { wording: 'Write to me, please.', language: 'en', source: 'form' } as const

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: GivenRelease
let bo: GivenRelease
let owner: SignedIn
let host: SignedIn
let shared: string
let own: string
let labelId: string

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  const { db } = platform
  ana = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', tracks: ['Ebb', 'Flood'] })
  // Of the same sounds: one file each.
  bo = await givenRelease(platform, { artist: 'Bo', title: 'Echoes', tracks: ['Same'] })
  host = await signedIn(platform, { isHost: true })
  owner = await signedIn(platform, { artistIds: [ana.artistId] })
  shared = await picture('#204060')
  own = await picture('#802020')
  const coverOf = (releaseId: string, image: string) =>
    db.updateTable('releases').set({ coverImageId: image }).where('id', '=', releaseId).execute()
  await coverOf(ana.releaseId, shared)
  await coverOf(bo.releaseId, shared)
  await db.updateTable('artists').set({ portraitImageId: own }).where('id', '=', ana.artistId).execute()
  // Bo's release also plays a recording of Ana's.
  const recordingId = ana.tracks[1]?.recordingId ?? ''
  await db
    .insertInto('tracks')
    .values({
      id: newId(),
      releaseId: bo.releaseId,
      recordingId,
      position: 2,
      slug: 'flood',
      givesStream: null,
      givesDownload: null,
    })
    .execute()
  const post = await createPost(db, {
    artistId: ana.artistId,
    title: 'The kitchen',
    body: 'It *rained*.',
    language: 'en',
  })
  await publishPost(platform, { postId: post.id, by: null })
  await follows('lea@fans.example', [ana.artistId, bo.artistId])
  const max = await follows('max@fans.example', [ana.artistId])
  await db
    .insertInto('conversations')
    .values({
      id: newId(),
      artistId: ana.artistId,
      labelId: null,
      fanId: max,
      assignedTo: null,
      startedAt: platform.now(),
      lastAt: platform.now(),
      waitingSince: null,
    })
    .execute()
  const label = await db.transaction().execute((tx) => createLabel(tx, { name: 'Fern', ownerId: host.accountId }))
  labelId = label.id
  for (const artistId of [ana.artistId, bo.artistId])
    await db
      .insertInto('mandates')
      .values({
        id: newId(),
        artistId,
        labelId,
        permissions: ['music.edit'],
        grantedBy: null,
        revokedAt: null,
        revokedBy: null,
      })
      .execute()
  await db.updateTable('releases').set({ labelId }).where('id', '=', bo.releaseId).execute()
}, 120_000)
afterAll(() => platform.close())

async function picture(background: string): Promise<string> {
  const bytes = await sharp({ create: { width: 300, height: 300, channels: 3, background } })
    .png()
    .toBuffer()
  const kept = await storeImage(platform, bytes)
  if (!kept.ok) throw new Error('The test’s own picture was refused')
  return kept.value.id
}

async function follows(mail: string, artistIds: string[]): Promise<string> {
  for (const artistId of artistIds)
    await platform.db.transaction().execute(async (tx) => {
      const asked = { to: { artistId }, channel: 'mail' as const, address: mail, said: {}, ...PROOF }
      const joined = await join(tx, platform, asked)
      if (!joined.ok) throw new Error(joined.error)
      await confirm(tx, platform, { subscriptionId: joined.value.subscriptionId, recognised: true, ...PROOF })
    })
  return (await fanByAddress(platform.db, 'mail', mail))?.fanId ?? ''
}

const get = (path: string, who?: SignedIn) => app.request(path, { headers: { accept: 'text/html', ...who?.headers } })
const post = (path: string, fields: Record<string, string>, who: SignedIn) =>
  app.request(path, {
    method: 'POST',
    headers: { ...FORM, accept: 'text/html', ...who.headers },
    body: new URLSearchParams(fields).toString(),
  })
const studio = (what: string) => `/studio/artists/${ana.artistId}/${what}`
const statusOf = async (path: string, who?: SignedIn) => (await get(path, who)).status
const kept = async (key: string) => (await platform.storage.stat(key)) !== null
const masterKeys = async (artistId: string) =>
  (await platform.db.selectFrom('masters').select('storageKey').where('artistId', '=', artistId).execute()).map(
    ({ storageKey }) => storageKey,
  )

/** The same platform, whose process dies at the `budget`th step that it takes. */
function dying(budget: number): Platform {
  let steps = 0
  const step = () => {
    if (++steps > budget) throw new Error('killed')
  }
  const db = new Proxy(platform.db, {
    get(target, name) {
      if (name === 'transaction') step()
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const remove = async (key: string) => {
    step()
    await platform.storage.remove(key)
  }
  return { ...platform, db, storage: { ...platform.storage, remove } }
}

const job = async (on: Platform) => {
  const { id } = await platform.db
    .selectFrom('removals')
    .select('id')
    .where('undoneAt', 'is', null)
    .where('doneAt', 'is', null)
    .executeTakeFirstOrThrow()
  await jobHandlers(on)['identity.remove']?.({ removalId: id }, {} as never)
}

/** Reads a zip by its directory, as programs do, and checks every file. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const files = new Map<string, Buffer>()
  for (let n = zip.readUInt16LE(end + 10), at = zip.readUInt32LE(end + 16); n > 0; n--) {
    const [nameLength, extraLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30)]
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const header = zip.readUInt32LE(at + 42)
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
    const bytes = zip.subarray(start, start + zip.readUInt32LE(at + 24))
    expect(crc32(bytes), name).toBe(zip.readUInt32LE(at + 16))
    // The same stands after it, for who reads it as it comes.
    expect(zip.readUInt32LE(start + bytes.length + 4)).toBe(zip.readUInt32LE(at + 16))
    files.set(name, bytes)
    at += 46 + nameLength + extraLength
  }
  return files
}

test('every table that names an artist or a label has a part that answers for what becomes of it', async () => {
  const { rows } = await platform.pool.query<{ name: string }>(
    `select distinct c.table_name as name from information_schema.columns c join pg_class t on t.relname = c.table_name
     where c.table_schema = 'public' and not t.relispartition and t.relkind in ('r', 'p')
       and (c.column_name in ('artist_id', 'label_id') or c.column_name like '%\\_artist_id' or c.column_name like '%\\_label_id')`,
  )
  const answered = new Set(Object.values(BELONGINGS).flatMap(({ tables }) => tables))
  expect(rows.map(({ name }) => name).filter((name) => !answered.has(name))).toEqual([])
})

test('everything leaves in one archive that other programs open', async () => {
  const answer = await get(studio('archive.zip'), owner)
  expect(answer.status).toBe(200)
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(answer.headers.get('content-length')).toBe(String(bytes.length))
  const files = unzip(bytes)
  const read = (path: string): Buffer => files.get(`ana-marsh/${path}`) ?? Buffer.alloc(0)
  const release = JSON.parse(read('releases/tides/release.json').toString())
  expect(release).toMatchObject({ title: 'Tides', visibility: 'public' })
  expect(release.tracks.map((track: { title: string }) => track.title)).toEqual(['Ebb', 'Flood'])
  const [key] = await masterKeys(ana.artistId)
  const master = await platform.storage.withLocal(key ?? '', async (path) => readFileSync(path))
  expect(
    [read('releases/tides/01 - Ebb.wav'), read('releases/tides/02 - Flood.wav')].some((one) => one.equals(master)),
  ).toBe(true)
  expect(read('releases/tides/cover.png').subarray(1, 4).toString()).toBe('PNG')
  expect(read('portrait.png').length).toBeGreaterThan(100)
  const day = platform.now().toISOString().slice(0, 10)
  expect(read(`journal/${day}-the-kitchen.md`).toString()).toMatch(
    /^---\n[\s\S]*title: "The kitchen"[\s\S]*---\n\nIt \*rained\*\.\n$/,
  )
  expect(read('fans/fans.csv').toString()).toContain('max@fans.example')
  expect(read('fans/consents.csv').toString()).toContain('Write to me, please.')
  expect(read('returns/gifts.csv').toString()).toContain('release:')
  expect(read('README.txt').toString()).toContain('releases/masters.csv')
  const left = readdirSync(platform.paths.work)
  expect(left.filter((name) => name.startsWith('archive-'))).toEqual([])
})

test('an archive that would not be whole is refused with a sentence', async () => {
  const [key = ''] = await masterKeys(ana.artistId)
  const master = await platform.storage.withLocal(key, async (path) => readFileSync(path))
  await platform.storage.remove(key)
  const answer = await get(studio('archive.zip'), owner)
  expect(answer.status).toBe(409)
  expect(await answer.text()).toMatch(/releases\/tides\/0\d - \w+\.wav/)
  await platform.storage.put(key, master)
})

test('who may: the artist; the host to delete, not to take away; not an editor, not a label', async () => {
  const editor = await signedIn(platform, { artistIds: [ana.artistId], role: 'editor' })
  const manager = await signedIn(platform)
  await platform.db
    .insertInto('memberships')
    .values({ id: newId(), accountId: manager.accountId, artistId: null, labelId, role: 'label_manager' })
    .execute()
  for (const nobody of [editor, manager]) {
    expect(await statusOf(studio('remove'), nobody)).toBe(404)
    expect(await statusOf(studio('archive.zip'), nobody)).toBe(404)
  }
  expect(await statusOf(studio('remove'), host)).toBe(200)
  expect(await statusOf(studio('archive.zip'), host)).toBe(404)
  await platform.db.deleteFrom('memberships').where('accountId', '=', manager.accountId).execute()
})

test('it says what goes, asks for the name, hides everything at once, and brings it back as it was', async () => {
  const page = await (await get(studio('remove'), owner)).text()
  for (const said of [
    'One release with 2 tracks',
    'One post of the journal',
    '2 fans; one of them',
    'One conversation',
  ])
    expect(page).toContain(said)
  expect((await post(studio('remove'), { name: 'Bo' }, owner)).status).toBe(422)
  expect(await statusOf('/ana-marsh')).toBe(200)

  expect((await post(studio('remove'), { name: ' ana  marsh' }, owner)).status).toBe(303)
  for (const path of [
    '/ana-marsh',
    '/ana-marsh/tides',
    '/ana-marsh/journal/the-kitchen',
    '/ana-marsh/feed.xml',
    '/follow/ana-marsh',
  ])
    expect([path, await statusOf(path)]).toEqual([path, 410])
  expect(await (await get('/ana-marsh/tides')).text()).toContain('This was deleted')
  for (const path of ['/', '/search?q=marsh', '/sitemap.xml'])
    expect((await (await get(path)).text()).includes('ana-marsh'), path).toBe(false)
  const feed = await post(
    '/websub',
    {
      'hub.mode': 'subscribe',
      'hub.topic': 'http://ritornello.test/ana-marsh/feed.xml',
      'hub.callback': 'https://reader.example/',
    },
    owner,
  )
  expect(feed.status).toBe(410)

  // Nothing but taking it away and bringing it back is left to its people.
  expect(await statusOf(studio('people'), owner)).toBe(404)
  expect(await statusOf(`/studio/music/${ana.releaseId}`, owner)).toBe(404)
  expect(await statusOf(studio('archive.zip'), owner)).toBe(200)
  expect(await (await get('/studio', owner)).text()).toContain('Ana Marsh')
  expect(await (await get(studio('remove'), owner)).text()).toContain('Bring it back')

  expect((await post(studio('remove/undo'), {}, owner)).status).toBe(303)
  for (const path of ['/ana-marsh', '/ana-marsh/tides', '/ana-marsh/journal/the-kitchen', '/ana-marsh/feed.xml'])
    await expect.poll(() => statusOf(path), { message: path }).toBe(200)
  expect(await statusOf(`/studio/music/${ana.releaseId}`, owner)).toBe(200)
})

test('after two weeks it goes for good, though the worker dies at every step; what others have stays', async () => {
  const { db } = platform
  const only = (await masterKeys(ana.artistId)).filter((key) => key)
  const boKeys = await masterKeys(bo.artistId)
  const { sha256: sharedSha } = await db
    .selectFrom('images')
    .select('sha256')
    .where('id', '=', shared)
    .executeTakeFirstOrThrow()
  const { sha256: ownSha } = await db
    .selectFrom('images')
    .select('sha256')
    .where('id', '=', own)
    .executeTakeFirstOrThrow()
  const flood = ana.tracks[1]?.recordingId ?? ''
  const renditions = await db
    .selectFrom('renditions')
    .innerJoin('masters', 'masters.id', 'renditions.masterId')
    .select(['renditions.storageKey', 'masters.recordingId'])
    .where('masters.artistId', '=', ana.artistId)
    .execute()

  await post(studio('remove'), { name: 'Ana Marsh' }, owner)
  await job(platform)
  expect(await db.selectFrom('releases').select('id').where('artistId', '=', ana.artistId).execute()).toHaveLength(1)

  platform.pass(14 * DAY + 1000)
  const owners = await signedIn(platform, { artistIds: [ana.artistId] })
  let deaths = 0
  for (let budget = 0; ; budget++) {
    const died = await job(dying(budget)).then(
      () => false,
      (error: Error) => error.message === 'killed' || Promise.reject(error),
    )
    if (!died) break
    deaths++
    // Once begun, nothing brings half of it back.
    await post(studio('remove/undo'), {}, owners)
    expect(await statusOf('/ana-marsh')).toBe(410)
  }
  expect(deaths).toBeGreaterThan(10)

  expect(await tablesThatName(ana.artistId)).toEqual(['consents', 'removals'])
  expect(await db.selectFrom('removalLeftovers').selectAll().execute()).toEqual([])

  // One sound is Bo's as well, the other is played by his release: both files and its recording stay.
  for (const key of [...boKeys, ...only]) expect([key, await kept(key)]).toEqual([key, true])
  const moved = await db.selectFrom('recordings').select('artistId').where('id', '=', flood).executeTakeFirstOrThrow()
  expect(moved.artistId).toBe(bo.artistId)
  for (const { storageKey, recordingId } of renditions)
    expect([recordingId, await kept(storageKey)]).toEqual([
      recordingId,
      recordingId === flood || (await isNamed(storageKey)),
    ])
  expect(await kept(originalKey(sharedSha))).toBe(true)
  expect(await kept(originalKey(ownSha))).toBe(false)
  expect(await db.selectFrom('images').select('id').where('id', '=', own).execute()).toEqual([])
  expect(await statusOf('/bo/echoes')).toBe(200)

  expect(await fanByAddress(db, 'mail', 'max@fans.example')).toBeNull()
  expect(await fanByAddress(db, 'mail', 'lea@fans.example')).not.toBeNull()
  // They did not ask to be left alone: they may follow others here.
  expect(await db.selectFrom('suppressions').selectAll().execute()).toEqual([])
  expect(await follows('max@fans.example', [bo.artistId])).not.toBe('')

  expect(await statusOf('/ana-marsh/tides')).toBe(410)
  expect(await statusOf(studio('remove'), await signedIn(platform, { isHost: true }))).toBe(404)
  const log = await db
    .selectFrom('auditLog')
    .select(['action', 'subject'])
    .where('action', '=', 'artist.gone')
    .execute()
  expect(log).toEqual([{ action: 'artist.gone', subject: 'Ana Marsh' }])
  // The address is nobody else's.
  const again = await givenRelease(platform, { artist: 'Ana  Marsh', tracks: ['New'], prepare: false, publish: false })
  expect(again.artistSlug).toBe('ana-marsh-2')
}, 120_000)

async function tablesThatName(ownerId: string): Promise<string[]> {
  const { rows } = await platform.pool.query<{ name: string; column: string }>(
    `select c.table_name as name, c.column_name as column from information_schema.columns c join pg_class t on t.relname = c.table_name
     where c.table_schema = 'public' and c.column_name in ('artist_id', 'label_id') and not t.relispartition and t.relkind in ('r', 'p')`,
  )
  const found = new Set<string>()
  for (const { name, column } of rows) {
    const { rowCount } = await platform.pool.query(`select 1 from ${name} where ${column} = $1`, [ownerId])
    if (rowCount) found.add(name)
  }
  return [...found].sort()
}

const isNamed = async (key: string) =>
  (await platform.db.selectFrom('renditions').select('storageKey').where('storageKey', '=', key).executeTakeFirst()) !==
  undefined

test('a label goes without its artists', async () => {
  const manager = await signedIn(platform)
  await platform.db
    .insertInto('memberships')
    .values({ id: newId(), accountId: manager.accountId, artistId: null, labelId, role: 'label_manager' })
    .execute()
  const path = `/studio/labels/${labelId}`
  await platform.db.transaction().execute(async (tx) => {
    const joined = await join(tx, platform, {
      to: { labelId },
      channel: 'mail',
      address: 'noe@fans.example',
      said: {},
      ...PROOF,
    })
    if (!joined.ok) throw new Error(joined.error)
    await confirm(tx, platform, { subscriptionId: joined.value.subscriptionId, recognised: true, ...PROOF })
  })
  expect((await post('/studio/announcements?desk=fern', {}, manager)).status).toBe(303)
  const letter = await createPost(platform.db, {
    labelId,
    title: 'From the label',
    body: 'Dear *all*.',
    language: 'en',
  })
  await publishPost(platform, { postId: letter.id, by: null })
  expect(await statusOf('/fern/journal/from-the-label')).toBe(200)
  const asked = await (await get(`${path}/remove`, manager)).text()
  for (const said of [
    'They become independent.',
    'One fan; one of them',
    'One announcement',
    'One post of the journal',
  ])
    expect(asked).toContain(said)
  const archive = await get(`${path}/archive.zip`, manager)
  expect(archive.status).toBe(200)
  const files = unzip(Buffer.from(await archive.arrayBuffer()))
  const read = (name: string) => files.get(`fern/${name}`)?.toString() ?? ''
  expect(read('fans/fans.csv')).toContain('noe@fans.example')
  expect(read('fans/fans.csv')).not.toContain('lea@fans.example')
  expect(read('fans/consents.csv')).toContain('Write to me, please.')
  expect(JSON.parse(read('announcements.json'))).toMatchObject([{ state: 'draft' }])
  expect(read('returns/returns.csv')).toContain('confirmation')
  const file = [...files.keys()].find((name) => name.endsWith('-from-the-label.md')) ?? ''
  expect(files.get(file)?.toString()).toContain('Dear *all*.')
  await post(`${path}/remove`, { name: 'Fern' }, manager)
  expect(await statusOf('/fern/journal/from-the-label')).toBe(410)
  expect(await statusOf('/fern')).toBe(410)
  expect(await (await get('/bo/echoes')).text()).not.toContain('href="/fern"')
  platform.pass(14 * DAY + 1000)
  await job(platform)
  expect(await statusOf('/fern')).toBe(410)
  expect(await statusOf('/bo')).toBe(200)
  const release = await platform.db
    .selectFrom('releases')
    .select(['labelId', 'labelName'])
    .where('id', '=', bo.releaseId)
    .executeTakeFirstOrThrow()
  expect(release).toEqual({ labelId: null, labelName: 'Fern' })
  expect(await tablesThatName(labelId)).toEqual(['consents', 'removals'])
  expect(await fanByAddress(platform.db, 'mail', 'noe@fans.example')).toBeNull()
})

test('who alone answers for an artist is told before their account goes, and not when the artist is on its way out', async () => {
  const alone = await signedIn(platform, { artistIds: [bo.artistId] })
  await platform.db
    .deleteFrom('memberships')
    .where('artistId', '=', bo.artistId)
    .where('accountId', '!=', alone.accountId)
    .execute()
  const told = await (await get('/studio/account/delete', alone)).text()
  expect(told).toContain('Bo')
  expect(told).toContain(`/studio/artists/${bo.artistId}/remove`)
  await post(`/studio/artists/${bo.artistId}/remove`, { name: 'Bo' }, alone)
  expect(await (await get('/studio/account/delete', alone)).text()).toContain('name="email"')
})
