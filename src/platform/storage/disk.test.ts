import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { diskStorage } from './disk.ts'
import { FileMissing, type Storage } from './storage.ts'

let root: string
let files: Storage
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'storage-'))
  files = diskStorage(root)
})
afterAll(() => rm(root, { recursive: true }))

test('what is put can be read whole, in part, and is listed', async () => {
  expect(await files.put('masters/ab/one', Buffer.from('0123456789'))).toBe(10)
  expect((await buffer(await files.open('masters/ab/one'))).toString()).toBe('0123456789')
  expect((await buffer(await files.open('masters/ab/one', { start: 2, end: 4 }))).toString()).toBe('234')
  expect(await Array.fromAsync(files.list('masters/'))).toMatchObject([{ key: 'masters/ab/one', size: 10 }])
})

test('a write that breaks off leaves what was there, and no draft', async () => {
  await files.put('cache/two', Buffer.from('before'))
  const breaking = Readable.from(
    (async function* () {
      yield Buffer.from('half')
      throw new Error('the line broke')
    })(),
  )
  await expect(files.put('cache/two', breaking)).rejects.toThrow('the line broke')
  expect((await buffer(await files.open('cache/two'))).toString()).toBe('before')
  expect(await readdir(join(root, 'cache'))).toEqual(['two'])
})

test('a local file is taken over', async () => {
  const path = join(root, 'incoming')
  await writeFile(path, 'abc')
  expect(await files.adopt('masters/three', path)).toBe(3)
  expect((await files.stat('masters/three'))?.size).toBe(3)
})

test('what is not there says so, and no key leaves the folder', async () => {
  expect(await files.stat('nothing/here')).toBeNull()
  await expect(files.open('nothing/here')).rejects.toThrow(FileMissing)
  await files.remove('nothing/here')
  expect(() => files.localPath('../etc/passwd')).toThrow('Not a storage key')
  expect(() => files.localPath('a/../../b')).toThrow('Not a storage key')
})
