import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { lastWords } from '../operation.rules.ts'
import { type Operation, readOperations } from '../read-operations.ts'
import type { Draft } from './lay-in.ts'
import { dueBy, isRunningLow, nextOf, type Rhythm, streakOf } from './series.rules.ts'
import type { Each } from './set-each.ts'

export type Series = Operation & Rhythm & Each & { thanksWords: string }

export const {
  byId: seriesById,
  publicly: publicSeries,
  ofArtist: seriesOf,
} = readOperations<Series>(
  sql`s.unit, s.every, s.first_day as "firstDay", s.hour, s.count, s.notice, s.notice_words as "noticeWords",
    s.notice_words_other as "noticeWordsOther", s.notice_texts as "noticeTexts", s.price, o.thanks_words as "thanksWords"`,
  sql`join series s on s.operation_id = o.id`,
)

/** Why what is laid in could not be published as it is. */
export type Lacks = 'no-tracks' | 'untitled' | 'empty' | 'removed' | 'members'

export type SeriesItem = {
  id: string
  kind: Draft['kind'] | null
  /** Of the release or the post; null when it is no more. */
  of: string | null
  title: string
  slug: string | null
  isPublic: boolean
  lacks: Lacks | null
  number: number | null
  givenAt: Date | null
  /** It could not be published when its hour came. */
  problem: string | null
  /** The notice of it, and what it is in the shop. */
  announcementId: string | null
  productId: string | null
}

/** Given to members since it was laid in, release `r` or post `p`: a series does not make it everybody's (docs/decisions/0110). */
export const IS_FOR_MEMBERS = sql<boolean>`(coalesce(r.for_members, p.for_members, false) and coalesce(r.visibility, p.visibility) in ('members', 'scheduled'))`

/** What was given by its number, and what is laid in in its order. */
export async function itemsOf(
  db: Db | Tx,
  operationId: string,
  now: Date,
): Promise<{ given: SeriesItem[]; laid: SeriesItem[] }> {
  const { rows } = await sql<SeriesItem>`
    select i.id, case when r.id is not null then 'release' when p.id is not null then 'post' end as kind, coalesce(r.id, p.id) as of,
      coalesce(r.title, p.title, '') as title, coalesce(r.slug, p.slug) as slug,
      coalesce(r.removed_at is null and (r.visibility = 'public' or (r.visibility = 'scheduled' and r.publish_at <= ${now})),
        p.removed_at is null and (p.visibility = 'public' or (p.visibility = 'scheduled' and p.publish_at <= ${now})), false) as "isPublic",
      case when coalesce(r.removed_at, p.removed_at) is not null then 'removed'
        when ${IS_FOR_MEMBERS} then 'members'
        when r.id is not null and not exists (select from tracks t where t.release_id = r.id) then 'no-tracks'
        when p.title = '' then 'untitled' when trim(p.body) = '' then 'empty' end as lacks,
      i.number, i.given_at as "givenAt", i.problem,
      i.announcement_id as "announcementId", i.product_id as "productId"
    from series_items i left join releases r on r.id = i.release_id left join posts p on p.id = i.post_id
    where i.operation_id = ${operationId} order by i.number, i.place, i.id`.execute(db)
  return {
    given: rows.filter(({ givenAt }) => givenAt),
    laid: rows.filter(({ number, of }) => number === null && of),
  }
}

/** How many people want to be told of each. */
export async function followersOf(db: Db | Tx, operationId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct u.fan_id)::int as n from followings f join subscriptions u on u.id = f.subscription_id
    where f.subject = ${`operation:${operationId}`} and u.state = 'active'`.execute(db)
  return rows[0]?.n ?? 0
}

/** Drafts of the artist that are laid in nowhere: releases, posts; what was changed last first. */
export async function draftsOf(db: Db | Tx, artistId: string): Promise<(Draft & { title: string })[]> {
  const { rows } = await sql<Draft & { title: string }>`
    select kind, id, title from (
      select 'release' as kind, id, title, updated_at as changed_at from releases
        where artist_id = ${artistId} and removed_at is null and visibility in ('draft', 'unlisted')
          and not exists (select from series_items i where i.release_id = releases.id)
      union all
      select 'post', id, title, changed_at from posts
        where sender_id = ${artistId} and removed_at is null and visibility in ('draft', 'unlisted')
          and not exists (select from series_items i where i.post_id = posts.id)
    ) drafts order by kind desc, changed_at desc, id limit 400`.execute(db)
  return rows
}

export type Given = { kind: 'release' | 'post'; id: string; publishedAt: Date }

/** How a series ended, in the words of its artist. */
export type SeriesEnd = { at: Date; words: string }

/** A series that is public, with what was given in it and everyone may have, the last first, and how it ended: what a feed tells of it. */
export async function seriesGiven(
  db: Db | Tx,
  { artistId, slug, now }: { artistId: string; slug: string; now: Date },
): Promise<(Pick<Series, 'id' | 'title' | 'words' | 'language'> & { given: Given[]; end: SeriesEnd | null }) | null> {
  const series = await publicSeries(db, artistId, slug)
  if (!series) return null
  const { given } = await itemsOf(db, series.id, now)
  const { id, title, words, language } = series
  const shown = given.flatMap(({ kind, of, isPublic, givenAt }): Given[] =>
    kind && of && isPublic && givenAt ? [{ kind, id: of, publishedAt: givenAt }] : [],
  )
  shown.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || (a.id < b.id ? 1 : -1))
  const end = series.closedAt && { at: series.closedAt, words: lastWords(series) }
  return { id, title, words, language, given: shown, end }
}

export type Standing = {
  due: number
  streak: number
  next: { number: number; at: Date } | null
  /** Fewer than two are ready for what is to come. */
  isLow: boolean
  /** How many of those laid in can be published as they are. */
  ready: number
}

/** Where a series stands now. */
export function standingOf(
  series: Series,
  { given, laid }: { given: SeriesItem[]; laid: SeriesItem[] },
  now: Date,
): Standing {
  const at = new Map(given.flatMap(({ number, givenAt }) => (number && givenAt ? [[number, givenAt] as const] : [])))
  const ready = laid.filter(({ lacks }) => !lacks).length
  const goesOn = series.state !== 'closed'
  return {
    // What would have come after it was closed is no hole.
    due: dueBy(series, series.closedAt ?? now),
    streak: streakOf(series, at, now),
    next: goesOn ? nextOf(series, now, new Set(at.keys())) : null,
    isLow: goesOn && isRunningLow(series, now, ready),
    ready,
  }
}

export type RunningLow = { id: string; title: string; ready: number; next: Date; timeZone: string }

/** Series that go on and in which fewer than two are ready: what their artist is warned of. */
export async function runningLow(db: Db | Tx, artistId: string, now: Date): Promise<RunningLow[]> {
  const found: RunningLow[] = []
  for (const series of await seriesOf(db, artistId)) {
    if (series.state !== 'open') continue
    const { isLow, ready, next } = standingOf(series, await itemsOf(db, series.id, now), now)
    const { id, title, timeZone } = series
    if (isLow && next) found.push({ id, title, ready, next: next.at, timeZone })
  }
  return found
}
