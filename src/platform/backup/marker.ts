import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Sentence } from '../sentence.ts'

/** Stands in DATA_DIR from the first change of a restore to its last. */
const markerIn = (dataDir: string) => join(dataDir, 'restore-unfinished.json')

export function markRestore(dataDir: string, backup: { file: string; id: string }): () => void {
  writeFileSync(markerIn(dataDir), JSON.stringify(backup), { mode: 0o600 })
  return () => rmSync(markerIn(dataDir), { force: true })
}

/** The backup whose restore broke off here, or null. */
export function unfinishedRestore(dataDir: string): { file: string; id: string } | null {
  if (!existsSync(markerIn(dataDir))) return null
  try {
    return JSON.parse(readFileSync(markerIn(dataDir), 'utf8'))
  } catch {
    return { file: 'FILE', id: '' }
  }
}

/** Throws a {@link Sentence} when a restore broke off here: what lies here is neither what was nor what was to be. */
export function requireNoUnfinishedRestore(dataDir: string): void {
  const found = unfinishedRestore(dataDir)
  if (found)
    throw new Sentence(
      `A restore into ${dataDir} was interrupted, so that some files may be missing. Finish it: ./ritornello restore ${found.file}`,
    )
}
