import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diskStorage } from '../storage/disk.ts'
import { type Sending, send } from './send.ts'

// Through a real server: what is written straight to the socket cannot be seen in memory.
const SONG = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => i % 251))
const MOST = { type: 'audio/mp4', etag: '"song"', cache: 'immutable' } satisfies Partial<Sending>

let root: string
let server: Server
let base: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'send-'))
  const files = diskStorage(root)
  await files.put('song', SONG)
  const song = { key: 'song', size: SONG.length }
  const app = new Hono()
  app.use(async (c, next) => {
    c.header('X-Content-Type-Options', 'nosniff')
    await next()
  })
  app.get('/song', (c) => send(c, files, { ...MOST, pieces: [song] }))
  app.get('/zip', (c) =>
    send(c, files, { ...MOST, pieces: [Buffer.from('head'), song, Buffer.from('between'), song, Buffer.from('end')] }),
  )
  app.get('/lost', (c) => send(c, files, { ...MOST, pieces: [{ key: 'nothing', size: 10 }] }))
  app.get('/shrunk', (c) => send(c, files, { ...MOST, pieces: [{ key: 'song', size: SONG.length + 10 }] }))
  app.get('/page', (c) => c.text('still here'))
  server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(root, { recursive: true })
})

const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const answer = await fetch(base + path, { method, headers })
  return { answer, body: Buffer.from(await answer.arrayBuffer()) }
}

test('a stored file comes whole, with the headers of every answer', async () => {
  const { answer, body } = await ask('/song')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-length')).toBe('3000000')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('x-hono-already-sent')).toBeNull()
  expect(body.equals(SONG)).toBe(true)
})

test('a part comes alone, from a file or across the pieces of an archive', async () => {
  const { answer, body } = await ask('/song', { range: 'bytes=100-2000099' })
  expect(answer.status).toBe(206)
  expect(answer.headers.get('content-range')).toBe('bytes 100-2000099/3000000')
  expect(body.equals(SONG.subarray(100, 2_000_100))).toBe(true)

  const whole = Buffer.concat([Buffer.from('head'), SONG, Buffer.from('between'), SONG, Buffer.from('end')])
  expect((await ask('/zip')).body.equals(whole)).toBe(true)
  const across = await ask('/zip', { range: 'bytes=2-3000020' })
  expect(across.body.equals(whole.subarray(2, 3_000_021))).toBe(true)
  const last = await ask('/zip', { range: 'bytes=-5' })
  expect(last.body.equals(whole.subarray(-5))).toBe(true)
})

test('many ask at once and each gets its own part', async () => {
  const asked = Array.from({ length: 60 }, (_, i) => i * 40_000)
  const got = await Promise.all(asked.map((from) => ask('/song', { range: `bytes=${from}-${from + 599_999}` })))
  for (const [i, from] of asked.entries())
    expect(got[i]?.body.equals(SONG.subarray(from, from + 600_000)), `from ${from}`).toBe(true)
})

test('HEAD says what GET would send, and a tag that is known sends nothing', async () => {
  const head = await ask('/song', {}, 'HEAD')
  expect([head.answer.status, head.answer.headers.get('content-length'), head.body.length]).toEqual([200, '3000000', 0])
  expect((await ask('/song', { 'if-none-match': '"song"' })).answer.status).toBe(304)
  expect((await ask('/song', { range: 'bytes=9000000-' })).answer.status).toBe(416)
})

test('a file that is not there is not found; one that has become shorter breaks the connection off', async () => {
  expect((await ask('/lost')).answer.status).toBe(404)
  await expect(ask('/shrunk')).rejects.toThrow()
})

test('somebody who leaves in the middle disturbs nobody', async () => {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  socket.write('GET /song HTTP/1.1\r\nHost: x\r\n\r\n')
  await new Promise((seen) => socket.once('data', seen))
  socket.destroy()
  expect((await ask('/page')).body.toString()).toBe('still here')
  expect((await ask('/song')).body.equals(SONG)).toBe(true)
})
