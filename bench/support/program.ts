import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Program, startProgram } from '../../e2e/support/program.ts'
import { engine, type KeptMaster, keepMaster, setMaster } from '../../src/domains/audio/index.ts'
import { createArtist } from '../../src/domains/identity/index.ts'
import { importPlan, publishRelease, readFolder } from '../../src/domains/music/index.ts'
import { readConfig } from '../../src/platform/config.ts'
import { dataDirPaths } from '../../src/platform/data-dir.ts'
import { openPlatform } from '../../src/platform/open-platform.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { runningEmbedded } from '../../src/platform/postgres/embedded.ts'
import type { Scene } from './scene.ts'

export type Running = {
  program: Program
  /** The same database and files, from here. */
  platform: Platform
  /** The process that serves, the one that works, and the database's first. */
  webPid: number
  workPid: number
  databasePid: number
}

/** The real program on new data, until the end of the scene. */
export async function runProgram({ folder, atEnd }: Scene, env: Record<string, string> = {}): Promise<Running> {
  const dataDir = join(folder, 'data')
  const program = await startProgram({ dataDir, env })
  atEnd(() => program.stop())
  const url = await runningEmbedded(dataDirPaths(dataDir).postgres)
  if (!url) throw new Error('The program runs without its database')
  const config = readConfig({ DATA_DIR: dataDir, PORT: String(program.port), BASE_URL: program.url }, folder)
  const platform = await openPlatform(config, url, { name: 'bench', connections: 4 })
  atEnd(() => platform.close())
  const processes = program.processes()
  const pidOf = (command: RegExp) => {
    const found = processes.find((each) => command.test(each.command))
    if (!found) throw new Error(`No process ${command}`)
    return found.pid
  }
  return {
    program,
    platform,
    webPid: pidOf(/main\.js web\b/),
    workPid: pidOf(/main\.js work\b/),
    databasePid: pidOf(/bin\/postgres\b/),
  }
}

export type BroughtRelease = { releaseId: string; tracks: { trackId: string; recordingId: string }[] }

/** Imports a folder as a musician would, publishes it, and waits until the program's own worker has made every stream. */
export async function bringRelease({ platform }: Running, folder: string): Promise<BroughtRelease> {
  const read = await readFolder(folder, (path) => engine('probe', { path }))
  if (!read.ok) throw new Error(`The album was refused: ${read.error}`)
  const sounds = new Map<string, { kept: KeptMaster; facts: Parameters<typeof setMaster>[1]['facts'] }>()
  for (const { path } of read.value.tracks) {
    const probed = await engine('probe', { path })
    if (!probed.ok) throw new Error(`${path}: ${probed.error.code}`)
    sounds.set(path, { kept: await keepMaster(platform, path, { move: false }), facts: probed.value })
  }
  const { releaseId, tracks } = await platform.db.transaction().execute(async (tx) => {
    const { id: artistId } = await createArtist(tx, { name: 'Bench Artist' })
    const imported = await importPlan(tx, { artistId, plan: read.value, coverImageId: null })
    for (const { recordingId, path } of imported.tracks) {
      const sound = sounds.get(path)
      if (!sound) throw new Error(`Not read: ${path}`)
      await setMaster(tx, { ...sound.kept, facts: sound.facts, recordingId, artistId, fileName: basename(path) })
    }
    return imported
  })
  const recordingIds = tracks.map(({ recordingId }) => recordingId)
  for (;;) {
    const states = await platform.db
      .selectFrom('masters')
      .select('state')
      .where('recordingId', 'in', recordingIds)
      .execute()
    if (states.some(({ state }) => state === 'failed')) throw new Error('A recording could not be prepared')
    if (states.every(({ state }) => state === 'ready')) break
    await sleep(250)
  }
  const published = await publishRelease(platform, { releaseId, by: null })
  if (!published.ok) throw new Error(`Not published: ${JSON.stringify(published.error)}`)
  return { releaseId, tracks: tracks.map(({ trackId, recordingId }) => ({ trackId, recordingId })) }
}
