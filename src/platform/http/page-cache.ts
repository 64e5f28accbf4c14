import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type Ear, listen } from '../database/listen.ts'
import type { Platform } from '../platform.ts'
import { type Coding, codingFor, type PageAddresses, pageKey } from './page-key.ts'
import { matches } from './range.rules.ts'

/** A page to be answered with, and headers that are this page's own. */
export type Rendered = { html: string; headers?: Record<string, string> }

/** Between two changes of what pages show. What was read before a change must not be kept after it. */
export type Moment = number

export type PageCache = {
  /** Answers a request from what is kept, straight to the socket. False when there is nothing kept for it. */
  answer(incoming: IncomingMessage, outgoing: ServerResponse): boolean
  /** To be asked before the first thing that a page shows is read, and given to `serve`. */
  moment(): Moment
  /** Answers with a page: kept and shared when the request is one that anybody might make, for this person alone otherwise. */
  serve(c: Context, since: Moment, render: () => Promise<Rendered>): Promise<Response>
  /** Answers with a page that is this request's own. Its `Cache-Control` is set by the caller. */
  once(c: Context, page: Rendered, status?: ContentfulStatusCode): Response
  /** A value read once, until something that pages show changes. */
  remember<T>(key: string, load: () => Promise<T>): Promise<T>
  /** What has happened since the start. */
  facts(): { hits: number; misses: number; pages: number; bytes: number; hearing: boolean }
}

export type PageCacheOptions = PageAddresses & {
  /** The channel on which the database says that something shown has changed. */
  channel: string
  /** When something shown will next change by time alone, which nobody will say; null when nothing will. */
  nextChange: () => Promise<Date | null>
  /** Most bytes kept in memory; 0 keeps nothing. */
  most?: number
}

type Body = { bytes: Buffer; headers: string[]; isThorough: boolean }

const gzipLater = promisify(gzip)
const brotliLater = promisify(brotliCompress)
type Kept = {
  html: Buffer
  etag: string
  /** This page's own headers, and all those that it was first answered with. */
  own: Record<string, string>
  headers: string[]
  bodies: Partial<Record<Coding, Body>>
  size: number
  isKept: boolean
}

const MOST_BYTES = 64 * 1024 * 1024
const HTML = { 'Content-Type': 'text/html; charset=utf-8', Vary: 'Accept-Encoding, Accept-Language, Cookie' }

/**
 * Public pages, kept rendered and compressed in memory by path and language, least recently asked for dropped first. Everything
 * is dropped as soon as the database says that something shown has changed, and nothing is kept while it cannot be heard: a change
 * is on every process within the milliseconds of a notification, or at worst (a connection lost in silence) within half a minute.
 */
