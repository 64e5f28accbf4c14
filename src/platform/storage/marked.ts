import type pg from 'pg'
import type { Storage } from './storage.ts'

/**
 * A storage that says what it is about to store, before it does: between a file and the row that names it nothing else tells that it is wanted. Whoever tidies
 * holds the same rows while removing (tidy-files.ts), so that a file is removed before it is stored anew, or not at all.
 */
export function markedStorage(storage: Storage, pool: pg.Pool): Storage {
  const mark = (key: string) =>
    pool.query('insert into storings (key, at) values ($1, now()) on conflict (key) do update set at = now()', [key])
  return {
    ...storage,
    async put(key, content) {
      await mark(key)
      return storage.put(key, content)
    },
    async adopt(key, path) {
      await mark(key)
      return storage.adopt(key, path)
    },
    async claim(key) {
      const there = await storage.stat(key)
      if (!there) return null
      await mark(key)
      // It may have been removed before the mark.
      return storage.stat(key)
    },
  }
}
