import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { folderInMemory } from './in-memory.mjs'

const place = mkdtempSync(join(tmpdir(), 'memory-'))
afterAll(() => rmSync(place, { recursive: true }))

it('is a folder that everybody may pass through, where there is room', () => {
  const folder = folderInMemory(place, { needed: 1, memory: 2 })
  expect(folder).toMatch(join(place, 'ritornello-'))
  expect(statSync(folder).mode & 0o777).toBe(0o711)
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

it('is none where nothing is, where there is too little room, and where memory is short; and leaves nothing', () => {
  expect(folderInMemory(join(place, 'nowhere'), { needed: 1, memory: 2 })).toBeNull()
  expect(folderInMemory(place, { needed: Number.MAX_SAFE_INTEGER, memory: Number.POSITIVE_INFINITY })).toBeNull()
  expect(folderInMemory(place, { needed: 2, memory: 3 })).toBeNull()
  expect(readdirSync(place)).toEqual([])
})
