import { csvLine } from '../../../platform/csv.ts'
import type { OrderToPack } from './parcels.views.ts'

const COLUMNS = [
  'reference',
  'name',
  'address1',
  'address2',
  'address3',
  'address4',
  'postcode',
  'city',
  'region',
] as const
const MORE = ['country', 'mail', 'weight_g', 'contents'] as const

/** What waits to be sent as the pages of carriers take it in: an order a line, in UTF-8 with its mark. `reference` is the order's code; `country` ISO 3166-1. */
export const carrierCsv = (orders: OrderToPack[]): string =>
  `\ufeff${csvLine([...COLUMNS, ...MORE])}${orders.map((order) => csvLine(rowOf(order))).join('')}`

const rowOf = ({ code, mail, address, lines }: OrderToPack): string[] => [
  ...[code, address.name],
  ...[0, 1, 2, 3].map((n) => address.lines[n] ?? ''),
  ...[address.postcode, address.city, address.region, address.country, mail],
  String(lines.reduce((sum, { grams }) => sum + grams, 0)),
  lines
    .map(({ quantity, title, variant }) => `${quantity} × ${[title, variant].filter(Boolean).join(', ')}`)
    .join('; '),
]
