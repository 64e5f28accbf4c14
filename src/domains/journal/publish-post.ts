import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { newToken } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { fromLocal, isZone, toMinute } from '../../platform/zones.ts'
import { type Move, type MoveProblem, recordGift } from '../exchange/index.ts'
import { audit, senderOf } from '../identity/index.ts'
import { type ForMembers, visibilityAt } from '../music/index.ts'
import { becomePublic, lockPost, type PostRow } from './post.store.ts'

/** Who asks: an account, or null for a command of the machine. */
export type By = { by: string | null }
type Of = { postId: string } & By
type Deps = Pick<Platform, 'db' | 'now'>

/** `missing`: no such post, or put aside. `empty`: there is nothing to read in it. `untitled`: nothing to call it by. */
export type PublishProblem = 'missing' | 'empty' | 'untitled'
/** `past`: the moment is over already. `no-zone`: not a time zone that exists. `public`: it is out, withdraw it first. */
export type ScheduleProblem = PublishProblem | 'past' | 'no-zone' | 'public'

/** Makes a post public from now on. Public already: nothing changes, and the first moment is told. */
export async function publishPost(
  { db, now }: Deps,
  { postId, by }: Of,
): Promise<Result<{ publishedAt: Date }, PublishProblem>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt) return fail('missing')
    if (post.visibility === 'public') return ok({ publishedAt: post.publishedAt ?? now() })
    if (!post.title) return fail('untitled')
    if (!post.body.trim()) return fail('empty')
    const publishedAt = await becomePublic(tx, post, now())
    await record(tx, post, by, 'publish')
    return ok({ publishedAt })
  })
}

/** Lets a post become public by itself, to the minute. `zone` (IANA) is where that minute was chosen, and how it is shown. */
export async function schedulePost(
  { db, now }: Deps,
  { postId, at, zone, by }: { at: Date; zone: string } & Of,
): Promise<Result<{ publishAt: Date }, ScheduleProblem>> {
  const publishAt = toMinute(at)
  if (!isZone(zone)) return fail('no-zone')
  if (publishAt.getTime() <= now().getTime()) return fail('past')
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt) return fail('missing')
    if (post.visibility === 'public') return fail('public')
    if (!post.title) return fail('untitled')
    if (!post.body.trim()) return fail('empty')
    await plan(tx, post, { publishAt, zone, by })
    return ok({ publishAt })
  })
}

/** Moves a scheduled post to another moment, as long as it stands as whoever moves it saw it (`from`, ISO 8601); its own zone stays. */
export async function movePost(
  { db, now }: Deps,
  { id, from, to, zone, by }: Move,
): Promise<Result<Date, MoveProblem>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post || post.removedAt) return fail('missing')
    if (visibilityAt(post, now()) === 'public') return fail('left')
    if (post.visibility !== 'scheduled' || post.publishAt?.toISOString() !== from) return fail('meanwhile')
    const publishAt = fromLocal(to, zone)
    if (!publishAt || publishAt <= now()) return fail('past')
    await plan(tx, post, { publishAt, zone: post.publishZone ?? zone, by })
    return ok(publishAt)
  })
}

async function plan(tx: Tx, post: PostRow, { publishAt, zone, by }: { publishAt: Date; zone: string } & By) {
  await change(tx, post.id, { visibility: 'scheduled', publishAt, publishZone: zone })
  await addJob(tx, 'journal.publish-due', {}, { key: `journal.publish:${post.id}`, runAt: publishAt })
  await record(tx, post, by, 'schedule', { at: publishAt.toISOString(), zone })
}

/**
 * Gives a post to members of its artist, from now on; a scheduled one stays so, and is theirs until it is everybody's. The first time it is a gift;
 * becoming public later is not another. `public`: everybody reads it already. `no-members`: a label has none.
 */
