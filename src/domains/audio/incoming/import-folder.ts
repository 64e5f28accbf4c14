import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { type Artist, createArtist } from '../../identity/index.ts'
import { type ImportPlan, type Probe, type Problem, readReleases } from '../../music/index.ts'
import type { MasterFacts } from '../engine/index.ts'
import { engine } from '../run-engine.ts'
import { planFor } from './artist.rules.ts'
import { hashFile, keepRelease, landRelease } from './keep-files.ts'
import { MAX_FILE_BYTES } from './limits.rules.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths'>

export type ImportOptions = {
  /** Whose music it is; else what the files say. Found by name, accents and case forgiven, else made. */
  artist?: string | undefined
  signal?: AbortSignal | undefined
  /** Files read, of how many. */
  onRead?: (done: number, total: number) => void
  /** What was understood, before it is kept. */
  onUnderstood?: (plan: ImportPlan) => void
  /** Files kept of the release at hand, of how many. */
  onKept?: (done: number, total: number) => void
  onDone?: (imported: ImportedRelease) => void
}

export type ImportedRelease = {
  plan: ImportPlan
  /** Null when nothing could be made of it; the problems say why. `already`: it was here, with these very recordings. */
  made: { artistId: string; releaseId: string; already: boolean } | null
  problems: Problem[]
}

/**
 * Brings a folder of this machine in: one draft release for each album in it. Files are copied, and stay as they are. The same recordings
 * again are recognised by their hashes, so that an interrupted import is run again to finish it.
 */
export async function importFolder(
  deps: Deps,
  folder: string,
  options: ImportOptions = {},
): Promise<Result<ImportedRelease[], 'missing' | 'not-a-folder'>> {
  const { signal } = options
  const facts = new Map<string, MasterFacts>()
  const probe: Probe = async (path) => {
    const probed = await engine('probe', { path }, signal ? { signal } : {})
    signal?.throwIfAborted()
    if (probed.ok) facts.set(path, probed.value)
    return probed
  }
  const read = await readReleases(folder, probe, {
    maxBytes: MAX_FILE_BYTES,
    ...(signal ? { signal } : {}),
    ...(options.onRead ? { onProgress: options.onRead } : {}),
  })
  if (!read.ok) return fail(read.error)
  const imported: ImportedRelease[] = []
  const { artist } = options
  const named = artist && ((await artistNamed(deps.db, artist))?.name ?? artist)
  for (const understood of read.value) {
    const plan = named ? planFor(understood, named) : understood
    options.onUnderstood?.(plan)
    const one = await importOne(deps, plan, facts, options)
    options.onDone?.(one)
    imported.push(one)
  }
  return ok(imported)
}

async function importOne(
  deps: Deps,
  plan: ImportPlan,
  facts: Map<string, MasterFacts>,
  { artist: asked, signal, onKept }: ImportOptions,
): Promise<ImportedRelease> {
  const { db } = deps
  const { problems } = plan
  if (plan.tracks.length === 0) return { plan, made: null, problems: withReason(problems, 'no-audio') }
  const name = asked ?? nameSaid(plan) ?? (await onlyArtist(db))
  if (!name) return { plan, made: null, problems: withReason(problems, 'artist-unknown') }

  const hashes: string[] = []
  for (const { path } of plan.tracks) hashes.push(await hashFile(path))
  const known = await artistNamed(db, name)
  const there = known && (await releaseOf(db, known.id, hashes))
  if (known && there) return { plan, made: { artistId: known.id, releaseId: there, already: true }, problems }

  const kept = await keepRelease(deps, plan, {
    locate: (path) => path,
    ours: false,
    ...(onKept ? { onProgress: onKept } : {}),
    ...(signal ? { signal } : {}),
  })
  const made = await db.transaction().execute(async (tx) => {
    // Two imports of one folder at once: the second finds what the first made.
    await sql`select pg_advisory_xact_lock(hashtextextended('audio.import', 0))`.execute(tx)
    const artist = (await artistNamed(tx, name)) ?? (await createArtist(tx, { name }))
    const twin = await releaseOf(tx, artist.id, hashes)
    if (twin) return { artistId: artist.id, releaseId: twin, already: true }
    const { releaseId } = await landRelease(tx, kept, { artistId: artist.id, facts: (path) => factsOf(facts, path) })
    return { artistId: artist.id, releaseId, already: false }
  })
  return { plan, made, problems }
}

function factsOf(facts: Map<string, MasterFacts>, path: string): MasterFacts {
  const found = facts.get(path)
  if (!found) throw new Error(`Nothing is known of the sound ${path}`)
  return found
}

const nameSaid = ({ artist }: ImportPlan): string | null => (artist.confidence === 'low' ? null : artist.name)

function withReason(problems: Problem[], code: 'no-audio' | 'artist-unknown'): Problem[] {
  return problems.some((problem) => problem.code === code)
    ? problems
    : [...problems, { file: null, code, level: 'refused', values: {} }]
}

const artistNamed = async (db: Db | Tx, name: string): Promise<Pick<Artist, 'id' | 'name'> | null> =>
  (await db
    .selectFrom('artists')
    .select(['id', 'name'])
    .where(sql<string>`searchable(name)`, '=', sql<string>`searchable(${name})`)
    .orderBy('createdAt')
    .executeTakeFirst()) ?? null

/** Where one artist lives alone, a folder that names nobody is theirs. */
async function onlyArtist(db: Db): Promise<string | null> {
  const artists = await db.selectFrom('artists').select('name').limit(2).execute()
  return artists.length === 1 ? (artists[0]?.name ?? null) : null
}

/** The release of this artist that holds exactly these recordings, whatever became of its order and its words. */
async function releaseOf(db: Db | Tx, artistId: string, hashes: string[]): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select r.id from releases r join tracks t on t.release_id = r.id left join masters m on m.recording_id = t.recording_id
    where r.artist_id = ${artistId} and r.removed_at is null
    group by r.id having array_agg(m.sha256 order by m.sha256) = (select array_agg(h order by h) from unnest(${hashes}::text[]) h)
    order by min(r.created_at) limit 1`.execute(db)
  return rows[0]?.id ?? null
}
