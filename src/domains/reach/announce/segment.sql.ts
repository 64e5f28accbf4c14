import { type RawBuilder, sql } from 'kysely'
import type { Condition, Segment } from '../segment.rules.ts'

/** What belongs to a subject that a condition names: a release with its tracks. */
export type Parts = Map<string, string[]>

/** Whose fans, and the moment that days are counted back from. */
type Of = { id: string; parts: Parts; now: Date }

const DAY_MS = 24 * 3_600_000

/** In SQL, over a row `s` of `standings`: whether the fan belongs to the segment. */
export function inSegment({ all }: Segment, of: Of): RawBuilder<boolean> {
  return all.length
    ? sql.join(
        all.map((condition) => sql`(${holds(condition, of)})`),
        sql` and `,
      )
    : sql`true`
}

function holds(condition: Condition, of: Of): RawBuilder<unknown> {
  const { now } = of
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const since = (days: number | undefined) => (days === undefined ? null : ago(days))
  switch (condition.is) {
    case 'language':
      return sql`s.language = ${condition.language}`
    case 'country':
      return sql`s.country = ${condition.country}`
    case 'place':
      return sql`s.place = searchable(${condition.place})`
    case 'channel':
      return sql`s.channels & channel_bit(${condition.channel}) <> 0`
    case 'joined':
      return condition.beforeDays === undefined
        ? sql`s.joined_at >= ${ago(condition.withinDays ?? 0)}`
        : sql`s.joined_at < ${ago(condition.beforeDays)}`
    case 'took':
      return condition.subject
        ? sql`s.fan_id = any(array(select k.fan_id from subject_standings k
            where ${ofSubject(condition.subject, of)} and k.takes > 0 and ${latest('took_at', since(condition.withinDays))}))`
        : sql`s.takes > 0 and ${after('took_at', since(condition.withinDays))}`
    case 'listened':
      return listened(condition, of, since(condition.withinDays))
    case 'answered':
      return sql`s.answered_at is not null and ${after('answered_at', since(condition.withinDays))}`
    case 'bought':
      return sql`s.bought_at is not null and ${after('bought_at', since(condition.withinDays))}`
    case 'member': {
      const byPlan = condition.plans?.length ? sql`and k.plan = any(${condition.plans}::uuid[])` : sql``
      return sql`s.fan_id = any(array(select k.fan_id from member_fans k
        where k.artist_id = ${condition.artistId ?? of.id} and k.paid_until > ${now} and not coalesce(k.closed @> ${now}::timestamptz, false) ${byPlan}))`
    }
    case 'not-told':
      return sql`s.told_at is null or s.told_at < ${ago(condition.forDays)}`
    case 'follows':
      return sql`s.fan_id = any(array(select u.fan_id from followings g join subscriptions u on u.id = g.subscription_id
        where g.subject = ${condition.subject} and u.state = 'active' and ${of.id} in (u.artist_id, u.label_id)))`
    case 'not':
      // What is not known does not hold, so its contrary does.
      return sql`(${holds(condition.condition, of)}) is not true`
  }
}

const after = (column: string, since: Date | null): RawBuilder<unknown> =>
  since ? sql`s.${sql.ref(column)} >= ${since}` : sql`true`

/**
 * Rows `k` of `subject_standings`, of a subject and what belongs to it. They are gathered first, as an array: a join would look each fan up one by one.
 */
const ofSubject = (subject: string, { parts, id }: Of): RawBuilder<unknown> =>
  sql`k.artist_id = ${id} and k.subject = any(${[subject, ...(parts.get(subject) ?? [])]}::text[])`

const latest = (column: string, since: Date | null): RawBuilder<unknown> =>
  since ? sql`k.${sql.ref(column)} >= ${since}` : sql`true`

function listened(
  { subject, atLeast }: Extract<Condition, { is: 'listened' }>,
  of: Of,
  since: Date | null,
): RawBuilder<unknown> {
  const often = sql`s.listens >= ${atLeast}`
  if (subject && (!since || atLeast === 1))
    return sql`${often} and s.fan_id = any(array(select k.fan_id from subject_standings k
      where ${ofSubject(subject, of)} and ${latest('listened_at', since)} group by k.fan_id having sum(k.listens) >= ${atLeast}))`
  if (subject)
    return sql`${often} and s.fan_id in (
      select fan_id from (${whoDid('listen', subject, of.parts, since)}) heard group by fan_id having count(*) >= ${atLeast})`
  if (!since) return often
  if (atLeast === 1) return sql`s.listens > 0 and s.listened_at >= ${since}`
  // Only of those whom the standing facts leave in question, and so asked one by one.
  return sql`${often} and s.listened_at >= ${since} and ${atLeast} <= (
    select count(*) from returns r where r.artist_id = s.artist_id and r.kind = 'listen' and r.at >= ${since} and fan_of(r.person_id, r.at) = s.fan_id
      and r.person_id in (select f.person_id from fans f where f.id = s.fan_id or f.merged_into = s.fan_id
        union all select p.person_id from person_fans p where p.fan_id = s.fan_id))`
}

/** The fans behind the returns of one kind to a subject: a fan's own doing in any case, a visitor's since that fan agreed to be recognised. */
function whoDid(kind: string, subject: string, parts: Parts, since: Date | null): RawBuilder<unknown> {
  const subjects = [subject, ...(parts.get(subject) ?? [])]
  const did = sql`r.subject = any(${subjects}::text[]) and r.kind = ${kind} and r.reverses is null ${since ? sql`and r.at >= ${since}` : sql``}`
  return sql`
    select coalesce(f.merged_into, f.id) as fan_id from returns r join fans f on f.person_id = r.person_id where ${did}
    union all
    select f.id from returns r join person_fans p on p.person_id = r.person_id join fans f on f.id = p.fan_id
    where ${did} and f.recognised_since <= r.at and not exists (select from fans own where own.person_id = r.person_id)`
}
