import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { givenRelease, type TestPlatform, testPlatform, tone } from '../../../testing/index.ts'
import { engine } from '../run-engine.ts'
import {
  ask,
  aWorld,
  context,
  made,
  madeOf,
  newBatch,
  press,
  sendFile,
  understood,
  type World,
} from './batches.fixtures.ts'
import { batchById, startMaking } from './batches.store.ts'
import { makeReleases } from './make-releases.ts'
import { tidyUploads } from './tidy-uploads.ts'
import { understandBatch } from './understand-batch.ts'
import { uploadPath, uploadsOf } from './uploads.store.ts'

let platform: TestPlatform
let world: World
let folder: string
let cover: Buffer
let flac: Buffer
beforeAll(async () => {
  platform = await testPlatform()
  world = await aWorld(platform)
  folder = mkdtempSync(join(tmpdir(), 'incoming-'))
  cover = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#963' } })
    .jpeg()
    .toBuffer()
  const { writeFileSync } = await import('node:fs')
  writeFileSync(join(folder, 'tone.wav'), tone({ seconds: 3 }))
  await engine('encode', { path: join(folder, 'tone.wav'), outPath: join(folder, 'tone.flac'), format: 'flac' })
  flac = readFileSync(join(folder, 'tone.flac'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await platform.close()
})

const text = (words: string) => new TextEncoder().encode(words)
// No two albums sound the same: storage keeps each sound once.
let hertz = 200
const album = (name: string) => ({
  [`${name}/01 - First.wav`]: tone({ hertz: hertz++ }),
  [`${name}/02 - Second.wav`]: tone({ hertz: hertz++ }),
  [`${name}/cover.jpg`]: cover,
  [`${name}/booklet.pdf`]: text('%PDF-1.4 a booklet'),
})
const pageOf = async ({ page }: { page: string }) => (await ask(world, 'GET', page)).text()
const tracksOf = (releaseId: string) =>
  platform.db
    .selectFrom('tracks as t')
    .innerJoin('recordings as r', 'r.id', 't.recordingId')
    .innerJoin('masters as m', 'm.recordingId', 'r.id')
    .select(['t.position', 'r.title', 'm.fileName', 'm.sha256', 'm.state'])
    .where('t.releaseId', '=', releaseId)
    .orderBy('t.position')
    .execute()

describe('an album that was dropped', () => {
  test('is shown as it was understood, made once when the button is pressed, and leaves nothing behind', async () => {
    const batch = await understood(world, album('Ada - Rivers (2024)'))
    const page = await pageOf(batch)
    for (const words of [
      'Rivers',
      'First',
      'Second',
      'booklet.pdf',
      'from the folder’s name',
      'Make a draft release of it',
    ])
      expect(page).toContain(words)
    expect(await platform.db.selectFrom('releases').selectAll().where('title', '=', 'Rivers').execute()).toEqual([])
    const picture = await ask(world, 'GET', `${batch.page}/cover/0`)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])

    await press(world, batch.page, 'make')
    await makeReleases(platform, { batchId: batch.id }, context)
    const [releaseId = ''] = await madeOf(world, batch.id)
    expect(await tracksOf(releaseId)).toMatchObject([
      { title: 'First', fileName: '01 - First.wav', state: 'waiting' },
      { title: 'Second', fileName: '02 - Second.wav' },
    ])
    const release = await platform.db
      .selectFrom('releases')
      .selectAll()
      .where('id', '=', releaseId)
      .executeTakeFirstOrThrow()
    expect(release).toMatchObject({ visibility: 'draft', releaseDate: '2024', coverImageId: expect.any(String) })
    const bonus = await platform.db.selectFrom('bonusFiles').selectAll().where('releaseId', '=', releaseId).execute()
    expect(bonus).toMatchObject([{ fileName: 'booklet.pdf', type: 'application/pdf', size: 18 }])
    for (const { sha256 } of await tracksOf(releaseId))
      expect(await platform.storage.stat(`masters/${sha256.slice(0, 2)}/${sha256}`)).not.toBeNull()
    const after = await ask(world, 'GET', batch.page)
    expect([after.status, after.headers.get('location')]).toEqual([303, `/studio/music/${releaseId}`])
    expect(await uploadsOf(platform.db, batch.id)).toEqual([])
    expect(readdirSync(platform.paths.work)).toEqual([])
  })

  test('two presses and two workers at once make one release', async () => {
    const batch = await understood(world, album('Ada - Once'))
    await Promise.all([press(world, batch.page, 'make'), press(world, batch.page, 'make')])
    expect(await startMaking(platform.db, batch.id)).toBe(false)
    const runs = [1, 2, 3].map(() => makeReleases(platform, { batchId: batch.id }, { ...context, lastAttempt: false }))
    await Promise.allSettled(runs)
    await makeReleases(platform, { batchId: batch.id }, context)
    expect(await platform.db.selectFrom('releases').select('id').where('title', '=', 'Once').execute()).toHaveLength(1)
    expect(await uploadsOf(platform.db, batch.id)).toEqual([])
  })

  test('killed between the files and the rows, it is made by the next run', async () => {
    const batch = await understood(world, album('Ada - Twice'))
    await press(world, batch.page, 'make')
    const stop = new AbortController()
    const storage: typeof platform.storage = {
      ...platform.storage,
      async adopt(key, path) {
        const size = await platform.storage.adopt(key, path)
        if (key.startsWith('masters/')) stop.abort(new Error('killed'))
        return size
      },
    }
    const files = await uploadsOf(platform.db, batch.id)
    const cut = makeReleases(
      { ...platform, storage },
      { batchId: batch.id },
      { lastAttempt: false, signal: stop.signal },
    )
    await expect(cut).rejects.toThrow('killed')
    expect((await batchById(platform.db, batch.id))?.state).toBe('making')
    for (const { id } of files) expect(existsSync(uploadPath(platform.paths, id))).toBe(true)
    await makeReleases(platform, { batchId: batch.id }, context)
    const [releaseId = ''] = await madeOf(world, batch.id)
    expect(await tracksOf(releaseId)).toHaveLength(2)
  })

  test('when making fails for good the page says so, and the button is there again', async () => {
    const batch = await understood(world, album('Ada - Broken'))
    await press(world, batch.page, 'make')
    const storage = { ...platform.storage, adopt: () => Promise.reject(new Error('no storage')) }
    await expect(makeReleases({ ...platform, storage }, { batchId: batch.id }, context)).rejects.toThrow()
    expect(await pageOf(batch)).toContain('nothing was half made')
    expect(await platform.db.selectFrom('releases').select('id').where('title', '=', 'Broken').execute()).toEqual([])
    await press(world, batch.page, 'make')
    await makeReleases(platform, { batchId: batch.id }, context)
    expect(await madeOf(world, batch.id)).toHaveLength(1)
  })

  test('a job that is gone for good is given back to the person', async () => {
    const batch = await newBatch(world)
    await sendFile(world, batch.endpoint, 'a.wav', tone())
    await press(world, batch.page, 'done')
    await platform.pool.query(`delete from graphile_worker._private_jobs where key = $1`, [`understand:${batch.id}`])
    await platform.pool.query(`update upload_batches set updated_at = now() - interval '10 minutes' where id = $1`, [
      batch.id,
    ])
    await tidyUploads(platform)
    expect(await batchById(platform.db, batch.id)).toMatchObject({ state: 'receiving', trouble: 'reading' })
    expect(await pageOf(batch)).toContain('Reading stopped')
  })

  test('two albums in one drop become two drafts', async () => {
    const releases = await made(world, {
      ...under('Both', album('Ada - North')),
      ...under('Both', album('Ada - South')),
    })
    expect(releases).toHaveLength(2)
  })
})

