import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { readTar, TarProblem, tarEnd, tarEntry } from './tar.ts'

const dir = mkdtempSync(join(tmpdir(), 'tar-'))
afterAll(() => rmSync(dir, { recursive: true }))

const LONG = `files/${'a-long-folder-name/'.repeat(12)}été.flac`
const FILES: Record<string, Buffer> = {
  'README.txt': Buffer.from('hello'),
  'rows/empty.csv': Buffer.alloc(0),
  'rows/exact.csv': Buffer.alloc(1024, 'x'),
  [LONG]: Buffer.alloc(100_001, 'y'),
}

async function* archive() {
  for (const [name, content] of Object.entries(FILES)) yield* tarEntry({ name, size: content.length }, [content])
  yield tarEnd()
}

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function contents(source: AsyncIterable<Buffer>) {
  const found: Record<string, Buffer> = {}
  for await (const { name, body } of readTar(source)) found[name] = await buffer(body)
  return found
}

test('what is written is read back, however the bytes are cut', async () => {
  const bytes = await buffer(archive())
  for (const size of [1, 7, 512, 100_000]) expect(await contents(inPieces(bytes, size))).toEqual(FILES)
})

test('anybody’s tar opens it, and what anybody’s tar packed is read', async () => {
  const file = join(dir, 'ours.tar')
  writeFileSync(file, await buffer(archive()))
  execFileSync('tar', ['xf', file, '-C', dir])
  expect(readFileSync(join(dir, LONG))).toEqual(FILES[LONG])
  execFileSync('tar', ['cf', join(dir, 'theirs.tar'), '-C', dir, './README.txt', './rows', './files'])
  expect(await contents(inPieces(readFileSync(join(dir, 'theirs.tar')), 10_240))).toEqual(FILES)
})

test('an entry that nobody reads is passed over', async () => {
  const names: string[] = []
  for await (const { name } of readTar(archive())) names.push(name)
  expect(names).toEqual(Object.keys(FILES))
})

test('a file past eight gigabytes keeps its size in a pax record', async () => {
  const size = 9 * 2 ** 30
  const [pax, record] = await Array.fromAsync({
    async *[Symbol.asyncIterator]() {
      let count = 0
      for await (const chunk of tarEntry({ name: 'big', size }, [Buffer.alloc(1)])) {
        yield chunk
        if (++count === 2) return
      }
    },
  })
  expect(pax?.[156]).toBe('x'.charCodeAt(0))
  expect(record?.toString().replace(/\0/g, '')).toBe(`19 size=${size}\n`)
})

test('an archive that breaks off, or is none, is refused', async () => {
  const bytes = await buffer(archive())
  await expect(contents(inPieces(bytes.subarray(0, 50_000), 512))).rejects.toThrow(TarProblem)
  await expect(contents(inPieces(Buffer.alloc(2048, 'z'), 512))).rejects.toThrow('not one of a tar archive')
  await expect(buffer(tarEntry({ name: 'short', size: 3 }, [Buffer.from('ab')]))).rejects.toThrow('should have 3 bytes')
})
