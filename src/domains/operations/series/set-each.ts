import type { Platform } from '../../../platform/platform.ts'
import { audit } from '../../identity/index.ts'
import { lockOperation } from '../operation.store.ts'

/** What goes with each of a series, besides that it is given. */
export type Each = {
  /** Who is told of each: all fans, those who asked for it, or nobody. */
  notice: 'fans' | 'followers' | null
  /** What the notice says under its title, in the language of the series. */
  noticeWords: string
  /** The same in the other language; empty: the other's readers get the words above. */
  noticeWordsOther: string
  /** By text message as well, to those who chose that. */
  noticeTexts: boolean
  /** What each costs in the shop, in minor units; null: it is not sold. */
  price: number | null
}

/** Says what goes with each from the next one on. False: there is no such series that goes on. */
export async function setEach(
  { db }: Pick<Platform, 'db'>,
  { operationId, by, each }: { operationId: string; by: string; each: Each },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (operation?.kind !== 'series' || operation.state === 'closed') return false
    await tx.updateTable('series').set(each).where('operationId', '=', operationId).execute()
    const { artistId, title } = operation
    await audit(tx, { accountId: by, action: 'series.each', artistId, subject: title, details: each })
    return true
  })
}
