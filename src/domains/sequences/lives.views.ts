import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { type OfferSource, offersFor, stands } from '../exchange/index.ts'
import type { Channel } from '../fans/index.ts'
import { type Sender, senderId } from '../identity/index.ts'
import { countryAt, hoursOf, type Way } from '../reach/index.ts'
import { type Deed, type Plan, placesIn, subjectsIn } from './plan.rules.ts'
import { columnOf } from './sequence.store.ts'
import { DAY_MS, type Life, type Reachable, type World } from './walk.rules.ts'

/** How the spine calls what people did. Taken for nothing in a shop or with a code is taken. */
const KINDS: Record<Exclude<Deed, 'part'>, string[]> = {
  listened: ['listen'],
  took: ['download', 'acceptance'],
  bought: ['order'],
  answered: ['reply', 'comment'],
}
const DEEDS = Object.keys(KINDS) as Exclude<Deed, 'part'>[]

/** The deeds that a plan asks about. Of a label's fans none but that they answered it (docs/decisions/0119). */
function deedsIn({ when, steps }: Plan, sender: Sender): Set<Deed> {
  if ('labelId' in sender) return new Set(['answered'])
  if (when.is === 'silent') return new Set([...DEEDS, 'part'])
  const asked = [when.is, ...steps.flatMap((step) => (step.kind === 'condition' ? [step.test.is] : []))]
  return new Set([...DEEDS, 'part' as const].filter((deed) => asked.includes(deed)))
}

/** A life, and where its clocks are. */
export type Known = Life & { zone: string | null; countries: Partial<Record<Channel, string | null>> }

type Fan = {
  fanId: string
  recognisedSince: Date | null
  zone: string | null
  country: string | null
  places: string[]
}
type Event = {
  fanId: string
  addressId: string
  channel: Channel
  event: string
  at: Date
  ended: Date | null
  address: string
}

/** From when on deeds are asked about, by a plan that is looked at from a moment on; null: all there are. */
export function deedsSince({ when, steps }: Plan, from: Date): Date | null {
  const ever = steps.some(
    ({ kind, ...step }) => kind === 'condition' && 'test' in step && 'since' in step.test && step.test.since === 'ever',
  )
  return ever ? null : new Date(from.getTime() - (when.is === 'silent' ? when.weeks * 7 * DAY_MS : 0))
}

/**
 * What is known of fans towards an artist or label, as far as a plan asks about it, and what they did since `since`. On which channels they were told, from when to when, is read
 * from the log of consents, so that it can be asked of any moment of the past.
 */
export async function livesOf(
  db: Db | Tx,
  { sender, plan, fanIds, since }: { sender: Sender; plan: Plan; fanIds: string[]; since: Date | null },
): Promise<Map<string, Known>> {
  if (!fanIds.length) return new Map()
  const { rows: fans } = await sql<Fan>`
    select f.id as "fanId", f.recognised_since as "recognisedSince", f.time_zone as zone, f.country,
      array(select p from unnest(${placesIn(plan)}::text[]) p where f.place <> '' and searchable(p) = searchable(f.place)) as places
    from fans f where f.id = any(${fanIds}::uuid[]) and f.erased_at is null and f.merged_into is null`.execute(db)
  const { rows: events } = await sql<Event>`
    select a.fan_id as "fanId", c.address_id as "addressId", c.channel, c.event, c.at, least(x.at, a.removed_at) as ended, a.address
    from consents c join fan_addresses a on a.id = c.address_id
      left join suppressions x on x.channel = a.channel and x.address_hash = a.address_hash
    where a.fan_id = any(${fanIds}::uuid[]) and c.${sql.ref(columnOf(sender))} = ${senderId(sender)} and c.event in ('confirmed', 'imported', 'withdrawn', 'erased')
    order by c.address_id, c.at, c.id`.execute(db)
  const lives = new Map(
    fans.map(({ fanId, recognisedSince, zone, country, places }): [string, Known] => [
      fanId,
      {
        fanId,
        ways: [],
        deeds: [],
        knownSince: recognisedSince?.getTime() ?? null,
        places,
        zone,
        countries: { mail: country, push: country, sms: country },
      },
    ]),
  )
  for (const one of Map.groupBy(events, ({ addressId }) => addressId).values()) addWays(lives, one)
  // Whether they answer a label is known of everybody, since they joined.
  if ('labelId' in sender)
    for (const life of lives.values())
      life.knownSince = life.ways.length ? Math.min(...life.ways.map(({ from }) => from)) : null
  // Of the others nobody says that they are silent.
  const asked = [...lives.values()].filter(({ knownSince }) => plan.when.is !== 'silent' || knownSince !== null)
  const ids = asked.map(({ fanId }) => fanId)
  for (const deed of await deedsOf(db, { sender, plan, fanIds: ids, since })) lives.get(deed.fanId)?.deeds.push(deed)
  return lives
}

