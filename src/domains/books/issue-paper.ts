import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import { bookYear } from './entry.rules.ts'
import type { PaperBuyer, PaperContent, PaperKind, PaperLine, TaxedElsewhere } from './paper.rules.ts'
import { sellerById } from './seller.views.ts'

export type NewPaper = {
  sellerId: string
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

/**
 * Issues an invoice or a credit note in the transaction of what it is for. What it says is frozen now; its number is given by a job, in the order of issue
 * and without gaps in each series: one a kind and year of the books. False when it was issued before.
 */
export async function issuePaper(tx: Tx, paper: NewPaper): Promise<boolean> {
  const seller = await sellerById(tx, paper.sellerId)
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
  const letter = paper.kind === 'invoice' ? 'F' : 'A'
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('papers')
    .values({
      ...{ id: newId(paper.at.getTime()), sellerId: seller.id, key: paper.key, kind: paper.kind, number: null },
      ...{ series: `${letter}-${bookYear(paper.issuedOn, seller.yearBegins)}`, issuedOn: paper.issuedOn },
      ...{ language: paper.language, content: JSON.stringify(content), issuedAt: paper.at },
    })
    .onConflict((conflict) => conflict.columns(['sellerId', 'key']).doNothing())
    .executeTakeFirstOrThrow()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}
