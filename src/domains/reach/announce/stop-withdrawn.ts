import { sql } from 'kysely'
import type { Platform } from '../../../platform/platform.ts'

/**
 * Ends every announcement of a label that gives, among whatever else, what its artist lets it give no more: its words speak of all. Nothing of it was handed over since they said so (the engine
 * asks at each claim); here it is written down. So it is with what a label's letters give. A week's digest that carries it and has not left is taken apart, so that the rest is gathered anew.
 */
export async function stopWithdrawn({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`
      with apart as (
        update deliveries g set state = 'cancelled', problem = 'withdrawn', settled_at = ${now()}
        where g.waits and g.state = 'queued' and g.announcement_id is null and g.kind = 'digest' and g.label_id is not null and exists (
          select from deliveries d left join announcements a on a.id = d.announcement_id left join letters l on l.id = d.letter_id
          where d.digest_id = g.id and (not may_still_leave(a.id, a.label_id) or not may_still_give(l.label_id, l.given_by)))
        returning g.id)
      update deliveries d set digest_id = null from apart where d.digest_id = apart.id`.execute(tx)
    await sql`
      with stopped as (
        update announcements a set state = 'cancelled', finished_at = ${now()}, changed_at = ${now()}
        where a.label_id is not null and not may_still_leave(a.id, a.label_id)
          and (a.state in ('leaving', 'paused') or (a.state = 'sent' and exists (
            select from deliveries d where d.announcement_id = a.id and d.held and d.digest_id is null)))
        returning a.id)
      update deliveries d set state = 'cancelled', problem = 'withdrawn', settled_at = ${now()}
      from stopped where d.announcement_id = stopped.id and d.waits and d.state in ('queued', 'held') and d.digest_id is null`.execute(
      tx,
    )
    await sql`
      update deliveries d set state = 'cancelled', problem = 'withdrawn', settled_at = ${now()}
      from letters l where l.id = d.letter_id and l.given_by is not null and not may_still_give(l.label_id, l.given_by)
        and d.waits and d.state in ('queued', 'held') and d.digest_id is null`.execute(tx)
  })
}
