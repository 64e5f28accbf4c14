import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import type { Dated, Span } from '../exchange/index.ts'
import { type Visibility, visibilityAt } from '../music/index.ts'

type Row = Pick<Dated, 'id' | 'senderId' | 'title' | 'zone' | 'changed' | 'version'> & {
  visibility: Visibility
  publishAt: Date | null
  publishedAt: Date | null
  isRemoved: boolean
}

/** The posts of these journals on the day on which they were given or are to be. */
export async function datedPosts(db: Db, senderIds: string[], { from, to, now }: Span): Promise<Dated[]> {
  const { rows } = await sql<Row>`
    select id, sender_id as "senderId", title, publish_zone as zone, changed_at as changed, version, visibility, publish_at as "publishAt",
      published_at as "publishedAt", removed_at is not null as "isRemoved"
    from posts where sender_id = any(${senderIds}::uuid[]) and (
      (visibility = 'scheduled' and publish_at >= ${from} and publish_at < ${to}) or (published_at >= ${from} and published_at < ${to}))
    order by id limit 2000`.execute(db)
  return rows.map(({ visibility, publishAt, publishedAt, isRemoved, ...row }) => {
    const isWaiting = visibilityAt({ visibility, publishAt }, now) === 'scheduled'
    return {
      ...row,
      kind: 'post',
      at: visibility === 'scheduled' ? publishAt : publishedAt,
      day: null,
      given: !isWaiting,
      href: isRemoved ? null : `/studio/journal/${row.id}`,
      stands: isWaiting && publishAt ? publishAt.toISOString() : null,
    }
  })
}
