import { FileStore } from '@tus/file-store'
import { type KvStore, Server, Upload } from '@tus/server'
import type { Db } from '../../../platform/database/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { databaseLocker } from './database-locker.ts'

export const UPLOADS = '/studio/uploads'

export type Receiver = {
  /** Answers a request of the tus protocol (1.0.0, https://tus.io) about an upload that has its row already. */
  receive(request: Request, uploadId: string): Promise<Response>
}

/** The protocol's server over our folder and our rows. Rights, limits and batches are the routes' business. */
export function createReceiver({ db, pool, paths, beforeClosing }: Platform): Receiver {
  const locker = databaseLocker(pool)
  beforeClosing(() => locker.close())
  const idOf = new WeakMap<Request, string>()
  const known = (request: Request): string => idOf.get(request) ?? ''
  const server = new Server({
    path: UPLOADS,
    datastore: new FileStore({ directory: paths.uploads, configstore: rowsAsConfigs(db) }),
    locker,
    // Until the holder of a lock has written what it has in hand.
    lockDrainTimeout: 1_000,
    allowedOrigins: () => false,
    namingFunction: known,
    getFileIdFromRequest: known,
    generateUrl: (request, { id }) => `${new URL(request.url).pathname}/${id}`,
  })
  return {
    receive(request, uploadId) {
      idOf.set(request, uploadId)
      return server.handleWeb(request)
    },
  }
}

/** What the file store keeps beside each file is what our row says. The row is there before the file. */
const rowsAsConfigs = (db: Db): KvStore => ({
  async get(id) {
    const row = await db.selectFrom('uploads').select('size').where('id', '=', id).executeTakeFirst()
    return row && new Upload({ id, size: row.size, offset: 0 })
  },
  set: async () => undefined,
  async delete(id) {
    await db.deleteFrom('uploads').where('id', '=', id).execute()
  },
})
