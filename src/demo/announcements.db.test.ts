import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenRelease, signedIn, type TestPlatform, testPlatform } from '../testing/index.ts'
import { layOutAnnouncements } from './announcements.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

test('the demonstration has fans, an announcement that reached them, and one that is being written', async () => {
  const { artistId } = await givenRelease(platform, { tracks: ['One'] })
  const { accountId } = await signedIn(platform, { artistIds: [artistId] })
  await layOutAnnouncements(platform, `${accountId}@fans.example`)
  const { rows } = await platform.pool.query(`select state from announcements order by state`)
  expect(rows).toEqual([{ state: 'draft' }, { state: 'sent' }])
  const { rows: deliveries } = await platform.pool.query(
    `select channel, state, count(*)::int as count from deliveries group by 1, 2 order by 1, 2`,
  )
  expect(deliveries).toEqual([
    { channel: 'mail', state: 'bounced', count: 1 },
    { channel: 'mail', state: 'delivered', count: 19 },
    { channel: 'sms', state: 'delivered', count: 4 },
  ])
  const { rows: told } = await platform.pool.query(
    'select count(*)::int as count from standings where told_at is not null',
  )
  expect(told).toEqual([{ count: 23 }])
})
