import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newToken } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { ok, type Result } from '../../platform/result.ts'
import type { AudioProblem, Limits, Loudness, MasterFacts } from './engine/index.ts'
import { engine } from './run-engine.ts'
import type { StreamFormat } from './tables.ts'

export type MadeStreams = {
  facts: MasterFacts
  loudness: Loudness
  /** Peaks, one byte each. */
  waveform: Buffer
  /** Sizes in bytes. */
  streams: { format: StreamFormat; type: string; storageKey: string; size: number }[]
}

type Options = { signal: AbortSignal; onProgress: (progress: number) => void; limits?: Limits }

/** Makes what plays of a sound that is kept: its streams, stored beside it by its hash, how loud it is, and its waveform. */
export async function makeStreams(
  { storage, paths }: Pick<Platform, 'storage' | 'paths'>,
  { storageKey, sha256 }: { storageKey: string; sha256: string },
  { signal, onProgress, limits }: Options,
): Promise<Result<MadeStreams, AudioProblem>> {
  const folder = join(paths.work, `prepare-${newToken(9)}`)
  await mkdir(folder, { recursive: true })
  try {
    const made = await storage.withLocal(storageKey, (path) =>
      engine('prepareStream', { path, folder, ...(limits && { limits }) }, { signal, onProgress }),
    )
    if (!made.ok) return made
    const { facts, opus, aac, loudness, waveform } = made.value
    const base = `streams/${sha256.slice(0, 2)}/${sha256}`
    const files = [
      { format: 'opus' as StreamFormat, ...opus, storageKey: `${base}.webm` },
      { format: 'aac' as StreamFormat, ...aac, storageKey: `${base}.m4a` },
    ]
    const streams: MadeStreams['streams'] = []
    for (const { path, ...stream } of files)
      streams.push({ ...stream, size: await storage.adopt(stream.storageKey, path) })
    return ok({ facts, loudness, waveform: Buffer.from(waveform), streams })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
