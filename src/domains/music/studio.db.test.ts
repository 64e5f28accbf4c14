import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { FORM, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { anArtist, aRelease, signIn } from './fixtures.ts'
import { type PublicRelease, releaseById, releasePage, trackPage } from './index.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

type Session = Awaited<ReturnType<typeof signIn>>
const get = (session: Session, path: string) =>
  testApp(platform).request(path, { headers: { cookie: session.cookie, 'accept-language': 'en' } })
const post = (session: Session, path: string, form: Record<string, string> = {}) =>
  testApp(platform).request(path, {
    method: 'POST',
    headers: { ...FORM, cookie: session.cookie, 'accept-language': 'en' },
    body: new URLSearchParams(form),
  })
/** The values of a page's form, as a browser would send them back. */
async function filled(session: Session, path: string): Promise<Record<string, string>> {
  const html = await (await get(session, path)).text()
  const values: Record<string, string> = {}
  const decode = (text: string) =>
    text
      .replace(/&quot;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&')
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    if (name && (!/type="(checkbox|radio)"/.test(tag) || /checked/.test(tag)))
      values[name] ??= decode(/value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  for (const [, name, text] of html.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)<\/textarea>/g))
    values[name as string] = decode(text as string)
  for (const [, name, inside] of html.matchAll(/<select[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs))
    values[name as string] = /<option value="([^"]*)" selected/.exec(inside as string)?.[1] ?? ''
  return values
}
const seen = async (id: string) =>
  (await releaseById(platform.db, id, { now: platform.now(), preview: true, lyrics: true })) as PublicRelease
async function world(titles = ['One', 'Two', 'Three'], role: 'artist' | 'editor' = 'artist') {
  const artist = await anArtist(platform, 'Ada')
  const release = await aRelease(platform, artist, 'First Songs', titles)
  return { artist, release, session: await signIn(platform, artist.id, role), base: `/studio/music/${release.id}` }
}

describe('whose music it is', () => {
  test('a form longer than any honest one is not read', async () => {
    const { session, base } = await world()
    const answer = await post(session, `${base}/access/links`, { note: 'x'.repeat(3_000_000) })
    expect(answer.status).toBe(413)
  })

  test('somebody else’s releases are not there at all, and nobody comes in without signing in', async () => {
    const { release, base } = await world()
    const other = await signIn(platform, (await anArtist(platform, 'Other')).id)
    for (const page of [
      '',
      '/details',
      '/cover',
      '/extras',
      '/access',
      '/preview',
      `/tracks/${release.tracks[0]?.trackId}`,
    ])
      expect((await get(other, base + page)).status).toBe(404)
    for (const action of ['/order', '/details', '/access/publish', '/remove', '/cover', '/access/links'])
      expect((await post(other, base + action)).status).toBe(404)
    const answer = await testApp(platform).request(base)
    expect(answer.headers.get('location')).toContain('/studio/sign-in')
    expect((await seen(release.id)).visibility).toBe('draft')
  })

  test('an editor changes it and does not publish it', async () => {
    const { release, base, session } = await world(['One'], 'editor')
    const page = await (await get(session, `${base}/access`)).text()
    expect(page).not.toContain('Publish now')
    expect((await post(session, `${base}/access/publish`)).status).toBe(404)
    const form = await filled(session, `${base}/details`)
    expect((await post(session, `${base}/details`, { ...form, title: 'Better' })).status).toBe(303)
    expect(await seen(release.id)).toMatchObject({ title: 'Better', visibility: 'draft' })
  })
})

test('what a release gives is an editor’s to say while it is a draft, and a publisher’s once it is out', async () => {
  const { artist, release, session: artistSession, base } = await world(['One'])
  const editor = await signIn(platform, artist.id, 'editor')
  const gives = async () => (await seen(release.id)).tracks[0]?.gives
  const track = `${base}/tracks/${release.tracks[0]?.trackId}`
  expect((await post(editor, `${base}/access/gives`, { gives: 'stream' })).status).toBe(303)
  expect(await gives()).toEqual({ stream: true, download: false })
  for (const out of ['unlist', 'publish']) {
    await post(artistSession, `${base}/access/${out}`)
    const refused = await post(editor, `${base}/access/gives`, { gives: 'stream-and-download' })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('for the artist to change')
    const form = await filled(editor, track)
    expect((await post(editor, track, { ...form, gives: 'stream-and-download' })).status).toBe(422)
    expect(await gives()).toEqual({ stream: true, download: false })
    expect((await post(editor, track, { ...form, title: `One, ${out}` })).status).toBe(303)
  }
  expect((await post(artistSession, `${base}/access/gives`, { gives: 'stream-and-download' })).status).toBe(303)
  expect(await gives()).toEqual({ stream: true, download: true })
})

