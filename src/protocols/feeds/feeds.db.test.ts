import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLabel } from '../../domains/identity/index.ts'
import { createPost, publishPost, unlistPost } from '../../domains/journal/index.ts'
import { publishRelease, unlistRelease } from '../../domains/music/index.ts'
import type { JobName } from '../../platform/jobs/index.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../testing/index.ts'
import { feedsOfPost, feedsOfRelease } from './content.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let given: GivenRelease
const BASE = 'http://localhost:4000'
beforeAll(async () => {
  platform = await testPlatform({ BASE_URL: BASE })
  app = testApp(platform)
  given = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Été & Tides', tracks: ['One <1>', 'Two'] })
})
afterAll(() => platform.close())

const post = async (title: string, body = 'Some *words* and [a link](https://elsewhere.example).') => {
  const made = await createPost(platform.db, { artistId: given.artistId, title, body })
  await publishPost(platform, { postId: made.id, by: null })
  return made
}
const read = async (path: string) => {
  const answer = await app.request(path)
  expect(answer.status, path).toBe(200)
  return { text: await answer.text(), type: answer.headers.get('content-type'), headers: answer.headers }
}

/** An artist says at their desk where people may give. */
async function keepSupport(fields: Record<string, string>) {
  const { headers } = await signedIn(platform, { artistIds: [given.artistId] })
  return app.request('/studio/artist/feeds', {
    method: 'POST',
    headers: { ...headers, ...FORM, origin: BASE },
    body: new URLSearchParams(fields).toString(),
  })
}
type Parsed = ReturnType<typeof parseRssFeed<string>>
const FEED_JOBS: JobName[] = ['journal.published', 'music.published', 'feeds.verify', 'feeds.push', 'feeds.ping']

test('everything that an artist gives is in three formats, with exact enclosures', async () => {
  const { id } = await post('First words')
  const rss = await read(`/${given.artistSlug}/feed.xml`)
  expect(rss.type).toBe('application/rss+xml; charset=utf-8')
  const feed = parseRssFeed(rss.text)
  expect(feed.items?.map((item) => item.title)).toEqual(['First words', 'Été & Tides, by Ana Marsh'])
  expect(feed.items?.[0]?.guid).toEqual({ value: `urn:uuid:${id}`, isPermaLink: false })
  expect(feed.items?.[0]?.content?.encoded).toContain('<em>words</em>')
  expect(feed.atom?.links?.map(({ rel, href }) => [rel, href])).toContainEqual(['hub', `${BASE}/websub`])
  const [enclosure] = feed.items?.[1]?.enclosures ?? []
  const sound = await app.request(new URL(enclosure?.url ?? '').pathname, { method: 'HEAD' })
  expect(sound.headers.get('content-length')).toBe(String(enclosure?.length))
  expect(enclosure?.type).toBe('audio/mp4')

  const atom = parseAtomFeed((await read(`/${given.artistSlug}/feed.atom`)).text)
  expect(atom.entries?.map((entry) => entry.id)).toEqual(feed.items?.map((item) => item.guid?.value))
  const json = parseJsonFeed((await read(`/${given.artistSlug}/feed.json`)).text)
  expect(json.items?.map((item) => item.id)).toEqual(feed.items?.map((item) => item.guid?.value))
  expect(json.items?.[1]?.attachments).toHaveLength(2)
  const journal = parseRssFeed((await read(`/${given.artistSlug}/journal/feed.xml`)).text)
  expect(journal.items?.map((item) => item.title)).toEqual(['First words'])
})

