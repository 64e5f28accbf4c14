import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { diskStorage } from './disk.ts'
import { FileMissing, openStorage, type Storage } from './index.ts'

type Home = { files: Storage; work: string; close(): Promise<void> }

async function onDisk(): Promise<Home> {
  const root = await mkdtemp(join(tmpdir(), 'storage-'))
  return { files: diskStorage(join(root, 'files')), work: root, close: () => rm(root, { recursive: true }) }
}

/** s3rver signs a slash in a query unescaped, unlike S3 itself; it still wants every request to be signed. */
const WRONG_ABOUT_SLASHES = { allowMismatchedSignatures: true }

/** It seals its continuation tokens with DES, which today's OpenSSL refuses: AES does as well. */
function withoutDes(): () => void {
  const crypto = createRequire(import.meta.url)('node:crypto') as Record<string, (...args: unknown[]) => unknown>
  const names = ['createCipheriv', 'createDecipheriv']
  const before = names.map((name) => crypto[name])
  const twice = (bytes: Buffer) => Buffer.concat([bytes, bytes])
  names.forEach((name, n) => {
    crypto[name] = (algorithm, key, iv, ...rest) =>
      algorithm === 'des'
        ? before[n]?.('aes-128-cbc', twice(key as Buffer), twice(iv as Buffer))
        : before[n]?.(algorithm, key, iv, ...rest)
  })
  return () => {
    for (const [n, name] of names.entries()) Object.assign(crypto, { [name]: before[n] })
  }
}

/** A server that speaks S3, on files of its own. */
async function onS3(): Promise<Home> {
  const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (
    options: object,
  ) => { configureBuckets(): Promise<void>; callback(): Parameters<typeof createServer>[1] }
  const root = await mkdtemp(join(tmpdir(), 'storage-s3-'))
  const restoreDes = withoutDes()
  const store = new S3rver({
    directory: join(root, 'store'),
    silent: true,
    ...WRONG_ABOUT_SLASHES,
    configureBuckets: [{ name: 'music' }],
  })
  await store.configureBuckets()
  const server = createServer(store.callback())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const env = {
    S3_BUCKET: 'music',
    S3_ENDPOINT: `http://127.0.0.1:${port}`,
    S3_ACCESS_KEY_ID: 'S3RVER',
    S3_SECRET_ACCESS_KEY: 'S3RVER',
  }
  const work = join(root, 'work')
  return {
    files: await openStorage(readConfig(env, root), { files: '', work }),
    work,
    async close() {
      restoreDes()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      await rm(root, { recursive: true })
    },
  }
}

const contentOf = async (files: Storage, key: string, range?: { start: number; end: number }) =>
  buffer(await files.open(key, range))

/** Bytes that a part put in the wrong place would not match. */
const pattern = (size: number) => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32BE(at, at)
  return bytes
}

