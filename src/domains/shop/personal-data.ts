import { sql } from 'kysely'
import type { PersonalData } from '../fans/index.ts'

/**
 * What somebody ordered and owns. The law wants an order and its papers kept (in France ten years, article L123-22 of the code de commerce), so erasing leaves
 * the order and what it opens, and takes away what ties it to who they are elsewhere here.
 */
export const shopPersonalData: PersonalData = {
  tables: ['orders'],

  async know(db, { addressIds, personIds }) {
    const { rows: orders } = await sql<Record<string, unknown>>`
      select o.code, o.placed_at as "placedAt", o.state, o.mail, o.name, o.country, o.address, o.currency, o.total, o.refunded, o.note,
        (select json_agg(json_build_object('title', l.title, 'variant', l.variant, 'quantity', l.quantity, 'gross', l.gross) order by l.position)
          from order_lines l where l.order_id = o.id) as lines
      from orders o
      where o.person_id = any(${personIds}::uuid[])
        or o.mail_key in (select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')
      order by o.placed_at`.execute(db)
    const { rows: owned } = await sql<Record<string, unknown>>`
      select subject, source, from_at as "fromAt" from holdings where revoked_at is null
        and mail_key in (select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')
      order by from_at`.execute(db)
    const { rows: boughtElsewhere } = await sql<Record<string, unknown>>`
      select l.bought_at as "boughtAt", l.text from purchase_import_lines l
      where l.mail_key in (select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')
      order by l.bought_at`.execute(db)
    return { orders, owned, boughtElsewhere }
  },

  async erase(tx, { personIds, addressIds }) {
    const keys = sql`(select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')`
    await sql`update purchase_import_lines set mail = '', text = '' where mail_key in ${keys}`.execute(tx)
    await sql`update purchase_mails set mail = '' where mail_key in ${keys}`.execute(tx)
    await tx
      .updateTable('orders')
      .set({ personId: null, way: '{}', note: '' })
      .where('personId', 'in', personIds)
      .execute()
  },

  /** A person goes on being one: that several are one fan stands with the fan. */
  merge: async () => undefined,
}
