import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataDirPaths } from '../data-dir.ts'
import { forgetDrafts } from './drafts.ts'

test('what a killed process left is taken away after a day; what is whole or young stays', async () => {
  const paths = dataDirPaths(mkdtempSync(join(tmpdir(), 'drafts-')))
  const old = new Date(Date.now() - 2 * 24 * 3_600_000)
  for (const [name, modified] of [
    ['files/masters/ab/.draft-1', old],
    ['files/masters/ab/.draft-2', new Date()],
    ['files/masters/ab/whole', old],
    ['backups/.ritornello-backup-x.draft', old],
    ['backups/scheduled-20260101-000000.tar', old],
    ['work/passing/copy.flac', old],
  ] as const) {
    mkdirSync(join(paths.dir, name, '..'), { recursive: true })
    writeFileSync(join(paths.dir, name), 'x')
    utimesSync(join(paths.dir, name), modified, modified)
  }
  utimesSync(join(paths.work, 'passing'), old, old)
  expect(await forgetDrafts(paths)).toBe(3)
  expect(readdirSync(join(paths.files, 'masters/ab')).sort()).toEqual(['.draft-2', 'whole'])
  expect(readdirSync(paths.backups)).toEqual(['scheduled-20260101-000000.tar'])
  expect(readdirSync(paths.work)).toEqual([])
  rmSync(paths.dir, { recursive: true })
})
