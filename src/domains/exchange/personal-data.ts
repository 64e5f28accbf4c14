import type { Db, Tx } from '../../platform/database/index.ts'
import { forgetArrivals } from './arrivals.store.ts'
import { closeShares } from './shares.store.ts'

type Persons = { personIds: string[] }

/**
 * What the spine keeps of people, in the shape that fans' registry of personal data asks for. Rows name a person by a random id alone: what
 * leads to somebody are the mappings, of which the visitors' is kept here.
 */
export const exchangePersonalData = {
  tables: ['touches', 'returns', 'person_visitors', 'arrivals', 'shares', 'brought', 'gift_people'],

  async know(db: Db | Tx, { personIds }: Persons): Promise<Record<string, unknown>> {
    const touches = await db
      .selectFrom('touches')
      .select(['at', 'channel', 'subject', 'referrer', 'token'])
      .where('personId', 'in', personIds)
      .orderBy('at')
      .execute()
    const returns = await db
      .selectFrom('returns')
      .select(['at', 'kind', 'subject', 'referrer', 'token', 'details'])
      .where('personId', 'in', personIds)
      .orderBy('at')
      .execute()
    const shares = await db
      .selectFrom('shares')
      .select(['code', 'subject', 'createdAt', 'closedAt'])
      .where('personId', 'in', personIds)
      .orderBy('createdAt')
      .execute()
    const brought = await db
      .selectFrom('brought')
      .select((row) => ['at', row('personId', 'in', personIds).as('themselves')])
      .where((row) => row.or([row('personId', 'in', personIds), row('byPerson', 'in', personIds)]))
      .orderBy('at')
      .execute()
    return { touches, returns, shares, brought }
  },

  async erase(tx: Tx, { personIds }: Persons): Promise<void> {
    await tx.deleteFrom('personVisitors').where('personId', 'in', personIds).execute()
    for (const personId of personIds) await forgetArrivals(tx, personId)
    await closeShares(tx, personIds, new Date())
  },

  /** A person goes on being one: that several are one fan stands with the fan. */
  merge: async (): Promise<void> => undefined,
}
