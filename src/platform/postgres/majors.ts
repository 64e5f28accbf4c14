import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Sentence } from '../sentence.ts'

/** The package that reads the clusters of each major version we ever brought, or that people may bring along. */
export const PACKAGES: Record<number, string> = {
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
}

export const majorOf = (cluster: string): number => Number(/postgres-(\d+)$/.exec(basename(cluster))?.[1])

/** The newest cluster of an older major version in this DATA_DIR, or null. */
export function olderCluster(dataDir: string, cluster: string): { path: string; major: number } | null {
  if (!existsSync(dataDir)) return null
  const found = readdirSync(dataDir)
    .map((name) => ({ path: join(dataDir, name), major: majorOf(name) }))
    .filter(({ path, major }) => major < majorOf(cluster) && existsSync(join(path, 'PG_VERSION')))
  return found.sort((a, b) => b.major - a.major)[0] ?? null
}

/** Throws a {@link Sentence} when the data of this DATA_DIR lies in a cluster of another major version than ours. */
export function requireThisMajor(dataDir: string, cluster: string): void {
  if (existsSync(cluster)) {
    const written = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
    if (Number(written) !== majorOf(cluster))
      throw new Sentence(`${cluster} was written by Postgres ${written}, not by ${majorOf(cluster)}. Was it renamed?`)
    return
  }
  const older = olderCluster(dataDir, cluster)
  if (older)
    throw new Sentence(
      `The database in ${dataDir} was written by Postgres ${older.major}; this version of Ritornello brings ${majorOf(cluster)}. ` +
        'Run ./ritornello upgrade-database, which keeps the old one beside the new.',
    )
}
