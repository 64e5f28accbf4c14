import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'

const LOT = 200

/** The day on which something is out was moved, or is no more: what was ordered before opens on the new one, and whoever waits is told then. */
export async function changeRelease(
  tx: Tx,
  { productId, releasedAt }: { productId: string; releasedAt: Date | null },
  now: Date,
): Promise<void> {
  const opens = releasedAt && releasedAt > now ? releasedAt : now
  await sql`
    update holdings h set from_at = ${opens} from order_lines l
    where l.product_id = ${productId} and h.order_id = l.order_id and h.key = 'order:' || l.order_id || ':' || l.position and h.from_at > ${now}`.execute(
    tx,
  )
  await addJob(tx, 'shop.released', { productId }, { key: `released:${productId}`, runAt: opens })
}

/** Something is out: each order that waited for it is told once, in a job of its own. Told too early, it waits for the day. */
export async function releaseProduct({ db, now }: Pick<Platform, 'db' | 'now'>, productId: string): Promise<void> {
  for (;;) {
    const told = await db.transaction().execute(async (tx) => {
      const product = await tx
        .selectFrom('products')
        .select('releasedAt')
        .where('id', '=', productId)
        .executeTakeFirst()
      if (!product || (product.releasedAt && product.releasedAt > now())) return 0
      const { rows } = await sql<{ orderId: string }>`
        with due as (
          select l.order_id, l.position from order_lines l join orders o on o.id = l.order_id
          where l.product_id = ${productId} and l.released_at is not null and l.told_at is null and o.state = 'paid'
          order by l.order_id, l.position limit ${LOT} for update of l skip locked
        )
        update order_lines l set told_at = ${now()} from due where l.order_id = due.order_id and l.position = due.position
        returning l.order_id as "orderId"`.execute(tx)
      for (const orderId of new Set(rows.map((row) => row.orderId)))
        await addJob(tx, 'shop.mail-released', { orderId, productId })
      return rows.length
    })
    if (told < LOT) return
  }
}
