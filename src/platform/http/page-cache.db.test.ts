import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '../../testing/index.ts'
import { connect } from '../database/index.ts'
import { listen } from '../database/listen.ts'
import { type Front, forOneReader, frontServer, openFront } from './index.ts'
import { openPageCache, type PageCacheOptions } from './page-cache.ts'

const OPTIONS: PageCacheOptions = {
  channel: 'something_changed',
  nextChange: async () => nextChange,
  parts: { theme: ['light', 'dark'] },
  bypass: ['key'],
}
let nextChange: Date | null = null
let platform: TestPlatform
let front: Front
let base: string
let server: ReturnType<typeof frontServer>
let rendered = 0
let content = 'One'

beforeAll(async () => {
  platform = await testPlatform()
  front = openFront(platform, OPTIONS)
  const app = new Hono().get('/page', (c) => {
    c.header('X-Frame-Options', 'SAMEORIGIN')
    if (c.req.header('x-somebody')) forOneReader(c)
    const since = front.pages.moment()
    return front.pages.serve(c, since, async () => {
      rendered++
      return { html: `<h1>${content}</h1>${'<p>Words.</p>'.repeat(200)}`, headers: { 'Content-Language': 'en' } }
    })
  })
  server = frontServer(front, app.fetch, {}).listen(0)
  await once(server, 'listening')
  base = `http://localhost:${(server.address() as AddressInfo).port}`
  await hearing()
})
beforeEach(async () => {
  nextChange = null
  await change('One')
  rendered = 0
})
afterAll(async () => {
  server.close()
  await platform.close()
})

const ask = (headers: Record<string, string> = {}, path = '/page', method = 'GET') =>
  fetch(base + path, { method, headers: { 'accept-language': 'en', ...headers } })
const words = async (headers: Record<string, string> = {}, path = '/page') =>
  (await (await ask(headers, path)).text()).slice(0, 14)

/** The page asked for opens the ear; from then on it is waited for. */
async function hearing(): Promise<void> {
  for (let i = 0; i < 200; i++) {
    await ask()
    if (front.pages.facts().hearing) return
    await sleep(25)
  }
  throw new Error('Nothing is heard')
}

async function change(to: string): Promise<void> {
  content = to
  const before = front.pages.moment()
  await sql`select pg_notify('something_changed', '')`.execute(platform.db)
  for (let i = 0; i < 200 && front.pages.moment() === before; i++) await sleep(5)
}

test('a page is rendered once for everybody, in each language', async () => {
  for (const _ of [1, 2, 3]) expect(await words()).toBe('<h1>One</h1><p')
  expect(rendered).toBe(1)
  await words({ 'accept-language': 'fr' })
  await words({}, '/page?lang=fr')
  expect(rendered).toBe(3)
})

test('a crowd at the door waits for one rendering', async () => {
  await Promise.all(Array.from({ length: 20 }, () => words()))
  expect(rendered).toBe(1)
})

test('what an address carries besides changes nothing, save for what asks for another page', async () => {
  await words({}, '/page?utm_source=x&fbclid=1')
  await words({}, '/page?theme=purple')
  await words()
  expect(rendered).toBe(1)
  await words({}, '/page?theme=dark')
  expect(rendered).toBe(2)
})

test.each([
  ['a session', { cookie: 'a=1; session=x' }, '/page'],
  ['a session over https', { cookie: '__Host-session=x' }, '/page'],
  ['a session with a blank after its name', { cookie: 'session =x' }, '/page'],
  ['that they were let in', { cookie: 'a=1; __Host-member=x' }, '/page'],
  ['that they were let in, with a blank after its name', { cookie: 'member\t=x' }, '/page'],
  ['a key', {}, '/page?key=x'],
  ['a password', { authorization: 'Basic x' }, '/page'],
])('whoever shows %s is answered alone', async (_, headers, path) => {
  await words()
  await words(headers as Record<string, string>, path)
  await words(headers as Record<string, string>, path)
  expect(rendered).toBe(3)
})

test('what was said to be one person’s is kept for nobody, whatever their request looked like', async () => {
  const theirs = await ask({ 'x-somebody': '1' })
  expect(theirs.headers.get('cache-control')).toBe('private, no-store')
  expect(front.pages.facts().pages).toBe(0)
  await words()
  expect(rendered).toBe(2)
})

