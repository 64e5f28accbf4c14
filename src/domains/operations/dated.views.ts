import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import type { Dated, Span } from '../exchange/index.ts'
import type { OperationKind, OperationState } from './operation.rules.ts'
import { missionPath, operationPath, seriesPath, studioPath } from './paths.rules.ts'
import { dueBy, momentOf } from './series/series.rules.ts'
import { itemsOf, type Series, seriesOf } from './series/series.views.ts'

type Row = Pick<Dated, 'id' | 'senderId' | 'title' | 'zone' | 'changed' | 'version'> & {
  kind: OperationKind
  state: OperationState
  openedAt: Date | null
  closedAt: Date | null
  entriesUntil: Date | null
  endsAt: Date | null
}

/** What operations have their days for: opening, the last moments to send something in, to vote and to take part, closing, and each of a series that was given or is to be. */
export async function datedOperations(db: Db, artistIds: string[], span: Span): Promise<Dated[]> {
  const { rows } = await sql<Row>`
    select o.id, o.artist_id as "senderId", o.title, o.time_zone as zone, o.kind, o.state, o.version, o.opened_at as "openedAt", o.closed_at as "closedAt",
      c.entries_until as "entriesUntil", o.ends_at as "endsAt", greatest(o.created_at, o.opened_at, o.closed_at) as changed
    from operations o left join contests c on c.operation_id = o.id
    where o.artist_id = any(${artistIds}::uuid[]) and o.hidden_at is null and o.state <> 'draft' order by o.id`.execute(
    db,
  )
  const dated = rows.flatMap(datesOf)
  for (const artistId of new Set(rows.flatMap(({ kind, senderId }) => (kind === 'series' ? [senderId] : []))))
    for (const series of await seriesOf(db, artistId)) {
      const row = rows.find(({ id }) => id === series.id)
      if (row) dated.push(...(await occurrencesOf(db, series, row, span)))
    }
  return dated.filter(({ at }) => at !== null && at >= span.from && at < span.to)
}

const STUDIO = { contest: studioPath, series: seriesPath, mission: missionPath }

function datesOf({ kind, state, openedAt, closedAt, entriesUntil, endsAt, ...row }: Row): Dated[] {
  const of = (what: string, at: Date | null, given: boolean): Dated[] =>
    at
      ? [
          {
            ...row,
            kind: what,
            at,
            day: null,
            given,
            href: STUDIO[kind](row.id),
            stands: null,
          },
        ]
      : []
  return [
    ...of('opens', openedAt, true),
    ...(kind === 'contest' ? [...of('entries-until', entriesUntil, false), ...of('votes-until', endsAt, false)] : []),
    ...(kind === 'mission' ? of('ends', endsAt, false) : []),
    ...of('closes', state === 'closed' ? closedAt : null, true),
  ]
}

/** So many numbers of one series are gone through: of the shortest rhythm, ten years. */
const MOST = 520

async function occurrencesOf(
  db: Db,
  series: Series,
  { id, senderId, zone, changed, version }: Row,
  { from, to, now }: Span,
): Promise<Dated[]> {
  const { given, laid } = await itemsOf(db, id, now)
  const byNumber = new Map(given.map((item) => [item.number, item]))
  const due = dueBy(series, series.closedAt ?? now)
  const ready = laid.filter(({ lacks }) => !lacks)
  const shared = { kind: 'occurrence', id, senderId, zone, day: null, href: seriesPath(id), stands: null }
  const found: Dated[] = []
  const first = Math.max(1, Math.min(dueBy(series, from), due + 1))
  for (let number = first, next = 0; number < first + MOST; number++) {
    const at = momentOf(series, number)
    if (at >= to || (series.count !== null && number > series.count)) break
    const item = byNumber.get(number)
    const isToCome = number > due
    if (!item && isToCome && series.state === 'closed') break
    // What is laid in is given in its order, from the next one on.
    const is = item ?? (isToCome ? ready[next++] : undefined)
    found.push({
      ...shared,
      number,
      of: series.title,
      title: is?.title ?? '',
      at: item?.givenAt ?? at,
      given: item !== undefined,
      empty: is ? null : isToCome ? 'to-come' : 'passed',
      about: is?.kind && is.of ? `${is.kind}:${is.of}` : null,
      changed,
      version,
    })
  }
  return found
}

const ANNOUNCED = ['opens', 'entries-until', 'votes-until', 'ends', 'occurrence'] as const

export type PublicDate = {
  id: string
  kind: (typeof ANNOUNCED)[number]
  number: number | undefined
  /** Of the contest or series. */
  title: string
  path: string
  at: Date
  zone: string | null
  changed: Date
  version: number
}

/** What everybody may know: from and until when one can take part in a contest, and the hours at which a series gives, never what waits there. */
export async function announcedDates(db: Db, artist: { id: string; slug: string }, span: Span): Promise<PublicDate[]> {
  const operations = await db
    .selectFrom('operations')
    .select(['id', 'slug', 'title'])
    .where('artistId', '=', artist.id)
    .execute()
  const of = new Map(operations.map((one) => [one.id, one]))
  return (await datedOperations(db, [artist.id], span)).flatMap(
    ({ id, number, at, zone, changed, version, ...date }) => {
      const kind = ANNOUNCED.find((one) => one === date.kind)
      const operation = of.get(id)
      if (!kind || !operation || !at || date.empty === 'passed') return []
      const { title, slug } = operation
      return { id, kind, number, at, zone, changed, version, title, path: operationPath(artist.slug, slug) }
    },
  )
}
