import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Action } from '../rights.rules.ts'

/** An artist or a label, as what it owns is asked for. */
export type Owner = { kind: 'artist' | 'label'; id: string; name: string; slug: string; language: Lang }

/** The column that says whose a row is, in tables of things that an artist or a label may have. */
export const ownerColumn = ({ kind }: Pick<Owner, 'kind'>): RawBuilder<unknown> =>
  kind === 'artist' ? sql`artist_id` : sql`label_id`

/** A file of an archive: words made now, or a stored file as it is. Its path is made of safe names. */
export type Packed = { path: string } & ({ text: string | AsyncIterable<string> } | { key: string })

export type Asking = {
  /** Of who asks. */
  lang: Lang
  /** What they may do to the owner: lists of people are for those who may see them. */
  may: (action: Action) => boolean
  /** What the original of a picture is, as the end of a file's name: '.jpg'. */
  extensionOf: (sha256: string) => Promise<string>
}

/** What is left over when rows are gone: files and pictures, fans and their addresses. They go unless somebody else has them. */
export type Leftover = { kind: 'file' | 'image' | 'fan' | 'address'; key: string }

export type Removing = {
  /** Writes down what rows led to, in the transaction that deletes them. */
  leave: (tx: Tx, leftovers: Leftover[]) => Promise<void>
  /** Some of what was left, and not looked at yet. */
  left: (tx: Tx, kind: Leftover['kind'], limit: number) => Promise<string[]>
  /** Those were looked at. */
  settle: (tx: Tx, kind: Leftover['kind'], keys: string[]) => Promise<void>
  /** Since when nobody has seen anything of it. */
  hiddenSince: Date
}

/**
 * What one domain keeps for artists and labels. Each fills one in app.ts; they are asked in that order. A test finds every table that names an artist or a
 * label, and asks which of these answers for it.
 */
export type Belongings = {
  /** Tables with a column for an artist or a label that this part takes care of. */
  tables: string[]
  /** What is lost when the owner goes, in sentences with numbers. */
  goes?(db: Db, owner: Owner, lang: Lang): Promise<string[]>
  /** What artists and labels besides lose. */
  othersLose?(db: Db, owner: Owner, lang: Lang): Promise<string[]>
  /** What leaves in the archive. Read in one snapshot. */
  pack?(db: Db | Tx, owner: Owner, asking: Asking): AsyncIterable<Packed>
  /** What the archive's README says of it: paths, and what they are. */
  explain?(owner: Owner, asking: Pick<Asking, 'lang' | 'may'>): [path: string, words: string][]
  /** Takes everything out of the public's sight; answers with what `show` needs. */
  hide?(tx: Tx, owner: Owner): Promise<unknown>
  show?(tx: Tx, owner: Owner, kept: unknown): Promise<void>
  /** Deletes rows for good, a bearable number in each transaction. It may be killed anywhere and is then begun anew. */
  remove?(platform: Platform, owner: Owner, removing: Removing): Promise<void>
}

/** By the name under which what was hidden is kept. */
export type AllBelongings = Record<string, Belongings>
