import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { forgetTakings } from './given/takings.store.ts'

/** Questions that nobody answered in a month are forgotten, with whoever is known by nothing else. The log of consent says that they were asked. */
export async function tidyFans({ db, now, storage }: Pick<Platform, 'db' | 'now' | 'storage'>): Promise<void> {
  await forgetLists({ db, now, storage })
  await forgetTakings({ db, now })
  await sql`
    delete from subscriptions s using fan_addresses a where a.id = s.address_id
      and s.state = 'asked' and s.asked_at < ${now()}::timestamptz - interval '30 days'
      and not exists (select from consents c where c.address_id = s.address_id and c.event = 'withdrawn'
        and c.artist_id is not distinct from s.artist_id and c.label_id is not distinct from s.label_id)`.execute(db)
  await sql`
    update subscriptions set state = 'left', asked_with = null
    where state = 'asked' and asked_at < ${now()}::timestamptz - interval '30 days'`.execute(db)
  // Who is told already did not say whether they want to be told each time.
  await sql`
    update subscriptions set asked_with = null
    where state = 'active' and asked_with is not null and asked_at < ${now()}::timestamptz - interval '30 days'`.execute(
    db,
  )
  await sql`
    delete from fan_addresses a where verified_at is null and created_at < ${now()}::timestamptz - interval '30 days'
      and not exists (select from subscriptions s where s.address_id = a.id)`.execute(db)
  await sql`
    delete from fans f where merged_into is null and erased_at is null and created_at < ${now()}::timestamptz - interval '30 days'
      and not exists (select from fan_addresses a where a.fan_id = f.id) and not exists (select from person_fans p where p.fan_id = f.id)
      and not exists (select from fans m where m.merged_into = f.id)`.execute(db)
}

/** A list that was brought, or looked at and left, is not kept: who was in it is in the fans, or is nobody's business. */
async function forgetLists({ db, now, storage }: Pick<Platform, 'db' | 'now' | 'storage'>): Promise<void> {
  const old = await db
    .selectFrom('fanLists')
    .select(['id', 'storageKey'])
    .where('createdAt', '<', new Date(now().getTime() - 30 * 24 * 3_600_000))
    .execute()
  for (const { id, storageKey } of old) {
    await db.deleteFrom('fanLists').where('id', '=', id).execute()
    await storage.remove(storageKey)
  }
}
