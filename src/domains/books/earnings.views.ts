import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { SoldRow } from './distribution.rules.ts'
import type { Version } from './share.rules.ts'

/** The versions of all that a seller shares, by subject, in the order in which they begin. */
export async function versionsOf(db: Db | Tx, sellerId: string): Promise<Map<string, Version[]>> {
  const splits = await db
    .selectFrom('splits')
    .select(['id', 'subject', 'beginsOn', 'recoupsCosts'])
    .where('sellerId', '=', sellerId)
    .where('state', '=', 'agreed')
    .orderBy('beginsOn')
    .orderBy('id')
    .execute()
  const parts = await db
    .selectFrom('splitParts')
    .innerJoin('splits', 'splits.id', 'splitParts.splitId')
    .select(['splitId', 'payeeId', 'share'])
    .where('sellerId', '=', sellerId)
    .where('state', '=', 'agreed')
    .orderBy('position')
    .execute()
  const bySplit = Map.groupBy(parts, ({ splitId }) => splitId)
  const versions = new Map<string, Version[]>()
  for (const { subject, beginsOn, ...split } of splits) {
    const own = (bySplit.get(split.id) ?? []).map(({ payeeId, share }) => ({ payeeId, share }))
    const version: Version = { ...split, beginsOn: beginsOn as string, parts: own }
    versions.set(subject, [...(versions.get(subject) ?? []), version])
  }
  return versions
}

/**
 * What was sold of each shared subject until a day, since ever, by version and country; one pass over the lines. A line belongs to the version that held on
 * the day on which it was earned. Sales and their tax, fees and losses of disputes, costs: what a seller ships for is not shared.
 */
export async function soldUntil(
  db: Db | Tx,
  sellerId: string,
  through: string,
  versions: ReadonlyMap<string, Version[]>,
): Promise<SoldRow[]> {
  if (!versions.size) return []
  const shared = [...versions].map(([subject, list]) => ({ subject, begins: list.map(({ beginsOn }) => beginsOn) }))
  const { rows } = await sql<{
    subject: string
    country: string
    version: number
    kind: string
    amount: number
    quantity: number
  }>`
    select s.subject, coalesce(l.country, '') as country, l.version, a.kind, sum(l.amount)::bigint as amount, sum(l.quantity)::bigint as quantity
    from json_to_recordset(${JSON.stringify(shared)}::json) as s(subject text, begins date[])
    join lateral (
      select account_id, country, width_bucket(coalesce(earned_on, booked_on), s.begins) as version,
        sum(base_amount) as amount, sum(coalesce(quantity, 0)) as quantity
      from ledger_lines where subject = s.subject and booked_on <= ${through} group by 1, 2, 3
    ) l on true
    join ledger_accounts a on a.id = l.account_id
    where a.seller_id = ${sellerId}
      and a.kind in ('sales-digital', 'sales-goods', 'vat-collected', 'fees', 'dispute-losses', 'costs')
    group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(db)
  const found = new Map<string, SoldRow>()
  for (const { subject, country, version, kind, amount, quantity } of rows) {
    const versionId = versions.get(subject)?.[version - 1]?.id ?? null
    const key = `${subject} ${versionId} ${country}`
    const row = found.get(key) ?? { subject, versionId, country, quantity: 0, gross: 0, tax: 0, fees: 0, costs: 0 }
    found.set(key, row)
    if (kind === 'vat-collected') row.tax -= amount
    if (kind === 'fees' || kind === 'dispute-losses') row.fees += amount
    else if (kind === 'costs') row.costs += amount
    else row.gross -= amount
    if (kind.startsWith('sales-')) row.quantity += quantity
  }
  return [...found.values()]
}

/** What was paid to each person who shares, and not taken back. */
export async function moneyPaid(
  db: Db | Tx,
  sellerId: string,
): Promise<{ payeeId: string; paid: number; advances: number }[]> {
  const { rows } = await sql<{ payeeId: string; paid: number; advances: number }>`
    select payee_id as "payeeId", coalesce(sum(amount) filter (where kind = 'payout'), 0)::bigint as paid,
      coalesce(sum(amount) filter (where kind = 'advance'), 0)::bigint as advances
    from outlays where seller_id = ${sellerId} and payee_id is not null and reversed_at is null
    group by 1 order by 1`.execute(db)
  return rows
}
