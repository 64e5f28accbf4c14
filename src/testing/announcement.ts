import { newId } from '../platform/ids.ts'
import type { Platform } from '../platform/platform.ts'
import { hashOf } from '../platform/signing.ts'

/** So many fans who get everything of an artist, and an announcement frozen for them that leaves now, or waits. */
export async function frozenAnnouncement(
  { db, pool, now }: Pick<Platform, 'db' | 'pool' | 'now'>,
  artistId: string,
  count: number,
  { domains = ['fans.example'], leaves = true } = {},
) {
  const announcementId = newId()
  const giftId = newId()
  const marker = hashOf(announcementId).slice(0, 8)
  await pool.query(`select ensure_spine_partitions($1, $1)`, [now()])
  await pool.query(
    `insert into gifts (id, artist_id, kind, subject, at) values ($1, $2, 'announcement', 'announcement:' || $3::text, $4)`,
    [giftId, artistId, announcementId, now()],
  )
  await db
    .insertInto('announcements')
    .values({
      id: announcementId,
      artistId,
      // With no rows yet it would be over for whoever looks.
      state: 'waiting',
      segment: JSON.stringify({ all: [] }),
      sendAt: null,
      localTime: null,
      timeZone: null,
      leavesAt: now(),
      frozenAt: now(),
      finishedAt: null,
      giftId,
      createdBy: null,
    })
    .execute()
  await pool.query(
    `with made as (
       select gen_random_uuid() as fan, gen_random_uuid() as person, gen_random_uuid() as address, n,
         'fan' || n || '-' || $3::text || '@' || ($4::text[])[1 + n % cardinality($4::text[])] as mail
       from generate_series(1, $2::int) n
     ), fan as (insert into fans (id, person_id, name) select fan, person, 'Fan ' || n from made),
     address as (insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash)
       select address, fan, 'mail', mail, mail, md5(mail) from made),
     subscription as (insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
       select gen_random_uuid(), fan, address, $1, 'mail', 'active', $6, $6 from made)
     insert into deliveries (kind, announcement_id, artist_id, fan_id, address_id, address, channel, language, due_at, domain)
     select 'announcement', $5, $1, fan, address, mail, 'mail', 'en', $6, split_part(mail, '@', 2) from made order by n`,
    [artistId, count, marker, domains, announcementId, now()],
  )
  if (leaves) await letGo({ db }, announcementId)
  return { announcementId, giftId }
}

export const letGo = async ({ db }: Pick<Platform, 'db'>, announcementId: string): Promise<void> =>
  void (await db.updateTable('announcements').set({ state: 'leaving' }).where('id', '=', announcementId).execute())
