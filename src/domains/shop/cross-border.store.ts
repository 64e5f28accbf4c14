import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { dayIn } from '../../platform/days.ts'
import { inEuroCents, type Seller } from '../books/index.ts'
import type { Order, StoredLine } from './order.store.ts'
import { vatRates } from './rates.ts'
import { crossesBorder, placeOf, THRESHOLD_EUR_CENTS } from './tax.rules.ts'

type Part = { kind: string; gross: number; tax: number }
type Goes = Parameters<typeof placeOf>[1]

/** What of these parts of an order goes from one country of the EU into another, before tax; tips aside. Minor units. */
export const salesAbroad = (parts: readonly Part[], goes: Goes): number =>
  parts
    .filter(({ kind }) => kind !== 'tip' && crossesBorder(goes.seller, placeOf(kind, goes), vatRates))
    .reduce((sum, { gross, tax }) => sum + gross - tax, 0)

type SellerAbroad = Pick<Seller, 'country' | 'timeZone'>
type Sold = { shares: readonly { gross: number; tax: number }[]; paidAt: Date }

function soldAbroad(seller: SellerAbroad, order: Order, lines: readonly StoredLine[], { shares }: Sold): number {
  const parts = shares.map((share, index) => ({ ...share, kind: lines[index]?.kind ?? 'merch' }))
  return salesAbroad(parts, { seller: seller.country, buyer: order.country, parcel: order.address?.country ?? null })
}

async function add(tx: Tx, { id, sellerId, currency }: Order, day: string, amount: number) {
  const row = { year: Number(day.slice(0, 4)), part: Number.parseInt(id.slice(-1), 16) }
  await sql`
    insert into cross_border_sums (seller_id, year, currency, part, sold) values (${sellerId}, ${row.year}, ${currency}, ${row.part}, ${amount})
    on conflict (seller_id, year, currency, part) do update set sold = cross_border_sums.sold + excluded.sold`.execute(
    tx,
  )
  return row
}

/** Keeps the sum from others that {@link countAbroad} of the same order is going to add to: by who is about to hold what others wait for. */
export async function lockAbroad(
  tx: Tx,
  seller: SellerAbroad,
  order: Order,
  lines: readonly StoredLine[],
  said: Sold,
): Promise<void> {
  if (soldAbroad(seller, order, lines, said) !== 0) await add(tx, order, dayIn(said.paidAt, seller.timeZone), 0)
}

/**
 * Counts what an order sold abroad, or with `sign` -1 what went back of it, in the transaction of it and in the year of the sale. `shares` are what of each
 * line, and of the sending last, is counted.
 */
export async function countAbroad(
  tx: Tx,
  seller: SellerAbroad,
  order: Order,
  lines: readonly StoredLine[],
  said: Sold & { sign: 1 | -1 },
): Promise<void> {
  const amount = said.sign * soldAbroad(seller, order, lines, said)
  if (amount === 0) return
  const day = dayIn(said.paidAt, seller.timeZone)
  const { sellerId, currency } = order
  const row = await add(tx, order, day, amount)
  if (amount > 0 && (await yearsAbroad(tx, sellerId, day)).find(({ year }) => year === row.year)?.isAbove)
    await sql`
      update cross_border_sums set passed_on = coalesce(passed_on, ${day})
      where seller_id = ${sellerId} and year = ${row.year} and currency = ${currency} and part = ${row.part}`.execute(
      tx,
    )
}

export type YearAbroad = {
  year: number
  /** Cents of euro; null when the rate of a currency is not known. */
  sold: number | null
  passedOn: string | null
  /** Above the threshold, now or since it was. */
  isAbove: boolean
}

/** What a seller sold abroad in the year of a day and in the one before. */
export async function yearsAbroad(db: Db | Tx, sellerId: string, day: string): Promise<YearAbroad[]> {
  const year = Number(day.slice(0, 4))
  const { rows } = await sql<{ year: number; currency: string; sold: number; passedOn: string | null }>`
    select year, currency, sum(sold)::bigint as sold, min(passed_on)::text as "passedOn" from cross_border_sums
    where seller_id = ${sellerId} and year in (${year}, ${year - 1}) group by year, currency`.execute(db)
  return Promise.all(
    [year, year - 1].map(async (one) => {
      const own = rows.filter((row) => row.year === one)
      const worth = await Promise.all(
        own.map(({ sold, currency }) => inEuroCents(db, sellerId, { amount: sold, currency }, day)),
      )
      const sold = worth.some((cents) => cents === null)
        ? null
        : worth.reduce<number>((sum, cents) => sum + (cents ?? 0), 0)
      const [passedOn = null] = own.flatMap((row) => row.passedOn ?? []).toSorted()
      return { year: one, sold, passedOn, isAbove: passedOn !== null || (sold ?? 0) > THRESHOLD_EUR_CENTS }
    }),
  )
}

/** Whether cross-border sales are above the threshold, in the year of the day with this sale, or in the one before. */
export async function thresholdPassed(
  tx: Tx,
  { sellerId, amount, currency, day }: { sellerId: string; amount: number; currency: string; day: string },
): Promise<boolean> {
  const [now, before] = await yearsAbroad(tx, sellerId, day)
  const added = (await inEuroCents(tx, sellerId, { amount, currency }, day)) ?? 0
  return Boolean(before?.isAbove || now?.isAbove || (now?.sold ?? 0) + added > THRESHOLD_EUR_CENTS)
}
