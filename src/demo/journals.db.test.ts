import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLabel } from '../domains/identity/index.ts'
import { givenRelease, signedIn, type TestPlatform, testPlatform } from '../testing/index.ts'
import { layOutAnnouncements } from './announcements.ts'
import { demoLabel } from './catalogue.ts'
import { layOutInbox } from './inbox.ts'
import { layOutJournals } from './journals.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

// A picture is painted in it, which takes a busy machine a while.
test('the demonstration keeps a journal with comments, and an inbox in which one fan waits', async () => {
  const title = 'Petite fête sans électricité'
  const { artistId } = await givenRelease(platform, { artist: 'Lampyre 9', title, tracks: ['La lucarne'] })
  await platform.db
    .transaction()
    .execute((tx) => createLabel(tx, { name: demoLabel.name, language: 'fr', ownerId: null }))
  const { accountId } = await signedIn(platform, { artistIds: [artistId] })
  const email = `${accountId}@fans.example`
  await layOutAnnouncements(platform, email)
  await layOutJournals(platform, email)
  await layOutInbox(platform, email)

  const { rows: posts } = await platform.pool.query(
    `select visibility, count(*)::int as count, count(cover_image_id)::int as pictures, count(*) filter (where body like '%[[%')::int as music
     from posts group by 1 order by 1`,
  )
  expect(posts).toEqual([
    { visibility: 'draft', count: 1, pictures: 0, music: 0 },
    { visibility: 'public', count: 3, pictures: 1, music: 2 },
  ])
  const { rows: comments } = await platform.pool.query(
    `select state, (answers is not null) as answers, count(*)::int as count from comments group by 1, 2 order by 1, 2`,
  )
  expect(comments).toEqual([
    { state: 'shown', answers: false, count: 2 },
    { state: 'shown', answers: true, count: 1 },
    { state: 'waiting', answers: false, count: 1 },
  ])
  const { rows: talks } = await platform.pool.query(
    `select f.name, c.state, c.waiting_since is not null as waits from conversations c join fans f on f.id = c.fan_id order by 1`,
  )
  expect(talks).toEqual([
    { name: 'Anaïs', state: 'open', waits: true },
    { name: 'Lise', state: 'open', waits: false },
    { name: 'Tom', state: 'done', waits: true },
  ])
}, 240_000)
