import { allocate } from '../../platform/money.ts'

/** One return, in the units in which it is divided. */
export const WHOLE = 1_000_000

export const WINDOWS = [7, 14, 30, 90] as const
export const DEFAULT_WINDOW = 30

/** While there is too little to learn it from: a touch counts half as much after a week. */
export const FALLBACK_HALF_LIFE = 7
/** So many answers, and so many of them owed to touches by the fit itself, are asked for before an artist's own half-life is believed. */
export const FEWEST_ANSWERS = 50
export const FEWEST_OWED = 25

export const DAY_MS = 86_400_000
/** Between two doings of one visit there is never more: the convention of audience measurement. */
const VISIT_MS = 30 * 60_000
const SHORTEST_HALF_LIFE = 1 / 24
/** Beyond so many pairs of a touch and an answer, more people teach nothing. */
const MOST_LAGS = 200_000
/** How long a touch was looked at is told in quarters of a day, so that there are few of them. */
const BINS = 4

/** A gift reached somebody, at a moment in milliseconds. `own`: by what they did themselves (opened a page, began a track), not by what was handed to them. */
export type Reached = { gift: string; at: number; own: boolean }

/** When the visit began in which somebody did something at `at`, from the times of what they did themselves in rising order. */
export function visitStart(doings: readonly number[], at: number): number {
  let start = at
  for (let i = doings.length - 1; i >= 0; i--) {
    const doing = doings[i] as number
    if (doing > at) continue
    if (start - doing > VISIT_MS) break
    start = doing
  }
  return start
}

/**
 * The touches to which something done at `at` may be owed: those of the window, without what they opened in that very visit, which is the way and not the
 * reason; of one gift in one visit the last alone. `touches` rise in time.
 */
export function reasons(touches: readonly Reached[], at: number, windowDays: number): Reached[] {
  const start = visitStart(
    touches.filter(({ own }) => own).map((touch) => touch.at),
    at,
  )
  const before = touches.filter(
    (touch) => touch.at <= at && at - touch.at <= windowDays * DAY_MS && !(touch.own && touch.at >= start),
  )
  return before.filter(
    (touch, index) =>
      !touch.own ||
      !before
        .slice(index + 1)
        .some((later) => later.own && later.gift === touch.gift && later.at - touch.at <= VISIT_MS),
  )
}

export type Credit = { gift: string | null; part: number }

/**
 * To which gifts one return is owed; the parts are whole numbers that sum to `WHOLE`. Wholly to the gift whose link brought it; else shared among the touches of
 * that person, each counting half as much for every half-life that it is older; else to none: it came by itself.
 */
export function creditOf(
  { at, broughtBy }: { at: number; broughtBy: string | null },
  touches: readonly Reached[],
  { windowDays, halfLifeDays }: { windowDays: number; halfLifeDays: number },
): Credit[] {
  if (broughtBy !== null) return [{ gift: broughtBy, part: WHOLE }]
  const owed = reasons(touches, at, windowDays)
  const last = owed.at(-1)
  if (!last) return [{ gift: null, part: WHOLE }]
  const weights = new Map<string, number>()
  // Beside the latest of them: powers of a half of old lags alone would all be nothing.
  for (const { gift, at: then } of owed)
    weights.set(gift, (weights.get(gift) ?? 0) + 2 ** (-(last.at - then) / DAY_MS / halfLifeDays))
  const gifts = [...weights.keys()].sort()
  const parts = allocate(
    WHOLE,
    gifts.map((gift) => Math.round((weights.get(gift) as number) * 2 ** 40)),
  )
  return gifts.map((gift, index) => ({ gift, part: parts[index] as number }))
}

/** One person: what reached them, and when they came back, both rising; `until`: how far it was looked. */
export type History = { touches: Reached[]; answers: number[]; from: number; until: number }

export type HalfLife = { days: number; fitted: boolean; answers: number }

/**
 * The half-life of touches by maximum likelihood. Answers are visits in which something came back; each person's come as a Poisson process whose rate is a constant (they come
 * by themselves) plus, after each touch, a share that decays exponentially within the window (a Hawkes process driven from outside; EM as in Veen and Schoenberg 2008). So
 * lags to touches that had nothing to do with an answer do not lengthen it. From too few answers: `FALLBACK_HALF_LIFE`.
 */
