import { FileStore } from '@tus/file-store'
import { type KvStore, type Locker, Server, Upload } from '@tus/server'
import type pg from 'pg'
import type { Platform } from '../../../platform/platform.ts'
import { databaseLocker } from './database-locker.ts'

export const UPLOADS = '/studio/uploads'

export type Receiver = {
  /** Answers a request of the tus protocol (1.0.0, https://tus.io) about an upload that has its row already. */
  receive(request: Request, uploadId: string): Promise<Response>
}

/** Where the bytes lie, and what our rows say of them. The row is there before the file. */
export type Receiving = {
  /** Addresses begin with it. */
  path: string
  directory: string
  sizeOf(id: string): Promise<number | undefined>
  forget(id: string): Promise<unknown>
}

/** The protocol's server over a folder and rows of ours. Rights, limits and what becomes of a file are the routes' business. */
export function createReceiver(platform: Pick<Platform, 'pool' | 'beforeClosing'>, receiving: Receiving): Receiver {
  const { path, directory } = receiving
  const idOf = new WeakMap<Request, string>()
  const known = (request: Request): string => idOf.get(request) ?? ''
  const server = new Server({
    path,
    datastore: new FileStore({ directory, configstore: rowsAsConfigs(receiving) }),
    locker: lockerOf(platform),
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

const lockers = new WeakMap<pg.Pool, Locker>()

/** One a process: all its locks are held by one connection. */
function lockerOf({ pool, beforeClosing }: Pick<Platform, 'pool' | 'beforeClosing'>): Locker {
  const there = lockers.get(pool)
  if (there) return there
  const locker = databaseLocker(pool)
  lockers.set(pool, locker)
  beforeClosing(() => locker.close())
  return locker
}

/** What the file store keeps beside each file is what our row says. */
const rowsAsConfigs = ({ sizeOf, forget }: Receiving): KvStore => ({
  async get(id) {
    const size = await sizeOf(id)
    return size === undefined ? undefined : new Upload({ id, size, offset: 0 })
  },
  set: async () => undefined,
  delete: async (id) => void (await forget(id)),
})
