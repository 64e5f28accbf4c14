import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { audit } from '../identity/index.ts'
import { type BonusRefusal, bonusType, MAX_BONUS_BYTES, MAX_BONUS_FILES, safeFileName } from './bonus.rules.ts'
import type { By } from './publish-release.ts'
import { lockRelease, markChanged } from './release.store.ts'

/**
 * Keeps a file beside the music of a release: a booklet, stems. `path` is a file of our own, taken over; `name` is what its sender called
 * it. The same name again replaces the file.
 */
export async function addBonus(
  { db, storage }: Pick<Platform, 'db' | 'storage'>,
  { releaseId, path, name, by }: { releaseId: string; path: string; name: string } & By,
): Promise<Result<{ id: string }, 'missing' | BonusRefusal>> {
  const { size } = await stat(path)
  const head = await firstBytes(path)
  const type = bonusType(name, head)
  if (!type) return fail('type')
  if (size === 0) return fail('empty')
  if (size > MAX_BONUS_BYTES) return fail('too-large')
  const fileName = safeFileName(name)
  if (isFull(await bonusOf(db, releaseId), fileName)) return fail('too-many')
  const sha256 = await hashFile(path)
  const storageKey = `bonus/${sha256.slice(0, 2)}/${sha256}`
  if (!(await storage.claim(storageKey))) await storage.adopt(storageKey, path)
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    const there = await bonusOf(tx, releaseId)
    if (isFull(there, fileName)) return fail('too-many')
    const same = there.find((file) => file.fileName === fileName)
    if (same) await tx.deleteFrom('bonusFiles').where('id', '=', same.id).execute()
    const position = same?.position ?? Math.max(0, ...there.map((file) => file.position)) + 1
    const id = newId()
    await tx
      .insertInto('bonusFiles')
      .values({ id, releaseId, position, fileName, storageKey, sha256, size, type })
      .execute()
    await markChanged(tx, releaseId, { heard: true })
    await audit(tx, { accountId: by, action: 'release.bonus-add', artistId: release.artistId, subject: fileName })
    return ok({ id })
  })
}

/** Takes a bonus file off its release. The stored bytes stay until storage is tidied: another release may hold the same. */
export async function removeBonus(
  { db }: Pick<Platform, 'db'>,
  { releaseId, id, by }: { releaseId: string; id: string } & By,
): Promise<Result<{ fileName: string }, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const release = await lockRelease(tx, releaseId)
    if (!release) return fail('missing')
    const removed = await tx
      .deleteFrom('bonusFiles')
      .where('id', '=', id)
      .where('releaseId', '=', releaseId)
      .returning('fileName')
      .executeTakeFirst()
    if (!removed) return fail('missing')
    await markChanged(tx, releaseId, { heard: true })
    const { artistId } = release
    await audit(tx, { accountId: by, action: 'release.bonus-remove', artistId, subject: removed.fileName })
    return ok(removed)
  })
}

const bonusOf = (db: Db | Tx, releaseId: string) =>
  db.selectFrom('bonusFiles').select(['id', 'fileName', 'position']).where('releaseId', '=', releaseId).execute()

const isFull = (there: { fileName: string }[], fileName: string): boolean =>
  there.length >= MAX_BONUS_FILES && !there.some((file) => file.fileName === fileName)

async function firstBytes(path: string): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(path, { end: 15 })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
