import { studentQuantile } from '../lift/student.rules.ts'

/** How often all that is claimed at once may be wrong, taken together. */
const MISSES = 0.05

/** Of one gift that was told to people: how many, and how many came back by it. */
export type Told = { people: number; came: number }

/** How many come back for each one who is told, and within what that lies, 95 times in 100. */
export type Rate = { rate: number; low: number; high: number; error: number; gifts: number; people: number }

/** Of fewer gifts nobody knows how much one differs from the next; of fewer people who came, a few tell all. */
export const FEWEST_GIFTS = 3
export const FEWEST_CAME = 20

/**
 * The rate of several gifts of a kind, as a ratio (Cochran 1977, 6.3) in which a gift is what was drawn, and not a person: the same people are told each time, and what differs is
 * what they were given, and when. Student's t at as many degrees of freedom as there are gifts, less one. Null of too few.
 */
export function rateOf(told: readonly Told[]): Rate | null {
  const people = told.reduce((sum, one) => sum + one.people, 0)
  const came = told.reduce((sum, one) => sum + one.came, 0)
  const gifts = told.length
  if (gifts < FEWEST_GIFTS || came < FEWEST_CAME) return null
  const rate = came / people
  const squares = told.reduce((sum, one) => sum + (one.came - rate * one.people) ** 2, 0)
  const error = Math.sqrt((squares * gifts) / (gifts - 1)) / people
  const reach = error * studentQuantile(MISSES, gifts - 1)
  return { rate, low: Math.max(0, rate - reach), high: rate + reach, error, gifts, people }
}

export type BestKind = { kind: string; rate: Rate; second: { kind: string; rate: Rate } }

/**
 * The kind that more people came back for than for each of the others, if that is more than chance would make of kinds that are alike: every two are compared (Welch), and all
 * comparisons hold at once 95 times in 100 (Bonferroni), so that choosing the best afterwards promises no more than it may. Observed all the same: what was given when was not drawn.
 */
export function bestKind(kinds: ReadonlyMap<string, readonly Told[]>): BestKind | null {
  const rated = [...kinds].flatMap(([kind, told]) => {
    const rate = rateOf(told)
    return rate ? [{ kind, rate }] : []
  })
  const [best, second] = rated.sort((a, b) => b.rate.rate - a.rate.rate)
  if (!best || !second) return null
  const tails = MISSES / ((rated.length * (rated.length - 1)) / 2)
  const isApart = rated.slice(1).every(({ rate }) => {
    const [a, b] = [best.rate.error ** 2, rate.error ** 2]
    const freedom = (a + b) ** 2 / (a ** 2 / (best.rate.gifts - 1) + b ** 2 / (rate.gifts - 1))
    return a + b > 0 && best.rate.rate - rate.rate > Math.sqrt(a + b) * studentQuantile(tails, freedom)
  })
  return isApart ? { ...best, second } : null
}

/** How often so many persons alike did something at each sort of time. */
export type Habit = { times: number[]; persons: number }

/** One sort of time that stands out: its part of all times at which somebody did something, and what it would be were all alike. */
export type Favourite = { at: number; share: number; low: number; high: number; even: number; people: number }

export const FEWEST_PEOPLE = 20
export const FEWEST_WEEKS = 6

/**
 * The sort of time (a weekday, a part of the day) at which more is done than at the others, if persons and weeks agree on it. A person counts once a time, however often they listen. The
 * interval takes together what one person did and what one week brought (two ways at once: Cameron, Gelbach and Miller 2011), and of all sorts that are `read`, of this kind and others, all hold
 * at once 95 times in 100. `weeks`: what each brought, by sort. Null of too few, and when none stands out.
 */
export function favouriteOf(habits: readonly Habit[], weeks: readonly number[][], read: number): Favourite | null {
  const people = habits.reduce((sum, { persons }) => sum + persons, 0)
  const busy = weeks.filter((week) => week.some(Boolean))
  const sorts = habits[0]?.times.length ?? 0
  if (people < FEWEST_PEOPLE || busy.length < FEWEST_WEEKS || !sorts) return null
  const sum = (times: readonly number[]) => times.reduce((all, one) => all + one, 0)
  const total = habits.reduce((all, { times, persons }) => all + sum(times) * persons, 0)
  const reach = studentQuantile(MISSES / read, Math.min(people, busy.length) - 1)
  const found = Array.from({ length: sorts }, (_, at): Favourite => {
    const share = habits.reduce((all, { times, persons }) => all + (times[at] ?? 0) * persons, 0) / total
    const off = (times: readonly number[]) => ((times[at] ?? 0) - share * sum(times)) ** 2
    const spread = (squares: number, n: number) => (squares * n) / (n - 1) / total ** 2
    const ofPeople = spread(
      habits.reduce((all, { times, persons }) => all + off(times) * persons, 0),
      people,
    )
    const ofWeeks = spread(
      busy.reduce((all, week) => all + off(week), 0),
      busy.length,
    )
    // Where all did the same nothing varies, which is no certainty: one more each way would have (Agresti and Coull 1998).
    const near = (share * people + 1) / (people + 2)
    const variance = Math.max(
      ofPeople,
      ofWeeks,
      ofPeople + ofWeeks - (share * (1 - share)) / total,
      (near * (1 - near)) / total,
    )
    const wide = reach * Math.sqrt(variance)
    return { at, share, low: Math.max(0, share - wide), high: Math.min(1, share + wide), even: 1 / sorts, people }
  })
  const first = found.toSorted((a, b) => b.share - a.share)[0]
  return first && first.low > first.even ? first : null
}

/** A part of people, and within what it lies 95 times in 100 (Wilson 1927); null of fewer than {@link FEWEST_PEOPLE}. */
export function partOf(some: number, of: number): { share: number; low: number; high: number } | null {
  if (of < FEWEST_PEOPLE) return null
  const z = 1.959964
  const share = some / of
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of)
  const wide = (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of)
  return { share, low: Math.max(0, Math.min(share, middle - wide)), high: Math.min(1, Math.max(share, middle + wide)) }
}