export async function givePostToMembers(
  { db, now }: Deps,
  { postId, by, plans, listed, teaser }: Of & ForMembers,
): Promise<Result<null, PublishProblem | 'public' | 'no-members'>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt) return fail('missing')
    if (!post.artistId) return fail('no-members')
    if (post.visibility === 'public') return fail('public')
    if (!post.title) return fail('untitled')
    if (!post.body.trim()) return fail('empty')
    const at = now()
    await change(tx, postId, {
      visibility: post.visibility === 'scheduled' ? 'scheduled' : 'members',
      ...{ forMembers: true, memberPlans: plans, membersListed: listed, teaser },
      membersAt: post.membersAt ?? at,
    })
    await recordGift(tx, { artistId: post.senderId, kind: 'post', subject: `post:${postId}`, at, audience: 'members' })
    await record(tx, post, by, 'members')
    return ok(null)
  })
}

/** Leaves a post to those who hold its secret link; makes the link when there is none. */
export async function unlistPost(deps: Pick<Platform, 'db'>, { postId, by }: Of): Promise<Result<null, 'missing'>> {
  return deps.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt) return fail('missing')
    if (post.visibility === 'unlisted') return ok(null)
    await change(tx, postId, {
      visibility: 'unlisted',
      forMembers: false,
      publishAt: null,
      secretToken: post.secretToken ?? newToken(),
    })
    await record(tx, post, by, 'unlist')
    return ok(null)
  })
}

/** Gives a post another secret link: the one before opens nothing from then on. */
export async function renewPostLink(deps: Pick<Platform, 'db'>, { postId, by }: Of): Promise<Result<null, 'missing'>> {
  return deps.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post || post.removedAt) return fail('missing')
    await change(tx, postId, { secretToken: newToken() })
    await record(tx, post, by, 'link')
    return ok(null)
  })
}

/** Takes a post back to a draft, whatever it was. What came back from it stays, and publishing it again is no second gift. */
export async function withdrawPost(deps: Pick<Platform, 'db'>, { postId, by }: Of): Promise<Result<null, 'missing'>> {
  return deps.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post) return fail('missing')
    if (post.visibility === 'draft') return ok(null)
    await change(tx, postId, { visibility: 'draft', forMembers: false, publishAt: null })
    await record(tx, post, by, 'withdraw')
    return ok(null)
  })
}

/** Puts a post aside: a draft that nobody sees, which keeps its address and can be put back. */
export async function removePost({ db, now }: Deps, { postId, by }: Of): Promise<Result<null, 'missing'>> {
  return db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post) return fail('missing')
    await change(tx, postId, {
      visibility: 'draft',
      forMembers: false,
      publishAt: null,
      removedAt: post.removedAt ?? now(),
    })
    await record(tx, post, by, 'remove')
    return ok(null)
  })
}

/** Puts it back, as a draft. */
export async function restorePost(deps: Pick<Platform, 'db'>, { postId, by }: Of): Promise<Result<null, 'missing'>> {
  return deps.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, postId)
    if (!post) return fail('missing')
    await change(tx, postId, { removedAt: null })
    await record(tx, post, by, 'restore')
    return ok(null)
  })
}

/**
 * Publishes every scheduled post whose minute has come, each dated at its own minute however late this runs. Safe to run twice, and by
 * several workers at once. Answers with how many there were.
 */
export async function publishDuePosts({ db, now }: Deps): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const due = await tx
      .selectFrom('posts')
      .selectAll()
      .where('visibility', '=', 'scheduled')
      .where('publishAt', '<=', now())
      .orderBy('publishAt')
      .limit(500)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const post of due) await becomePublic(tx, post, post.publishAt ?? now())
    return due.length
  })
}

type Change = Partial<
  Pick<
    PostRow,
    | 'visibility'
    | 'publishAt'
    | 'publishZone'
    | 'secretToken'
    | 'removedAt'
    | 'forMembers'
    | 'memberPlans'
    | 'membersListed'
    | 'teaser'
    | 'membersAt'
  >
>

const change = (tx: Tx, id: string, values: Change) =>
  tx
    .updateTable('posts')
    .set({ ...values, version: sql`version + 1`, changedAt: sql`now()` })
    .where('id', '=', id)
    .execute()

type Step = 'publish' | 'members' | 'schedule' | 'unlist' | 'link' | 'withdraw' | 'remove' | 'restore'

const record = (tx: Tx, post: PostRow, by: string | null, step: Step, details?: Record<string, string>) =>
  audit(tx, {
    accountId: by,
    action: `post.${step}`,
    ...senderOf(post),
    subject: post.title,
    ...(details && { details }),
  })
