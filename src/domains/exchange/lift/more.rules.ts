import { FEWEST_PEOPLE, FEWEST_WHO_DID, type Lift, type TooFew, tailsOf } from './lift.rules.ts'
import { studentQuantile } from './student.rules.ts'

/**
 * Months of people, one a place in every column, those of one person one after the other: what reached somebody in a month, and what they did in it.
 */
export type Months = {
  /** Numbers from 0, in order. */
  person: Int32Array
  /** From 0. */
  month: Int32Array
  gifts: Float64Array
  returns: Float64Array
}

export type Mean = { value: number; low: number; high: number; months: number; people: number }

/** Months in which so many gifts reached somebody; the last is that many or more. `mean` is null of too few. */
export type ByGifts = { gifts: number; months: number; people: number; mean: Mean | null }

const MOST_GIFTS = 4

/**
 * Returns in a month by how many gifts reached somebody in it. The mean over months, its interval by person: whoever is there for many months is still one
 * (linearised ratio, Student's t with one degree less than people).
 */
export function byGifts({ person, gifts, returns }: Months): ByGifts[] {
  return Array.from({ length: MOST_GIFTS + 1 }, (_, count) => {
    const isIn = (i: number) => Math.min(MOST_GIFTS, gifts[i] as number) === count
    const sums = new Map<number, { months: number; returns: number }>()
    for (let i = 0; i < person.length; i++) {
      if (!isIn(i)) continue
      const one = sums.get(person[i] as number) ?? { months: 0, returns: 0 }
      sums.set(person[i] as number, { months: one.months + 1, returns: one.returns + (returns[i] as number) })
    }
    const each = [...sums.values()]
    const months = each.reduce((sum, one) => sum + one.months, 0)
    const told = { gifts: count, months, people: each.length }
    const did = each.filter((one) => one.returns > 0).length
    if (each.length < FEWEST_PEOPLE || did < FEWEST_WHO_DID) return { ...told, mean: null }
    const value = each.reduce((sum, one) => sum + one.returns, 0) / months
    const squares = each.reduce((sum, one) => sum + (one.returns - value * one.months) ** 2, 0)
    const error = Math.sqrt((squares * each.length) / (each.length - 1)) / months
    const reach = error * studentQuantile(tailsOf({ outcomes: 1, looks: 1 }), each.length - 1)
    return {
      ...told,
      mean: { value, low: Math.max(0, value - reach), high: value + reach, months, people: each.length },
    }
  })
}

export type Slope = { effect: number; low: number; high: number; people: number; months: number }

/** Rounds of taking off the means of people and months in turn; both are off long before. */
const ROUNDS = 200
const NEAR = 1e-10

/**
 * What the same person did more, or less, in a month with one gift more, compared with what everybody did in that month: least squares with a constant for
 * each person and each month, which are taken off in turn. So it does not matter that keen people are told more, nor that some months are busier for all. It may still
 * matter that somebody was told because something else happened to them: it is observed, not drawn.
 *
 * The interval is by person (Liang and Zeger 1986), what is left of each made as large as it would have been had they not drawn the slope to themselves (CR3: Bell and McCaffrey
 * 2002), Student's t with one degree less than the people who weigh as much (Kish 1965). Null of too few.
 */
export function within({ person, month, gifts, returns }: Months): Slope | null {
  const people = (person.at(-1) ?? -1) + 1
  const months = month.reduce((most, one) => Math.max(most, one), -1) + 1
  const x = apart(gifts, person, people, month, months)
  const y = apart(returns, person, people, month, months)
  const square = new Float64Array(people)
  const product = new Float64Array(people)
  const did = new Uint8Array(people)
  for (let i = 0; i < x.length; i++) {
    const who = person[i] as number
    square[who] = (square[who] as number) + (x[i] as number) ** 2
    product[who] = (product[who] as number) + (x[i] as number) * (y[i] as number)
    if ((returns[i] as number) > 0) did[who] = 1
  }
  const sumOf = (column: Float64Array) => column.reduce((sum, one) => sum + one, 0)
  const all = sumOf(square)
  // Of somebody whose months were all alike nothing is learnt.
  const telling = square.filter((one) => one > 1e-9 * all).length
  const doers = did.reduce((sum, one) => sum + one, 0)
  if (!(all > 1e-9) || telling < 2 * FEWEST_PEOPLE || doers < FEWEST_WHO_DID) return null
  const effect = sumOf(product) / all
  let variance = 0
  let weights = 0
  for (let who = 0; who < people; who++) {
    const own = square[who] as number
    const rest = ((product[who] as number) - effect * own) / Math.max(0.05, 1 - own / all)
    variance += rest * rest
    weights += own * own
  }
  const error = Math.sqrt(variance) / all
  if (!(error > 0)) return null
  const reach = error * studentQuantile(tailsOf({ outcomes: 1, looks: 1 }), Math.max(1, (all * all) / weights - 1))
  return { effect, low: effect - reach, high: effect + reach, people: telling, months: x.length }
}

/** A column with the means of people and of months taken off, in turn until nothing is left of either. */
function apart(
  column: Float64Array,
  person: Int32Array,
  people: number,
  month: Int32Array,
  months: number,
): Float64Array {
  const rest = Float64Array.from(column)
  const takeOff = (of: Int32Array, groups: number): number => {
    const sums = new Float64Array(groups)
    const counts = new Float64Array(groups)
    for (let i = 0; i < rest.length; i++) {
      const group = of[i] as number
      sums[group] = (sums[group] as number) + (rest[i] as number)
      counts[group] = (counts[group] as number) + 1
    }
    let most = 0
    for (let group = 0; group < groups; group++) {
      sums[group] = (sums[group] as number) / Math.max(1, counts[group] as number)
      most = Math.max(most, Math.abs(sums[group] as number))
    }
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) - (sums[of[i] as number] as number)
    return most
  }
  for (let round = 0; round < ROUNDS; round++)
    if (Math.max(takeOff(month, months), takeOff(person, people)) < NEAR) break
  return rest
}

/** What was found for several gifts, each drawn by lot, as one: by how many people each was told to. */
export type Together = { effect: number; low: number; high: number; base: number; gifts: number; people: number }

/**
 * The mean of several lifts, each weighing as many people as it compared. Draws of different gifts know nothing of each other, so the squares of their errors add up;
 * freedom by Satterthwaite. Gifts of which nothing could be told for too few people are left out, whatever they seemed to show. `tails` is how often it may miss.
 */
export function together(lifts: readonly (Lift | TooFew)[], tails: number): Together | null {
  const told = lifts.filter((one): one is Lift => !('tooFew' in one))
  const people = told.reduce((sum, one) => sum + one.told + one.waiting, 0)
  if (!told.length) return null
  let [effect, base, variance, spread] = [0, 0, 0, 0]
  for (const one of told) {
    const share = (one.told + one.waiting) / people
    effect += share * one.effect
    base += share * one.base
    const part = (share * one.error) ** 2
    variance += part
    spread += (part * part) / one.freedom
  }
  const reach = Math.sqrt(variance) * studentQuantile(tails, (variance * variance) / spread)
  return { effect, low: effect - reach, high: effect + reach, base, gifts: told.length, people }
}