test('a label’s feed has its posts and the releases on its page, in its language; its journal its posts; and it alone those', async () => {
  const label = await platform.db
    .transaction()
    .execute((tx) => createLabel(tx, { name: 'Fougère', language: 'fr', ownerId: null }))
  await platform.db.updateTable('releases').set({ labelId: label.id }).where('id', '=', given.releaseId).execute()
  const made = await createPost(platform.db, { labelId: label.id, title: 'Trois disques', body: 'Un par *mois*.' })
  await publishPost(platform, { postId: made.id, by: null })
  const rss = parseRssFeed((await read('/fougere/feed.xml')).text)
  expect(rss.items?.map((item) => item.title)).toEqual(['Trois disques', 'Été & Tides, d’Ana Marsh'])
  expect([rss.title, rss.language]).toEqual(['Fougère', 'fr'])
  expect(rss.items?.[0]?.link).toBe(`${BASE}/fougere/journal/trois-disques`)
  expect(rss.atom?.links?.map(({ rel, href }) => [rel, href])).toContainEqual(['hub', `${BASE}/websub`])
  const atom = parseAtomFeed((await read('/fougere/feed.atom')).text)
  expect(atom.entries?.map((entry) => entry.id)).toEqual(rss.items?.map((item) => item.guid?.value))
  const json = parseJsonFeed((await read('/fougere/journal/feed.json')).text)
  expect(json.items?.map((item) => item.id)).toEqual([`urn:uuid:${made.id}`])
  expect((await read('/fougere')).text).toContain('href="/fougere/journal/feed.xml"')
  expect((await read(`/${given.artistSlug}/feed.xml`)).text).not.toContain('Trois disques')
  expect((await app.request('/fougere/music.xml')).status).toBe(404)

  // Who follows the label is told of its post, and of a release that it brings out.
  const topics = ['/fougere/feed.xml', '/fougere/journal/feed.xml', `/${given.artistSlug}/feed.xml`]
  expect(feedsOfPost('/fougere/journal/trois-disques')).toEqual(expect.arrayContaining(topics.slice(0, 2)))
  const path = `/${given.artistSlug}/${given.releaseSlug}`
  const told = await feedsOfRelease(platform.db, { id: given.releaseId, path })
  expect(told).toEqual(expect.arrayContaining(['/fougere/feed.xml', '/fougere/feed.json', topics[2]]))
  expect(told).not.toContain('/fougere/journal/feed.xml')
  await platform.db.updateTable('releases').set({ labelId: null }).where('id', '=', given.releaseId).execute()
  expect(await feedsOfRelease(platform.db, { id: given.releaseId, path })).not.toContain('/fougere/feed.xml')
})

test('a browser is given it as XML that a style sheet explains, a reader as the feed that it is', async () => {
  const path = `/${given.artistSlug}/feed.atom`
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
  for (let twice = 0; twice < 2; twice++) {
    const seen = await app.request(path, { headers: browser })
    expect(seen.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect((await read(path)).type).toBe('application/atom+xml; charset=utf-8')
    expect(seen.headers.get('vary')).toContain('Accept')
    const [, sheet = ''] = /<\?xml-stylesheet type="text\/css" href="([^"]+)"/.exec(await seen.text()) ?? []
    expect(await (await app.request(sheet)).text()).toContain('This is a feed')
  }
})

