import type { Db } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { followedBy } from './follow.ts'
import type { Cadence, Channel, SubscriptionState } from './tables.ts'

export type Preferences = {
  fanId: string
  address: string
  channel: Channel
  language: Lang
  recognised: boolean
  subscriptions: {
    id: string
    artistId: string | null
    name: string
    /** The first segment of their pages' addresses. */
    slug: string
    channel: Channel
    state: SubscriptionState
    cadence: Cadence
    pausedUntil: Date | null
    /** Subjects of which they are told each time. */
    follows: string[]
  }[]
  /** The fan's other addresses, so far hidden that whoever was put together with another by mistake does not learn theirs. */
  others: string[]
}

/** What the reader of one address may see and choose. */
export async function preferencesOf(db: Db, addressId: string, now: Date): Promise<Preferences | null> {
  const row = await db
    .selectFrom('fanAddresses')
    .innerJoin('fans', 'fans.id', 'fanAddresses.fanId')
    .select(['fans.id as fanId', 'fans.language', 'fans.recognisedSince', 'fanAddresses.address', 'channel'])
    .where('fanAddresses.id', '=', addressId)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const subscriptions = await db
    .selectFrom('subscriptions')
    .leftJoin('artists', 'artists.id', 'subscriptions.artistId')
    .leftJoin('labels', 'labels.id', 'subscriptions.labelId')
    .select(['subscriptions.id', 'subscriptions.artistId', 'subscriptions.channel', 'state', 'cadence', 'pausedUntil'])
    .select((s) => s.fn.coalesce('artists.name', 'labels.name').as('name'))
    .select((s) => s.fn.coalesce('artists.slug', 'labels.slug').as('slug'))
    .where('addressId', '=', addressId)
    .orderBy('name')
    .execute()
  const others = await db
    .selectFrom('fanAddresses')
    .select(['address', 'channel'])
    .where('fanId', '=', row.fanId)
    .where('id', '!=', addressId)
    .where('removedAt', 'is', null)
    .execute()
  const followings = await followedBy(
    db,
    subscriptions.map(({ id }) => id),
  )
  const { recognisedSince, ...rest } = row
  return {
    ...rest,
    recognised: recognisedSince !== null,
    subscriptions: subscriptions.map((one) => ({
      ...one,
      name: one.name ?? '',
      slug: one.slug ?? '',
      follows: followings.flatMap(({ subscriptionId, subject }) => (subscriptionId === one.id ? [subject] : [])),
      pausedUntil: one.pausedUntil && one.pausedUntil > now ? one.pausedUntil : null,
    })),
    others: others.map(({ address, channel }) => masked(address, channel)),
  }
}

/** `l…@example.org`, `+336…78`: enough for its owner to know which. */
export function masked(address: string, channel: Channel): string {
  if (channel === 'push') return new URL(address).hostname
  if (channel === 'sms') return `${address.slice(0, 4)}…${address.slice(-2)}`
  const at = address.lastIndexOf('@')
  return `${[...address][0]}…${address.slice(at)}`
}
