import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Tx } from '../../platform/database/index.ts'
import { newId, newToken } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { MasterFacts } from './engine/index.ts'

export type KeptMaster = { storageKey: string; sha256: string; size: number }

const masterKey = (sha256: string) => `masters/${sha256.slice(0, 2)}/${sha256}`

/**
 * Keeps a master as it came, byte for byte, under its hash; the same sound twice is one file. With `move`, the local file is taken over,
 * else it is copied. Done before the transaction that names it: a file that no row names is removed after a day (`platform.tidy-files`).
 */
export async function keepMaster(
  { storage, paths }: Pick<Platform, 'storage' | 'paths'>,
  path: string,
  { move }: { move: boolean },
): Promise<KeptMaster> {
  const sha256 = await hashFile(path)
  const storageKey = masterKey(sha256)
  const there = await storage.claim(storageKey)
  if (there) return { storageKey, sha256, size: there.size }
  let source = path
  if (!move) {
    source = join(paths.work, `master-${newToken(9)}`)
    await copyFile(path, source)
  }
  return { storageKey, sha256, size: await storage.adopt(storageKey, source) }
}

/** Names a kept file as the master of a recording, and asks for everything that a player needs of it. */
export async function setMaster(
  tx: Tx,
  master: KeptMaster & { recordingId: string; artistId: string; fileName: string; facts: MasterFacts },
): Promise<string> {
  const id = newId()
  await tx.deleteFrom('masters').where('recordingId', '=', master.recordingId).execute()
  await tx
    .insertInto('masters')
    .values({
      ...master,
      id,
      facts: JSON.stringify(master.facts),
      durationMs: master.facts.durationMs ?? 0,
      waveform: null,
      preparedAt: null,
    })
    .execute()
  await addJob(tx, 'audio.prepare', { masterId: id }, { key: `prepare:${id}`, attempts: 3 })
  return id
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash)
  return hash.digest('hex')
}
