import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { MAX_FILE_BYTES, type Refusal } from './limits.rules.ts'
import { isBrokenConnection, MultipartCut, type Part, readMultipart } from './multipart.ts'
import { cleanPath, isJunk } from './paths.rules.ts'
import { announceUpload, removeUpload, sayReceived, uploadPath } from './uploads.store.ts'

export type ReceivedForm = { received: number; refused: { path: string; refusal: Refusal }[] }

/**
 * Takes the files of a plain form into a batch, streamed to disk one after the other: the way in without scripts. A file that is too much is
 * skipped and told; the others come in. `cut`: the form ended in the middle; what had arrived whole is kept.
 */
export async function receiveForm(
  deps: Pick<Platform, 'db' | 'paths'>,
  batchId: string,
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): Promise<Result<ReceivedForm, 'cut'>> {
  const form: ReceivedForm = { received: 0, refused: [] }
  try {
    for await (const part of readMultipart(body, boundary)) {
      const path = cleanPath(part.fileName ?? '')
      if (path === '' || isJunk(path)) continue
      const refusal = await receivePart(deps, batchId, path, part)
      if (refusal) form.refused.push({ path, refusal })
      else form.received++
    }
    return ok(form)
  } catch (error) {
    if (error instanceof MultipartCut || isBrokenConnection(error)) return fail('cut')
    throw error
  }
}

async function receivePart(
  deps: Pick<Platform, 'db' | 'paths'>,
  batchId: string,
  path: string,
  part: Part,
): Promise<Refusal | null> {
  // A form does not say how long its files are: the size is known at the end.
  const announced = await announceUpload(deps, batchId, { path, size: 0, modifiedMs: null })
  if (!announced.ok) return announced.error
  const id = announced.value
  await deps.db.updateTable('uploads').set({ completedAt: null }).where('id', '=', id).execute()
  const place = uploadPath(deps.paths, id)
  let size = 0
  try {
    const measured = async function* () {
      for await (const piece of part.body) {
        size += piece.length
        if (size > MAX_FILE_BYTES) throw new TooLarge()
        yield piece
      }
    }
    await pipeline(Readable.from(measured(), { objectMode: false }), createWriteStream(place, { mode: 0o600 }))
  } catch (error) {
    await rm(place, { force: true })
    await removeUpload(deps, id)
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') return 'no-room'
    if (error instanceof TooLarge) return 'file-too-large'
    throw error
  }
  await deps.db.updateTable('uploads').set({ size }).where('id', '=', id).execute()
  await sayReceived(deps.db, id, size)
  return null
}

class TooLarge extends Error {}
