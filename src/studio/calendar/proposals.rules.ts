import { addDays } from '../../platform/days.ts'
import { mondayOf } from './calendar.rules.ts'

type Rate = { rate: number; low: number; high: number; gifts: number; people: number }
type Part = { share: number; low: number; high: number }
type Favourite = Part & { at: number; even: number; people: number }

/** Something of the artist's that anybody may have now. */
export type Given = { subject: string; kind: string; title: string; publicAt: Date }
/** A part of the fans: how many they are, and how reach finds them. */
export type Group<S> = { people: number; segment: S }

/** What is known of this artist's past, and of what is planned. `S` is a segment as reach has it. */
export type Known<S> = {
  /** YYYY-MM-DD, where the artist is. */
  today: string
  /** What may be given, the latest first. */
  given: Given[]
  /** Those of it that no announcement told of. */
  untold: Given[]
  everyone: Group<S>
  best: { kind: string; rate: Rate; second: { kind: string; rate: Rate } } | null
  /** Who took one thing and has not come to a later one; of all who took it, how many did come, and what part that is if they are enough. */
  onward: { from: Given; to: Given; waiting: Group<S>; took: number; went: number; part: Part | null } | null
  silent: Group<S>
  newcomers: Group<S>
  faded: {
    title: string
    half: { hours: number; low: number; high: number }
    people: number
    last: Date
    days: number
  } | null
  /** The weekday, 0 for Monday, and the part of the day, each six hours from midnight, when most is done. */
  favourite: { day: Favourite | null; part: Favourite | null }
  /** The next place of a series that nothing is laid in for. */
  empty: { href: string; of: string; number: number; on: string } | null
  /** The Monday of the next week in which nothing is given. */
  hole: string | null
}

type Reason<S> =
  | { rule: 'kind'; best: NonNullable<Known<S>['best']> }
  | { rule: 'onward'; onward: NonNullable<Known<S>['onward']> }
  | { rule: 'faded'; faded: NonNullable<Known<S>['faded']> }
  | { rule: 'favourite'; favourite: Known<S>['favourite']; on: string }
  | { rule: 'silent' }
  | { rule: 'newcomers' }
  | { rule: 'untold' }
  | { rule: 'series'; empty: NonNullable<Known<S>['empty']> }
  | { rule: 'hole'; monday: string }
  | { rule: 'song' }
  | { rule: 'begin' }

type Proposed<S> = Reason<S> & {
  /** Whether its reason is a figure that is more than chance; the others claim nothing. */
  claims: boolean
  /** To whom; null: to whoever comes. */
  to: Group<S> | null
  /** What is given; null: something that is still to be made. */
  what: Given | null
  /** Where it is made, when it is no announcement. */
  href: string | null
}
/** `also`: what else speaks for it. */
export type Proposal<S> = Proposed<S> & { also: Proposed<S>[] }

/** Of so few nobody is spoken to apart. */
const FEWEST = 3

/** Where something of a kind is made. */
const MADE_AT: Record<string, string> = {
  release: '/studio/music/new',
  post: '/studio/journal',
  operation: '/studio/operations',
}

/**
 * Three things to do next. First what this artist's own figures speak for, then what needs no figure: people who wait, what nobody was told of, what is empty. Nothing is
 * proposed twice: what speaks for the same thing is said beside it. There are always three.
 */
export function proposalsOf<S>(known: Known<S>): Proposal<S>[] {
  const { today, untold, given, everyone, best, onward, silent, newcomers, faded, favourite, empty, hole } = known
  const all = everyone.people > 0 ? everyone : null
  const found: Proposal<S>[] = []
  const add = (proposed: Proposed<S>) => {
    const same = found.find(({ to, what, href }) =>
      proposed.href || href
        ? href === proposed.href
        : what || proposed.what
          ? what?.subject === proposed.what?.subject
          : to?.segment === proposed.to?.segment,
    )
    if (!same) found.push({ ...proposed, also: [] })
    else if (proposed.claims) same.also.push(proposed)
  }
  const fresh = (some: Given[]) =>
    some.find(({ subject }) => !found.some(({ what }) => what?.subject === subject)) ?? null

  if (best && all) {
    const next = untold.find(({ kind }) => kind === best.kind) ?? null
    const href = next || best.kind === 'words' ? null : (MADE_AT[best.kind] ?? null)
    add({ rule: 'kind', best, claims: true, to: all, what: next, href })
  }
  if (onward && onward.waiting.people >= FEWEST)
    add({ rule: 'onward', onward, claims: onward.part !== null, to: onward.waiting, what: onward.to, href: null })
  // What is spent, and when people are there, speaks for the next thing whatever it is.
  const next = found.find(({ to, href }) => to === all && !href)?.what ?? fresh([...untold, ...given])
  if (faded && faded.days * 24 > faded.half.high && all)
    add({ rule: 'faded', faded, claims: true, to: all, what: next, href: null })
  if ((favourite.day || favourite.part) && all) {
    const ahead = favourite.day ? addDays(mondayOf(today), favourite.day.at) : addDays(today, 1)
    const on = ahead > today ? ahead : addDays(ahead, 7)
    add({ rule: 'favourite', favourite, on, claims: true, to: all, what: next, href: null })
  }
  const claimless = { claims: false, href: null }
  if (silent.people >= FEWEST) add({ ...claimless, rule: 'silent', to: silent, what: fresh([...untold, ...given]) })
  if (newcomers.people >= FEWEST) add({ ...claimless, rule: 'newcomers', to: newcomers, what: fresh(given) })
  if (empty) add({ ...claimless, rule: 'series', empty, to: null, what: null, href: `${empty.href}#laid` })
  const quiet = fresh(untold)
  if (quiet && all) add({ ...claimless, rule: 'untold', to: all, what: quiet })
  add({
    ...claimless,
    rule: 'hole',
    monday: hole ?? addDays(mondayOf(today), 7),
    to: null,
    what: null,
    href: '/studio/journal',
  })
  add({ ...claimless, rule: 'song', to: null, what: null, href: '/studio/music/new' })
  add({ ...claimless, rule: 'begin', to: null, what: null, href: '/studio/operations' })
  return found.slice(0, 3)
}
