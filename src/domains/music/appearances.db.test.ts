import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { FORM, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { anArtist, aRelease, signIn } from './fixtures.ts'
import { artistReleases, publishRelease } from './index.ts'
import { setArtists } from './names.store.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

type Artist = Awaited<ReturnType<typeof anArtist>>

/** A public release of one artist that names another. */
async function naming(by: Artist, other: Artist): Promise<{ id: string; slug: string }> {
  const release = await aRelease(platform, by, `With ${other.name}`, ['One'])
  await platform.db
    .transaction()
    .execute((tx) => setArtists(tx, { releaseId: release.id }, [{ name: by.name }, { name: other.name }]))
  const done = await publishRelease(platform, { releaseId: release.id, by: null })
  if (!done.ok) throw new Error(done.error)
  return release
}
const pageOf = async (artist: Artist) => (await testApp(platform).request(`/${artist.slug}`)).text()
const listOf = async (artist: Artist) =>
  (await artistReleases(platform.db, artist.id, platform.now())).map(({ title }) => title)
const studio = (session: { cookie: string }, path: string, form?: Record<string, string>) =>
  testApp(platform).request(path, {
    method: form ? 'POST' : 'GET',
    headers: { ...(form && FORM), cookie: session.cookie, 'accept-language': 'en' },
    ...(form && { body: new URLSearchParams(form) }),
  })

test('whoever writes a name puts nothing on the page of who bears it, until they say so; and they may take it off again', async () => {
  const stranger = await anArtist(platform, 'Climber')
  const known = await anArtist(platform, 'Well Known')
  const release = await naming(stranger, known)
  const session = await signIn(platform, known.id)
  expect(await listOf(known)).toEqual([])
  expect(await pageOf(known)).not.toContain('With Well Known')

  expect(await (await studio(session, '/studio')).text()).toContain('Climber names you on “With Well Known”')
  expect(await (await studio(session, '/studio/music')).text()).toContain('waits for your word')
  const answer = (word: string) => studio(session, `/studio/music/${release.id}/appearance`, { answer: word })
  expect((await answer('show')).status).toBe(303)
  expect(await listOf(known)).toEqual(['With Well Known'])
  expect(await pageOf(known)).toContain('With Well Known')
  expect(await (await studio(session, '/studio')).text()).not.toContain('names you')

  await answer('hide')
  expect(await listOf(known)).toEqual([])
  expect(await pageOf(known)).not.toContain('With Well Known')
  expect(await listOf(stranger)).toEqual(['With Well Known'])
})

test('nobody else answers, not even who wrote the name, nor an editor, nor about what does not name them', async () => {
  const stranger = await anArtist(platform, 'Other Climber')
  const known = await anArtist(platform, 'Also Known')
  const release = await naming(stranger, known)
  const path = `/studio/music/${release.id}/appearance`
  for (const session of [await signIn(platform, stranger.id), await signIn(platform, known.id, 'editor')])
    expect((await studio(session, path, { answer: 'show' })).status).toBe(404)
  const unnamed = await aRelease(platform, stranger, 'Alone')
  const session = await signIn(platform, known.id)
  expect((await studio(session, `/studio/music/${unnamed.id}/appearance`, { answer: 'show' })).status).toBe(404)
  expect(await listOf(known)).toEqual([])
})

test('who answers for both need not be asked, nor a label that publishes for both; a no is a no', async () => {
  const [one, other] = [await anArtist(platform, 'First Self'), await anArtist(platform, 'Second Self')]
  const release = await naming(one, other)
  const session = await signIn(platform, other.id)
  await platform.db
    .insertInto('memberships')
    .values({ id: newId(), accountId: session.accountId, artistId: one.id, labelId: null, role: 'artist' })
    .execute()
  expect(await listOf(other)).toEqual(['With Second Self'])

  const [signed, mate] = [await anArtist(platform, 'Signed'), await anArtist(platform, 'Label Mate')]
  const labelId = newId()
  await platform.db.insertInto('labels').values({ id: labelId, slug: 'both', name: 'Both', imageId: null }).execute()
  const grant = (artistId: string, permissions: 'music.publish' | 'music.edit') =>
    platform.db
      .insertInto('mandates')
      .values({
        id: newId(),
        artistId,
        labelId,
        permissions: [permissions],
        grantedBy: null,
        revokedAt: null,
        revokedBy: null,
      })
      .execute()
  await naming(signed, mate)
  await grant(signed.id, 'music.publish')
  await grant(mate.id, 'music.edit')
  expect(await listOf(mate)).toEqual([])
  await platform.db
    .updateTable('mandates')
    .set({ permissions: ['music.publish'] })
    .where('artistId', '=', mate.id)
    .execute()
  expect(await listOf(mate)).toEqual(['With Label Mate'])

  await studio(session, `/studio?desk=${other.slug}`)
  expect((await studio(session, `/studio/music/${release.id}/appearance`, { answer: 'hide' })).status).toBe(303)
  expect(await listOf(other)).toEqual([])
})
