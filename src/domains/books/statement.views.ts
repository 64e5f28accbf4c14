import type { Db } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { StatementContent } from './statement.rules.ts'

export type Statement = {
  id: string
  sellerId: string
  payeeId: string
  distributionId: string
  language: Lang
  content: StatementContent
  sentAt: Date | null
}

const COLUMNS = ['id', 'sellerId', 'payeeId', 'distributionId', 'language', 'content', 'sentAt'] as const

export const statementById = (db: Db, id: string): Promise<Statement | undefined> =>
  db.selectFrom('statements').select(COLUMNS).where('id', '=', id).executeTakeFirst()

export type StatementLine = {
  id: string
  name: string
  hasMail: boolean
  through: string
  earned: number
  balance: number
  sentAt: Date | null
}

/** The statements of a person, or of a distribution: the newest first, then by name. */
export const statementLines = (
  db: Db,
  sellerId: string,
  of: { payeeId: string } | { distributionId: string },
): Promise<StatementLine[]> =>
  db
    .selectFrom('statements')
    .innerJoin('payees', 'payees.id', 'statements.payeeId')
    .innerJoin('distributions', 'distributions.id', 'statements.distributionId')
    .select(['statements.id', 'payees.name', 'through', 'earned', 'balance', 'sentAt'])
    .select((row) => row('payees.email', '!=', '').as('hasMail'))
    .where('statements.sellerId', '=', sellerId)
    .where(
      'payeeId' in of ? 'statements.payeeId' : 'statements.distributionId',
      '=',
      'payeeId' in of ? of.payeeId : of.distributionId,
    )
    .orderBy('through', 'desc')
    .orderBy('payees.name')
    .$castTo<StatementLine>()
    .execute()

export type DistributionLine = { id: string; number: number; fromDay: string | null; through: string; given: number }

export const distributionsOf = (db: Db, sellerId: string): Promise<DistributionLine[]> =>
  db
    .selectFrom('distributions')
    .select(['id', 'number', 'fromDay', 'through', 'given'])
    .where('sellerId', '=', sellerId)
    .orderBy('number', 'desc')
    .execute()
