import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'

export type PaymentNotes = {
  /** Open disputes over what this artist sold, the most pressing first. */
  disputes: { orderId: string; code: string; dueAt: Date | null }[]
  /** What had to be asked for in the last thirty days. */
  repairs: { orderId: string; code: string; at: Date }[]
  /** Refunds that the provider refused, or that did not arrive, in the last thirty days. */
  refused: { orderId: string; code: string }[]
  /** Why the provider cannot be spoken to. */
  problem: string | null
}

/** What of payments somebody should know, beside the list of orders. */
export async function paymentNotes(db: Db, artistId: string, now: Date): Promise<PaymentNotes> {
  const lately = new Date(now.getTime() - 30 * 24 * 3_600_000)
  const [disputes, repairs, refused, account] = await Promise.all([
    sql<PaymentNotes['disputes'][0]>`
      select o.id as "orderId", o.code, d.due_at as "dueAt" from disputes d join orders o on o.id = d.order_id
      where o.artist_id = ${artistId} and d.state in ('asked', 'open') order by d.due_at nulls last limit 20`.execute(
      db,
    ),
    sql<PaymentNotes['repairs'][0]>`
      select o.id as "orderId", o.code, max(r.at) as at from payment_repairs r join orders o on o.id = r.order_id
      where o.artist_id = ${artistId} and r.at > ${lately} group by o.id, o.code order by max(r.at) desc limit 20`.execute(
      db,
    ),
    sql<PaymentNotes['refused'][0]>`
      select distinct o.id as "orderId", o.code from refunds r join orders o on o.id = r.order_id
      where o.artist_id = ${artistId} and r.state in ('refused', 'undone') and r.asked_at > ${lately} and o.refunded < o.total limit 20`.execute(
      db,
    ),
    sql<{ problem: string | null }>`
      select a.problem from payment_accounts a join sellers s on s.id = a.seller_id
      where s.artist_id = ${artistId} and a.is_enabled`.execute(db),
  ])
  return {
    disputes: disputes.rows,
    repairs: repairs.rows,
    refused: refused.rows,
    problem: account.rows[0]?.problem ?? null,
  }
}

export type PaymentAccountHealth = {
  sellerName: string
  isLive: boolean
  problem: string | null
  /** Nobody asked for hours what was missed. */
  isBehind: boolean
  repairs: number
}

/** How it stands with the accounts in use, for `doctor`. */
export async function paymentHealth(db: Db): Promise<PaymentAccountHealth[]> {
  const { rows } = await sql<PaymentAccountHealth>`
    select s.legal_name as "sellerName", a.is_live as "isLive", a.problem,
      coalesce(a.asked_through, a.created_at) < now() - interval '3 hours' as "isBehind",
      (select count(*)::int from payment_repairs r where r.account_id = a.id and r.at > now() - interval '7 days') as repairs
    from payment_accounts a join sellers s on s.id = a.seller_id where a.is_enabled order by s.legal_name`.execute(db)
  return rows
}
