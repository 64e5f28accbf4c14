import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { engine, keepMaster, prepareMaster, setMaster } from '../domains/audio/index.ts'
import { createArtist } from '../domains/identity/index.ts'
import { importPlan, publishRelease, readFolder } from '../domains/music/index.ts'
import type { Platform } from '../platform/platform.ts'
import { tone } from './tone.ts'

export type GivenRelease = {
  artistId: string
  artistSlug: string
  releaseId: string
  releaseSlug: string
  tracks: { trackId: string; recordingId: string }[]
}

/**
 * A release as a musician would bring it: a folder of sounding WAV files, read, understood, kept, prepared and published. `prepare` leaves it waiting
 * when false.
 */
export async function givenRelease(
  platform: Platform,
  {
    artist = 'Test Artist',
    title = 'Test Album',
    tracks = ['One', 'Two'],
    seconds = 2,
    publish = true,
    prepare = true,
  } = {},
): Promise<GivenRelease> {
  const root = mkdtempSync(join(tmpdir(), 'release-'))
  const folder = join(root, `${artist} - ${title} (2026)`)
  mkdirSync(folder)
  try {
    tracks.forEach((name, index) => {
      writeFileSync(
        join(folder, `${String(index + 1).padStart(2, '0')} - ${name}.wav`),
        tone({ seconds, hertz: 220 + 55 * index }),
      )
    })
    const read = await readFolder(folder, (path) => engine('probe', { path }))
    if (!read.ok) throw new Error(`The test's own folder was refused: ${read.error}`)
    const plan = read.value
    const kept = new Map<string, Awaited<ReturnType<typeof keepMaster>>>()
    for (const { path } of plan.tracks) kept.set(path, await keepMaster(platform, path, { move: false }))
    const made = await platform.db.transaction().execute(async (tx) => {
      const known = await tx.selectFrom('artists').select(['id', 'slug']).where('name', '=', artist).executeTakeFirst()
      const owner = known ?? (await createArtist(tx, { name: artist }))
      const imported = await importPlan(tx, { artistId: owner.id, plan, coverImageId: null })
      const masters: string[] = []
      for (const { recordingId, path } of imported.tracks) {
        const probed = await engine('probe', { path })
        const master = kept.get(path)
        if (!probed.ok || !master) throw new Error(`The test's own sound was refused: ${path}`)
        masters.push(
          await setMaster(tx, {
            ...master,
            recordingId,
            artistId: owner.id,
            fileName: basename(path),
            facts: probed.value,
          }),
        )
      }
      return { owner, imported, masters }
    })
    if (prepare) {
      const context = {
        attempt: 1,
        lastAttempt: true,
        worker: 'here',
        signal: new AbortController().signal,
        log: platform.log,
      }
      for (const masterId of made.masters) await prepareMaster(platform, { masterId }, context)
    }
    if (publish) await publishRelease(platform, { releaseId: made.imported.releaseId, by: null })
    const { releaseId, slug, tracks: placed } = made.imported
    return { artistId: made.owner.id, artistSlug: made.owner.slug, releaseId, releaseSlug: slug, tracks: placed }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
