import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { newCode, newId, newToken } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Subject } from '../../exchange/index.ts'

/** How long the link that is sent opens. The form says it in words. */
const DAYS = 7
export const lastsUntil = (at: Date): Date => new Date(at.getTime() + DAYS * 24 * 3_600_000)

/** What somebody takes home: an item, and the release that it belongs to. */
export type Item = { artistId: string; subject: Subject; givenAs: Subject }

/** 59 bits, for a link that lives for seven days. */
const SHORT = 12

export type NewTaking = Item & {
  mark: string
  channel: 'mail' | 'sms'
  address: string
  language: 'en' | 'fr'
  token: string | null
}

/** The taking of this item by this address, opened anew if it had ended or was closed. The link is good from now on. */
export async function openTaking(tx: Tx, taking: NewTaking, now: Date): Promise<{ id: string; key: string }> {
  const { artistId, subject, givenAs, mark, channel, address, language, token } = taking
  const { rows } = await sql<{ id: string; key: string }>`
    insert into takings as t (id, artist_id, subject, given_as, mark, key, short, channel, address, language, token, asked_at, expires_at)
    values (${newId(now.getTime())}, ${artistId}, ${subject}, ${givenAs}, ${mark}, ${newToken(12)}, ${channel === 'sms' ? newCode(SHORT) : null},
      ${channel}, ${address}, ${language}, ${token}, ${now}, ${lastsUntil(now)})
    on conflict (subject, mark) do update set channel = excluded.channel, address = excluded.address, language = excluded.language,
      token = coalesce(excluded.token, t.token), asked_at = excluded.asked_at, expires_at = excluded.expires_at, closed_at = null,
      key = case when t.closed_at is null and t.expires_at > excluded.asked_at then t.key else excluded.key end,
      short = case when t.closed_at is null and t.expires_at > excluded.asked_at then coalesce(t.short, excluded.short) else excluded.short end
    returning id, key`.execute(tx)
  return rows[0] as { id: string; key: string }
}

/** They asked to be written to: what they take, they take as the fan of this address. */
export async function takenByFanAt(
  tx: Tx,
  id: string,
  { channel, addressKey }: { channel: 'mail' | 'sms'; addressKey: string },
): Promise<void> {
  await tx
    .updateTable('takings')
    .set((taking) => ({
      fanId: taking
        .selectFrom('fanAddresses')
        .select('fanAddresses.fanId')
        .where('fanAddresses.channel', '=', channel)
        .where('addressKey', '=', addressKey)
        .where('removedAt', 'is', null),
    }))
    .where('id', '=', id)
    .execute()
}

/** What a key opens, and whose it is. `personId`: under which what they take is recorded, when they asked to be written to. */
export type OpenTaking = Item & { id: string; personId: string | null; token: string | null }

/** The taking that a key opens now; null when there is none, or it has ended or was closed. */
export async function takingByKey(db: Db | Tx, key: string, now: Date): Promise<OpenTaking | null> {
  const row = await db
    .selectFrom('takings')
    .leftJoin('fans', 'fans.id', 'takings.fanId')
    .select(['takings.id', 'artistId', 'subject', 'givenAs', 'fans.personId', 'token'])
    .where('key', '=', key)
    .where('closedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
  return row ? { ...row, subject: row.subject as Subject, givenAs: row.givenAs as Subject } : null
}

/** The key of what a text message's link opens now. */
export async function keyByShort(db: Db | Tx, short: string, now: Date): Promise<string | null> {
  const row = await db
    .selectFrom('takings')
    .select('key')
    .where('short', '=', short)
    .where('closedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
  return row?.key ?? null
}

/** Closes every link and pass that was given for an address for this release, or for a track of it. */
export async function closeTakings({ db, now }: Pick<Platform, 'db' | 'now'>, givenAs: Subject): Promise<void> {
  await db
    .updateTable('takings')
    .set({ closedAt: now(), address: null })
    .where('givenAs', '=', givenAs)
    .where('closedAt', 'is', null)
    .execute()
}

/** Addresses that served for a link alone go with it. */
export async function forgetTakings({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  await db
    .updateTable('takings')
    .set({ address: null })
    .where('address', 'is not', null)
    .where('expiresAt', '<=', now())
    .execute()
}
