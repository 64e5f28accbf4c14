import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'

/** Sends the statements of a distribution to those who have a mail address and were not sent theirs. */
export async function sendStatements(
  { db }: Pick<Platform, 'db'>,
  sellerId: string,
  distributionId: string,
): Promise<void> {
  const waiting = await db
    .selectFrom('statements')
    .innerJoin('payees', 'payees.id', 'statements.payeeId')
    .select('statements.id')
    .where('statements.sellerId', '=', sellerId)
    .where('distributionId', '=', distributionId)
    .where('sentAt', 'is', null)
    .where('payees.email', '!=', '')
    .execute()
  await db.transaction().execute(async (tx) => {
    for (const { id } of waiting)
      await addJob(tx, 'books.mail-statement', { statementId: id }, { key: `books.mail-statement:${id}` })
  })
}