export function fitHalfLife(histories: readonly History[], windowDays: number): HalfLife {
  const seen = pairsOf(histories, windowDays)
  const fallback = { days: Math.min(FALLBACK_HALF_LIFE, windowDays), fitted: false, answers: seen.answered }
  if (seen.answered < FEWEST_ANSWERS || seen.exposure <= 0) return fallback

  const { ends, lags, spans, touches, exposure } = seen
  const parts = new Float64Array(lags.length)
  let rate = Math.LN2 / fallback.days
  let alone = ends.length / exposure / 2
  let each = ends.length / touches / 2
  let owed = 0
  for (let step = 0; step < 200; step++) {
    const within = -Math.expm1(-rate * windowDays)
    const scale = (each * rate) / within
    let byThemselves = 0
    let begin = 0
    for (const end of ends) {
      let all = alone
      for (let i = begin; i < end; i++) all += parts[i] = scale * Math.exp(-rate * (lags[i] as number))
      for (let i = begin; i < end; i++) parts[i] = (parts[i] as number) / all
      byThemselves += alone / all
      begin = end
    }
    owed = ends.length - byThemselves
    alone = byThemselves / exposure
    const looked = seen.looked.reduce((sum, count, span) => sum - count * Math.expm1((-rate * span) / BINS), 0)
    each = (owed * within) / looked
    const next = decay(parts, lags, spans, Math.LN2 / windowDays, windowDays * BINS)
    const moved = Math.abs(next - rate) / rate
    rate = next
    if (moved < 1e-4) break
  }
  if (owed < FEWEST_OWED) return fallback
  return { days: Math.LN2 / rate, fitted: true, answers: seen.answered }
}

/** For each answer its lags in days to the touches before it, one after the other, those of the i-th ending at `ends[i]`; and how many touches were looked at for how long. */
function pairsOf(histories: readonly History[], windowDays: number) {
  const [ends, lags, spans]: [number[], number[], number[]] = [[], [], []]
  const looked = new Float64Array(windowDays * BINS + 1)
  let [exposure, answered, touches] = [0, 0, 0]
  for (const history of histories) {
    const { from, until } = history
    const first = history.touches[0]
    if (!first) continue
    exposure += Math.max(0, until - Math.max(from, first.at)) / DAY_MS
    const spanOf = (touch: Reached) => Math.min(windowDays * BINS, Math.ceil(((until - touch.at) / DAY_MS) * BINS))
    for (const touch of history.touches) {
      if (until <= touch.at || touch.at < from - windowDays * DAY_MS) continue
      const span = spanOf(touch)
      looked[span] = (looked[span] as number) + 1
      touches++
    }
    let visit = Number.NEGATIVE_INFINITY
    for (const at of history.answers) {
      const isSame = at - visit <= VISIT_MS
      visit = at
      if (isSame || at < first.at) continue
      const owed = reasons(history.touches, at, windowDays)
      for (const touch of owed) {
        lags.push((at - touch.at) / DAY_MS)
        spans.push(spanOf(touch))
      }
      ends.push(lags.length)
      if (owed.length) answered++
    }
    if (lags.length > MOST_LAGS) break
  }
  return { ends, lags, spans, looked, exposure, answered, touches }
}

/** The rate that makes these weighted lags, each cut off where its touch was looked at no longer, most likely: where the derivative, which only falls, is zero. */
function decay(
  weights: Float64Array,
  lags: readonly number[],
  spans: readonly number[],
  slowest: number,
  most: number,
): number {
  let [all, waited] = [0, 0]
  const bySpan = new Float64Array(most + 1)
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number
    const span = spans[i] as number
    all += weight
    waited += weight * (lags[i] as number)
    bySpan[span] = (bySpan[span] as number) + weight
  }
  const slope = (rate: number) => {
    let sum = all / rate - waited
    for (let span = 1; span < bySpan.length; span++) {
      const weight = bySpan[span] as number
      const days = span / BINS
      if (weight > 0) sum -= (weight * days) / Math.expm1(rate * days)
    }
    return sum
  }
  let [low, high] = [slowest, Math.LN2 / SHORTEST_HALF_LIFE]
  if (slope(low) <= 0) return low
  if (slope(high) >= 0) return high
  for (let step = 0; step < 40; step++) {
    const middle = Math.sqrt(low * high)
    if (slope(middle) > 0) low = middle
    else high = middle
  }
  return Math.sqrt(low * high)
}
