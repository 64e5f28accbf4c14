import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'

/** `hasLeft`: some have been told. */
export type Stopped = { id: string; senderId: string; title: string; hasLeft: boolean }

/** Announcements of these artists and labels that paused by themselves, or did not leave, and wait for a person. */
export async function stoppedAnnouncements(db: Db, senderIds: string[], lang: Lang): Promise<Stopped[]> {
  const { rows } = await sql<Stopped>`
    select a.id, coalesce(a.artist_id, a.label_id) as "senderId", a.state = 'paused' as "hasLeft",
      coalesce((select t.title from announcement_texts t where t.announcement_id = a.id and t.channel = '' and t.title <> ''
        order by t.language = ${lang} desc, t.language limit 1), '') as title
    from announcements a
    where a.state in ('paused', 'draft') and a.stopped is not null
      and (a.artist_id = any(${senderIds}::uuid[]) or a.label_id = any(${senderIds}::uuid[]))
    order by a.changed_at`.execute(db)
  return rows
}
