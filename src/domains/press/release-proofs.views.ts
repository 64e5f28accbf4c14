import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { stands } from '../exchange/index.ts'
import { type Facts, type ProofKind, TOWN_FLOOR } from './proofs.rules.ts'
import { eachMonth, heardAgain, inOrder, listens, type Proof, share } from './proofs.views.ts'

const DAY_MS = 24 * 3_600_000

/** A release with the subjects that stand for it and its tracks, those taken off it too. */
type Release = { artistId: string; subjects: string[] }
type Read = (db: Db | Tx, release: Release, now: Date) => Promise<Facts>

const heard = ({ artistId, subjects }: Release) => listens(artistId, sql`r.subject = any(${subjects}::text[])`)

/** What somebody did with it, by person; money that went back is nothing that they did. */
const done = ({ artistId, subjects }: Release) => sql`
  select coalesce(o.is_person, r.person_id) as person, o.since, r.at from returns r left join one_person o on o.person_id = r.person_id
  where r.artist_id = ${artistId} and r.subject = any(${subjects}::text[]) and r.kind <> 'refund' and ${stands('r')} and r.person_id is not null`

/** Where those live who follow the artist, agreed to be recognised and did something with this release since; a town from five people on. */
const towns: Read = async (db, release) => {
  const { rows } = await sql<{ place: string; people: number }>`
    with did as (
      select person, max(at) filter (where since is null or at >= since) as last from (${done(release)}) done group by 1
    )
    select min(trim(f.place)) as place, count(distinct f.id)::int as people
    from did join fans f on f.person_id = did.person and f.recognised_since <= did.last
    where trim(f.place) <> '' and exists (
      select from subscriptions s where s.fan_id = f.id and s.artist_id = ${release.artistId} and s.state = 'active')
    group by lower(trim(f.place)) having count(distinct f.id) >= ${TOWN_FLOOR} order by 2 desc, 1 limit 30`.execute(db)
  return { towns: rows }
}

/** How many people had heard it, at the beginning of each of the last twelve months and today. */
const growth: Read = (db, release, now) => {
  const read = sql`, firsts as (select person, min(at) as at from (${heard(release)}) heard group by 1)`
  return eachMonth(db, { read, counted: sql`select count(*)::int from firsts f where f.at <= m.at` }, now)
}

type Counted = { n: number; of: number }

/** Of the recognised people who were sent it within a year, alone or with other things, how many did something with it within seven days, at least once. */
const response: Read = async (db, release, now) => {
  const { artistId, subjects } = release
  const [from, to] = [new Date(now.getTime() - 365 * DAY_MS), new Date(now.getTime() - 7 * DAY_MS)]
  const { rows } = await sql<Counted>`
    with told as (
      select t.person_id, t.at from touches t join fans f on f.person_id = t.person_id and f.recognised_since <= t.at
      where t.artist_id = ${artistId} and t.channel in ('mail', 'sms', 'push') and t.at >= ${from} and t.at < ${to}
        and (t.subject = any(${subjects}::text[]) or t.subject in (select a.gift from announcement_things a where a.subject = any(${subjects}::text[])))
    ), did as (
      select person, at from (${done(release)}) done where at > ${from}
    ), people as (
      select t.person_id, bool_or(exists (
        select from did d where d.person = t.person_id and d.at > t.at and d.at <= t.at + interval '7 days')) as did
      from told t group by 1
    )
    select count(*)::int as of, (count(*) filter (where did))::int as n from people`.execute(db)
  const [{ n, of } = { n: 0, of: 0 }] = rows
  return share(n, of, from, to)
}

const retention: Read = (db, release, now) => heardAgain(db, heard(release), now)

const READ: Record<ProofKind, Read> = { towns, growth, response, retention }

/** One figure of a release as it is now. */
export async function readReleaseProof(
  db: Db | Tx,
  kind: ProofKind,
  { id, artistId }: { id: string; artistId: string },
  now: Date,
): Promise<Facts> {
  const { rows } = await sql<{ subject: string }>`
    select 'release:' || ${id}::text as subject union all select 'track:' || id from tracks where release_id = ${id}::uuid
    union all select 'track:' || id from removed_tracks where release_id = ${id}::uuid`.execute(db)
  return READ[kind](db, { artistId, subjects: rows.map(({ subject }) => subject) }, now)
}

/** Those of a release that its artist agreed to show. */
export async function shownReleaseProofs(db: Db | Tx, releaseId: string): Promise<Proof[]> {
  const { rows } = await sql<Proof>`
    select kind, facts, made_at as "madeAt" from press_release_proofs where release_id = ${releaseId}
    order by ${inOrder}`.execute(db)
  return rows
}
