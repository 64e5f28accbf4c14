import { addDays } from '../../platform/days.ts'
import { mondayOf } from './calendar.rules.ts'

type Rate = { rate: number; low: number; high: number; gifts: number; people: number }
type Part = { share: number; low: number; high: number }

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
  /** The weekday, 0 for Monday, on which most is done. */
  favourite: { at: number; share: number; low: number; high: number; even: number; people: number } | null
  /** The next place of a series that nothing is laid in for. */
  empty: { href: string; of: string; number: number; on: string } | null
  /** The Monday of the next week in which nothing is given. */
  hole: string | null
}

type Reason<S> =
  | { rule: 'kind'; best: NonNullable<Known<S>['best']> }
  | { rule: 'onward'; onward: NonNullable<Known<S>['onward']> }
  | { rule: 'faded'; faded: NonNullable<Known<S>['faded']> }
  | { rule: 'favourite'; favourite: NonNullable<Known<S>['favourite']>; on: string }
  | { rule: 'silent' }
  | { rule: 'newcomers' }
  | { rule: 'untold' }
  | { rule: 'series'; empty: NonNullable<Known<S>['empty']> }
  | { rule: 'hole'; monday: string }
  | { rule: 'song' }
  | { rule: 'begin' }

export type Proposal<S> = Reason<S> & {
  /** Whether its reason is a figure that is more than chance; the others claim nothing. */
  claims: boolean
  /** To whom; null: to whoever comes. */
  to: Group<S> | null
  /** What is given; null: something that is still to be made. */
  what: Given | null
  /** Where it is made, when it is no announcement. */
  href: string | null
}

/** Of so few nobody is spoken to apart. */
const FEWEST = 3

/** Where something of a kind is made. */
const MADE_AT: Record<string, string> = {
  release: '/studio/music/new',
  post: '/studio/journal',
  operation: '/studio/operations',
}

/**
 * Three things to do next. First what this artist's own figures speak for, then what needs no figure: people who wait, what nobody was told of, what is empty. The same thing is
 * not proposed twice to the same people, and there are always three.
 */
export function proposalsOf<S>(known: Known<S>): Proposal<S>[] {
  const { today, untold, given, everyone, best, onward, silent, newcomers, faded, favourite, empty, hole } = known
  const newest = untold[0] ?? given[0] ?? null
  const all = everyone.people > 0 ? everyone : null
  const found: Proposal<S>[] = []
  const add = (proposal: Proposal<S>) => {
    const isThere = found.some(({ to, what, href }) =>
      proposal.href || href
        ? href === proposal.href
        : what?.subject === proposal.what?.subject && to?.segment === proposal.to?.segment,
    )
    if (!isThere) found.push(proposal)
  }

  if (best && all) {
    const next = untold.find(({ kind }) => kind === best.kind) ?? null
    const href = next || best.kind === 'words' ? null : (MADE_AT[best.kind] ?? null)
    add({ rule: 'kind', best, claims: true, to: all, what: next, href })
  }
  if (onward && onward.waiting.people >= FEWEST)
    add({ rule: 'onward', onward, claims: onward.part !== null, to: onward.waiting, what: onward.to, href: null })
  if (faded && faded.days * 24 > faded.half.high && all)
    add({ rule: 'faded', faded, claims: true, to: all, what: newest, href: null })
  if (favourite && all) {
    const ahead = addDays(mondayOf(today), favourite.at)
    const on = ahead > today ? ahead : addDays(ahead, 7)
    add({ rule: 'favourite', favourite, on, claims: true, to: all, what: newest, href: null })
  }
  const claimless = { claims: false, href: null }
  if (silent.people >= FEWEST) add({ ...claimless, rule: 'silent', to: silent, what: newest })
  if (newcomers.people >= FEWEST) add({ ...claimless, rule: 'newcomers', to: newcomers, what: given[0] ?? null })
  if (empty) add({ ...claimless, rule: 'series', empty, to: null, what: null, href: `${empty.href}#laid` })
  if (untold[0] && all) add({ ...claimless, rule: 'untold', to: all, what: untold[0] })
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
