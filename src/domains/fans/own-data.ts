import { eraseOwn } from './erase-fan.ts'
import { mergeOwn } from './merge-fans.ts'
import type { PersonalData } from './personal-data.ts'

/** What this domain keeps of people. Suppressions hold a signed hash and lead to nobody. */
export const ownPersonalData: PersonalData = {
  tables: [
    'fans',
    'person_fans',
    'fan_addresses',
    'subscriptions',
    'followings',
    'consents',
    'suppressions',
    'takings',
  ],
  async know(db, { fanId, addressIds }) {
    const fan = await db
      .selectFrom('fans')
      .select(['name', 'language', 'country', 'place', 'timeZone', 'recognisedSince', 'createdAt'])
      .where('id', '=', fanId)
      .executeTakeFirst()
    const addresses = await db
      .selectFrom('fanAddresses')
      .select(['channel', 'address', 'createdAt', 'verifiedAt', 'removedAt'])
      .where('fanId', '=', fanId)
      .execute()
    const subscriptions = await db
      .selectFrom('subscriptions')
      .leftJoin('artists', 'artists.id', 'subscriptions.artistId')
      .leftJoin('labels', 'labels.id', 'subscriptions.labelId')
      .select(['artists.name as artist', 'labels.name as label', 'channel', 'state', 'cadence', 'pausedUntil'])
      .select(['askedAt', 'joinedAt', 'leftAt'])
      .where('fanId', '=', fanId)
      .execute()
    const followings = await db
      .selectFrom('followings')
      .innerJoin('subscriptions', 'subscriptions.id', 'followings.subscriptionId')
      .select(['followings.subject', 'followings.at'])
      .where('fanId', '=', fanId)
      .orderBy('followings.at')
      .execute()
    const consents = addressIds.length
      ? await db
          .selectFrom('consents')
          .leftJoin('artists', 'artists.id', 'consents.artistId')
          .leftJoin('labels', 'labels.id', 'consents.labelId')
          .select(['consents.at', 'artists.name as artist', 'labels.name as label', 'channel', 'event', 'wording'])
          .select(['consents.language', 'source', 'proof'])
          .where('addressId', 'in', addressIds)
          .orderBy('at')
          .execute()
      : []
    const taken = await db
      .selectFrom('takings')
      .leftJoin('artists', 'artists.id', 'takings.artistId')
      .select(['artists.name as artist', 'subject', 'channel', 'address', 'askedAt', 'expiresAt', 'closedAt'])
      .where('fanId', '=', fanId)
      .orderBy('askedAt')
      .execute()
    return { fan, addresses, subscriptions, followings, consents, taken }
  },
  async ties(db, fanIds) {
    const rows = await db.selectFrom('subscriptions').select('fanId').distinct().where('fanId', 'in', fanIds).execute()
    return rows.map(({ fanId }) => fanId)
  },
  erase: eraseOwn,
  merge: mergeOwn,
}
