import { addDays, dayIn } from '../../platform/days.ts'
import type { Plan } from './plan.rules.ts'
import { DAY_MS, isReachable, type Life, type Moment, type Run, triggersOf, type World, walk } from './walk.rules.ts'

/** Why somebody would not have been reached, or not by all of it. */
export type LeftOut =
  /** They were not to be told of anything at that moment. */
  | 'unreachable'
  /** They were in it, or had been, when it happened again. */
  | 'before'
  /** They left on the way. */
  | 'left'
  /** A condition sent them off, before anything was given. */
  | 'stopped'
  /** Nothing could be said on any channel of theirs. */
  | 'mute'
  /** Nobody knows whether they are silent. */
  | 'unrecognised'

export type Tried = {
  months: number
  from: string
  until: string
  /** People, messages, and the most that one of them would have got in seven days, with what other sequences really gave them. */
  reached: number
  messages: number
  mostInWeek: number
  /** People who would have had to wait for the limit. */
  held: number
  weeks: { monday: string; entered: number; messages: number }[]
  /** People, by why; who was reached after all is not among them. */
  out: Partial<Record<LeftOut, number>>
  /** People who would have got a code, by its batch. Left out in tries of before it was counted. */
  codes?: { batch: string; people: number }[]
}

export type Trial = { plan: Plan; from: Moment; until: Moment; world: World; zone: string }

export type Tally = Omit<Tried, 'months' | 'from' | 'until' | 'weeks' | 'codes'> & {
  weeks: Map<string, { entered: number; messages: number }>
  codes: Map<string, number>
}

export const newTally = (): Tally => ({
  ...{ reached: 0, messages: 0, mostInWeek: 0, held: 0, out: {} },
  ...{ weeks: new Map(), codes: new Map() },
})

/** What would have become of one of the past, by the very rules by which sequences run. `told`: when other sequences really told them. */
export function tryOne({ plan, from, until, world, zone }: Trial, life: Life, told: Moment[], tally: Tally): void {
  const triggers = triggersOf(plan.when, life, { from, until }, world)
  const reasons = new Set<LeftOut>()
  if (plan.when.is === 'silent' && life.knownSince === null && isReachable(life, until)) reasons.add('unrecognised')
  const all = [...told]
  const mine: Moment[] = []
  const batches = new Set<string>()
  let run: Run | null = null
  let wasIn = false
  let held = false
  const entered: Moment[] = []
  const step = (now: Moment) => {
    if (!run) return
    const walked = walk(plan, run, life, now, all, world)
    mine.push(...walked.given.map(({ at }) => at))
    for (const { give, at } of walked.given) if (give.batch && at <= until) batches.add(give.batch)
    held ||= walked.run.waitsFor === 'limit'
    if (walked.mute) reasons.add('mute')
    if (walked.ended === 'left') reasons.add('left')
    if (walked.ended === 'stopped') reasons.add('stopped')
    run = walked.ended ? null : walked.run
  }
  const upTo = (now: Moment) => {
    while (run && run.due <= now) step(run.due)
  }
  for (const { at } of triggers) {
    upTo(at)
    if (!isReachable(life, at)) reasons.add('unreachable')
    else if (run || (wasIn && !plan.again)) reasons.add('before')
    else {
      run = { step: 0, entered: at, due: at, waitsFor: null }
      wasIn = true
      entered.push(at)
      upTo(at)
    }
  }
  upTo(until)
  const sent = mine.filter((at) => at <= until)
  if (held) tally.held++
  // One a person and batch, however many steps give of it.
  for (const batch of batches) tally.codes.set(batch, (tally.codes.get(batch) ?? 0) + 1)
  if (sent.length) {
    tally.reached++
    tally.messages += sent.length
    tally.mostInWeek = Math.max(tally.mostInWeek, mostWithin([...told, ...sent], sent, 7 * DAY_MS))
  } else for (const reason of reasons) tally.out[reason] = (tally.out[reason] ?? 0) + 1
  for (const [what, moments] of [
    ['entered', entered],
    ['messages', sent],
  ] as const)
    for (const at of moments) {
      const monday = mondayOf(at, zone)
      const week = tally.weeks.get(monday) ?? { entered: 0, messages: 0 }
      week[what]++
      tally.weeks.set(monday, week)
    }
}

/** How many of all lie in the fullest such span that holds one of `these`. */
function mostWithin(all: Moment[], these: Moment[], span: number): number {
  const sorted = all.toSorted((a, b) => a - b)
  return Math.max(
    0,
    ...sorted.map((start) => {
      const window = sorted.filter((at) => at >= start && at - start < span)
      return window.some((at) => these.includes(at)) ? window.length : 0
    }),
  )
}

/** The Monday of its week. */
function mondayOf(at: Moment, zone: string): string {
  const day = dayIn(new Date(at), zone)
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
}

/** All weeks, those without anything as well. */
export function weeksOf(
  { weeks }: Tally,
  { from, until, zone }: Pick<Trial, 'from' | 'until' | 'zone'>,
): Tried['weeks'] {
  const rows: Tried['weeks'] = []
  for (let monday = mondayOf(from, zone); monday <= mondayOf(until, zone); monday = addDays(monday, 7))
    rows.push({ monday, ...(weeks.get(monday) ?? { entered: 0, messages: 0 }) })
  return rows
}
