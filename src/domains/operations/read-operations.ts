import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { FollowUp, OperationState } from './operation.rules.ts'

/** What an operation is, whatever its kind. */
export type Operation = {
  id: string
  artistId: string
  artistName: string
  artistSlug: string
  slug: string
  title: string
  words: string
  language: Lang
  timeZone: string
  state: OperationState
  openedAt: Date | null
  closedAt: Date | null
  followUp: FollowUp | null
  followUpWords: string
  followUpSubject: string | null
}

/** How those of one kind are read, `its` columns beside an operation's own (`o`), from the tables that are `joined` to it: one, one for everybody, all of an artist's. */
export function readOperations<One extends Operation>(its: RawBuilder<unknown>, joined: RawBuilder<unknown>) {
  const where = async (db: Db | Tx, condition: RawBuilder<unknown>): Promise<One[]> => {
    const { rows } = await sql<One>`
      select o.id, o.artist_id as "artistId", a.name as "artistName", a.slug as "artistSlug", o.slug, o.title, o.words, o.language,
        o.time_zone as "timeZone", o.state, o.opened_at as "openedAt", o.closed_at as "closedAt", o.follow_up as "followUp",
        o.follow_up_words as "followUpWords", o.follow_up_subject as "followUpSubject", ${its}
      from operations o join artists a on a.id = o.artist_id ${joined}
      where o.hidden_at is null and ${condition}`.execute(db)
    return rows
  }
  return {
    byId: async (db: Db | Tx, id: string): Promise<One | null> => (await where(db, sql`o.id = ${id}`))[0] ?? null,
    /** Its page, for everybody: none of what is a draft. */
    publicly: async (db: Db | Tx, artistId: string, slug: string): Promise<One | null> =>
      (await where(db, sql`o.artist_id = ${artistId} and o.slug = ${slug} and o.state <> 'draft'`))[0] ?? null,
    ofArtist: (db: Db | Tx, artistId: string): Promise<One[]> =>
      where(db, sql`o.artist_id = ${artistId} order by o.state = 'closed', coalesce(o.opened_at, o.created_at) desc`),
  }
}
