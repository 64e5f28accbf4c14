import type { Stats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { naturalOrder } from './names.rules.ts'
import type { Problem } from './plan.ts'

/** One file to understand: where its bytes are, and the name that its sender gave it, folders included (`/` between). */
export type SourceFile = { path: string; name: string }

export type Walk = { files: SourceFile[]; parentFolder: string; problems: Problem[] }

const MAX_FILES = 5000
const MAX_DEPTH = 10

/**
 * Lists the files below a folder, in natural order. Links are followed only to what lies inside the folder; nothing
 * special (pipe, device) is touched. Paths are those of the file system, byte for byte.
 */
export async function walkFolder(folder: string): Promise<Result<Walk, 'missing' | 'not-a-folder'>> {
  const root = await realpath(resolve(folder)).catch(() => null)
  if (root === null) return fail('missing')
  const found = await stat(root)
  if (!found.isDirectory()) return fail('not-a-folder')
  const walk: Walk = { files: [], parentFolder: basename(dirname(root)), problems: [] }
  await walkInto({ root, seen: new Set([root]), walk }, root, basename(root), 0)
  return ok(walk)
}

type Walking = { root: string; seen: Set<string>; walk: Walk }

async function walkInto(walking: Walking, folder: string, name: string, depth: number): Promise<void> {
  if (depth > MAX_DEPTH) return refuse(walking, name, 'too-deep', { depth: MAX_DEPTH })
  for (const entry of await entriesOf(walking, folder, name)) {
    const path = join(folder, entry)
    const shown = `${name}/${entry}`
    const info = await lstat(path).catch(() => null)
    if (!info) refuse(walking, shown, 'file-unreadable', {})
    else if (info.isSymbolicLink()) await followLink(walking, path, shown, depth)
    else await take(walking, path, shown, info, depth)
    if (walking.walk.files.length >= MAX_FILES) return
  }
}

async function entriesOf(walking: Walking, folder: string, name: string): Promise<string[]> {
  let raw: Buffer[]
  try {
    raw = await readdir(folder, { encoding: 'buffer' })
  } catch {
    refuse(walking, name, 'file-unreadable', {})
    return []
  }
  const names: string[] = []
  for (const bytes of raw) {
    const text = bytes.toString('utf8')
    // A name that is not UTF-8 could not be opened again from a text, nor shown.
    if (Buffer.from(text, 'utf8').equals(bytes)) names.push(text)
    else refuse(walking, `${name}/${bytes.toString('latin1')}`, 'name-not-utf8', {})
  }
  return names.sort(naturalOrder)
}

async function followLink(walking: Walking, path: string, shown: string, depth: number): Promise<void> {
  const target = await realpath(path).catch(() => null)
  if (target === null || !(target === walking.root || target.startsWith(walking.root + sep))) {
    return refuse(walking, shown, 'link-outside', {})
  }
  const info = await stat(target)
  // A folder inside is walked in its own place; a link to it would only show its files twice.
  if (info.isFile()) await take(walking, target, shown, info, depth)
}

async function take(walking: Walking, path: string, shown: string, info: Stats, depth: number): Promise<void> {
  if (walking.seen.has(path)) return
  walking.seen.add(path)
  if (info.isDirectory()) return walkInto(walking, path, shown, depth + 1)
  if (!info.isFile()) return
  walking.walk.files.push({ path, name: shown })
  if (walking.walk.files.length === MAX_FILES) refuse(walking, shown, 'too-many-files', { limit: MAX_FILES })
}

function refuse({ walk }: Walking, file: string, code: Problem['code'], values: Problem['values']): void {
  walk.problems.push({ file: file.normalize('NFC'), code, level: 'refused', values })
}
