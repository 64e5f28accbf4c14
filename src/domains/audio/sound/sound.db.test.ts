import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../../testing/index.ts'
import { prepareMaster } from '../prepare-master.ts'

let platform: TestPlatform
let given: GivenRelease
beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { tracks: ['One'], prepare: false })
})
afterAll(() => platform.close())

const masterId = async () =>
  (
    await platform.db
      .selectFrom('masters')
      .select('id')
      .where('artistId', '=', given.artistId)
      .executeTakeFirstOrThrow()
  ).id
const run = async (lastAttempt: boolean) =>
  prepareMaster(
    platform,
    { masterId: await masterId() },
    { attempt: 3, lastAttempt, signal: new AbortController().signal, log: platform.log },
  )

test('a sound whose file is gone fails with a reason, is shown at home, and can be tried again', async () => {
  const master = await platform.db
    .selectFrom('masters')
    .selectAll()
    .where('id', '=', await masterId())
    .executeTakeFirstOrThrow()
  const place = platform.storage.localPath(master.storageKey) as string
  const { readFile, rm, writeFile } = await import('node:fs/promises')
  const bytes = await readFile(place)
  await rm(place)
  await expect(run(false)).rejects.toThrow()
  await expect(run(true)).rejects.toThrow()

  const artist = await signedIn(platform, { artistIds: [given.artistId], language: 'fr' })
  const app = testApp(platform)
  const path = `/studio/music/tracks/${given.tracks[0]?.trackId}/sound`
  expect(await (await app.request('/studio', artist)).text()).toContain(path)
  const page = await (await app.request(path, artist)).text()
  expect(page).toContain('n’a pas pu être préparé')
  expect(page).toContain(`${path}/retry`)

  await writeFile(place, bytes)
  const post = { method: 'POST', headers: { ...FORM, ...artist.headers }, body: '' }
  expect((await app.request(`${path}/retry`, { ...post, headers: FORM })).status).toBe(401)
  expect((await app.request(`${path}/retry`, post)).status).toBe(303)
  expect((await app.request(`${path}/retry`, post)).status).toBe(303)
  const { rows } = await platform.pool.query(
    `select count(*)::int as n from graphile_worker.jobs where task_identifier = 'audio.prepare'`,
  )
  expect(rows[0].n).toBe(1)
  await run(false)
  expect(await (await app.request(path, artist)).text()).toContain('LUFS')
})
