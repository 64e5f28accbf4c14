import './tables.ts'
import { sql } from 'kysely'
import { type Db, PREPARED, type Tx } from '../../platform/database/index.ts'

/** What a network says became of a message that it had taken. */
export type NewReceipt = { ref: string; settled: 'delivered' | 'bounced'; problem: string | null }

/** A receipt that nothing here explains belongs to somebody else's message. */
const FORGOTTEN_AFTER = '3 days'

/**
 * Writes receipts to their deliveries: the first word that is final counts, whatever comes after it, and saying it again changes nothing. A message
 * in parts is delivered when all of them are, and bounced when one is. A receipt may be quicker than the answer that names the message:
 * such a one is kept, and {@link settleEarlyReceipts} looks again. Answers with how many those were.
 */
export async function settleReceipts(
  db: Db | Tx,
  providerId: string,
  receipts: NewReceipt[],
  now: Date,
): Promise<number> {
  const first = new Map<string, NewReceipt>()
  for (const receipt of receipts) if (!first.has(receipt.ref)) first.set(receipt.ref, receipt)
  if (first.size === 0) return 0
  const common = await settleWhole(db, providerId, [...first.values()], now)
  for (const ref of common) first.delete(ref)
  return first.size === 0 ? 0 : settleOthers(db, providerId, [...first.values()], now)
}

const columnsOf = (receipts: NewReceipt[]) => sql`unnest(${receipts.map(({ ref }) => ref)}::text[],
  ${receipts.map(({ settled }) => settled)}::text[], ${receipts.map(({ problem }) => problem)}::text[]) as r(ref, settled, problem)`

/**
 * The deliveries that are called `r.ref`, each looked up by its name: before much was handed over the planner believes that a provider has next to
 * nothing, and would read all of it for every lot.
 */
const named = (providerId: string) =>
  sql`(select x.id from deliveries x where x.provider_ref = r.ref and x.provider_id = ${providerId} offset 0)`

/** Nearly all: a message in one part that waits for its receipt. Answers with those that were. */
async function settleWhole(db: Db | Tx, providerId: string, receipts: NewReceipt[], now: Date): Promise<string[]> {
  const { rows } = await sql<{ ref: string }>`${sql.raw(PREPARED)}
    update deliveries d set state = r.settled, problem = r.problem, settled_at = ${now}
    from ${columnsOf(receipts)} cross join lateral ${named(providerId)} known where d.id = known.id and d.state = 'handed'
    returning r.ref`.execute(db)
  return rows.map(({ ref }) => ref)
}

/** Parts of a message, receipts that were said before, and those that come before it is written what they are about. */
async function settleOthers(db: Db | Tx, providerId: string, receipts: NewReceipt[], now: Date): Promise<number> {
  const { rows } = await sql<{ early: number; partsOf: number[] }>`${sql.raw(PREPARED)}
    with r as materialized (
      select * from ${columnsOf(receipts)}
    ), known as materialized (
      select r.ref, r.settled, r.problem, d.id from r
      cross join lateral ${named(providerId)} d
    ), whole as (
      update deliveries d set state = k.settled, problem = k.problem, settled_at = ${now}
      from known k where d.id = k.id and d.state = 'handed'
    ), parts as materialized (
      select r.ref, r.settled, r.problem, p.delivery_id from r
      cross join lateral (select * from sms_parts p where p.provider_id = ${providerId} and p.provider_ref = r.ref offset 0) p
      where (select d.state from deliveries d where d.id = p.delivery_id) <> 'handing'
    ), part as (
      update sms_parts p set state = s.settled, problem = s.problem
      from parts s where p.provider_id = ${providerId} and p.provider_ref = s.ref and p.state = 'handed'
    ), early as (
      insert into early_receipts (provider_id, provider_ref, settled, problem, at)
      select ${providerId}::uuid, r.ref, r.settled, r.problem, ${now}::timestamptz from r
      where r.ref not in (select ref from known) and r.ref not in (select ref from parts)
      on conflict do nothing returning 1
    )
    select (select count(*)::int from early) as early,
      (select coalesce(json_agg(distinct delivery_id), '[]') from parts) as "partsOf"`.execute(db)
  const { early = 0, partsOf = [] } = rows[0] ?? {}
  if (partsOf.length > 0)
    await sql`
      update deliveries d set state = x.state, problem = x.problem, settled_at = ${now}
      from (
        select delivery_id, case when bool_or(state = 'bounced') then 'bounced' else 'delivered' end as state, max(problem) as problem
        from sms_parts where delivery_id = any(${partsOf}::bigint[])
        group by delivery_id having bool_or(state = 'bounced') or bool_and(state = 'delivered')
      ) x where d.id = x.delivery_id and d.state = 'handed'`.execute(db)
  return early
}

/** Looks again for what receipts of a provider were about. Answers with how many still wait. */
export async function settleEarlyReceipts(db: Db, providerId: string, now: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<NewReceipt>`
      delete from early_receipts e where e.provider_id = ${providerId} and (
        (select count(*) from deliveries d where d.provider_id = e.provider_id and d.provider_ref = e.provider_ref) > 0
        or (select count(*) from sms_parts p join deliveries d on d.id = p.delivery_id and d.state <> 'handing'
          where p.provider_id = e.provider_id and p.provider_ref = e.provider_ref) > 0)
      returning provider_ref as ref, settled, problem`.execute(tx)
    await settleReceipts(tx, providerId, rows, now)
    const { rows: left } = await sql<{ count: number }>`
      select count(*)::int as count from early_receipts where provider_id = ${providerId}`.execute(tx)
    return left[0]?.count ?? 0
  })
}

/** Once a minute, for processes that died or receipts that came to another: every provider's. What nothing explains is forgotten. */
export async function tendReceipts(db: Db, now: Date): Promise<void> {
  await sql`delete from early_receipts where at < ${now}::timestamptz - ${sql.lit(FORGOTTEN_AFTER)}::interval`.execute(
    db,
  )
  await sql`delete from hook_tokens where at < ${now}::timestamptz - ${sql.lit(FORGOTTEN_AFTER)}::interval`.execute(db)
  const providers = await db.selectFrom('earlyReceipts').select('providerId').distinct().execute()
  for (const { providerId } of providers) await settleEarlyReceipts(db, providerId, now)
}

/** Names the parts of a delivery, before anybody is told that it was handed over. */
export async function keepParts(db: Db, providerId: string, deliveryId: number, refs: string[]): Promise<void> {
  await db
    .insertInto('smsParts')
    .values(refs.map((providerRef) => ({ providerId, providerRef, deliveryId, problem: null })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