describe('the list', () => {
  test('offers to drop an album when there is nothing, and begins one from a title', async () => {
    const artist = await anArtist(platform, 'New')
    const session = await signIn(platform, artist.id)
    const empty = await (await get(session, '/studio/music')).text()
    expect(empty).toContain('Your releases will be here')
    expect((await post(session, '/studio/music', { title: ' ' })).status).toBe(422)
    const made = await post(session, '/studio/music', { title: 'Sketches' })
    expect(made.status).toBe(303)
    const list = await (await get(session, '/studio/music')).text()
    expect(list).toContain('Sketches')
    expect(list).toContain('Draft. Only the people who work on it see it.')
    expect(list).toContain('no tracks')
  })

  test('a release taken out is seen by nobody, and comes back as a draft at its old address', async () => {
    const { artist, release, session, base } = await world()
    await post(session, `${base}/access/publish`)
    const out = await post(session, `${base}/remove`)
    const list = await (await get(session, out.headers.get('location') as string)).text()
    expect(list).toContain('is out of the catalogue')
    expect(
      await releasePage(platform.db, { artistSlug: artist.slug, releaseSlug: release.slug, now: platform.now() }),
    ).toBeNull()
    expect((await get(session, base)).status).toBe(404)
    expect((await post(session, `${base}/access/publish`)).status).toBe(404)
    await post(session, `${base}/restore`)
    expect(await seen(release.id)).toMatchObject({ visibility: 'draft', slug: release.slug })
  })
})

describe('the details', () => {
  test('are saved as they were understood, and a new title leaves the old address leading on', async () => {
    const { artist, release, session, base } = await world()
    const form = await filled(session, `${base}/details`)
    expect(form).toMatchObject({ title: 'First Songs', artists: 'Ada', kind: 'album', licence: 'all-rights-reserved' })
    const saved = await post(session, `${base}/details`, {
      ...form,
      title: 'Été',
      artists: 'Ada\nfeat. Bo',
      kind: 'ep',
      date: '23/11/2026',
      genres: 'folk, drone',
      licence: 'cc-by-4.0',
      barcode: '5 901234 123457',
      credits: 'Mastering: Cy',
      label: 'Nowhere',
    })
    expect(saved.status).toBe(303)
    expect(await (await get(session, saved.headers.get('location') as string)).text()).toContain('Saved.')
    expect(await seen(release.id)).toMatchObject({
      title: 'Été',
      slug: 'ete',
      kind: 'ep',
      date: '2026-11-23',
      genres: ['folk', 'drone'],
      barcode: '5901234123457',
      artists: [
        { name: 'Ada', slug: artist.slug },
        { name: 'Bo', isFeatured: true },
      ],
      credits: [{ role: 'mastering', name: 'Cy' }],
      label: { name: 'Nowhere', slug: null },
      revision: 2,
    })
    await post(session, `${base}/access/publish`)
    const old = { artistSlug: artist.slug, releaseSlug: 'first-songs', now: platform.now() }
    expect(await releasePage(platform.db, old)).toEqual({ moved: { artistSlug: artist.slug, releaseSlug: 'ete' } })

    await post(session, `${base}/details`, { ...(await filled(session, `${base}/details`)), title: 'First Songs' })
    expect(await releasePage(platform.db, old)).toMatchObject({ title: 'First Songs', slug: 'first-songs' })
  })

  test('saved without a difference change nothing downstream', async () => {
    const { release, session, base } = await world()
    const before = await seen(release.id)
    const form = await filled(session, `${base}/details`)
    const answer = await post(session, `${base}/details`, form)
    expect(answer.headers.get('location')).toContain('done=same')
    expect((await seen(release.id)).revision).toBe(before.revision)
  })

  test('that are wrong say so beside each field, and keep what was written', async () => {
    const { release, session, base } = await world()
    const form = await filled(session, `${base}/details`)
    const answer = await post(session, `${base}/details`, {
      ...form,
      title: '',
      date: '31/02/2026',
      barcode: '5901234123450',
      credits: 'Bass: Bo\nnobody',
      description: 'A long story',
    })
    expect(answer.status).toBe(422)
    const html = await answer.text()
    for (const words of [
      'Give it a title.',
      'not a date that exists',
      'The last figure contradicts',
      'Line 2 has no role',
      'A long story',
      '31/02/2026',
    ])
      expect(html).toContain(words)
    expect((await seen(release.id)).title).toBe('First Songs')
  })

  test('saved by somebody else in the meantime are told, nothing is lost, and a second save keeps one’s own', async () => {
    const { artist, release, session, base } = await world()
    const friend = await signIn(platform, artist.id, 'editor')
    const mine = { ...(await filled(session, `${base}/details`)), title: 'Mine', description: 'My story' }
    const theirs = await filled(friend, `${base}/details`)
    await post(friend, `${base}/details`, { ...theirs, title: 'Theirs' })
    const answer = await post(session, `${base}/details`, mine)
    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain('Saved meanwhile: “Theirs”')
    expect(html).toContain('My story')
    expect((await seen(release.id)).title).toBe('Theirs')
    const now = /name="seen" value="([^"]*)"/.exec(html)?.[1] as string
    expect((await post(session, `${base}/details`, { ...mine, seen: now })).status).toBe(303)
    expect(await seen(release.id)).toMatchObject({ title: 'Mine', description: 'My story' })
  })
})