/** The times in which one address was told. */
function addWays(lives: Map<string, Known>, events: Event[]): void {
  let open: Reachable | null = null
  for (const { fanId, channel, event, at, ended, address } of events) {
    const life = lives.get(fanId)
    if (!life) return
    const moment = at.getTime()
    if (event === 'withdrawn' || event === 'erased') {
      if (open) open.until = Math.min(open.until ?? moment, moment)
      open = null
    } else if (!open) {
      open = {
        channel,
        from: moment,
        until: ended?.getTime() ?? null,
        pausedUntil: null,
        brought: event === 'imported',
      }
      life.ways.push(open)
      life.countries[channel] = countryAt(channel, address, life.countries[channel] ?? null)
    }
  }
}

type DeedOf = Life['deeds'][number] & { fanId: string }

/** What they did: under their own name in any case, as visitors since they agreed to be recognised. Rises in time. */
async function deedsOf(db: Db | Tx, { sender, plan, fanIds, since }: Parameters<typeof livesOf>[1]): Promise<DeedOf[]> {
  const asked = deedsIn(plan, sender)
  const kinds = DEEDS.flatMap((deed) => (asked.has(deed) ? KINDS[deed] : []))
  const { rows: returned } = kinds.length
    ? await sql<{ fanId: string; kind: string; subject: string; at: Date }>`
        with whom as (
          select f.person_id, coalesce(f.merged_into, f.id) as fan_id, '-infinity'::timestamptz as since from fans f
          where f.id = any(${fanIds}::uuid[]) or f.merged_into = any(${fanIds}::uuid[])
          union all
          select p.person_id, p.fan_id, f.recognised_since from person_fans p join fans f on f.id = p.fan_id
          where p.fan_id = any(${fanIds}::uuid[]) and f.recognised_since is not null
            and not exists (select from fans own where own.person_id = p.person_id)
        )
        select w.fan_id as "fanId", r.kind, r.subject, r.at from whom w join returns r on r.person_id = w.person_id
        where r.artist_id = ${senderId(sender)} and r.at >= w.since and r.kind = any(${kinds}::text[]) and ${stands('r')}
          ${since ? sql`and r.at >= ${since}` : sql``}
        order by r.at`.execute(db)
    : { rows: [] }
  const { rows: part } = asked.has('part')
    ? await sql<{ fanId: string; subject: string; at: Date }>`
        select p.fan_id as "fanId", 'operation:' || p.operation_id as subject, p.at from operation_people p join operations o on o.id = p.operation_id
        where o.artist_id = ${senderId(sender)} and p.fan_id = any(${fanIds}::uuid[])`.execute(db)
    : { rows: [] }
  const deedOf = new Map(DEEDS.flatMap((deed) => KINDS[deed].map((kind) => [kind, deed] as const)))
  return [
    ...returned.flatMap(({ kind, at, ...rest }) => {
      const deed = deedOf.get(kind)
      return deed ? [{ ...rest, deed, at: at.getTime() }] : []
    }),
    ...part.map(({ at, ...rest }) => ({ ...rest, deed: 'part' as const, at: at.getTime() })),
  ].sort((a, b) => a.at - b.at)
}

/** The same life by which addresses they are told at this moment, whatever the log says: who is paused, who is to be left alone. */
export const asOfNow = (life: Known, ways: Way[]): Known => ({
  ...life,
  ways: ways.map(({ channel, pausedUntil }) => ({
    channel,
    from: 0,
    until: null,
    pausedUntil: pausedUntil?.getTime() ?? null,
    brought: false,
  })),
})

/** What belongs to the subjects that a plan asks about: whoever took a track of a release took of the release. */
export async function partsFor(db: Db | Tx, offers: OfferSource, sender: Sender, plan: Plan): Promise<World['parts']> {
  const named = new Set<string>(subjectsIn(plan))
  const parts = new Map<string, string[]>()
  if (!named.size) return parts
  for (const { subject, within } of await offersFor(offers, db, sender))
    if (within && named.has(within)) parts.set(within, [...(parts.get(within) ?? []), subject])
  return parts
}

/** When each of them may be told, by the hours of the artist or label. */
export type Hours = (life: Known) => World['hours']

export async function hoursFor(db: Db | Tx, sender: Sender): Promise<Hours> {
  const dueAt = await hoursOf(db, sender)
  return (life) => (channel, at) =>
    dueAt({ channel, zone: life.zone, country: life.countries[channel] ?? null }, new Date(at))?.at.getTime() ?? null
}
