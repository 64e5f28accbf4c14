import { afterAll, beforeAll, expect, test } from 'vitest'
import { frozenAnnouncement } from '../../../testing/announcement.ts'
import { signedIn, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { resumeAnnouncement } from '../announce/steer.ts'
import { stoppedAnnouncements } from '../announce/stopped.views.ts'
import { enqueueOne } from '../enqueue.ts'
import { deliver } from './deliver.ts'
import { artistWithProvider, context, states } from './engine.fixtures.ts'
import { fakeChannel } from './fake-channel.ts'
import { tend } from './tend.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const DAY = 86_400_000
const stateOf = (id: string) =>
  platform.db.selectFrom('announcements').select(['state', 'stopped']).where('id', '=', id).executeTakeFirst()

/** Its server is away until it is said to be there. */
async function away() {
  const server = { isThere: false }
  const fake = fakeChannel({
    batch: 3,
    lanes: 1,
    answer: () =>
      server.isThere ? { is: 'handed', ref: 'ok' } : { is: 'later', problem: 'ECONNREFUSED', holds: 'provider' },
  })
  const made = await artistWithProvider(platform, { fake })
  const work = async () => {
    await deliver(platform, made.parts, { providerId: made.providerId }, context())
    await tend(platform)
  }
  return { ...made, server, work }
}

test('a server that is away for two days is waited for; after three, a person decides whether it is still to be said', async () => {
  const { artistId, server, work } = await away()
  const { announcementId } = await frozenAnnouncement(platform, artistId, 5)
  for (let day = 0; day < 2; day++) {
    await work()
    platform.pass(DAY)
  }
  await work()
  expect(await stateOf(announcementId)).toEqual({ state: 'leaving', stopped: null })
  platform.pass(DAY + 1)
  await work()
  expect(await stateOf(announcementId)).toEqual({ state: 'paused', stopped: 'waited' })
  const told = { id: announcementId, senderId: artistId, title: '', hasLeft: true }
  expect(await stoppedAnnouncements(platform.db, [artistId], 'en')).toEqual([told])
  server.isThere = true
  platform.pass(DAY)
  await work()
  expect(await states(platform, announcementId)).toEqual({ queued: 5 })

  server.isThere = false
  const { accountId: by } = await signedIn(platform)
  expect(await resumeAnnouncement(platform, { id: announcementId, by })).toBe(true)
  await work()
  expect(await stateOf(announcementId)).toEqual({ state: 'leaving', stopped: null })
  server.isThere = true
  platform.pass(DAY)
  await work()
  expect(await states(platform, announcementId)).toEqual({ handed: 5 })
  expect(await stateOf(announcementId)).toEqual({ state: 'sent', stopped: null })
  expect(await stoppedAnnouncements(platform.db, [artistId], 'en')).toEqual([])
})

test('what is on its way at a rate is not late, however long it takes', async () => {
  const { artistId, providerId, parts } = await artistWithProvider(platform, {
    settings: { rate: { count: 2, seconds: 86_400 } },
  })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 9)
  for (let day = 0; day < 5; day++) {
    await deliver(platform, parts, { providerId }, context())
    await tend(platform)
    platform.pass(DAY + 1)
  }
  expect(await states(platform, announcementId)).toEqual({ handed: 9 })
})

test('an answer for which there was no way out has failed, and does not leave weeks later; one that waits its turn goes on waiting', async () => {
  const { artistId, providerId, parts, fake } = await artistWithProvider(platform)
  const answer = (channel: 'mail' | 'sms', address: string) =>
    platform.db.transaction().execute((tx) =>
      enqueueOne(tx, {
        ...{ kind: 'answer', channel, artistId, address, language: 'en', dueAt: platform.now() },
        message: { subject: 'Re:', text: 'Tonight at eight' },
      }),
    )
  const ids = [await answer('sms', '+33612345678'), await answer('mail', 'lea@fans.example')]
  const found = async () => {
    const { rows } = await platform.pool.query('select state, problem from deliveries where id = any($1) order by id', [
      ids,
    ])
    return rows
  }
  platform.pass(3 * DAY - 60_000)
  await tend(platform)
  expect(await found()).toEqual([
    { state: 'queued', problem: null },
    { state: 'queued', problem: null },
  ])
  platform.pass(DAY)
  await tend(platform)
  expect(await found()).toEqual([
    { state: 'failed', problem: 'waited' },
    { state: 'queued', problem: null },
  ])
  await deliver(platform, parts, { providerId }, context())
  expect(fake.taken.map(({ address }) => address)).toEqual(['lea@fans.example'])
})
