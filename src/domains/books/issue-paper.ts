import { sql } from 'kysely'
import { prepared, type Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import { bookYear } from './entry.rules.ts'
import type { PaperBuyer, PaperContent, PaperKind, PaperLine, TaxedElsewhere } from './paper.rules.ts'
import { type Seller, sellerById } from './seller.views.ts'

export type NewPaper = {
  /** What makes it this paper and no other: issued twice, it stands once. */
  key: string
  kind: PaperKind
  /** YYYY-MM-DD, in the seller's calendar. */
  issuedOn: string
  suppliedOn?: string
  paidOn: string | null
  language: Lang
  buyer: PaperBuyer
  currency: string
  lines: PaperLine[]
  reference: string
  corrects?: string
  taxed?: TaxedElsewhere[]
  at: Date
}

const insertPaper = prepared<{ id: string }>(
  () => sql`
    insert into papers (id, seller_id, key, kind, series, issued_on, language, content, issued_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (seller_id, key) do nothing returning id`,
)

/**
 * Issues an invoice or a credit note of a seller (or of the seller of this id) in the transaction of what it is for. What it says is frozen now; its number
 * is given by a job, in the order of issue and without gaps in each series: one a kind and year of the books. False when it was issued before.
 */
export async function issuePaper(tx: Tx, by: Seller | string, paper: NewPaper): Promise<boolean> {
  const seller = typeof by === 'string' ? await sellerById(tx, by) : by
  if (!seller) throw new Error('no such seller')
  if (!paper.lines.length) throw new Error('a paper has a line at least')
  const { legalName, address, country, registerNumber, vatRegime, vatNumber } = seller
  const content: PaperContent = {
    seller: { legalName, address, country, registerNumber, vatRegime, vatNumber },
    buyer: paper.buyer,
    currency: paper.currency,
    lines: paper.lines,
    suppliedOn: paper.suppliedOn ?? paper.issuedOn,
    paidOn: paper.paidOn,
    reference: paper.reference,
    corrects: paper.corrects ?? null,
    ...(paper.taxed?.length && { taxed: paper.taxed }),
  }
  const { key, kind, issuedOn, language, at } = paper
  const series = `${kind === 'invoice' ? 'F' : 'A'}-${bookYear(issuedOn, seller.yearBegins)}`
  const about = [key, kind, series, issuedOn, language, JSON.stringify(content), at]
  return (await insertPaper(tx, newId(at.getTime()), seller.id, ...about)).length > 0
}
