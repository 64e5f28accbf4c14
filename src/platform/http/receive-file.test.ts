import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiveFile } from './receive-file.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'receive-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const BOUNDARY = '----b'
const part = (header: string, content: Uint8Array | string) =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${header}\r\n\r\n`),
    Buffer.from(content as string),
    Buffer.from('\r\n'),
  ])
const END = Buffer.from(`--${BOUNDARY}--\r\n`)
const fileName = 'name="file"; filename="%22a%22.pdf"'

/** The body in pieces of these sizes, as a network might cut it. */
function request(body: Buffer, sizes: number[] = [body.length]): Request {
  let at = 0
  let n = 0
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= body.length) return controller.close()
      const size = sizes[n++ % sizes.length] ?? 1
      controller.enqueue(new Uint8Array(body.subarray(at, at + size)))
      at += size
    },
  })
  const init = {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  }
  return new Request('http://x.test', init as RequestInit)
}

test('a file arrives byte for byte, wherever the network cuts it, whatever looks like a boundary in it', async () => {
  const content = fc
    .array(fc.constantFrom('\r\n', '--', '\r\n--', `\r\n--${BOUNDARY.slice(0, -1)}`, '-', 'x', '\r'), { maxLength: 30 })
    .map((pieces) => pieces.join(''))
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(content, cuts, async (text, sizes) => {
      const got = await receiveFile(
        request(Buffer.concat([part('name="csrf"', ''), part(fileName, text), END]), sizes),
        dir,
        10_000,
      )
      if (!got.ok) throw new Error(got.error)
      expect(readFileSync(got.value.path, 'latin1')).toBe(text)
      expect(got.value).toMatchObject({ name: '"a".pdf', size: text.length })
      rmSync(got.value.path)
    }),
    { numRuns: 60 },
  )
})

const MB = 1_000_000

test('a disk with less than a gigabyte left takes nothing, before the first byte or on the way', async () => {
  const small = Buffer.concat([part(fileName, 'x'), END])
  const refused = { ok: false, error: 'no-room' }
  expect(await receiveFile(request(small), dir, 1000, async () => 999 * MB)).toEqual(refused)
  const announced = request(small)
  announced.headers.set('content-length', String(300 * MB))
  expect(await receiveFile(announced, dir, 400 * MB, async () => 1200 * MB)).toEqual(refused)

  const big = Buffer.concat([part(fileName, Buffer.alloc(200 * MB, 'x')), END])
  const asked: number[] = []
  const filling = async () => {
    asked.push(readdirSync(dir).length)
    return asked.length < 3 ? 1001 * MB : 999 * MB
  }
  expect(await receiveFile(request(big, [MB]), dir, 400 * MB, filling)).toEqual(refused)
  expect(asked).toEqual([0, 1, 1])
  expect(readdirSync(dir)).toEqual([])
})

test('one that is too large, cut short, or not there leaves nothing behind', async () => {
  const big = Buffer.concat([part(fileName, 'x'.repeat(2000)), END])
  expect(await receiveFile(request(big, [100]), dir, 1000)).toEqual({ ok: false, error: 'too-large' })
  expect(await receiveFile(request(big.subarray(0, 1500), [100]), dir, 10_000)).toEqual({ ok: false, error: 'none' })
  expect(await receiveFile(request(Buffer.concat([part('name="file"; filename=""', ''), END])), dir, 1000)).toEqual({
    ok: false,
    error: 'none',
  })
  expect(await receiveFile(new Request('http://x.test', { method: 'POST', body: 'a=1' }), dir, 1000)).toEqual({
    ok: false,
    error: 'none',
  })
  expect(readdirSync(dir)).toEqual([])
})
