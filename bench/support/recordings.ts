import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { debianFiles } from './debian.ts'

const FOLDERS = [
  ['hedgewars-data', 'usr/share/games/hedgewars/Data/Music'],
  ['supertux-data', 'usr/share/games/supertux2/music/forest'],
] as const

/** Real recordings from Debian's game packages (Ogg Vorbis, 44.1 kHz), the largest first, always the same. */
export function recordings(count: number): string[] {
  const found = FOLDERS.flatMap(([name, under]) => {
    const folder = debianFiles(name, under)
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ogg'))
      .map((file) => join(folder, file))
  })
  const bySize = found.map((path) => ({ path, size: statSync(path).size })).sort((a, b) => b.size - a.size)
  return bySize.slice(0, count).map(({ path }) => path)
}

/** An album as a musician would have it on a disk. */
export function albumFolder(place: string, files: string[]): string {
  const folder = join(place, 'Bench Artist - Bench Album (2026)')
  mkdirSync(folder)
  files.forEach((path, index) => {
    copyFileSync(path, join(folder, `${String(index + 1).padStart(2, '0')} - ${basename(path)}`))
  })
  return folder
}
