import { addDays } from '../../platform/days.ts'
import { fromLocal, toLocal } from '../../platform/zones.ts'
import type { Subject } from '../exchange/index.ts'
import type { Channel } from '../fans/index.ts'
import { CHANNELS, type Deed, type Give, type Plan, type Test, type Wait, type When } from './plan.rules.ts'

/** All moments here are milliseconds since 1970. */
export type Moment = number
export const DAY_MS = 86_400_000

/** A channel on which somebody was told by this artist or label, from when to when; `until` null: still. */
export type Reachable = {
  channel: Channel
  from: Moment
  until: Moment | null /** They are left in peace until then. */
  pausedUntil: Moment | null /** Brought in by a list: they did not join by themselves. */
  brought: boolean
}

/** What is known of one fan towards one artist or label; the deeds rise in time. */
export type Life = {
  fanId: string
  ways: Reachable[]
  deeds: { deed: Deed; subject: string; at: Moment }[]
  /** Since when all signs are known that they give; null: nobody knows them, nor whether they are silent. */
  knownSince: Moment | null
  /** Of the towns that were asked about, the one they live in, as it was asked. */
  places: string[]
}

/** Somebody on their way. `step`: the next one; `entered`: when what let them in happened. */
export type Run = { step: number; entered: Moment; due: Moment; waitsFor: WaitsFor | null }
/** `code`: there is none to give them yet. */
export type WaitsFor = 'limit' | 'pause' | 'code'
export type Ending = 'finished' | 'stopped' | 'left'

/** No fan gets more than `most` in any `days` days in a row. */
export type Limit = { most: number; days: number }

export type World = {
  limit: Limit
  /** What belongs to a subject that is asked about: a release with its tracks. */
  parts: ReadonlyMap<string, string[]>
  /** When somebody on this channel may be told of what is given at a moment; null: never. */
  hours: (channel: Channel, at: Moment) => Moment | null
  /** Whether there is a code to give, after those that were given in the same breath. Left out: always. */
  codeOf?: (give: Give, given: readonly Given[]) => CodeState
  /** Whether what a step gives may be given now: a label asks the artist whose it is. Left out: always. */
  mayGive?: (give: Give) => boolean
}

/** `later`: there is none now, and there may be once the artist has seen to it. `never`: they had theirs, or the step gives none any more. */
export type CodeState = 'here' | 'later' | 'never'
/** How often it is looked again whether there is a code for whoever waits for one. */
export const CODE_MS = 3_600_000

export type Given = { give: Give; channel: Channel; at: Moment }
export type Walked = {
  run: Run
  ended: Ending | null
  given: Given[] /** What was passed over for want of a channel. */
  mute: number
}

const isOpen = ({ from, until }: Reachable, at: Moment) => from <= at && (until === null || until > at)

export const isReachable = ({ ways }: Life, at: Moment): boolean => ways.some((way) => isOpen(way, at))

/**
 * The first moment from `at` on at which one more keeps the limit: no `days` days in a row, with those of `told`, hold more than `most`. Windows that
 * do not hold it are none of its business.
 */
export function whenAllowed(told: readonly Moment[], at: Moment, { most, days }: Limit): Moment {
  const span = days * DAY_MS
  const keeps = (moment: Moment) => {
    const near = told.filter((one) => Math.abs(one - moment) < span)
    // Each window of that length that holds the moment may be moved until it begins with one of them.
    return [moment, ...near].every(
      (start) =>
        start > moment ||
        moment - start >= span ||
        near.filter((one) => one >= start && one - start < span).length < most,
    )
  }
  const candidates = told.map((one) => one + span).filter((one) => one > at)
  return [at, ...candidates.sort((a, b) => a - b)].find(keeps) ?? at
}

/** When a wait that begins at `from` is over: so many days on; with an hour, when that hour comes on the clock of the zone. */
export function waitEnd({ count, unit, hour }: Wait, from: Moment, zone: string): Moment {
  const days = unit === 'week' ? 7 * count : count
  if (!hour) return from + days * DAY_MS
  const day = addDays(toLocal(new Date(from), zone).slice(0, 10), days)
  const at = fromLocal(`${day}T${hour}`, zone)?.getTime() ?? from + days * DAY_MS
  // Of no days: the next time that hour comes.
  return at > from ? at : (fromLocal(`${addDays(day, 1)}T${hour}`, zone)?.getTime() ?? at + DAY_MS)
}

const isOf = (subject: Subject | null, of: string, { parts }: Pick<World, 'parts'>) =>
  subject === null || subject === of || (parts.get(subject)?.includes(of) ?? false)

/** Whether a condition holds for somebody at a moment, by what was known then. */
export function holds(
  test: Test,
  life: Life,
  { entered, now }: { entered: Moment; now: Moment },
  world: Pick<World, 'parts'>,
): boolean {
  switch (test.is) {
    case 'channel':
      return life.ways.some((way) => way.channel === test.channel && isOpen(way, now))
    case 'place':
      return life.places.includes(test.place)
    default: {
      const from = test.since === 'entered' ? entered : Number.NEGATIVE_INFINITY
      // What let them in is no answer to it.
      return life.deeds.some(
        ({ deed, subject, at }) => deed === test.is && at > from && at <= now && isOf(test.subject, subject, world),
      )
    }
  }
}

