import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Tx } from '../../../platform/database/index.ts'
import { newId, newToken } from '../../../platform/ids.ts'
import { storeImage } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { paletteOf } from '../../../ui/colour/palette.ts'
import { embeddedCover, type Imported, type ImportPlan, importPlan } from '../../music/index.ts'
import type { MasterFacts } from '../engine/index.ts'
import { type KeptMaster, keepMaster, setMaster } from '../keep-master.ts'
import { bonusNames, bonusType } from './bonus.rules.ts'
import { lastSegment } from './paths.rules.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths'>

/** A plan whose files are all in storage, and which can become rows in one transaction. */
export type KeptRelease = {
  plan: ImportPlan
  coverImageId: string | null
  /** By the path that the plan gives each file. */
  masters: Map<string, KeptMaster>
  bonus: { fileName: string; storageKey: string; sha256: string; size: number; type: string }[]
}

export type Keeping = {
  /** Where the bytes of a path of the plan are. */
  locate: (path: string) => string
  /** Whether the files are ours, on the disk of DATA_DIR: they are then linked into storage instead of copied. They stay in any case. */
  ours: boolean
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

/**
 * Puts every file of a plan where it will stay, under its hash: what is there already is not put twice, so that this can be done again after
 * any interruption. The files that it reads stay as they are.
 */
export async function keepRelease(deps: Deps, plan: ImportPlan, keeping: Keeping): Promise<KeptRelease> {
  const { locate, onProgress, signal } = keeping
  const total = plan.tracks.length + plan.bonus.length + 1
  let done = 0
  const step = () => {
    signal?.throwIfAborted()
    onProgress?.(++done, total)
  }
  const coverImageId = await keepCover(deps, plan, locate)
  step()
  const masters = new Map<string, KeptMaster>()
  for (const { path } of plan.tracks) {
    masters.set(path, await keepSound(deps, locate(path), keeping.ours))
    step()
  }
  const bonus: KeptRelease['bonus'] = []
  const names = bonusNames(plan.bonus.map(({ file }) => file))
  for (const [i, { path }] of plan.bonus.entries()) {
    bonus.push({ fileName: names[i] ?? '', ...(await keepBonus(deps, locate(path), names[i] ?? '', keeping.ours)) })
    step()
  }
  return { plan, coverImageId, masters, bonus }
}

/** Makes the draft: release, tracks, masters, bonus files. Preparing the sound starts when the transaction is over. */
export async function landRelease(
  tx: Tx,
  { plan, coverImageId, masters, bonus }: KeptRelease,
  { artistId, facts }: { artistId: string; facts: (path: string) => MasterFacts },
): Promise<Imported> {
  const made = await importPlan(tx, { artistId, plan, coverImageId })
  await landSounds(tx, made.tracks, { plan, masters, artistId, facts })
  const rows = bonus.map((file, i) => ({ id: newId(), releaseId: made.releaseId, position: i + 1, ...file }))
  if (rows.length > 0) await tx.insertInto('bonusFiles').values(rows).execute()
  return made
}

export async function landSounds(
  tx: Tx,
  tracks: Imported['tracks'],
  {
    plan,
    masters,
    artistId,
    facts,
  }: Pick<KeptRelease, 'plan' | 'masters'> & { artistId: string; facts: (path: string) => MasterFacts },
): Promise<void> {
  const names = new Map(plan.tracks.map(({ path, file }) => [path, lastSegment(file)]))
  for (const { recordingId, path } of tracks) {
    const master = masters.get(path)
    if (!master) throw new Error(`No master was kept for ${path}`)
    await setMaster(tx, { ...master, recordingId, artistId, fileName: names.get(path) ?? path, facts: facts(path) })
  }
}

/** A picture that cannot be kept after all leaves the release without a sleeve: the plan said what is wrong with it. */
async function keepCover(deps: Deps, { cover }: ImportPlan, locate: Keeping['locate']): Promise<string | null> {
  if (!cover) return null
  const path = locate(cover.path)
  const picture =
    cover.kind === 'file' ? path : await embeddedCover(path, (await stat(path)).size, lastSegment(cover.file))
  if (picture === null) return null
  const stored = await storeImage(deps, picture, paletteOf)
  return stored.ok ? stored.value.id : null
}

async function keepSound(deps: Deps, path: string, ours: boolean): Promise<KeptMaster> {
  if (!ours) return keepMaster(deps, path, { move: false })
  const own = await twin(deps.paths, path)
  try {
    return await keepMaster(deps, own, { move: true })
  } finally {
    await rm(own, { force: true })
  }
}

async function keepBonus({ storage, paths }: Deps, path: string, name: string, ours: boolean) {
  const sha256 = await hashFile(path)
  const storageKey = `bonus/${sha256.slice(0, 2)}/${sha256}`
  const type = bonusType(name)
  const there = await storage.claim(storageKey)
  if (there) return { storageKey, sha256, size: there.size, type }
  const own = ours ? await twin(paths, path) : join(paths.work, `bonus-${newToken(9)}`)
  try {
    if (!ours) await copyFile(path, own)
    return { storageKey, sha256, size: await storage.adopt(storageKey, own), type }
  } finally {
    await rm(own, { force: true })
  }
}

/** A second name for the same bytes: storage may take it, and the file is still there if we are killed. A copy where links are not known. */
export async function twin(paths: Platform['paths'], path: string): Promise<string> {
  const own = join(paths.work, `incoming-${newToken(9)}`)
  await link(path, own).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw error
    await copyFile(path, own)
  })
  return own
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash)
  return hash.digest('hex')
}
