import type { FileHandle } from 'node:fs/promises'
import type { IAudioMetadata } from 'music-metadata'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { boundedFile } from './bounded-file.ts'
import type { Tags } from './facts.rules.ts'
import { asRiff, isWave64 } from './rf64.ts'
import { tagsFrom } from './tags.rules.ts'

/** Loaded with the first file: no page needs it. */
const reader = () => import('music-metadata')

/**
 * Reads the tags of an open audio file, whatever its name says it is. `none`: the container is unknown to the tag
 * reader, which says nothing about the sound. `detail` is technical, for logs.
 */
export async function readTags(
  file: FileHandle,
  bytes: number,
  name: string,
): Promise<Result<Tags, { code: 'none' | 'unreadable'; detail: string }>> {
  const parsed = await parse(file, bytes, name, true)
  return parsed.ok ? ok(tagsFrom(parsed.value)) : parsed
}

/** The front cover held inside an audio file, as it is there, or null. Its bytes are a stranger's: inspect them. */
export async function readEmbeddedCover(file: FileHandle, bytes: number, name: string): Promise<Uint8Array | null> {
  const parsed = await parse(file, bytes, name, false)
  return parsed.ok ? ((await reader()).selectCover(parsed.value.common.picture)?.data ?? null) : null
}

async function parse(
  file: FileHandle,
  bytes: number,
  name: string,
  skipCovers: boolean,
): Promise<Result<IAudioMetadata, { code: 'none' | 'unreadable'; detail: string }>> {
  const { parseFromTokenizer } = await reader()
  const extension = /\.[a-z0-9]+$/i.exec(name)?.[0]
  if (await isWave64(file)) return fail({ code: 'none', detail: 'Wave64 holds no tags' })
  const patches = await asRiff(file)
  // The content first: a FLAC named .wav is read as the FLAC it is. The name only when the content says nothing.
  for (const path of [undefined, extension]) {
    try {
      const tokenizer = boundedFile(file, bytes, patches)
      if (path) Object.assign(tokenizer.fileInfo, { path: `file${path}` })
      return ok(await parseFromTokenizer(tokenizer, { skipCovers, duration: false }))
    } catch (error) {
      const unknown = error instanceof Error && /^(?:CouldNotDetermineFileType|UnsupportedFileType)/.test(error.name)
      if (unknown && path === undefined && extension) continue
      const detail = error instanceof Error ? error.message : String(error)
      return fail({ code: unknown ? 'none' : 'unreadable', detail })
    }
  }
  return fail({ code: 'none', detail: 'no container recognised' })
}
