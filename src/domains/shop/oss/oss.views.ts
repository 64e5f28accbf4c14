import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { euroRateOn, inEuro } from '../../books/index.ts'
import type { Evidence } from '../tax.rules.ts'
import {
  type OssCorrection,
  type OssRow,
  type OssSum,
  ossReturn,
  type Quarter,
  quarterDays,
  quarterName,
  readQuarter,
} from './oss.rules.ts'

export type OssSeller = { id: string; country: string; timeZone: string }

/**
 * What was booked from a day to another of sales at another country's rate, by the quarter in which each was sold. Drawn from the entries of the books: what is
 * booked late counts where it is booked, as a correction of its quarter.
 */
export async function ossSums(db: Db, seller: OssSeller, from: string, through: string): Promise<OssSum[]> {
  const { rows } = await sql<OssSum>`
    with booked as materialized (
      select e.key, e.kind, e.reverses is not null as undone from ledger_entries e
      where e.seller_id = ${seller.id} and e.booked_on between ${from} and ${through} and e.kind in ('sale', 'refund')
    ), orders_of as (
      select o.*, 1 as sign, null::jsonb as parts from booked b join orders o on o.id = substring(b.key from '^order:([0-9a-f-]{36}):sale$')::uuid
      where b.kind = 'sale'
      union all
      select o.*, case when b.undone then 1 else -1 end, coalesce(r.parts, '[]') from booked b
        join refunds r on r.key = substring(b.key from '^(?:reverse:)?refund:(.*)$') join orders o on o.id = r.order_id
      where b.kind = 'refund'
    ), shares as (
      select o.id, o.paid_at, o.currency, o.sign, l.tax_country as country, l.rate, l.kind in ('record', 'merch') as goods,
        case when o.parts is null then l.gross else coalesce((o.parts->(l.position - 1)->>'gross')::bigint, 0) end as gross,
        case when o.parts is null then l.tax else coalesce((o.parts->(l.position - 1)->>'tax')::bigint, 0) end as tax
      from orders_of o join order_lines l on l.order_id = o.id where l.tax_reason = 'oss'
      union all
      select o.id, o.paid_at, o.currency, o.sign, o.shipping_tax_country, o.shipping_rate, true,
        case when o.parts is null then o.shipping else coalesce((o.parts->-1->>'gross')::bigint, 0) end,
        case when o.parts is null then o.shipping_tax else coalesce((o.parts->-1->>'tax')::bigint, 0) end
      from orders_of o where o.shipping_tax_reason = 'oss'
    )
    select to_char(s.paid_at at time zone ${seller.timeZone}, 'YYYY-"Q"Q') as sold, s.country, s.rate, s.goods as "isGoods", s.currency,
      sum(s.sign * (s.gross - s.tax))::bigint as net, sum(s.sign * s.tax)::bigint as tax
    from shares s group by 1, 2, 3, 4, 5`.execute(db)
  return rows
}

/** An amount in its own currency and, where the rate is known, in cents of euro. */
export type Worth = { amount: number; euro: number | null }

export type OssReport = {
  quarter: Quarter
  rows: (Omit<OssRow, 'net' | 'tax'> & { net: Worth; tax: Worth })[]
  corrections: (Omit<OssCorrection, 'tax'> & { tax: Worth })[]
  /** What there is to pay, or less than nothing; null while a rate is missing. */
  due: number | null
  /** Currencies and days whose rates are missing. */
  missing: { currency: string; day: string }[]
  /** Whether the tax is that which the books hold of other countries for these days, in each currency. */
  agrees: boolean
}

/** The return of a quarter in euros, by the Central Bank's rate of the quarter's last day: of a correction, of the day of the one that it corrects. */
export async function ossReport(db: Db, seller: OssSeller, quarter: Quarter): Promise<OssReport> {
  const { from, through } = quarterDays(quarter)
  const sums = await ossSums(db, seller, from, through)
  const { rows, corrections } = ossReturn(quarterName(quarter), sums)
  const missing = new Map<string, { currency: string; day: string }>()
  const worth = async (amount: number, currency: string, day: string): Promise<Worth> => {
    const rate = await euroRateOn(db, seller.id, currency, day)
    if (!rate) missing.set(`${currency} ${day}`, { currency, day })
    return { amount, euro: rate && inEuro({ amount, currency }, rate.rate) }
  }
  const report = {
    rows: await Promise.all(
      rows.map(async (row) => ({
        ...row,
        net: await worth(row.net, row.currency, through),
        tax: await worth(row.tax, row.currency, through),
      })),
    ),
    corrections: await Promise.all(
      corrections.map(async (row) => {
        const of = readQuarter(row.sold)
        return { ...row, tax: await worth(row.tax, row.currency, of ? quarterDays(of).through : through) }
      }),
    ),
  }
  const taxes = [...report.rows, ...report.corrections].map(({ tax }) => tax.euro)
  const due = taxes.some((euro) => euro === null) ? null : taxes.reduce<number>((sum, euro) => sum + (euro ?? 0), 0)
  return {
    quarter,
    ...report,
    due,
    missing: [...missing.values()],
    agrees: await agrees(db, seller, from, through, sums),
  }
}