describe('the tracks', () => {
  const titles = async (id: string) => (await seen(id)).tracks.map((track) => track.title)

  test('are moved up and down with buttons, and the revision grows', async () => {
    const { release, session, base } = await world()
    const [, , three] = release.tracks
    const moved = await post(session, `${base}/order`, { move: `${three?.trackId}:up` })
    expect(await titles(release.id)).toEqual(['One', 'Three', 'Two'])
    expect((await seen(release.id)).revision).toBe(2)
    const html = await (await get(session, moved.headers.get('location') as string)).text()
    expect(html).toMatch(new RegExp(`<button[^>]*value="${three?.trackId}:up"[^>]*autofocus`))
    expect((await post(session, `${base}/order`, { move: 'x:up' })).status).toBe(404)
  })

  test('are put where they are let go, and nowhere that does not exist', async () => {
    const { release, session, base } = await world(['a', 'b', 'c', 'd'])
    const [a, , , d] = release.tracks
    await post(session, `${base}/order`, { move: `${d?.trackId}:1:2` })
    expect(await titles(release.id)).toEqual(['a', 'd', 'b', 'c'])
    await post(session, `${base}/order`, { move: `${a?.trackId}:2:99` })
    expect((await seen(release.id)).tracks.map(({ disc, title }) => `${disc}${title}`)).toEqual([
      '1d',
      '1b',
      '1c',
      '2a',
    ])
    for (const move of [`${a?.trackId}:0:1`, `${a?.trackId}:1:-1`, `${a?.trackId}:1`, `${newId()}:1:x`])
      expect((await post(session, `${base}/order`, { move })).status).toBe(404)
  })

  test('stand on discs that have names, which tags and pages hear of; nobody’s name is written over unseen', async () => {
    const { release, session, base } = await world(['Day', 'Night'])
    expect(await (await get(session, base)).text()).not.toContain('Names of the discs')
    await post(session, `${base}/order`, { move: `${release.tracks[1]?.trackId}:2:1` })
    const form = await filled(session, base)
    const { revision } = await seen(release.id)
    const named = { ...form, 'disc-1': '  Side\tof day ', 'disc-2': 'Nuit' }
    expect((await post(session, `${base}/discs`, named)).status).toBe(303)
    expect(await seen(release.id)).toMatchObject({
      discTitles: { 1: 'Side of day', 2: 'Nuit' },
      revision: revision + 1,
    })
    const stale = await post(session, `${base}/discs`, { ...form, 'disc-1': 'Mine' })
    expect(stale.status).toBe(422)
    expect(await stale.text()).toContain('Saved meanwhile: “Side of day”')
    expect((await seen(release.id)).discTitles).toMatchObject({ 1: 'Side of day' })
    expect((await post(session, `${base}/discs`, await filled(session, base))).status).toBe(303)
    expect((await seen(release.id)).revision).toBe(revision + 1)
  })

  test('moved by two people at once keep an order without holes', async () => {
    const { release, session, base } = await world(['a', 'b', 'c', 'd', 'e'])
    await Promise.all(
      release.tracks.flatMap(({ trackId }) => [
        post(session, `${base}/order`, { move: `${trackId}:down` }),
        post(session, `${base}/tracks/${trackId}/place`, { disc: '2', position: '1' }),
      ]),
    )
    const { tracks } = await seen(release.id)
    const discs = [...Map.groupBy(tracks, ({ disc }) => disc)]
    expect(discs.map(([disc]) => disc)).toEqual(discs.map((_, i) => i + 1))
    for (const [, on] of discs) expect(on.map(({ position }) => position)).toEqual(on.map((_, i) => i + 1))
    expect((await titles(release.id)).sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('one taken off can be put back where it was', async () => {
    const { release, session, base } = await world()
    const two = release.tracks[1]?.trackId
    const off = await post(session, `${base}/tracks/${two}/remove`)
    expect(await titles(release.id)).toEqual(['One', 'Three'])
    expect(await (await get(session, off.headers.get('location') as string)).text()).toContain(
      '“Two” is off this release.',
    )
    await post(session, `${base}/tracks/${two}/restore`)
    expect(await titles(release.id)).toEqual(['One', 'Two', 'Three'])
  })

  test('each says what it is, and its old address leads on', async () => {
    const { artist, release, session, base } = await world()
    const path = `${base}/tracks/${release.tracks[0]?.trackId}`
    const form = await filled(session, path)
    expect(form).toMatchObject({ title: 'One', gives: 'release', artists: 'Ada' })
    const wrong = await post(session, path, { ...form, isrc: 'nope', bpm: '5', lyrics: 'La\nla' })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('An ISRC has twelve signs')
    const saved = await post(session, path, {
      ...form,
      title: 'Opening',
      version: 'Live',
      isrc: 'fr-z03-14-00123',
      bpm: '92,5',
      key: 'Am',
      lyrics: 'La\r\nla',
      language: 'fr',
      explicit: 'on',
      gives: 'stream',
      credits: 'Guitar: Bo',
    })
    expect(saved.status).toBe(303)
    const [track] = (await seen(release.id)).tracks
    expect(track).toMatchObject({
      title: 'Opening',
      version: 'Live',
      slug: 'opening-live',
      isrc: 'FRZ031400123',
      bpm: 92.5,
      musicalKey: 'Am',
      lyrics: 'La\nla',
      language: 'fr',
      isExplicit: true,
      gives: { stream: true, download: false },
      credits: [{ role: 'guitar', name: 'Bo' }],
    })
    await post(session, `${base}/access/publish`)
    const asked = { artistSlug: artist.slug, releaseSlug: release.slug, trackSlug: 'one', now: platform.now() }
    expect(await trackPage(platform.db, asked)).toMatchObject({ moved: { trackSlug: 'opening-live' } })
  })
})

describe('who may hear it', () => {
  test('a person is told before and after publishing', async () => {
    const { artist, release, session, base } = await world()
    const before = await (await get(session, `${base}/access`)).text()
    expect(before).toContain('From now on everyone can open “First Songs”, listen to it and download it.')
    const done = await post(session, `${base}/access/publish`)
    const after = await (await get(session, done.headers.get('location') as string)).text()
    expect(after).toContain(`http://ritornello.test/${artist.slug}/${release.slug}`)
    expect(after).not.toContain('Publish now')
    const log = await platform.db
      .selectFrom('auditLog')
      .select(['action', 'accountId'])
      .where('artistId', '=', artist.id)
      .execute()
    expect(log).toContainEqual({ action: 'release.publish', accountId: session.accountId })
  })

  test('a moment is read in the time zone that was chosen, and said with it', async () => {
    const { release, session, base } = await world()
    const year = platform.now().getUTCFullYear() + 1
    const late = await post(session, `${base}/access/schedule`, { at: '2001-01-01T10:00', zone: 'Europe/Paris' })
    expect(late.status).toBe(422)
    expect(await late.text()).toContain('This moment is over.')
    const done = await post(session, `${base}/access/schedule`, { at: `${year}-07-01T18:30`, zone: 'Europe/Paris' })
    const html = await (await get(session, done.headers.get('location') as string)).text()
    expect(html).toContain(`1 July ${year} at 18:30, time of Europe/Paris`)
    expect(await seen(release.id)).toMatchObject({
      visibility: 'scheduled',
      publishAt: new Date(`${year}-07-01T16:30:00Z`),
    })
  })

  test('secret links are made, noted, revoked; a release without tracks is not published', async () => {
    const { artist, release, session, base } = await world()
    await post(session, `${base}/access/unlist`)
    await post(session, `${base}/access/links`, { note: 'For the press' })
    const html = await (await get(session, `${base}/access`)).text()
    expect(html).toContain('For the press')
    const tokens = [...html.matchAll(/\?key=([\w-]+)/g)].map(([, token]) => token as string)
    expect(tokens).toHaveLength(2)
    const open = (token: string | undefined) =>
      releasePage(platform.db, {
        artistSlug: artist.slug,
        releaseSlug: release.slug,
        now: platform.now(),
        token: token ?? null,
      })
    expect(await open(tokens[1])).not.toBeNull()
    const id = /links\/([0-9a-f-]{36})\/revoke"(?![\s\S]*\/revoke")/.exec(html)?.[1]
    expect((await post(session, `${base}/access/links/${id}/revoke`)).status).toBe(303)
    expect(await open(tokens[1])).toBeNull()
    expect(await open(tokens[0])).not.toBeNull()

    const bare = await aRelease(platform, artist, 'Bare', [])
    const refused = await post(session, `/studio/music/${bare.id}/access/publish`)
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('nothing to hear on it yet')
  })

  test('what is given is said for all, and a track may say otherwise', async () => {
    const { release, session, base } = await world()
    await post(session, `${base}/access/gives`, { gives: 'stream' })
    expect((await seen(release.id)).tracks.every(({ gives }) => gives.stream && !gives.download)).toBe(true)
    expect((await post(session, `${base}/access/gives`, { gives: 'everything' })).status).toBe(422)
  })
})

const sendFile = (session: Session, path: string, field: string, name: string, bytes: Uint8Array<ArrayBuffer>) => {
  const body = new FormData()
  body.set('csrf', '')
  body.set(field, new File([bytes], name))
  const { origin, 'sec-fetch-site': site } = FORM
  return testApp(platform).request(path, {
    method: 'POST',
    headers: { origin, 'sec-fetch-site': site, cookie: session.cookie, 'accept-language': 'en' },
    body,
  })
}

test('every change of a release is written down with whoever made it, and no secret is', async () => {
  const { artist, release, session, base } = await world()
  const [one, two] = release.tracks.map(({ trackId }) => trackId)
  const before = await filled(session, `${base}/tracks/${one}`)
  await post(session, `${base}/tracks/${one}`, { ...before, title: 'Opening' })
  await post(session, `${base}/order`, { move: `${two}:up` })
  await post(session, `${base}/tracks/${two}/remove`)
  await post(session, `${base}/tracks/${two}/restore`)
  await post(session, `${base}/access/gives`, { gives: 'stream' })
  await post(session, `${base}/access/gives`, { gives: 'stream' })
  await post(session, `${base}/access/links`, { note: 'For the press' })
  const { id, token } = await platform.db
    .selectFrom('secretLinks')
    .select(['id', 'token'])
    .where('releaseId', '=', release.id)
    .executeTakeFirstOrThrow()
  await post(session, `${base}/access/links/${id}/revoke`)
  const png = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#123456' } })
    .png()
    .toBuffer()
  await sendFile(session, `${base}/cover`, 'cover', 'sleeve.png', new Uint8Array(png))
  await post(session, `${base}/cover/remove`)
  await sendFile(session, `${base}/extras`, 'file', 'words.txt', new TextEncoder().encode('La la'))
  await post(session, `${base}/extras/${(await seen(release.id)).bonus[0]?.id}/remove`)

  const log = await platform.db
    .selectFrom('auditLog')
    .select(['action', 'subject', 'accountId'])
    .where('artistId', '=', artist.id)
    .orderBy('id')
    .execute()
  expect(
    log.filter(({ accountId }) => accountId === session.accountId).map((l) => `${l.action}: ${l.subject}`),
  ).toEqual([
    'track.edit: Opening',
    'release.order: First Songs',
    'track.remove: Two',
    'track.restore: Two',
    'release.gives: First Songs',
    'release.link: First Songs',
    'release.link-close: First Songs',
    'release.cover: First Songs',
    'release.cover-remove: First Songs',
    'release.bonus-add: words.txt',
    'release.bonus-remove: words.txt',
  ])
  expect(JSON.stringify(log)).not.toContain(token)
  expect(JSON.stringify(log)).not.toContain('press')
})

describe('pictures and bonus files', () => {
  test('a cover is kept in all its renditions, served for ever, and read for its colours', async () => {
    const { release, session, base } = await world()
    const png = new Uint8Array(
      await sharp({ create: { width: 300, height: 300, channels: 3, background: '#aa3322' } })
        .png()
        .toBuffer(),
    )
    expect((await sendFile(session, `${base}/cover`, 'cover', 'sleeve.png', png)).status).toBe(303)
    const { cover, revision } = await seen(release.id)
    expect(cover).toMatchObject({ width: 300, height: 300, widths: [160, 300] })
    expect(cover?.palette?.[0]?.share).toBeGreaterThan(0.9)
    expect(revision).toBe(2)
    const served = await testApp(platform).request(`/media/image/${cover?.sha256}/160.webp`)
    expect(served.headers.get('content-type')).toBe('image/webp')
    expect(served.headers.get('cache-control')).toContain('immutable')
    expect((await sharp(Buffer.from(await served.arrayBuffer())).metadata()).width).toBe(160)
    expect((await testApp(platform).request(`/media/image/${cover?.sha256}/161.webp`)).status).toBe(404)
    await post(session, `${base}/cover/remove`)
    expect((await seen(release.id)).cover).toBeNull()
  })

  test('what is no picture is refused with a sentence', async () => {
    const { session, base } = await world()
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')
    const answer = await sendFile(session, `${base}/cover`, 'cover', 'sleeve.png', svg)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('SVG drawing')
  })

  test('a release carries fifty files, one of which may still be replaced', async () => {
    const { release, session, base } = await world()
    const bytes = new TextEncoder().encode('La la')
    const rows = Array.from({ length: 49 }, (_, i) => ({
      id: newId(),
      releaseId: release.id,
      position: i + 1,
      fileName: `${i}.txt`,
      storageKey: 'bonus/00/0',
      sha256: '0',
      size: 1,
      type: 'text/plain',
    }))
    await platform.db.insertInto('bonusFiles').values(rows).execute()
    const send = (name: string) => sendFile(session, `${base}/extras`, 'file', name, bytes)
    const both = await Promise.all([send('49.txt'), send('50.txt')])
    expect(both.map(({ status }) => status).sort()).toEqual([303, 422])
    const refused = await send('51.txt')
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain('carries 50 files at most')
    expect((await send('7.txt')).status).toBe(303)
    expect((await seen(release.id)).bonus).toHaveLength(50)
  })

  test('a booklet is kept byte for byte, replaced by its name, removed; a program is refused', async () => {
    const { release, session, base } = await world()
    const pdf = new Uint8Array(300_000).map((_, i) => i % 251)
    pdf.set([0x25, 0x50, 0x44, 0x46, 0x0d, 0x0a, 0x2d, 0x2d])
    expect((await sendFile(session, `${base}/extras`, 'file', 'Livret “été”.pdf', pdf)).status).toBe(303)
    const [file] = (await seen(release.id)).bonus
    expect(file).toMatchObject({
      fileName: 'Livret “été”.pdf',
      size: 300_000,
      type: 'application/pdf',
      sha256: createHash('sha256').update(pdf).digest('hex'),
    })
    expect((await platform.storage.stat(file?.storageKey as string))?.size).toBe(300_000)
    await sendFile(session, `${base}/extras`, 'file', 'Livret “été”.pdf', pdf.slice(0, 1000))
    expect((await seen(release.id)).bonus.map(({ size }) => size)).toEqual([1000])
    const refused = await sendFile(session, `${base}/extras`, 'file', 'setup.exe', pdf)
    expect(await refused.text()).toContain('This kind of file cannot go with a release')
    const again = (await seen(release.id)).bonus[0]?.id
    await post(session, `${base}/extras/${again}/remove`)
    expect((await seen(release.id)).bonus).toEqual([])
  })
})
