import { csvTable } from '../../../platform/csv.ts'
import type { Db } from '../../../platform/database/index.ts'
import { decimal } from '../../../platform/money.ts'
import { type Quarter, quarterName } from './oss.rules.ts'
import { type OssReport, type OssSeller, ossSales, type Worth } from './oss.views.ts'

const euro = ({ euro: amount }: Worth) => (amount === null ? '' : decimal({ amount, currency: 'EUR' }))
const percent = (rate: number) => decimal({ amount: rate, currency: 'EUR' })

/** The return as its form asks: a line for each country, kind and rate, then one for each correction; in euros where the rate is known. */
export const returnCsv = (report: OssReport): AsyncGenerator<string> =>
  csvTable(
    ['part', 'period', 'country', 'supply', 'rate', 'taxable_eur', 'vat_eur', 'taxable', 'vat', 'currency'],
    (async function* () {
      yield report.rows.map((row) => ({
        ...{ part: 'sales', period: quarterName(report.quarter), country: row.country },
        ...{ supply: row.isGoods ? 'goods' : 'services', rate: percent(row.rate) },
        ...{ taxable_eur: euro(row.net), vat_eur: euro(row.tax), currency: row.currency },
        taxable: decimal({ amount: row.net.amount, currency: row.currency }),
        vat: decimal({ amount: row.tax.amount, currency: row.currency }),
      }))
      yield report.corrections.map((row) => ({
        ...{ part: 'correction', period: row.sold, country: row.country, supply: '', rate: '', taxable_eur: '' },
        ...{ vat_eur: euro(row.tax), taxable: '', currency: row.currency },
        vat: decimal({ amount: row.tax.amount, currency: row.currency }),
      }))
    })(),
  )

/** The sales behind it, each with its evidence. */
export const salesCsv = (db: Db, seller: OssSeller, quarter: Quarter): AsyncGenerator<string> =>
  csvTable(
    [
      'order',
      'paid_at',
      'taxed_in',
      'taxable',
      'vat',
      'currency',
      'refunded',
      'buyer_country',
      'parcel_country',
      'evidence',
    ],
    (async function* () {
      for await (const sales of ossSales(db, seller, quarter))
        yield sales.map((sale) => ({
          ...{ order: sale.code, paid_at: sale.paidAt, taxed_in: sale.countries.join(' '), currency: sale.currency },
          taxable: decimal({ amount: sale.net, currency: sale.currency }),
          vat: decimal({ amount: sale.tax, currency: sale.currency }),
          refunded: decimal({ amount: sale.refunded, currency: sale.currency }),
          ...{ buyer_country: sale.country, parcel_country: sale.parcel },
          evidence: sale.evidence.map(({ kind, country }) => `${kind}:${country}`).join(' '),
        }))
    })(),
  )
