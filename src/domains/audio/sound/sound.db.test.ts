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
import { settleMasters } from '../settle-masters.ts'

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
    { attempt: 3, lastAttempt, worker: 'here', signal: new AbortController().signal, log: platform.log },
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

test('a sound whose worker was killed in its last attempt does not wait for ever', async () => {
  const id = await masterId()
  await platform.db.updateTable('masters').set({ state: 'preparing' }).where('id', '=', id).execute()
  const job = (set: string) =>
    platform.pool.query(`update graphile_worker._private_jobs set ${set} where key = 'prepare:${id}'`)
  await job(`attempts = 2, locked_at = null, locked_by = null`)
  expect(await settleMasters(platform)).toBe(0)
  await job(`attempts = 3, locked_at = now(), locked_by = 'somebody'`)
  expect(await settleMasters(platform)).toBe(0)
  await job(`locked_at = null, locked_by = null`)
  expect(await settleMasters(platform)).toBe(1)
  const master = await platform.db
    .selectFrom('masters')
    .select(['state', 'problem'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(master).toMatchObject({ state: 'failed', problem: { code: 'crashed' } })
})
