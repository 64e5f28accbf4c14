import './tables.ts'
import { sql } from 'kysely'
import type { Platform } from '../../platform/platform.ts'
import { putTogether } from './conversation.store.ts'

/**
 * Hears `fans.joined`. Whoever confirmed from a mail address holds it: what was begun by the form with that address, while nobody had proved it, is theirs
 * from now on, with every artist and label of the place. What was put aside as spam stays there.
 */
export async function hearJoined(
  { db }: Pick<Platform, 'db'>,
  { subscriptionId }: { subscriptionId: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const proved = await tx
      .selectFrom('subscriptions')
      .innerJoin('fanAddresses', 'fanAddresses.id', 'subscriptions.addressId')
      .select(['fanAddresses.fanId', 'fanAddresses.addressKey'])
      .where('subscriptions.id', '=', subscriptionId)
      .where('subscriptions.state', '=', 'active')
      .where('fanAddresses.channel', '=', 'mail')
      .where('verifiedAt', 'is not', null)
      .where('removedAt', 'is', null)
      .executeTakeFirst()
    if (!proved) return
    const { fanId, addressKey } = proved
    const begun = await tx
      .selectFrom('conversations')
      .select(['id', 'artistId', 'labelId'])
      .where('fanId', 'is', null)
      .where('sender', '=', `form:${addressKey}`)
      .where('state', '!=', 'spam')
      .orderBy('id')
      .forUpdate()
      .execute()
    for (const { id, artistId, labelId } of begun) {
      const owner = artistId ?? labelId
      // As whoever begins the fan's own conversation does.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${owner} ${fanId}`}, 90))`.execute(tx)
      const own = await tx
        .selectFrom('conversations')
        .select('id')
        .where(sql`coalesce(artist_id, label_id)`, '=', owner)
        .where('fanId', '=', fanId)
        .forUpdate()
        .executeTakeFirst()
      if (own) await putTogether(tx, { from: id, into: own.id })
      else await tx.updateTable('conversations').set({ fanId, sender: '' }).where('id', '=', id).execute()
    }
  })
}
