import { lastSegment } from './paths.rules.ts'

/** A file that the server knows of, whole or in part. */
export type KnownUpload = { path: string; size: number; modifiedMs: number | null; received: number; complete: boolean }
export type ChosenFile = { path: string; size: number; modifiedMs: number }

export type Match<K> = { does: 'skip' | 'resume'; known: K } | { does: 'send' }

/**
 * What to do with a file that was chosen, perhaps again: it is there already, or in part, or is new. A file that was changed since is sent
 * anew under its path. One chosen without its folder is recognised by its name when only one can be meant.
 */
export function matchFile<K extends KnownUpload>(file: ChosenFile, known: readonly K[]): Match<K> {
  const same = (one: K) => one.size === file.size && one.modifiedMs === file.modifiedMs
  const byPath = known.find((one) => one.path === file.path)
  if (byPath) return same(byPath) ? found(byPath) : { does: 'send' }
  const named = known.filter((one) => same(one) && lastSegment(one.path) === lastSegment(file.path))
  return named.length === 1 && named[0] ? found(named[0]) : { does: 'send' }
}

const found = <K extends KnownUpload>(known: K): Match<K> => ({ does: known.complete ? 'skip' : 'resume', known })