const under = (folder: string, files: Record<string, Uint8Array>) =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${folder}/${path}`, bytes]))

describe('bad files', () => {
  test('get a sentence each, and the others go on', async () => {
    const concat = `ffconcat version 1.0\nfile '01 - Good.wav'\nfile '/etc/passwd'\n`
    const hls = '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n01 - Good.wav\n#EXT-X-ENDLIST\n'
    const large = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#000' } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    const batch = await understood(world, {
      'Ada - Mixed/01 - Good.wav': tone(),
      'Ada - Mixed/02 - Text.wav': text('These are words, and no sound at all.'),
      'Ada - Mixed/03 - Cut.flac': flac.subarray(0, Math.floor(flac.length / 2)),
      'Ada - Mixed/04 - Nothing.wav': new Uint8Array(),
      'Ada - Mixed/05 - Concat.wav': text(concat),
      'Ada - Mixed/06 - Stream.wav': text(hls),
      'Ada - Mixed/front.png': large,
      'Ada - Mixed/cover.svg': text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      'Ada - Mixed/back.jpg': text('not a picture'),
    })
    const plan = (await batchById(platform.db, batch.id))?.plan
    const told = plan?.releases.flatMap(({ problems }) =>
      problems.map(({ file, code }) => [file?.split('/').at(-1), code]),
    )
    expect(told).toEqual(
      expect.arrayContaining([
        ['02 - Text.wav', 'text-not-audio'],
        ['03 - Cut.flac', 'audio-truncated'],
        ['04 - Nothing.wav', 'empty-file'],
        ['05 - Concat.wav', 'playlist'],
        ['06 - Stream.wav', 'playlist'],
        ['front.png', 'cover-too-large'],
        ['cover.svg', 'cover-svg'],
        ['back.jpg', 'cover-unreadable'],
      ]),
    )
    expect(plan?.releases.flatMap(({ tracks }) => tracks.map(({ title }) => title.value))).toEqual(['Good'])
    const page = await pageOf(batch)
    expect(page).toContain('This is a text with the name of an audio file.')
    expect(page).not.toContain('root:x:')
    await press(world, batch.page, 'make')
    await makeReleases(platform, { batchId: batch.id }, context)
    const [releaseId = ''] = await madeOf(world, batch.id)
    expect(await tracksOf(releaseId)).toMatchObject([{ title: 'Good' }])
  })

  test('alone, they make nothing: there is no button, and pressing it all the same does nothing', async () => {
    const batch = await understood(world, { 'words.wav': text('nothing to hear') })
    const page = await pageOf(batch)
    expect(page).toContain('Nothing here can become a release')
    expect(page).not.toContain(`${batch.page}/make`)
    await press(world, batch.page, 'make')
    expect((await batchById(platform.db, batch.id))?.state).toBe('understood')
  })

  test('what did not arrive whole is named; sent again, it is taken', async () => {
    const batch = await newBatch(world)
    await sendFile(world, batch.endpoint, 'Ada - Late/01 - One.wav', tone())
    await ask(world, 'POST', batch.endpoint, {
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '50',
        'upload-metadata': `path ${btoa('Ada - Late/02 - Two.wav')}`,
      },
    })
    await press(world, batch.page, 'done')
    await understandBatch(platform, { batchId: batch.id }, context)
    expect(await pageOf(batch)).toContain('This file did not arrive whole')
    await press(world, batch.page, 'reopen')
    await sendFile(world, batch.endpoint, 'Ada - Late/02 - Two.wav', tone({ hertz: 440 }))
    await press(world, batch.page, 'done')
    await understandBatch(platform, { batchId: batch.id }, context)
    expect(await pageOf(batch)).not.toContain('This file did not arrive whole')
    expect((await batchById(platform.db, batch.id))?.plan?.releases[0]?.tracks).toHaveLength(2)
  })
})

describe('a release that is there', () => {
  test('gets further tracks after its last one, and a track gets another sound', async () => {
    const given = await givenRelease(platform, { artist: 'Bo', title: 'Growing', prepare: false })
    const owner = await aWorld(platform, 'Nobody')
    await platform.db
      .updateTable('memberships')
      .set({ artistId: given.artistId })
      .where('accountId', '=', owner.who.accountId)
      .execute()
    const page = await ask(owner, 'GET', `/studio/music/${given.releaseId}/tracks/new`)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Add tracks to “Growing”')])
    expect(await made(owner, { '07 - More.wav': tone({ hertz: 500 }) }, `release=${given.releaseId}`)).toEqual([
      given.releaseId,
    ])
    expect(await tracksOf(given.releaseId)).toMatchObject([
      { position: 1, title: 'One' },
      { position: 2, title: 'Two' },
      { position: 3, title: 'More' },
    ])
    const [first] = await tracksOf(given.releaseId)
    const trackId = given.tracks[0]?.trackId ?? ''
    expect((await ask(owner, 'GET', `/studio/music/tracks/${trackId}/master`)).status).toBe(200)
    await made(owner, { 'one, mixed again.wav': tone({ hertz: 700 }) }, `track=${trackId}`)
    const [again] = await tracksOf(given.releaseId)
    expect(again).toMatchObject({ title: 'One', fileName: 'one, mixed again.wav' })
    expect(again?.sha256).not.toBe(first?.sha256)
    expect((await ask(world, 'GET', `/studio/music/tracks/${trackId}/master`)).status).toBe(404)
  })
})
