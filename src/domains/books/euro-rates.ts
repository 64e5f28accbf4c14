import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { addDays } from '../../platform/days.ts'
import type { Money } from '../../platform/money.ts'
import type { Platform } from '../../platform/platform.ts'
import { type EuroRate, readEuroRates, toEuroCents } from './euro.rules.ts'

const ECB = 'https://www.ecb.europa.eu/stats/eurofxref'
const PATIENCE_MS = 30_000
/** The Central Bank publishes on its working days; no pause of it is longer. */
const LONGEST_PAUSE_DAYS = 7

/** Takes in the last 90 days of the Central Bank's rates: for the returns of sellers who keep books in another currency, and for estimates. Asks nobody while nobody sells. */
export async function fetchEuroRates({ db, config, log }: Pick<Platform, 'db' | 'config' | 'log'>): Promise<void> {
  if (!(await db.selectFrom('sellers').select('id').limit(1).executeTakeFirst())) return
  const answer = await fetch(`${config.ecbUrl ?? ECB}/eurofxref-hist-90d.xml`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  if (!answer.ok) throw new Error(`the European Central Bank answered ${answer.status}`)
  const rates = readEuroRates(await answer.text())
  for (let from = 0; from < rates.length; from += 1000)
    await db
      .insertInto('euroRates')
      .values(rates.slice(from, from + 1000))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  log.info({ rates: rates.length }, 'the rates of the euro are here')
}

/** The rates that a seller's books go by: what the Bank published, before what was typed. */
const known = (sellerId: string, currency: string) => sql`(
  select day, rate, 0 as typed from euro_rates where currency = ${currency}
  union all select day, rate, 1 from euro_rates_typed where seller_id = ${sellerId} and currency = ${currency}) known`

/** What an amount was worth on a day, by the last rate published until then, in cents of euro; null when none is known. */
export async function inEuroCents(db: Db | Tx, sellerId: string, money: Money, day: string): Promise<number | null> {
  if (money.currency === 'EUR') return money.amount
  const { rows } = await sql<{ rate: string }>`
    select rate::text as rate from ${known(sellerId, money.currency)} where day <= ${day} order by day desc, typed limit 1`.execute(
    db,
  )
  return rows[0] ? toEuroCents(money, rows[0].rate) : null
}

/** The rate of a day or, when none was published on it, of the next one on which one was (article 369h of directive 2006/112/EC). Null when it is not here. */
export async function euroRateOn(db: Db, sellerId: string, currency: string, day: string): Promise<EuroRate | null> {
  if (currency === 'EUR') return { currency, day, rate: '1' }
  const { rows } = await sql<EuroRate>`
    select ${currency} as currency, day::text as day, rate::text as rate from ${known(sellerId, currency)}
    where day between ${day} and ${addDays(day, LONGEST_PAUSE_DAYS)} order by day, typed limit 1`.execute(db)
  return rows[0] ?? null
}

/** How many of each currency one euro was on the last day that the Bank published, unless that is too long ago to say anything of today. */
export async function latestEuroRates(db: Db, now: Date): Promise<{ day: string | null; table: Map<string, number> }> {
  const since = addDays(now.toISOString().slice(0, 10), -LONGEST_PAUSE_DAYS)
  const { rows } = await sql<EuroRate>`
    select currency, day::text as day, rate::text as rate from euro_rates
    where day = (select max(day) from euro_rates) and day >= ${since}`.execute(db)
  return { day: rows[0]?.day ?? null, table: new Map(rows.map(({ currency, rate }) => [currency, Number(rate)])) }
}

/** A rate as the Bank published it, typed by hand. */
export const typeEuroRate = (db: Db, typed: EuroRate & { sellerId: string; typedBy: string; typedAt: Date }) =>
  db
    .insertInto('euroRatesTyped')
    .values(typed)
    .onConflict((conflict) =>
      conflict.columns(['sellerId', 'currency', 'day']).doUpdateSet((values) => ({
        rate: values.ref('excluded.rate'),
        typedBy: values.ref('excluded.typedBy'),
        typedAt: values.ref('excluded.typedAt'),
      })),
    )
    .execute()
