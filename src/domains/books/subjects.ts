import type { Db, Tx } from '../../platform/database/index.ts'
import type { Owner } from './owner.types.ts'

/** What can be shared, as other domains know it: books holds subjects only. */
export type Sold = {
  /** What an artist has, or the artists of a label: the latest first. */
  offered(db: Db, owner: Owner): Promise<{ subject: string; title: string; isPart: boolean }[]>
  /** What they are called; those that nobody knows any more are absent. */
  titles(db: Db | Tx, subjects: string[]): Promise<Map<string, string>>
  /** Artists who may be named as a person who shares. */
  artists(db: Db, owner: Owner): Promise<{ id: string; name: string }[]>
}

const SUBJECT = /^[a-z]+:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
export const isSubject = (text: string): boolean => SUBJECT.test(text)
