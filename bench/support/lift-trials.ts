import { parentPort, workerData } from 'node:worker_threads'
import { type Lift, lift, type Sample, type TooFew, tailsOf } from '../../src/domains/exchange/index.ts'
import { generator } from './random.ts'

/** How the fans of one simulated artist behave. */
export type Behaviour = {
  /** How many of them do anything at all, and how unequal those are: the deviation of the logarithm of what each does in a week. */
  active: number
  unequal: number
  /** What somebody in the middle of those does in a week. */
  weekly: number
  /** At most one a week, as an order is, and not any number, as listens are. */
  once: boolean
}

export type Trials = { size: number; effect: number; days: number; behaviour: Behaviour; count: number; seed: number }

/** Sums over trials. */
export type Tally = {
  trials: number
  /** Those with enough to claim anything, by the product's own rule. */
  told: number
  covers: number
  coversNothing: number
  coversAllDays: number
  /** Of how many each day was looked at: of large ones some. */
  daysTried: number
  shows: number
  off: number
  offSquared: number
  width: number
  plainCovers: number
  plainShows: number
  plainWidth: number
}

const WEEKS_BEFORE = 12
const STRATA = 10

export function tryLifts({ size, effect, days, behaviour, count, seed }: Trials): Tally {
  const random = generator(seed)
  let spare = Number.NaN
  const normal = () => {
    if (!Number.isNaN(spare)) {
      const held = spare
      spare = Number.NaN
      return held
    }
    const far = Math.sqrt(-2 * Math.log(1 - random()))
    const turn = 2 * Math.PI * random()
    spare = far * Math.sin(turn)
    return far * Math.cos(turn)
  }
  const poisson = (mean: number) => {
    if (mean <= 0) return 0
    // As good as the real one from here on, and it is added up with many others.
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
    const floor = Math.exp(-mean)
    let product = random()
    let k = 0
    while (product > floor) {
      product *= random()
      k++
    }
    return k
  }

  const past = new Float64Array(size)
  const plain = new Float64Array(size)
  const added = new Float64Array(size)
  const outcome = new Float64Array(size)
  const keys = new Float64Array(size)
  const told = new Uint8Array(size)
  const mirror = new Uint8Array(size)
  const coin = new Uint8Array(size)
  const stratum = new Uint8Array(size)
  const noStratum = new Uint8Array(size)
  const daily = Array.from({ length: days }, () => new Float64Array(size))
  const tally: Tally = {
    trials: 0,
    told: 0,
    covers: 0,
    coversNothing: 0,
    coversAllDays: 0,
    daysTried: 0,
    shows: 0,
    off: 0,
    offSquared: 0,
    width: 0,
    plainCovers: 0,
    plainShows: 0,
    plainWidth: 0,
  }
  const { active, unequal, weekly, once } = behaviour

  function live() {
    for (let i = 0; i < size; i++) {
      const rate = random() < active ? weekly * Math.exp(unequal * normal()) : 0
      // Nobody's next week is like their last ones.
      const next = rate && rate * Math.exp(0.5 * normal() - 0.125)
      // A quarter of those who are told are moved by it, those who do much more than the others.
      const moved = random() < 0.25 ? 4 * effect * (0.5 + (rate ? 0.5 / active : 0)) : 0
      past[i] = poisson(WEEKS_BEFORE * rate)
      if (once) {
        plain[i] = Number(random() < 1 - Math.exp(-next))
        added[i] = 0
        if (!plain[i] && random() < moved) added[i] = 1
      } else {
        plain[i] = poisson(next + 0.02)
        added[i] = moved && poisson(moved)
      }
    }
  }

  /** Ten groups by what they did before; half of each are told. */
  function draw() {
    for (let i = 0; i < size; i++) keys[i] = (past[i] as number) * 262_144 + i
    keys.sort()
    const strata = Math.max(1, Math.min(STRATA, Math.floor(size / 20)))
    const order = Uint32Array.from(keys, (key) => key % 262_144)
    for (let s = 0; s < strata; s++) {
      const [from, to] = [Math.floor((s * size) / strata), Math.floor(((s + 1) * size) / strata)]
      for (let at = to - 1; at > from; at--) {
        const other = from + Math.floor(random() * (at - from + 1))
        const held = order[at] as number
        order[at] = order[other] as number
        order[other] = held
      }
      for (let at = from; at < to; at++) {
        const i = order[at] as number
        stratum[i] = s
        told[i] = (at - from + s) % 2
        mirror[i] = 1 - (told[i] as number)
      }
    }
    // The textbook's own draw: half of all, as they come.
    for (let i = 0; i < size; i++) order[i] = i
    for (let at = size - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1))
      const held = order[at] as number
      order[at] = order[other] as number
      order[other] = held
    }
    for (let at = 0; at < size; at++) coin[order[at] as number] = at % 2
  }

  const under = (side: Uint8Array, of: Float64Array = outcome) => {
    for (let i = 0; i < size; i++) of[i] = (plain[i] as number) + (side[i] as number) * (added[i] as number)
    return of
  }
  const covers = (found: Lift, truth: number) => Number(found.low <= truth && truth <= found.high)
  const isLift = (found: Lift | TooFew): found is Lift => !('tooFew' in found)
  const ours = (side: Uint8Array, of: Float64Array): Sample => ({ told: side, stratum, outcome: of, past: [past] })
  const one = tailsOf({ outcomes: 1, looks: 1 })

  for (let trial = 0; trial < count; trial++) {
    live()
    draw()
    tally.trials++
    const found = lift(ours(told, under(told)), one)
    if (!isLift(found)) continue
    tally.told++
    // What is true of these very people, and, for what happens at most once, what is true of it.
    let really = 0
    for (let i = 0; i < size; i++) really += added[i] as number
    really /= size
    const truth = once ? really : effect
    tally.covers += covers(found, truth)
    tally.shows += Number(found.low > 0)
    tally.width += found.high - found.low
    if (days && trial % Math.ceil(size / 5_000) === 0) {
      tally.daysTried++
      // Each of what they did fell on some day; looked at every day, it was right on all of them or it was not.
      for (const day of daily) day.fill(0)
      for (let i = 0; i < size; i++)
        for (let n = outcome[i] as number; n > 0; n--) {
          const first = Math.floor(random() * days)
          for (let day = first; day < days; day++)
            (daily[day] as Float64Array)[i] = ((daily[day] as Float64Array)[i] as number) + 1
        }
      const tails = tailsOf({ outcomes: 1, looks: days })
      tally.coversAllDays += Number(
        daily.every((soFar, day) => {
          const look = lift(ours(told, soFar), tails)
          return !isLift(look) || covers(look, (truth * (day + 1)) / days) === 1
        }),
      )
    }
    // The same people drawn the other way round: the two errors of chance are each other's mirror, and what is left is bias.
    const turned = lift(ours(mirror, under(mirror)), one)
    if (isLift(turned)) {
      const off = (found.effect + turned.effect) / 2 - really
      tally.off += off
      tally.offSquared += off * off
    }
    const nothing = lift(ours(told, plain), one)
    tally.coversNothing += Number(!isLift(nothing) || covers(nothing, 0) === 1)
    const textbook = lift({ told: coin, stratum: noStratum, outcome: under(coin), past: [] }, one)
    if (isLift(textbook)) {
      tally.plainCovers += covers(textbook, truth)
      tally.plainShows += Number(textbook.low > 0)
      tally.plainWidth += textbook.high - textbook.low
    }
  }
  return tally
}

parentPort?.postMessage(tryLifts(workerData as Trials))