/** The same tax, summed from the accounts. */
async function agrees(db: Db, seller: OssSeller, from: string, through: string, sums: OssSum[]): Promise<boolean> {
  const { rows } = await sql<{ country: string; rate: number; currency: string; tax: number }>`
    select split_part(a.of, ':', 1) as country, split_part(a.of, ':', 2)::int as rate, l.currency, -sum(l.amount)::bigint as tax
    from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${seller.id} and a.kind = 'vat-collected' and split_part(a.of, ':', 1) <> ${homeOf(seller)}
      and l.booked_on between ${from} and ${through} group by 1, 2, 3`.execute(db)
  const left = new Map<string, number>()
  const add = ({ country, rate, currency }: (typeof rows)[number] | OssSum, tax: number) => {
    const key = `${country}:${rate} ${currency}`
    left.set(key, (left.get(key) ?? 0) + tax)
  }
  for (const row of rows) add(row, row.tax)
  for (const sum of sums) add(sum, -sum.tax)
  return [...left.values()].every((tax) => tax === 0)
}

const homeOf = ({ country }: OssSeller) => ({ MC: 'FR', IM: 'GB' })[country] ?? country

/** The day of the first sale that was taxed elsewhere; null when there was none. */
export async function firstTaxedElsewhere(db: Db, seller: OssSeller): Promise<string | null> {
  const { rows } = await sql<{ day: string | null }>`
    select min(l.booked_on)::text as day from ledger_accounts a join ledger_lines l on l.account_id = a.id
    where a.seller_id = ${seller.id} and a.kind = 'vat-collected' and split_part(a.of, ':', 1) <> ${homeOf(seller)}`.execute(
    db,
  )
  return rows[0]?.day ?? null
}

export type OssSale = {
  id: string
  code: string
  paidAt: Date
  countries: string[]
  net: number
  tax: number
  currency: string
  refunded: number
  evidence: Evidence[]
  /** Where the buyer is, and where the parcel went, when there was one. */
  country: string
  parcel: string | null
}

const LOT = 1000

/** Each sale of a quarter at another country's rate, with what tells where its buyer is: kept ten years (article 369k). In lots, the earliest first. */
export async function* ossSales(db: Db, seller: OssSeller, quarter: Quarter, lot = LOT): AsyncGenerator<OssSale[]> {
  const { from, through } = quarterDays(quarter)
  for (let last: OssSale | undefined; ; ) {
    const after = last ? sql`and (o.paid_at, o.id) > (${last.paidAt}, ${last.id}::uuid)` : sql``
    const { rows }: { rows: OssSale[] } = await sql<OssSale>`
      select o.id, o.code, o.paid_at as "paidAt", o.currency, o.refunded, o.evidence, o.country, o.address->>'country' as parcel, t.countries, t.net, t.tax
      from orders o, lateral (
        select array_agg(distinct country order by country) as countries, sum(gross - tax)::bigint as net, sum(tax)::bigint as tax from (
          select tax_country::text as country, gross, tax from order_lines l where l.order_id = o.id and l.tax_reason = 'oss'
          union all select o.shipping_tax_country::text, o.shipping, o.shipping_tax where o.shipping_tax_reason = 'oss' and o.shipping > 0
        ) taxed
      ) t
      where o.seller_id = ${seller.id} and o.state = 'paid' and t.countries is not null
        and o.paid_at >= (${from}::date)::timestamp at time zone ${seller.timeZone}
        and o.paid_at < (${through}::date + 1)::timestamp at time zone ${seller.timeZone} ${after}
      order by o.paid_at, o.id limit ${lot}`.execute(db)
    if (!rows.length) return
    yield rows
    last = rows.at(-1)
  }
}
