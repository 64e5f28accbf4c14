import { sql } from 'kysely'
import { addJob } from '../../platform/jobs/index.ts'
import type { PersonalData } from '../fans/index.ts'
import { letGo } from './cards/keep-card.ts'
import { drop } from './members/take-up.ts'

/**
 * What somebody ordered and owns. The law wants an order and its papers kept (in France ten years, article L123-22 of the code de commerce), so erasing leaves
 * the order, its parcels with what shows that they were sent (the files for two years) and what it opens, and takes away what ties it to who they are elsewhere here.
 */
export const shopPersonalData: PersonalData = {
  tables: ['orders', 'members', 'given_codes'],

  async know(db, { fanId, addressIds, personIds }) {
    const { rows: orders } = await sql<Record<string, unknown>>`
      select o.code, o.placed_at as "placedAt", o.state, o.mail, o.name, o.country, o.address, o.currency, o.total, o.refunded, o.note,
        (select json_agg(json_build_object('title', l.title, 'variant', l.variant, 'quantity', l.quantity, 'gross', l.gross) order by l.position)
          from order_lines l where l.order_id = o.id) as lines,
        (select json_agg(json_build_object('sentAt', p.sent_at, 'carrier', p.carrier, 'tracking', p.tracking,
            'proofs', (select coalesce(json_agg(json_build_object('reference', f.reference, 'handedOn', f.handed_on, 'fileName', f.file_name) order by f.added_at), '[]')
              from parcel_proofs f where f.parcel_id = p.id)) order by p.packed_at)
          from parcels p where p.order_id = o.id and p.unpacked_at is null) as parcels
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
    const { rows: memberships } = await sql<Record<string, unknown>>`
      select title, state, since, paid_until as "paidUntil", price, currency, every from members
      where person_id = any(${personIds}::uuid[])
        or mail_key in (select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')
      order by since`.execute(db)
    const { rows: cards } = await sql<Record<string, unknown>>`
      select m.title, a.words, a.agreed, a.at, k.brand, k.last4, k.kept_at as "keptAt", k.forgotten_at as "forgottenAt"
      from charge_agreements a left join member_periods p on p.order_id = a.order_id
        join members m on m.id = coalesce(a.membership_id, p.membership_id) left join kept_cards k on a.id in (k.agreement_id, k.renewed_id)
      where m.person_id = any(${personIds}::uuid[])
        or m.mail_key in (select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')
      order by a.at`.execute(db)
    const { rows: presents } = await sql<Record<string, unknown>>`
      select p.giver, p.message, p.day::text as day, p.sent_at as "sentAt", p.taken_at as "takenAt" from presents p
      where p.mail_key in (select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')
      order by p.day`.execute(db)
    const { rows: codes } = await sql<Record<string, unknown>>`
      select a.name as artist, b.subject, g.code, g.given_at as "givenAt" from given_codes g
        join code_batches b on b.id = g.batch_id join artists a on a.id = b.artist_id
      where g.fan_id = ${fanId} order by g.given_at, g.code`.execute(db)
    return { orders, owned, boughtElsewhere, memberships, cards, presents, codes }
  },

  async erase(tx, { fanId, personIds, addressIds, addressHashes }) {
    await sql`update given_codes set fan_id = null, marks = ${marks(addressHashes)} where fan_id = ${fanId}`.execute(tx)
    const keys = sql`(select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')`
    await sql`update purchase_import_lines set mail = '', text = '' where mail_key in ${keys}`.execute(tx)
    await sql`update purchase_mails set mail = '' where mail_key in ${keys}`.execute(tx)
    const theirs = sql`select id from members where person_id = any(${personIds}::uuid[]) or mail_key in ${keys} order by id`
    const at = new Date()
    const dropAll = async (members: { id: string }[]) => {
      for (const { id } of members)
        for (const orderId of await drop(tx, id, at)) await addJob(tx, 'shop.end-payments', { orderId })
    }
    // Orders before members, as everybody locks them; what was asked for in this very moment is new, and nobody pays it yet.
    await dropAll((await sql<{ id: string }>`${theirs}`.execute(tx)).rows)
    const { rows: members } = await sql<{ id: string }>`${theirs} for no key update`.execute(tx)
    await dropAll(members)
    for (const { id } of members) await letGo(tx, id, at)
    // Nobody is asked to pay any more, nor told anything: the address goes, its periods stay as orders do.
    await sql`
      update members set state = 'left', person_id = null, name = '', mail = '', mail_key = '', changed_at = now()
      where person_id = any(${personIds}::uuid[])
        or mail_key in (select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')`.execute(
      tx,
    )
    // What was for them, and what they wrote to friends.
    await sql`
      update presents set mail = '', mail_key = '', message = '', giver = ''
      where mail_key in (select address_key from fan_addresses where id = any(${addressIds}::uuid[]) and channel = 'mail')
        or order_id in (select id from orders where person_id = any(${personIds}::uuid[])) and (sent_at is not null or taken_at is not null)`.execute(
      tx,
    )
    await tx
      .updateTable('orders')
      .set({ personId: null, way: '{}', note: '' })
      .where('personId', 'in', personIds)
      .execute()
  },

  /** A person goes on being one: that several are one fan stands with the fan. Of two codes of a batch, one is theirs; the other still opens what it opens, and is known again by the address that it was given to. */
  async merge(tx, from, into) {
    await sql`
      update given_codes g set fan_id = null, marks = ${marks(from.addressHashes)} where g.fan_id = ${from.fanId} and exists (
        select from given_codes o where o.batch_id = g.batch_id and o.fan_id = ${into.fanId})`.execute(tx)
    await tx.updateTable('givenCodes').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
  },
}

/** What stays of whoever had a code: enough to know it again as theirs when they come back, and nothing that leads to them. */
const marks = (addressHashes: string[]) =>
  sql`array(select given_code_mark(batch_id, h) from unnest(${addressHashes}::text[]) h)`