test('a kept page is the page: its headers, its codings, HEAD, 304', async () => {
  const first = await ask({ 'accept-encoding': 'br' })
  const kept = await ask({ 'accept-encoding': 'br' })
  const without = (answer: Response) =>
    Object.fromEntries([...answer.headers].filter(([name]) => !/^(date|content-length|transfer-encoding)$/.test(name)))
  expect(without(kept)).toEqual(without(first))
  expect(Object.fromEntries(kept.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-language': 'en',
    'content-encoding': 'br',
    'cache-control': 'no-cache',
    vary: 'Accept-Encoding, Accept-Language, Cookie',
    'x-frame-options': 'SAMEORIGIN',
  })
  expect(await kept.text()).toBe(await first.text())
  for (const coding of ['gzip', 'identity', 'br;q=0, gzip']) {
    const answer = await ask({ 'accept-encoding': coding })
    expect(answer.headers.get('content-encoding')).toBe(coding === 'identity' ? null : 'gzip')
    expect((await answer.text()).slice(0, 12)).toBe('<h1>One</h1>')
  }
  const head = await ask({}, '/page', 'HEAD')
  expect([head.status, await head.text()]).toEqual([200, ''])
  const etag = kept.headers.get('etag') ?? ''
  expect((await ask({ 'if-none-match': etag })).status).toBe(304)
  expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200)
  expect(rendered).toBe(1)
})

test('a change is on the next page, and what was read before it is not kept after it', async () => {
  expect(await words()).toContain('One')
  await change('Two')
  expect(await words()).toContain('Two')
  const late = front.pages.moment()
  await change('Three')
  const c = { ...(await contextOf('/page')) }
  await front.pages.serve(c.c, late, async () => ({ html: 'what was true before' }))
  expect(await words()).toContain('Three')
})

test('a change said by one process is heard by another', async () => {
  const other = await connect(platform.pool.options.connectionString as string, { max: 2 })
  try {
    await words()
    await other.pool.query(`select pg_notify('something_changed', '')`)
    content = 'Two'
    await sleep(200)
    expect(await words()).toContain('Two')
  } finally {
    await other.close()
  }
})

test('a change by time alone ends what was kept, facts too', async () => {
  nextChange = new Date(platform.now().getTime() + 60_000)
  await change('Before')
  let asked = 0
  const fact = () => front.pages.remember('fact', async () => ++asked)
  expect([await words(), await fact(), await fact()]).toEqual(['<h1>Before</h1'.slice(0, 14), 1, 1])
  content = 'After'
  expect(await words()).toContain('Before')
  platform.pass(60_000)
  nextChange = null
  expect(await words()).toContain('After')
  expect(await fact()).toBe(2)
})

test('while changes cannot be heard nothing is kept', async () => {
  await words()
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and datname = current_database() and query like 'select pg_notify($1%'`.execute(
    platform.db,
  )
  for (let i = 0; i < 200 && front.pages.facts().hearing; i++) await sleep(10)
  content = 'Changed unheard'
  expect(await words()).toContain('Changed')
  expect(front.pages.facts().pages).toBe(0)
  await hearing()
  await words()
  expect(front.pages.facts().pages).toBe(1)
})

test('what another process says to itself is no news', async () => {
  let lost = 0
  const heard = { said: () => undefined, lost: () => lost++ }
  const patient = listen(platform.pool, 'quiet', heard, { pulseMs: 60, answerMs: 2_000, retryMs: 50 })
  for (let i = 0; i < 100 && !patient.hearing; i++) await sleep(20)
  // Another process's pulse is no news.
  await sql`select pg_notify('quiet', 'pulse:another')`.execute(platform.db)
  await sleep(200)
  expect([patient.hearing, lost]).toEqual([true, 0])
  await patient.close()
  expect(patient.hearing).toBe(false)
})

test('the least recently asked for makes room, and memory stays within its bound', async () => {
  const small = openPageCache(platform, { ...OPTIONS, most: 40_000 })
  for (let i = 0; i < 100 && !small.facts().hearing; i++) await sleep(20)
  for (let n = 0; n < 30; n++) {
    const { c } = await contextOf(`/page/${n}`)
    await small.serve(c, small.moment(), async () => ({ html: 'x'.repeat(5_000) }))
  }
  const { pages, bytes } = small.facts()
  expect(pages).toBeGreaterThan(2)
  expect(bytes).toBeLessThanOrEqual(40_000)
})

/** A context of Hono's as a route gets it. */
async function contextOf(path: string) {
  let found: Parameters<typeof front.pages.serve>[0] | undefined
  await new Hono()
    .get('*', (c) => {
      found = c
      return c.text('')
    })
    .request(path, { headers: { 'accept-language': 'en' } })
  if (!found) throw new Error('No context')
  return { c: found }
}
