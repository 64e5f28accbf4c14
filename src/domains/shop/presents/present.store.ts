import { type Selectable, sql } from 'kysely'
import type { Db, Tables, Tx } from '../../../platform/database/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { LOST } from '../order.store.ts'

export type Present = Selectable<Tables['presents']>

export type NewPresent = {
  mail: string
  mailKey: string
  giver: string
  message: string
  /** `YYYY-MM-DD`, by the seller's clock. */
  day: string
}

export const presentOf = async (db: Db | Tx, orderId: string): Promise<Present | null> =>
  (await db
    .selectFrom('presents')
    .selectAll()
    .select(sql<string>`day::text`.as('day'))
    .where('orderId', '=', orderId)
    .executeTakeFirst()) ?? null

export const addPresent = async (tx: Tx, orderId: string, present: NewPresent): Promise<void> =>
  void (await tx
    .insertInto('presents')
    .values({ ...present, orderId, sentAt: null, takenAt: null })
    .execute())

/** Tells those whose day has come: once each, whenever it runs. */
export async function sendPresents({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const at = now()
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ orderId: string; sent: number }>`
      update presents p set sent_at = ${at}, sent = sent + 1 from orders o join sellers s on s.id = o.seller_id
      where o.id = p.order_id and o.state = 'paid' and (o.total = 0 or o.refunded < o.total) and p.sent_at is null and p.taken_at is null and p.mail <> ''
        and not ${LOST}
        and p.day <= (${at}::timestamptz at time zone s.time_zone)::date
      returning p.order_id as "orderId", p.sent`.execute(tx)
    for (const { orderId, sent } of rows) await addJob(tx, 'shop.mail-present', { orderId, sent })
  })
}

/** Another address, or the same once more. The link that went to the one before opens nothing any more. False when it was taken. */
export const sendElsewhere = ({ db }: Pick<Platform, 'db'>, orderId: string, mail: { address: string; key: string }) =>
  db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('presents')
      .set({ mail: mail.address, mailKey: mail.key, sentAt: null, isRefused: false })
      .where('orderId', '=', orderId)
      .where('takenAt', 'is', null)
      .executeTakeFirst()
    if (Number(numUpdatedRows) === 0) return false
    await addJob(tx, 'shop.presents', {})
    return true
  })

/** Of orders that were never paid, nobody's friend is kept. */
export const forgetUnpaidPresents = async ({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> =>
  void (await sql`
    delete from presents p using orders o
    where o.id = p.order_id and o.paid_at is null and o.closed_at < ${new Date(now().getTime() - 60 * 24 * 3_600_000)}`.execute(
    db,
  ))
