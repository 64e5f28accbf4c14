import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Tx } from '../../../platform/database/index.ts'
import { newToken } from '../../../platform/ids.ts'
import { originalKey, SNIFF_BYTES, sniffPicture } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { FileMissing } from '../../../platform/storage/index.ts'
import { type Passing, streamZip } from '../../../platform/zip-stream.ts'
import type { AllBelongings, Asking, Owner } from './belongings.ts'
import { words } from './words.ts'

export type Archive = { size: number; bytes: AsyncGenerator<Uint8Array> }

type Laid = { path: string } & ({ start: number; size: number } | { key: string })

/**
 * Everything of an artist or a label as one archive. Words and tables are written to a passing file first, in one snapshot of the database; files are sent as they
 * lie. It is whole or not at all: a file that is missing is found before the first byte, and one that goes away meanwhile breaks the transfer off.
 */
export async function packEverything(
  { db, storage, paths, now }: Pick<Platform, 'db' | 'storage' | 'paths' | 'now'>,
  all: AllBelongings,
  owner: Owner,
  asked: Pick<Asking, 'lang' | 'may'>,
): Promise<Result<Archive, { missing: string }>> {
  const asking: Asking = { ...asked, extensionOf: (sha256) => extensionOf(storage, sha256) }
  const draft = join(paths.work, `archive-${newToken(9)}`)
  try {
    const laid = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        const file = await open(draft, 'wx', 0o600)
        return writeDraft(tx, file, all, owner, asking).finally(() => file.close())
      })
    const folder = `${owner.slug.replace(/[^\w.-]/g, '-') || owner.kind}/`
    const files: Passing[] = []
    for (const one of laid) {
      const name = folder + one.path
      if ('key' in one) {
        const there = await storage.stat(one.key)
        if (!there) {
          await rm(draft, { force: true })
          return fail({ missing: one.path })
        }
        files.push({ name, size: there.size, open: () => bytesOf(() => storage.open(one.key)) })
      } else files.push({ name, size: one.size, open: () => part(draft, one.start, one.size) })
    }
    const { size, bytes } = streamZip(files, now())
    return ok({ size, bytes: thenWithout(draft, bytes) })
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function writeDraft(tx: Tx, file: FileHandle, all: AllBelongings, owner: Owner, asking: Asking): Promise<Laid[]> {
  const apart = namesApart()
  const laid: Laid[] = []
  let at = 0
  const write = async (path: string, text: string | AsyncIterable<string>) => {
    const start = at
    for await (const some of typeof text === 'string' ? [text] : text) {
      const bytes = Buffer.from(some)
      await file.appendFile(bytes)
      at += bytes.length
    }
    laid.push({ path: apart(path), start, size: at - start })
  }
  await write('README.txt', readMe(all, owner, asking))
  for (const { pack } of Object.values(all)) {
    if (!pack) continue
    for await (const one of pack(tx, owner, asking))
      if ('key' in one) laid.push({ path: apart(one.path), key: one.key })
      else await write(one.path, one.text)
  }
  return laid
}

/** What is what, in the language of who asks. */
function readMe(all: AllBelongings, owner: Owner, asking: Asking): string {
  const t = words(asking.lang)
  const lines = Object.values(all).flatMap((part) => part.explain?.(owner, asking) ?? [])
  return [
    t('readme_title', { name: owner.name }),
    '',
    t('readme_lead'),
    '',
    ...lines.flatMap(([path, says]) => [path, `    ${says}`, '']),
    t('readme_formats'),
    '',
  ].join('\r\n')
}

/** Two files that would be called the same are told apart, also where upper and lower case are one. */
function namesApart(): (path: string) => string {
  const taken = new Set<string>()
  return (path) => {
    const [, stem = path, extension = ''] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/s.exec(path) ?? []
    let name = path
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem} (${n})${extension}`
    taken.add(name.toLowerCase())
    return name
  }
}

/** As the picture's first bytes have it. */
async function extensionOf(storage: Platform['storage'], sha256: string): Promise<string> {
  try {
    const head = await buffer(await storage.open(originalKey(sha256), { start: 0, end: SNIFF_BYTES - 1 }))
    const kind = sniffPicture(head)
    return kind === 'unknown' ? '' : `.${kind === 'jpeg' ? 'jpg' : kind}`
  } catch (error) {
    // It is named when the files are looked for.
    if (error instanceof FileMissing) return ''
    throw error
  }
}

async function* bytesOf(opened: () => Promise<Readable>): AsyncGenerator<Uint8Array> {
  yield* await opened()
}

async function* part(path: string, start: number, size: number): AsyncGenerator<Uint8Array> {
  if (size > 0) yield* createReadStream(path, { start, end: start + size - 1 })
}

async function* thenWithout(path: string, bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } finally {
    await rm(path, { force: true })
  }
}
