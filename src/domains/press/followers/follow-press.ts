import '../tables.ts'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { answerFrom, holdAddress, type ReadAddress } from '../../fans/index.ts'
import { callBack, enqueueOne } from '../../reach/index.ts'
import { followerById, isTold, type OneFollower } from './followers.views.ts'
import { askingMail } from './mails.ts'

type Deps = Pick<Platform, 'db' | 'signer' | 'now' | 'config'>

export type AskToFollow = {
  artistId: string
  address: ReadAddress
  language: Lang
  /** The sentence under which they ask. */
  wording: string
  /** By which private link they came. */
  linkId: string | null
}

/**
 * Somebody asks that an address be told of momentum. Whoever it is, nothing but the question is sent there before its owner says so, and nothing changes of what the owner agreed to. Answers with
 * whose question it is.
 */
export async function askToFollow(
  platform: Deps,
  { artistId, address, ...asked }: AskToFollow,
): Promise<{ followerId: string }> {
  const { db, now } = platform
  return db.transaction().execute(async (tx) => {
    const { id: addressId } = await holdAddress(tx, platform, address, { language: asked.language })
    const [at, askedWith] = [now(), JSON.stringify(asked)]
    const row = await tx
      .insertInto('pressFollowers')
      .values({ id: newId(), artistId, addressId, askedAt: at, askedWith, confirmedAt: null, ...asked })
      .onConflict((conflict) => conflict.columns(['artistId', 'addressId']).doUpdateSet({ askedAt: at, askedWith }))
      .returning('id')
      .executeTakeFirstOrThrow()
    const follower = await followerById(tx, row.id)
    if (follower) {
      const { subject, text, html, unsubscribe } = await askingMail(tx, platform, follower)
      await enqueueOne(tx, {
        ...{ kind: 'notice', channel: 'mail', artistId, addressId, address: follower.address },
        language: asked.language,
        // Who asked to be left alone may want this all the same; they are asked, and nothing more.
        message: { subject, text, html, unsubscribe, lastWord: true },
        dueAt: at,
        once: `press-follow:${row.id}:${at.toISOString()}`,
      })
    }
    return { followerId: row.id }
  })
}

/** Whoever has the address says that they want to be told. Saying it twice is no error. False when nobody asks any more. */
export async function confirmFollower(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { id, addressId }: Pick<OneFollower, 'id' | 'addressId'>,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    if (!(await answerFrom(tx, { now }, addressId))) return false
    const row = await tx
      .selectFrom('pressFollowers')
      .select(['askedWith', 'confirmedAt'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (row?.askedWith)
      await tx
        .updateTable('pressFollowers')
        .set({ ...row.askedWith, askedWith: null, confirmedAt: row.confirmedAt ?? now() })
        .where('id', '=', id)
        .execute()
    return row !== undefined
  })
}

/** They are told nothing more, and nothing is kept of it. `by` narrows it to followers of one artist. */
export async function unfollowPress(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { id, artistId }: { id: string; artistId?: string },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('pressFollowers').select('artistId').where('id', '=', id).executeTakeFirst()
    if (!row || (artistId && row.artistId !== artistId)) return false
    await lockPage(tx, row.artistId)
    await tx.deleteFrom('pressFollowers').where('id', '=', id).execute()
    await callBackUntold(tx, row.artistId, now())
    return true
  })
}

/** Whether those who follow are told at all, from now on. */
export async function setTelling(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { artistId, tells }: { artistId: string; tells: boolean },
): Promise<void> {
  const at = now()
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('pressPages')
      .values({ artistId, tellsMomentum: tells, updatedAt: at })
      .onConflict((conflict) => conflict.column('artistId').doUpdateSet({ tellsMomentum: tells, updatedAt: at }))
      .execute()
    await callBackUntold(tx, artistId, at)
  })
}

/** Whoever tells, and whoever says that it is not to be told, wait for one another here. Says whether it is told at all. */
export async function lockPage(tx: Tx, artistId: string): Promise<boolean> {
  const page = await tx
    .selectFrom('pressPages')
    .select('tellsMomentum')
    .where('artistId', '=', artistId)
    .forUpdate()
    .executeTakeFirst()
  return page?.tellsMomentum ?? false
}

/** What was written of a burst and has not left stays, where whoever it is for is not to be told any more. The page is locked, or was just written. */
export async function callBackUntold(tx: Tx, artistId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ deliveryId: number }>`
    select t.delivery_id as "deliveryId" from press_tellings t join press_bursts b on b.id = t.burst_id
    where b.artist_id = ${artistId} and not exists (
      select from press_followers f left join press_links l on l.id = f.link_id
      where f.artist_id = b.artist_id and f.address_id = t.address_id and ${isTold(now)})`.execute(tx)
  await callBack(
    tx,
    rows.map(({ deliveryId }) => deliveryId),
  )
}

/** Questions that nobody answered in a month are forgotten. */
export async function forgetUnanswered({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  const old = sql<boolean>`asked_at < ${now()}::timestamptz - interval '30 days'`
  await db.deleteFrom('pressFollowers').where('confirmedAt', 'is', null).where(old).execute()
  await db
    .updateTable('pressFollowers')
    .set({ askedWith: null })
    .where('askedWith', 'is not', null)
    .where(old)
    .execute()
}
