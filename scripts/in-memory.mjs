import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { availableMemory } from 'node:process'

const GIB = 1024 ** 3
/** What a run leaves there at one moment: two servers of databases, places of journeys, profiles of browsers. */
const NEEDED = 3 * GIB

/**
 * A folder in memory for what tests throw away, where the machine has one with room and memory to spare: hundreds of databases of two hundred
 * tables are made, filled and dropped, and on a slow disk that takes longer than the tests.
 * @returns {string | null} null where there is none, or where programs in it may not run: then it is the usual temporary folder
 */
export function folderInMemory(from = '/dev/shm', { needed = NEEDED, memory = availableMemory() } = {}) {
  let folder
  try {
    accessSync(from, constants.W_OK)
    const { bavail, bsize } = statfsSync(from)
    if (bavail * bsize < needed || memory < 2 * needed) return null
    folder = mkdtempSync(join(from, 'ritornello-'))
    // Postgres as another user than root must pass through it.
    chmodSync(folder, 0o711)
    const program = join(folder, 'program')
    writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 })
    const runs = spawnSync(program).status === 0
    rmSync(program)
    if (runs) return folder
  } catch {
    // Not there, or not ours.
  }
  if (folder) rmSync(folder, { recursive: true, force: true })
  return null
}
