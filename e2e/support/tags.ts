import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Download } from '@playwright/test'
import { parseBuffer } from 'music-metadata'
import { newPlace } from './program.ts'
import { type Entry, unzip } from './unzip.ts'

export type Tags = {
  file: string
  title: string | undefined
  artist: string | undefined
  album: string | undefined
  number: string
  year: number | undefined
  genre: string[] | undefined
  isrc: string[] | undefined
  seconds: number
  container: string
  lossless: boolean | undefined
  pictures: string[]
  comment: string
}

const SOUND = /\.(mp3|flac|wav|aiff?|m4a|ogg|opus)$/

/** What another program than ours reads in each sound of a zip that a browser downloaded. */
export async function tagsIn(download: Download): Promise<{ tags: Tags[]; others: string[] }> {
  const entries = unzip(await bytesOf(download))
  const tags: Tags[] = []
  for (const entry of entries) if (SOUND.test(entry.name)) tags.push(await tagsOf(entry))
  return { tags, others: entries.map(({ name }) => name).filter((name) => !SOUND.test(name)) }
}

export async function bytesOf(download: Download): Promise<Buffer> {
  const place = newPlace()
  const path = join(place, 'download')
  await download.saveAs(path)
  const bytes = await readFile(path)
  await rm(place, { recursive: true })
  return bytes
}

async function tagsOf({ name, bytes }: Entry): Promise<Tags> {
  const { common, format } = await parseBuffer(bytes, { path: name }, { duration: true })
  return {
    file: name,
    title: common.title,
    artist: common.artist,
    album: common.album,
    number: `${common.track.no}/${common.track.of}`,
    year: common.year,
    genre: common.genre,
    isrc: common.isrc,
    seconds: Math.round((format.duration ?? 0) * 10) / 10,
    container: format.container ?? '',
    lossless: format.lossless,
    pictures: (common.picture ?? []).map((picture) => picture.format),
    comment: (common.comment ?? []).map((comment) => (typeof comment === 'string' ? comment : comment.text)).join(' '),
  }
}