/**
 * Takes somebody as far as they come at `now`: to the next wait, or to the end. Where a give would be more than the limit, they wait there. `told` is when they
 * were told before, by whatever the limit counts; what is given now is added to it. What may not be given any more is passed over.
 */
export function walk(plan: Plan, run: Run, life: Life, now: Moment, told: Moment[], world: World): Walked {
  const given: Given[] = []
  let { step } = run
  let mute = 0
  const end = (ended: Ending): Walked => ({ run: { ...run, step, due: now, waitsFor: null }, ended, given, mute })
  const wait = (due: Moment, waitsFor: Run['waitsFor'] = null): Walked => ({
    run: { ...run, step, due, waitsFor },
    ended: null,
    given,
    mute,
  })
  for (;;) {
    if (!isReachable(life, now)) return end('left')
    const next = plan.steps[step]
    if (!next) return end('finished')
    if (next.kind === 'stop') return end('stopped')
    if (next.kind === 'wait') {
      step++
      return wait(waitEnd(next, now, plan.timeZone))
    }
    if (next.kind === 'condition') {
      const is = holds(next.test, life, { entered: run.entered, now }, world) !== next.not
      if (!is && next.otherwise === 'stop') return end('stopped')
      step = is ? step + 1 : afterNextGive(plan, step)
      continue
    }
    if (world.mayGive?.(next) === false) {
      step++
      continue
    }
    const open = CHANNELS.filter((channel) => next.channels.includes(channel)).flatMap((channel) =>
      life.ways.filter((way) => way.channel === channel && isOpen(way, now)),
    )
    const awake = open.filter(({ pausedUntil }) => pausedUntil === null || pausedUntil <= now)
    if (open.length && !awake.length)
      return wait(Math.min(...open.map(({ pausedUntil }) => pausedUntil ?? now)), 'pause')
    const times = awake.map(({ channel }) => ({ channel, at: world.hours(channel, now) }))
    const way = times.find((one): one is { channel: Channel; at: Moment } => one.at !== null)
    if (!way) {
      mute++
      step++
      continue
    }
    const code = next.batch ? (world.codeOf?.(next, given) ?? 'here') : 'here'
    // Its words are about a code: nobody gets them without one.
    if (code === 'later') return wait(now + CODE_MS, 'code')
    if (code === 'never') {
      step++
      continue
    }
    const allowed = whenAllowed(told, way.at, world.limit)
    if (allowed > way.at) return wait(allowed, 'limit')
    told.push(way.at)
    given.push({ give: next, ...way })
    step++
  }
}

const afterNextGive = ({ steps }: Plan, from: number): number => {
  const give = steps.findIndex(({ kind }, at) => at > from && kind === 'give')
  return give === -1 ? steps.length : give + 1
}

export type Trigger = { key: string; at: Moment }

/** What lets somebody in after `from`, up to `until`, in order. The key names it: it is what makes it this and no other. */
export function triggersOf(
  when: When,
  life: Life,
  { from, until }: { from: Moment; until: Moment },
  world: Pick<World, 'parts'>,
): Trigger[] {
  const within = (at: Moment) => at > from && at <= until
  switch (when.is) {
    case 'joined': {
      const joined = life.ways.filter(
        (way) =>
          !way.brought &&
          within(way.from) &&
          !life.ways.some((other) => other !== way && other.from < way.from && isOpen(other, way.from)),
      )
      const first = joined.map((way) => way.from).sort((a, b) => a - b)[0]
      // Once in a life, on whatever channels and however often they come back.
      return first === undefined ? [] : [{ key: 'joined', at: first }]
    }
    case 'silent':
      return silences(life, when.weeks * 7 * DAY_MS, until).filter(({ at }) => within(at))
    default: {
      // The lines of one order, or the files of one download, are one moment.
      const moments = life.deeds
        .filter(({ deed, subject, at }) => deed === when.is && within(at) && isOf(when.subject, subject, world))
        .map(({ at }) => at)
      return [...new Set(moments)].map((at) => ({ key: `${when.is}:${at}`, at }))
    }
  }
}

/** When somebody had done nothing for so long. Of whoever is not recognised nobody knows: what they do on the site is not put beside their name. */
function silences({ deeds, ways, knownSince }: Life, span: number, until: Moment): Trigger[] {
  if (knownSince === null) return []
  const signs = [knownSince, ...ways.map((way) => way.from), ...deeds.map(({ at }) => at)]
    .filter((at) => at >= knownSince && at <= until)
    .sort((a, b) => a - b)
  return signs.flatMap((at, index) => {
    const next = signs[index + 1]
    return next === undefined || next > at + span ? [{ key: `silent:${at}`, at: at + span }] : []
  })
}
