import { utimesSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { jobHandlers } from '../app.ts'
import { STORED } from '../inventory.ts'
import { newId } from '../platform/ids.ts'
import type { Storage } from '../platform/storage/index.ts'
import { tidyFiles } from '../platform/tidy-files.ts'
import { bySomebodyElse, howManyWait, type TestPlatform, testPlatform } from './index.ts'

const DAYS = 86_400_000

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
beforeEach(async () => {
  for await (const { key } of platform.storage.list('')) await platform.storage.remove(key)
  await platform.pool.query('truncate storings; truncate received cascade')
})
afterAll(() => platform.close())

const store = (key: string) => platform.storage.put(key, Buffer.from(key))
const name = (key: string) =>
  platform.db
    .insertInto('received')
    .values({
      ...{ id: newId(), channel: 'mail', providerId: null, providerRef: newId(), sender: '', recipient: '' },
      ...{ storageKey: key, size: key.length, receivedAt: platform.now(), handledAt: null },
    })
    .execute()
const there = async (key: string) => (await platform.storage.stat(key)) !== null

/** Everything stored so far was stored three days ago. */
async function age() {
  await platform.pool.query(`update storings set at = at - interval '3 days'`)
  const then = new Date(Date.now() - 3 * DAYS)
  for await (const { key } of platform.storage.list('')) utimesSync(platform.storage.localPath(key) ?? '', then, then)
}

/** The same platform, where `before` happens each time before a file is removed. */
const withRemoval = (before: (key: string) => Promise<void>) => {
  const storage: Storage = {
    ...platform.storage,
    async remove(key) {
      await bySomebodyElse(() => before(key))
      await platform.storage.remove(key)
    },
  }
  return { ...platform, storage }
}

test('a file that no row names goes after a day; what is named, young or not in our folders stays', async () => {
  const [stray, named, elsewhere] = ['received/stray', 'received/named', 'theirs/file']
  for (const key of [stray, named, elsewhere]) await store(key)
  await name(named)
  await age()
  await store('received/young')
  await jobHandlers(platform)['platform.tidy-files']({}, {} as never)
  expect(await Promise.all([stray, named, elsewhere, 'received/young'].map(there))).toEqual([false, true, true, true])
})

test('every kind of stored file is known here: a new one needs its folder in STORED', async () => {
  const { rows } = await platform.pool.query<{ text: string }>(
    `select format('%I.%I', table_name, column_name) as text from information_schema.columns
     where table_schema = 'public' and column_name like '%storage_key' order by 1`,
  )
  expect(rows.map(({ text }) => text)).toEqual([
    'bonus_files.storage_key',
    'encodings.storage_key',
    'entry_files.storage_key',
    'entry_streams.storage_key',
    'fan_lists.storage_key',
    'held_pictures.storage_key',
    'masters.storage_key',
    'message_attachments.storage_key',
    'outlays.storage_key',
    'parcel_proofs.storage_key',
    'post_videos.mp4_storage_key',
    'post_videos.original_storage_key',
    'post_videos.webm_storage_key',
    'press_riders.storage_key',
    'received.storage_key',
    'renditions.storage_key',
  ])
})

test('whoever stores a file again while it is removed waits, and has it', async () => {
  const key = 'received/again'
  await store(key)
  await age()
  let writer: Promise<unknown> = Promise.resolve()
  await tidyFiles(
    withRemoval(async () => {
      writer = store(key).then(() => name(key))
      // It waits for the removal; without that, it would be done here, and its file gone a moment later.
      await expect.poll(() => howManyWait(platform.pool)).toBe(1)
    }),
    STORED,
  )
  await writer
  expect(await there(key)).toBe(true)
})

test('what is found there by whoever is about to name it is left alone, or not found', async () => {
  const [claimed, late] = ['received/claimed', 'received/late']
  await store(claimed)
  await store(late)
  await age()
  expect(await platform.storage.claim(claimed)).not.toBeNull()
  await tidyFiles(platform, STORED)
  expect([await there(claimed), await there(late)]).toEqual([true, false])
  expect(await platform.storage.claim(late)).toBeNull()
})

test('killed after any number of removals, it finds less to do, and what is wanted is whole', async () => {
  const keys = Array.from({ length: 12 }, (_, n) => `attachments/${n}/0`)
  const wanted = keys.filter((_, n) => n % 3 === 0)
  for (const key of keys) await store(key)
  for (const key of wanted) await name(key)
  await age()
  for (let budget = 0; budget < keys.length - wanted.length; budget++) {
    let left = 1
    const dying = withRemoval(async () => {
      if (left-- === 0) throw new Error('killed')
    })
    await expect(tidyFiles(dying, STORED)).rejects.toThrow('killed')
    expect(await Promise.all(wanted.map(there))).toEqual(wanted.map(() => true))
    if ((await Promise.all(keys.map(there))).filter(Boolean).length === wanted.length + 1) break
  }
  await tidyFiles(platform, STORED)
  expect(await Promise.all(keys.map(there))).toEqual(keys.map((_, n) => n % 3 === 0))
})

test('when it is the rows that are missing, nothing is touched', async () => {
  for (let n = 0; n < 101; n++) await store(`received/${n}`)
  await age()
  expect(await tidyFiles(platform, STORED)).toBe(0)
  expect(await there('received/0')).toBe(true)
})
