import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { layOutZip } from './zip.rules.ts'

const entry = (name: string, text: string) => {
  const content = Buffer.from(text)
  return { name, size: content.length, crc32: crc32(content), content }
}
const at = new Date('2026-11-23T10:30:00Z')

/** Python's zipfile, written by other people, reads and checks what we wrote. */
function readWithPython(bytes: Buffer): Record<string, string> {
  const dir = mkdtempSync(join(tmpdir(), 'zip-'))
  try {
    writeFileSync(join(dir, 'a.zip'), bytes)
    const script = `import zipfile,json,sys
z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
print(json.dumps({i.filename: z.read(i).decode() for i in z.infolist()}))`
    return JSON.parse(execFileSync('python3', ['-c', script, join(dir, 'a.zip')], { encoding: 'utf8' }))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const hasPython = (() => {
  try {
    execFileSync('python3', ['--version'])
    return true
  } catch {
    return false
  }
})()

test.runIf(hasPython)('another program reads every file, names in any script', () => {
  const files = [
    entry('A. B./01 - Été… .flac', 'one'),
    entry('A. B./02 - 夜.flac', ''),
    entry('A. B./cover.jpg', 'picture'),
  ]
  expect(readWithPython(Buffer.concat(layOutZip(files, at)))).toEqual({
    'A. B./01 - Été… .flac': 'one',
    'A. B./02 - 夜.flac': '',
    'A. B./cover.jpg': 'picture',
  })
})

test('the same release gives the same bytes, of the length that was told', () => {
  const files = [entry('a', 'xyz'), entry('b', '1234')]
  const [once, twice] = [Buffer.concat(layOutZip(files, at)), Buffer.concat(layOutZip(files, at))]
  expect(once.equals(twice)).toBe(true)
})

test('past 4 GB the sizes and places go into zip64 fields', () => {
  const size = 5_000_000_000
  const pieces = layOutZip(
    [
      { name: 'a', size, crc32: 1, content: 'A' },
      { name: 'b', size: 3, crc32: 2, content: 'B' },
    ],
    at,
  )
  const local = pieces[0] as Buffer
  expect(local.readUInt32LE(18)).toBe(0xffffffff)
  expect(Number(local.readBigUInt64LE(30 + 1 + 4))).toBe(size)
  const tail = pieces.at(-1) as Buffer
  expect(tail.includes(Buffer.from([0x50, 0x4b, 0x06, 0x06]))).toBe(true)
  expect(tail.readUInt32LE(tail.length - 6)).toBe(0xffffffff)
})