describe.each([
  { name: 'on a disk', open: onDisk },
  { name: 'in S3', open: onS3 },
])('files $name', ({ open }) => {
  let home: Home
  let files: Storage
  beforeAll(async () => {
    home = await open()
    files = home.files
  })
  afterAll(() => home.close())

  test('what is put can be read whole and in part', async () => {
    expect(await files.put('masters/ab/one', Buffer.from('0123456789'))).toBe(10)
    expect((await contentOf(files, 'masters/ab/one')).toString()).toBe('0123456789')
    expect((await contentOf(files, 'masters/ab/one', { start: 2, end: 4 })).toString()).toBe('234')
    expect((await contentOf(files, 'masters/ab/one', { start: 0, end: 1 })).toString()).toBe('01')
    const found = await files.stat('masters/ab/one')
    expect(found).toMatchObject({ key: 'masters/ab/one', size: 10 })
    expect(Math.abs(Date.now() - (found?.modifiedAt.getTime() ?? 0))).toBeLessThan(60_000)
  })

  test('nothing at all is a file too', async () => {
    expect(await files.put('a/empty', Buffer.alloc(0))).toBe(0)
    expect(await files.put('a/empty-stream', Readable.from([]))).toBe(0)
    expect((await files.stat('a/empty-stream'))?.size).toBe(0)
    expect(await contentOf(files, 'a/empty')).toHaveLength(0)
  })

  test('a large stream goes through in parts and keeps every byte', { timeout: 60_000 }, async () => {
    const bytes = pattern(2 * 16 * 1024 * 1024 + 4321)
    const pieces = function* () {
      for (let at = 0; at < bytes.length; at += 300_007) yield bytes.subarray(at, at + 300_007)
    }
    expect(await files.put('masters/large', Readable.from(pieces()))).toBe(bytes.length)
    expect((await contentOf(files, 'masters/large')).equals(bytes)).toBe(true)
    const middle = { start: 16 * 1024 * 1024 - 3, end: 16 * 1024 * 1024 + 3 }
    expect((await contentOf(files, 'masters/large', middle)).equals(bytes.subarray(middle.start, middle.end + 1))).toBe(
      true,
    )
    const exact = bytes.subarray(0, 16 * 1024 * 1024)
    expect(await files.put('masters/one-part', Readable.from([exact]))).toBe(exact.length)
    expect((await contentOf(files, 'masters/one-part')).equals(exact)).toBe(true)
  })

  test('what was there is replaced', async () => {
    await files.put('cache/two', Buffer.from('before'))
    await files.put('cache/two', Buffer.from('after'))
    expect((await contentOf(files, 'cache/two')).toString()).toBe('after')
  })

  test.each([10, 20 * 1024 * 1024])('a write that breaks off after %d bytes leaves what was there', async (size) => {
    await files.put('cache/three', Buffer.from('before'))
    const breaking = Readable.from(
      (async function* () {
        yield Buffer.alloc(size)
        throw new Error('the line broke')
      })(),
    )
    await expect(files.put('cache/three', breaking)).rejects.toThrow('the line broke')
    expect((await contentOf(files, 'cache/three')).toString()).toBe('before')
    const there = await Array.fromAsync(files.list('cache/'))
    expect(there.map(({ key }) => key).sort()).toEqual(['cache/three', 'cache/two'])
  })

  test('a local file is taken over', async () => {
    const path = join(home.work, '..', `incoming-${Math.random()}`)
    await writeFile(path, 'abc')
    expect(await files.adopt('masters/three', path)).toBe(3)
    expect((await contentOf(files, 'masters/three')).toString()).toBe('abc')
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })

  test('a file is lent as a path, and nothing of it is left', async () => {
    await files.put('masters/lent.flac', Buffer.from('sound'))
    let lent = ''
    const text = await files.withLocal('masters/lent.flac', async (path) => {
      lent = path
      return (await readFile(path)).toString()
    })
    expect(text).toBe('sound')
    expect(lent.endsWith('.flac')).toBe(true)
    if (files.localPath('masters/lent.flac') === null) expect(await readdir(home.work)).toEqual([])
    await expect(files.withLocal('masters/nowhere', async () => 'never')).rejects.toThrow(FileMissing)
  })

  test('what is not there says so, and removing it again is no error', async () => {
    await files.put('cache/gone', Buffer.from('x'))
    await files.remove('cache/gone')
    await files.remove('cache/gone')
    expect(await files.stat('cache/gone')).toBeNull()
    await expect(files.open('cache/gone')).rejects.toThrow(FileMissing)
    await expect(files.open('cache/gone/under')).rejects.toThrow(FileMissing)
    expect(await Array.fromAsync(files.list('no/such/place/'))).toEqual([])
  })

  test('all keys that we use work', async () => {
    const keys = ['images/0a/1400.avif', 'masters/Aa-_.9', `encodings/${'f'.repeat(64)}.mp3`, 'bonus/x/a.b-c_d.PDF']
    for (const key of keys) {
      await files.put(key, Buffer.from(key))
      expect((await contentOf(files, key)).toString()).toBe(key)
      expect((await Array.fromAsync(files.list(key))).map((file) => file.key)).toEqual([key])
    }
  })

  test('no key leaves its place', async () => {
    for (const key of ['../etc/passwd', 'a/../../b', '/etc/passwd', 'a//b', 'a/.hidden', 'a b', '']) {
      await expect(files.open(key)).rejects.toThrow('Not a storage key')
      await expect(files.put(key, Buffer.from('x'))).rejects.toThrow('Not a storage key')
    }
  })

  test('a long list is given whole, by its beginning', { timeout: 60_000 }, async () => {
    const wanted = Array.from({ length: 1_203 }, (_, n) => `many/${n % 7}/file-${n}`)
    for (let at = 0; at < wanted.length; at += 50)
      await Promise.all(wanted.slice(at, at + 50).map((key) => files.put(key, Buffer.from('x'))))
    const all = await Array.fromAsync(files.list('many/'))
    expect(all.map(({ key }) => key).sort()).toEqual(wanted.sort())
    const some = await Array.fromAsync(files.list('many/3/file-1'))
    expect(some.map(({ key }) => key).sort()).toEqual(wanted.filter((key) => key.startsWith('many/3/file-1')).sort())
  })
})