test('an unchanged feed is not sent again', async () => {
  const first = await app.request(`/${given.artistSlug}/feed.xml`)
  const etag = first.headers.get('etag') as string
  const again = await app.request(`/${given.artistSlug}/feed.xml`, { headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
  await post('Something new')
  const changed = () => app.request(`/${given.artistSlug}/feed.xml`, { headers: { 'if-none-match': etag } })
  await expect.poll(async () => (await changed()).status).toBe(200)
})

test('a release is an album of Podcasting 2.0, in the order of the sleeve, pointing at its publisher', async () => {
  await platform.pool.query(
    `update recordings set lyrics = 'la la', language = 'fr' where id = '${given.tracks[0]?.recordingId}'`,
  )
  const support = { fundingUrl: 'https://give.example/ana', fundingWords: 'Thank you', lightning: 'ana@give.example' }
  const kept = await keepSupport(support)
  expect(kept.status).toBe(303)
  const path = `/${given.artistSlug}/${given.releaseSlug}/feed.xml`
  await expect.poll(async () => (await read(path)).text).toContain('ana@give.example')
  const feed = parseRssFeed((await read(path)).text)
  expect(feed.podcast).toMatchObject({ medium: 'music', guid: expect.stringMatching(/^[0-9a-f-]{14}5/) })
  expect(feed.podcast?.fundings).toEqual([{ url: 'https://give.example/ana', display: 'Thank you' }])
  expect(feed.podcast?.values?.[0]?.valueRecipients?.[0]).toMatchObject({ address: 'ana@give.example', split: 100 })
  expect(feed.items?.map((item) => item.title)).toEqual(['One <1>', 'Two'])
  expect(feed.items?.[0]?.podcast?.transcripts?.[0]).toMatchObject({ type: 'text/plain', language: 'fr' })
  const lyrics = await read(new URL(feed.items?.[0]?.podcast?.transcripts?.[0]?.url ?? '').pathname)
  expect(lyrics.text).toBe('la la\n')
  const others = feed.items?.[0]?.podcast?.alternateEnclosures
  expect(others?.map(({ type, default: isDefault }) => [type, isDefault ?? false])).toEqual([
    ['audio/mp4', true],
    ['audio/webm', false],
  ])
  const publisher = parseRssFeed((await read(`/${given.artistSlug}/publisher.xml`)).text)
  expect(publisher.podcast?.medium).toBe('publisher')
  expect(feed.podcast?.publisher?.remoteItem?.feedGuid).toBe(publisher.podcast?.guid)
  expect(publisher.podcast?.remoteItems?.[0]?.feedGuid).toBe(feed.podcast?.guid)
  const list = parseRssFeed((await read(`/${given.artistSlug}/music.xml`)).text)
  expect(list.podcast?.medium).toBe('musicL')
  expect(list.podcast?.remoteItems?.map(({ itemGuid }) => itemGuid)).toEqual(
    feed.items?.map((item) => item.guid?.value),
  )
})

test('what cannot be used is said beside its field, with what was typed', async () => {
  const answer = await keepSupport({ fundingUrl: 'give me', fundingWords: 'Thank you', lightning: 'nobody' })
  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain('value="give me"')
  expect(page).toContain('A lightning address looks like a mail address')
  expect((await app.request('/studio/artist/feeds')).status).toBe(302)
})

test('what is renamed keeps its guids, and its old address leads on', async () => {
  const before = parseRssFeed((await read(`/${given.artistSlug}/${given.releaseSlug}/feed.xml`)).text)
  await platform.pool.query(`update releases set slug = 'renamed' where id = $1`, [given.releaseId])
  await platform.pool.query(
    `insert into release_slugs (artist_id, slug, release_id) values ($1, $2, $3) on conflict do nothing`,
    [given.artistId, given.releaseSlug, given.releaseId],
  )
  // What is kept hears of a change a moment later.
  const moved = () => app.request(`/${given.artistSlug}/${given.releaseSlug}/feed.xml`)
  await expect.poll(async () => (await moved()).status).toBe(301)
  expect((await moved()).headers.get('location')).toBe(`/${given.artistSlug}/renamed/feed.xml`)
  const after = parseRssFeed((await read(`/${given.artistSlug}/renamed/feed.xml`)).text)
  expect(after.podcast?.guid).toBe(before.podcast?.guid)
  expect(after.items?.map((item) => item.guid?.value)).toEqual(before.items?.map((item) => item.guid?.value))
  await platform.pool.query(`update releases set slug = $2 where id = $1`, [given.releaseId, given.releaseSlug])
  await platform.pool.query(`delete from release_slugs where slug = $1`, [given.releaseSlug])
  await expect.poll(async () => (await moved()).status).toBe(200)
})

test('a long history comes in pages, and each thing is on one of them', async () => {
  for (let n = 0; n < 60; n++)
    await createPost(platform.db, { artistId: given.artistId, title: `Post ${n}`, body: 'x' })
  await platform.pool.query(
    `update posts set visibility = 'public', published_at = date_trunc('milliseconds', now() - interval '1 day') where visibility = 'draft' and title like 'Post %'`,
  )
  const seen: string[] = []
  let path: string | null = `/${given.artistSlug}/feed.xml`
  await expect.poll(async () => (await read(`/${given.artistSlug}/feed.xml`)).text).toContain('rel="next"')
  for (let pages = 0; path && pages < 5; pages++) {
    const feed: Parsed = parseRssFeed((await read(path)).text)
    seen.push(...(feed.items ?? []).map((item) => item.guid?.value ?? ''))
    const next: string | undefined = feed.atom?.links?.find(({ rel }) => rel === 'next')?.href
    path = next ? new URL(next).pathname + new URL(next).search : null
  }
  expect(seen).toHaveLength(63)
  expect(new Set(seen).size).toBe(63)
})

test('what is not public is in no feed', async () => {
  const hidden = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Not yet', tracks: ['Hidden song'] })
  const secret = await createPost(platform.db, { artistId: given.artistId, title: 'Secret words', body: 'x' })
  await unlistRelease(platform, { releaseId: hidden.releaseId, by: null })
  await unlistPost(platform, { postId: secret.id, by: null })
  const paths = [
    'feed.xml',
    'feed.atom',
    'feed.json',
    'music.xml',
    'publisher.xml',
    'journal/feed.xml',
    'journal/feed.json',
  ]
  for (const path of paths) {
    const { text } = await read(`/${given.artistSlug}/${path}`)
    expect(text, path).not.toMatch(/Not yet|Hidden song|Secret words/)
  }
  expect((await app.request(`/${given.artistSlug}/${hidden.releaseSlug}/feed.xml`)).status).toBe(404)
  expect((await app.request('/nobody/feed.xml')).status).toBe(404)
})

/** A subscriber as the Recommendation wants one: it repeats the challenge of what it asked for, and keeps what it is sent. */
async function subscriber(agree = true) {
  const got: { body: Buffer; headers: IncomingMessage['headers'] }[] = []
  let answer = 204
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '', 'http://localhost')
      if (request.method === 'GET') {
        const challenge = url.searchParams.get('hub.challenge') ?? ''
        response.writeHead(agree ? 200 : 404).end(agree ? challenge : 'no')
        return
      }
      got.push({ body: await buffer(request), headers: request.headers })
      response.writeHead(answer).end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    got,
    callback: `http://127.0.0.1:${port}/told?mine=1`,
    answerWith: (status: number) => {
      answer = status
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
const ask = (fields: Record<string, string>) =>
  app.request('/websub', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(Object.entries(fields).map(([name, value]) => [`hub.${name}`, value])).toString(),
  })
const subscriptions = () => platform.db.selectFrom('websubSubscriptions').selectAll().execute()

test('who asks the hub is told of the next post, signed; who leaves is not', async () => {
  await workOff(platform, FEED_JOBS)
  const reader = await subscriber()
  const topic = `${BASE}/${given.artistSlug}/feed.xml`
  expect((await ask({ mode: 'subscribe', topic, callback: reader.callback, secret: 'shh' })).status).toBe(202)
  expect(await subscriptions()).toEqual([])
  await workOff(platform, FEED_JOBS)
  expect(await subscriptions()).toMatchObject([{ topic, callback: reader.callback, problem: null }])
  const { id } = await post('Told at once')
  await workOff(platform, FEED_JOBS)
  expect(reader.got).toHaveLength(1)
  const [{ body, headers } = { body: Buffer.alloc(0), headers: {} as IncomingMessage['headers'] }] = reader.got
  expect(headers['x-hub-signature']).toBe(`sha256=${createHmac('sha256', 'shh').update(body).digest('hex')}`)
  expect(headers['content-type']).toBe('application/rss+xml; charset=utf-8')
  expect(headers['link']).toContain(`<${topic}>; rel="self"`)
  expect(parseRssFeed(body.toString()).items?.[0]?.guid?.value).toBe(`urn:uuid:${id}`)

  reader.answerWith(500)
  await post('While it is ill')
  await expect(workOff(platform, FEED_JOBS)).rejects.toThrow('answers 500')
  expect((await subscriptions())[0]?.problem).toBe('HTTP 500')
  reader.answerWith(204)
  await workOff(platform, FEED_JOBS)
  expect((await subscriptions())[0]?.problem).toBeNull()

  await ask({ mode: 'unsubscribe', topic, callback: reader.callback })
  await workOff(platform, FEED_JOBS)
  const before = reader.got.length
  await post('Not for you')
  await workOff(platform, FEED_JOBS)
  expect(reader.got).toHaveLength(before)
  await reader.close()
})

test('who follows a label by its feeds is told of its post and of what it brings out, and of nothing else', async () => {
  const label = await platform.db
    .transaction()
    .execute((tx) => createLabel(tx, { name: 'Moss', language: 'fr', ownerId: null }))
  await workOff(platform, FEED_JOBS)
  const [all, journal] = [await subscriber(), await subscriber()]
  const follow = (path: string, reader: typeof all) =>
    ask({ mode: 'subscribe', topic: `${BASE}/moss/${path}`, callback: reader.callback, secret: 'shh' })
  await follow('feed.json', all)
  await follow('journal/feed.xml', journal)
  await workOff(platform, FEED_JOBS)
  const made = await createPost(platform.db, { labelId: label.id, title: 'Trois disques', body: 'Un par mois.' })
  await publishPost(platform, { postId: made.id, by: null })
  await workOff(platform, FEED_JOBS)
  expect([all.got.length, journal.got.length]).toEqual([1, 1])
  for (const { body, headers } of [...all.got, ...journal.got])
    expect(headers['x-hub-signature']).toBe(`sha256=${createHmac('sha256', 'shh').update(body).digest('hex')}`)
  expect(parseJsonFeed(all.got[0]?.body.toString() ?? '').items?.[0]?.id).toBe(`urn:uuid:${made.id}`)
  const theirs = parseRssFeed(journal.got[0]?.body.toString() ?? '')
  expect([theirs.title, theirs.items?.length, theirs.items?.[0]?.link]).toEqual([
    expect.stringContaining('Moss'),
    1,
    `${BASE}/moss/journal/trois-disques`,
  ])

  // An artist's own words are theirs; a release that names the label is told to whoever follows all of it.
  await post('Not of the label')
  await workOff(platform, FEED_JOBS)
  expect([all.got.length, journal.got.length]).toEqual([1, 1])
  const out = await givenRelease(platform, { artist: 'Bo', title: 'Lichen', tracks: ['One'], publish: false })
  await platform.db.updateTable('releases').set({ labelId: label.id }).where('id', '=', out.releaseId).execute()
  await publishRelease(platform, { releaseId: out.releaseId, by: null })
  await workOff(platform, FEED_JOBS)
  expect([all.got.length, journal.got.length]).toEqual([2, 1])
  expect(all.got[1]?.body.toString()).toContain('Lichen')
  await platform.db.deleteFrom('websubSubscriptions').execute()
  await Promise.all([all.close(), journal.close()])
})

test('nobody is subscribed, or taken away, who did not agree; whoever is gone is forgotten; a lease ends', async () => {
  const topic = `${BASE}/${given.artistSlug}/journal/feed.atom`
  const victim = await subscriber(false)
  await ask({ mode: 'subscribe', topic, callback: victim.callback })
  await workOff(platform, FEED_JOBS)
  expect(await subscriptions()).toEqual([])
  await victim.close()

  const reader = await subscriber()
  await ask({ mode: 'subscribe', topic, callback: reader.callback, lease_seconds: '3600' })
  await workOff(platform, FEED_JOBS)
  platform.pass(2 * 3_600_000)
  await post('Too late')
  await workOff(platform, FEED_JOBS)
  expect(reader.got).toHaveLength(0)
  await ask({ mode: 'subscribe', topic, callback: reader.callback })
  await workOff(platform, FEED_JOBS)
  reader.answerWith(410)
  await post('Gone')
  await workOff(platform, FEED_JOBS)
  expect(await subscriptions()).toEqual([])
  await reader.close()
})

test('the hub serves its own feeds only, and calls only where the web is', async () => {
  const topic = `${BASE}/${given.artistSlug}/feed.xml`
  const callback = 'https://reader.example/'
  for (const wrong of [
    { mode: 'publish', topic, callback },
    { mode: 'subscribe', topic: 'https://elsewhere.example/feed.xml', callback },
    { mode: 'subscribe', topic: `${BASE}/studio`, callback },
    { mode: 'subscribe', topic, callback: 'file:///etc/passwd' },
    { mode: 'subscribe', topic, callback, secret: 'x'.repeat(200) },
  ])
    expect((await ask(wrong)).status, JSON.stringify(wrong)).toBe(400)
})

test('a series has a feed of its own, with its sounds, and tells its readers when something is given', async () => {
  platform.stand()
  const draft = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Ebb', tracks: ['Ebb'], publish: false })
  const owner = await signedIn(platform, { artistIds: [given.artistId] })
  await platform.pool.query(`update sessions set expires_at = now() + interval '1 year'`)
  const send = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields).toString()
    const answer = await app.request(path, {
      method: 'POST',
      headers: { ...owner.headers, ...FORM, origin: BASE },
      body,
    })
    return answer.headers.get('location')?.split('?')[0] ?? ''
  }
  const firstDay = new Date(platform.now().getTime() + 2 * 86_400_000).toISOString().slice(0, 10)
  const rhythm = { unit: 'week', every: '1', firstDay, hour: '18:00', zone: 'Europe/Paris', count: '' }
  const words = { title: 'A song a week', words: 'Until spring.', language: 'en' }
  const studio = await send('/studio/series/new', { ...words, ...rhythm })
  const path = '/ana-marsh/take-part/a-song-a-week'
  expect((await app.request(`${path}/feed.xml`)).status).toBe(404)
  const letter = await createPost(platform.db, { artistId: given.artistId, title: 'A letter', body: 'Words.' })
  await send(`${studio}/lay-in`, { draft: `post:${letter.id}` })
  await send(`${studio}/lay-in`, { draft: `release:${draft.releaseId}` })
  await send(`${studio}/open`, {})
  expect(parseRssFeed((await read(`${path}/feed.xml`)).text).items ?? []).toEqual([])

  for (let week = 0; week < 2; week++) {
    platform.pass((week ? 7 : 3) * 86_400_000)
    await platform.pool.query(`select graphile_worker.add_job('operations.give', '{}'::json)`)
    await workOff(platform, ['operations.give'])
  }
  // A process hears of a change a moment later.
  await expect.poll(async () => parseRssFeed((await read(`${path}/feed.xml`)).text).items?.length).toBe(2)
  const feed = parseRssFeed((await read(`${path}/feed.xml`)).text)
  expect([feed.title, feed.description]).toEqual(['A song a week, by Ana Marsh', 'Until spring.'])
  expect(feed.items?.map(({ title }) => title)).toEqual(['Ebb, by Ana Marsh', 'A letter'])
  expect(feed.items?.map(({ guid }) => guid?.value)).toEqual([`urn:uuid:${draft.releaseId}`, `urn:uuid:${letter.id}`])
  expect(feed.items?.[0]?.enclosures?.[0]?.type).toBe('audio/mp4')
  expect(parseAtomFeed((await read(`${path}/feed.atom`)).text).entries).toHaveLength(2)
  expect(parseJsonFeed((await read(`${path}/feed.json`)).text).items).toHaveLength(2)
  const page = await (await app.request(`${path}?lang=en`, { headers: { accept: 'text/html' } })).text()
  expect(page).toContain(`<link rel="alternate" href="${path}/feed.xml" type="application/rss+xml"`)
  const { rows } = await platform.pool.query(
    `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'operations.given'`,
  )
  expect(rows).toHaveLength(2)

  // What is taken back leaves it.
  await unlistPost(platform, { postId: letter.id, by: null })
  await expect.poll(async () => parseRssFeed((await read(`${path}/feed.xml`)).text).items?.length).toBe(1)

  // Whoever follows it by its feed alone hears of its end there, once, and programs may stop asking.
  expect((await read(`${path}/feed.xml`)).text).not.toContain('itunes:complete')
  await send(`${studio}/close`, {
    thanks: 'Thank you & good night.',
    follow: 'none',
    followWords: 'The songs are all sung.',
  })
  await expect.poll(async () => parseRssFeed((await read(`${path}/feed.xml`)).text).items?.length).toBe(2)
  const ended = parseRssFeed((await read(`${path}/feed.xml`)).text)
  expect(ended.items?.[0]).toMatchObject({ title: '“A song a week” has ended', description: 'Thank you & good night.' })
  expect(ended.items?.[0]?.guid?.value).toMatch(/^urn:uuid:[0-9a-f-]{36}#end$/)
  expect(ended.itunes?.complete).toBe(true)
  const atom = parseAtomFeed((await read(`${path}/feed.atom`)).text)
  expect(atom.entries?.map(({ id }) => id)).toEqual([ended.items?.[0]?.guid?.value, `urn:uuid:${draft.releaseId}`])
  expect(parseJsonFeed((await read(`${path}/feed.json`)).text)).toMatchObject({ expired: true })
  const { rows: pushed } = await platform.pool.query(
    `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'operations.given'`,
  )
  expect(pushed).toHaveLength(3)
})
