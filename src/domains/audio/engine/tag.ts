import { constants } from 'node:fs'
import { copyFile, readFile, rename, rm } from 'node:fs/promises'
import type { TagLib } from 'taglib-wasm'
import type { Format } from './formats.ts'
import { AudioFailure } from './problem.ts'
import { writeChunks } from './tag-chunks.ts'
import { writeMp3 } from './tag-mp3.ts'
import { writeTrackTotal } from './tag-mp4.ts'
import { clean, languageCode, type Tags, toProperties } from './tags.ts'

let loading: Promise<TagLib> | undefined

/** TagLib, loaded and compiled once per process, and only where it is needed. It reads and writes only the tags' share of a file. */
export function taglib(): Promise<TagLib> {
  loading ??= import('taglib-wasm').then((module) => module.TagLib.initialize())
  return loading
}

/** Forgets the instance: after a fault inside it, its memory is not to be trusted. */
export function dropTagLib(): void {
  loading = undefined
}

/** Replaces the tags and the cover of an encoded file. The old file stays until the new one is whole. */
export async function writeTags(path: string, format: Format, tags: Tags, coverJpegPath: string | null): Promise<void> {
  const cover = coverJpegPath ? await readFile(coverJpegPath).catch(unwritable) : null
  const next = `${path}.${process.pid}.tagged`
  try {
    if (format.startsWith('mp3')) await writeMp3(path, next, tags, cover).catch(unwritable)
    else {
      await copyFile(path, next, constants.COPYFILE_FICLONE).catch(unwritable)
      if (format === 'wav' || format === 'aiff') await writeChunks(next, format, tags, cover).catch(unwritable)
      else await writeWithTagLib(next, format, tags, cover).catch(unwritable)
    }
    await rename(next, path).catch(unwritable)
  } finally {
    await rm(next, { force: true })
  }
}

function unwritable(error: unknown): never {
  throw new AudioFailure('unwritable', String(error))
}

async function writeWithTagLib(next: string, format: Format, tags: Tags, cover: Buffer | null): Promise<void> {
  const lib = await taglib()
  const mp4 = format === 'alac' || format === 'aac'
  await lib.edit(next, (file) => {
    const former = Object.keys(file.properties()).map((name) => [name, []])
    // An empty list removes; a name left out would stay.
    file.setProperties(Object.fromEntries(former))
    file.setProperties(toProperties(tags, mp4 ? 'mp4' : format === 'opus' ? 'opus' : 'vorbis'))
    file.setLyrics(tags.lyrics ? [{ text: clean(tags.lyrics), language: languageCode(tags.language) }] : [])
    if (cover) file.setPictures([{ mimeType: 'image/jpeg', data: cover, type: 'FrontCover', description: '' }])
    else file.removePictures()
  })
  if (mp4 && tags.trackTotal) await writeTrackTotal(next, tags.trackTotal)
}
