import {
  bestKind,
  describe,
  fadedGift,
  favouriteTimes,
  type OfferSource,
  offersFor,
  partOf,
  peopleLately,
  type Subject,
  type Subjects,
} from '../../domains/exchange/index.ts'
import type { Actor } from '../../domains/identity/index.ts'
import { announcedSubjects, type Condition, peopleIn, type Segment, toldByKind } from '../../domains/reach/index.ts'
import type { Db } from '../../platform/database/index.ts'
import { addDays, dayIn } from '../../platform/days.ts'
import { fromLocal } from '../../platform/zones.ts'
import { mondayOf, nextHole, place } from './calendar.rules.ts'
import { datedOf, firstGiftOf } from './calendar.views.ts'
import { type Given, type Known, type Proposal, proposalsOf } from './proposals.rules.ts'

const DAY_MS = 24 * 3_600_000
const SILENT_DAYS = 56
const SPARED_DAYS = 14
const NEW_DAYS = 30
/** So many weeks ahead are looked at for a hole, and so many releases for people who have not come on from them. */
const WEEKS_AHEAD = 8
const RELEASES = 6

export type Asked = {
  artist: { id: string; name: string }
  actor: Actor
  zone: string
  now: Date
  subjects: Subjects
  offers: OfferSource
}

export type Proposals = {
  proposals: Proposal<Segment>[]
  /** How many people did something in the last twelve weeks. */
  people: number
}

/** What an artist could give next, and to whom, from what came back so far. */
export async function proposalsFor(db: Db, asked: Asked): Promise<Proposals> {
  const { artist, now, zone } = asked
  const [known, people] = await Promise.all([knownOf(db, asked, dayIn(now, zone)), peopleLately(db, artist.id, now)])
  return { proposals: proposalsOf(known), people }
}

async function knownOf(db: Db, asked: Asked, today: string): Promise<Known<Segment>> {
  const { artist, now, zone, subjects, offers } = asked
  const sender = { artistId: artist.id }
  const people = async (...all: Condition[]) => {
    const segment: Segment = { all }
    return { people: await peopleIn(db, offers, sender, segment, now), segment }
  }
  const offered = await offersFor(offers, db, sender)
  const given = offered
    .flatMap(({ subject, title, within, publicAt }): Given[] =>
      !within && publicAt && publicAt <= now ? [{ subject, kind: subject.split(':')[0] ?? '', title, publicAt }] : [],
    )
    .sort((a, b) => b.publicAt.getTime() - a.publicAt.getTime())
  const told = await announcedSubjects(db, artist.id)
  const [everyone, silent, newcomers, kinds, favourite, faded, onward, planned] = await Promise.all([
    people(),
    people(
      { is: 'listened', atLeast: 1 },
      { is: 'not', condition: { is: 'listened', atLeast: 1, withinDays: SILENT_DAYS } },
      { is: 'not', condition: { is: 'took', withinDays: SILENT_DAYS } },
      { is: 'not-told', forDays: SPARED_DAYS },
    ),
    people({ is: 'joined', withinDays: NEW_DAYS }, { is: 'not-told', forDays: NEW_DAYS }),
    toldByKind(db, artist.id, now),
    favouriteTimes(db, artist.id, now, zone),
    fadedGift(db, artist.id, now),
    onwardOf(given, people),
    plannedOf(db, asked, today),
  ])
  const title = faded && (await describe(db, subjects, [faded.gift.subject])).get(faded.gift.subject)?.title
  return {
    ...{ today, given, everyone, silent, newcomers, favourite, onward, ...planned },
    untold: given.filter(({ subject }) => !told.has(subject)),
    best: bestKind(kinds),
    faded:
      faded && title !== null && title !== undefined
        ? { ...faded, title, days: Math.floor((now.getTime() - faded.last.getTime()) / DAY_MS) }
        : null,
  }
}

type People = (...all: Condition[]) => Promise<{ people: number; segment: Segment }>

/** Of the releases that came before the latest one, that from which most people have not come on to it. */
async function onwardOf(given: Given[], people: People): Promise<Known<Segment>['onward']> {
  const [to, ...earlier] = given.filter(({ kind }) => kind === 'release')
  if (!to) return null
  const came: Condition[] = [
    { is: 'not', condition: { is: 'took', subject: to.subject } },
    { is: 'not', condition: { is: 'listened', subject: to.subject, atLeast: 1 } },
  ]
  const found = await Promise.all(
    earlier.slice(0, RELEASES).map(async (from) => {
      const took: Condition = { is: 'took', subject: from.subject }
      const [all, waiting] = await Promise.all([people(took), people(took, ...came)])
      const went = all.people - waiting.people
      return { from, to, waiting, took: all.people, went, part: partOf(went, all.people) }
    }),
  )
  return found.sort((a, b) => b.waiting.people - a.waiting.people)[0] ?? null
}

/** The next week in which nothing is given, and the next place of a series that is empty. */
async function plannedOf(
  db: Db,
  { artist, actor, zone, now }: Asked,
  today: string,
): Promise<Pick<Known<Segment>, 'hole' | 'empty'>> {
  const whose = [{ ...artist, sender: { artistId: artist.id } }]
  const starts = (day: string) => fromLocal(`${day}T00:00`, zone) ?? now
  const monday = mondayOf(today)
  const span = { from: starts(monday), to: starts(addDays(monday, WEEKS_AHEAD * 7)), now }
  const [dated, first] = await Promise.all([datedOf(db, actor, whose, span, 'en'), firstGiftOf(db, whose)])
  const placed = place(dated, zone)
  const empty = placed.find((one) => one.empty === 'to-come')
  return {
    hole: nextHole(placed, { today, firstGift: first && dayIn(first, zone), weeks: WEEKS_AHEAD }),
    empty: empty?.href ? { href: empty.href, of: empty.of ?? '', number: empty.number ?? 0, on: empty.on } : null,
  }
}

/** The subject of what is proposed, as the exchange has it. */
export const subjectOf = ({ what }: Proposal<Segment>): Subject | null => (what ? (what.subject as Subject) : null)