export function openPageCache(
  platform: Pick<Platform, 'pool' | 'now' | 'beforeClosing'>,
  options: PageCacheOptions,
): PageCache {
  const most = options.most ?? MOST_BYTES
  const kept = new Map<string, Kept>()
  let held = 0
  let hits = 0
  let misses = 0
  /** Grows with every change heard. */
  let generation: Moment = 0
  let facts = new Map<string, Promise<unknown>>()
  const underWay = new Map<string, Promise<Kept>>()

  /** The moment at which everything is dropped by time alone; null while it is not known, and nothing is kept. */
  let due: number | null = null
  let asking: Promise<void> | null = null

  const dropAll = () => {
    generation++
    due = null
    asking = null
    for (const entry of kept.values()) entry.isKept = false
    kept.clear()
    facts = new Map()
    held = 0
  }
  const mindTheClock = () => {
    if (due !== null && platform.now().getTime() >= due) dropAll()
  }
  /** Learns until when things may be kept. */
  function learnDue(): Promise<void> {
    const since = generation
    asking ??= options.nextChange().then(
      (at) => {
        if (since === generation) due = at?.getTime() ?? Number.POSITIVE_INFINITY
      },
      (error) => {
        if (since === generation) asking = null
        throw error
      },
    )
    return asking
  }
  const ear = earOf(platform, options.channel, dropAll)

  const drop = (key: string, entry: Kept) => {
    kept.delete(key)
    held -= entry.size
    entry.isKept = false
  }

  function find(key: string): Kept | null {
    const entry = kept.get(key)
    if (!entry) return null
    kept.delete(key)
    kept.set(key, entry)
    return entry
  }

  function keep(key: string, entry: Kept): void {
    const before = kept.get(key)
    if (before) drop(key, before)
    kept.set(key, entry)
    entry.isKept = true
    held += entry.size
    for (const [oldest, old] of kept) {
      if (held <= most) break
      drop(oldest, old)
    }
  }

  /** The page in one coding: quickly at first, and smaller once it turns out that it is asked for again. */
  function body(entry: Kept, coding: Coding): Body {
    const found = entry.bodies[coding]
    if (!found) return put(entry, coding, compressed(entry.html, coding))
    if (!found.isThorough) {
      found.isThorough = true
      if (coding !== 'identity' && entry.isKept) void shrink(entry, coding)
    }
    return found
  }

  function put(entry: Kept, coding: Coding, bytes: Buffer): Body {
    const before = entry.bodies[coding]
    const coded = coding === 'identity' ? [] : ['Content-Encoding', coding]
    const headers = [...entry.headers, ...coded, 'Content-Length', String(bytes.length), 'ETag', entry.etag]
    const made = { bytes, headers, isThorough: before !== undefined }
    entry.bodies[coding] = made
    const more = bytes.length - (before?.bytes.length ?? 0)
    entry.size += more
    if (entry.isKept) held += more
    return made
  }

  async function shrink(entry: Kept, coding: 'br' | 'gzip'): Promise<void> {
    const bytes = await (coding === 'gzip'
      ? gzipLater(entry.html, { level: 9 })
      : brotliLater(entry.html, brotli(entry.html, THOROUGH)))
    put(entry, coding, bytes)
  }

  const keyOf = (url: string, header: (name: string) => string | undefined) =>
    pageKey(options, {
      url,
      cookie: header('cookie'),
      authorization: header('authorization'),
      language: header('accept-language'),
      accept: header('accept'),
    })

  /** One rendering at a time for one page: a crowd at the door waits for the same one. */
  function renderOnce(key: string, since: Moment, c: Context, render: () => Promise<Rendered>): Promise<Kept> {
    const id = `${since} ${key}`
    const going = underWay.get(id)
    if (going) return going
    const work = (async () => {
      const [page] = await Promise.all([render(), learnDue()])
      const entry = entryOf(c, page)
      mindTheClock()
      if (ear().hearing && due !== null && since === generation && most > 0) keep(key, entry)
      return entry
    })().finally(() => underWay.delete(id))
    underWay.set(id, work)
    return work
  }

  return {
    answer(incoming, outgoing) {
      const { method, headers, url = '/' } = incoming
      if ((method !== 'GET' && method !== 'HEAD') || kept.size === 0) return false
      mindTheClock()
      const key = keyOf(url, (name) => headers[name] as string | undefined)
      const entry = key && find(key)
      if (!entry) return false
      hits++
      const { bytes, headers: own } = body(entry, codingFor((headers['accept-encoding'] as string | undefined) ?? ''))
      if (headers['if-none-match'] && matches(headers['if-none-match'], entry.etag.slice(2))) {
        outgoing.writeHead(304, [...entry.headers, 'ETag', entry.etag])
        outgoing.end()
        return true
      }
      outgoing.writeHead(200, own)
      outgoing.end(method === 'HEAD' ? undefined : bytes)
      return true
    },

    moment() {
      mindTheClock()
      return generation
    },

    async serve(c, since, render) {
      const url = new URL(c.req.url)
      const key = keyOf(url.pathname + url.search, (name) => c.req.header(name))
      // Whatever the request looked like: what was said to be one person's is kept for nobody.
      if (!key || c.res.headers.get('Cache-Control')?.includes('no-store')) return once(c, await render())
      const found = find(key)
      if (found) hits++
      else misses++
      const entry = found ?? (await renderOnce(key, since, c, render))
      for (const [name, value] of Object.entries(entry.own)) c.header(name, value)
      c.header('ETag', entry.etag)
      if (matches(c.req.header('if-none-match'), entry.etag.slice(2))) return c.body(null, 304)
      const coding = codingFor(c.req.header('accept-encoding') ?? '')
      if (coding !== 'identity') c.header('Content-Encoding', coding)
      return c.body(body(entry, coding).bytes as Uint8Array<ArrayBuffer>)
    },

    once,

    async remember<T>(key: string, load: () => Promise<T>): Promise<T> {
      mindTheClock()
      if (!ear().hearing) return load()
      await learnDue()
      const there = facts.get(key) as Promise<T> | undefined
      if (there) return there
      const mine = facts
      const loading = load()
      mine.set(key, loading)
      loading.catch(() => mine.delete(key))
      return loading
    },

    facts: () => ({ hits, misses, pages: kept.size, bytes: held, hearing: ear().hearing }),
  }
}

function once(c: Context, { html, headers = {} }: Rendered, status: ContentfulStatusCode = 200): Response {
  const coding = codingFor(c.req.header('accept-encoding') ?? '')
  for (const [name, value] of Object.entries({ ...HTML, ...headers })) c.header(name, value)
  if (coding !== 'identity') c.header('Content-Encoding', coding)
  return c.body(compressed(Buffer.from(html), coding) as Uint8Array<ArrayBuffer>, status)
}

function entryOf(c: Context, { html: text, headers = {} }: Rendered): Kept {
  const html = Buffer.from(text)
  const etag = `W/"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`
  const own = { ...HTML, 'Cache-Control': 'no-cache', ...headers }
  const all = new Headers(c.res.headers)
  for (const [name, value] of Object.entries(own)) all.set(name, value)
  return {
    html,
    etag,
    own,
    headers: [...all].flat(),
    bodies: {},
    size: html.length + 2_000,
    isKept: false,
  }
}

/** Brotli's second step of eleven: a quarter of a millisecond for a page of 45 kB, where the fifth takes one and saves a tenth more. */
const QUICK = 2
/** For what is asked for again, in another thread. */
const THOROUGH = 10

function compressed(html: Buffer, coding: Coding): Buffer {
  if (coding === 'identity') return html
  return coding === 'gzip' ? gzipSync(html, { level: 4 }) : brotliCompressSync(html, brotli(html, QUICK))
}

const brotli = (html: Buffer, quality: number) => ({
  params: {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: html.length,
  },
})

type Hub = { ear: Ear; all: Set<() => void> }
const hubs = new WeakMap<object, Map<string, Hub>>()

/** One connection that listens, for all caches of a process; opened when the first page is asked for. */
function earOf(
  { pool, beforeClosing }: Pick<Platform, 'pool' | 'beforeClosing'>,
  channel: string,
  changed: () => void,
): () => Ear {
  let mine: Ear | null = null
  return () => {
    if (mine) return mine
    const channels = hubs.get(pool) ?? new Map<string, Hub>()
    hubs.set(pool, channels)
    let hub = channels.get(channel)
    if (!hub) {
      const all = new Set<() => void>()
      const tell = () => {
        for (const one of all) one()
      }
      const ear = listen(pool, channel, { said: tell, lost: tell })
      beforeClosing(() => ear.close())
      hub = { ear, all }
      channels.set(channel, hub)
    }
    hub.all.add(changed)
    mine = hub.ear
    return mine
  }
}
