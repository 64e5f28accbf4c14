import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { burstOf } from './momentum.views.ts'
import { recordReturn } from './record.store.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const NOW = new Date('2026-11-20T10:00:00Z')
const daysAgo = (n: number) => new Date(NOW.getTime() - n * 24 * 3_600_000)

async function artist(first: number, burst: number | null) {
  const artistId = newId()
  const subject = `release:${newId()}` as const
  await platform.db.transaction().execute(async (tx) => {
    const listen = (at: Date) =>
      recordReturn(tx, { artistId, key: newId(), kind: 'listen', subject, givenAs: subject, personId: null, at })
    for (let day = first; day >= 0; day--) {
      const times = day === burst ? 20 : 1 + (day % 2)
      for (let n = 0; n < times; n++) await listen(daysAgo(day))
    }
  })
  return burstOf(platform.db, artistId, NOW, 'Europe/Paris')
}

test('a day out of the ordinary is told for a week, with what was usual, and to nobody whose past is too short', async () => {
  expect(await artist(100, null)).toBeNull()
  expect(await artist(100, 2)).toEqual({ day: '2026-11-18', listens: 20, usual: expect.any(Number) })
  expect(await artist(100, 9)).toBeNull()
  // Today is not over.
  expect(await artist(100, 0)).toBeNull()
  expect(await artist(60, 2)).toBeNull()
})
