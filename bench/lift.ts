import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Behaviour, Tally, Trials } from './support/lift-trials.ts'

export const title =
  'whether the intervals of what an announcement in waves brought hold what is true, over 2,000 simulated experiments a size, against a t-test'

const TRIALS = 2_000

/** Six in ten do nothing; of the others the busiest of a hundred does about thirty times what the middle one does. */
const LISTENS: Behaviour = { active: 0.4, unequal: 1.5, weekly: 0.37, once: false }
/** The busiest of a hundred does a hundred times what the middle one does. */
const FEW_DO_ALL: Behaviour = { active: 0.3, unequal: 2, weekly: 0.37, once: false }
/** At most one a week, of one in forty. */
const ORDERS: Behaviour = { active: 0.4, unequal: 1, weekly: 0.04, once: true }

const SIZES = [200, 2_000, 20_000, 200_000]

/** As hard to see at each size. */
const effectFor = (size: number) => 5 / Math.sqrt(size)

export const bench = async () => {
  console.log(
    `Each line: ${TRIALS.toLocaleString('en')} artists, made anew; past weeks 12, one week between the waves, ten strata, one half told first.\n` +
      'holds: how many of 100 intervals held the truth; with no effect; and every day of seven at once, read each day.\n' +
      'shows: how many of 100 showed the effect, ours and the t-test. width: of our interval, in that of the t-test.\n',
  )
  console.log(
    `${'fans'.padStart(8)} ${'effect'.padStart(7)}  ${'holds'.padStart(6)} ${'nothing'.padStart(7)} ${'daily'.padStart(6)} ${'t-test'.padStart(6)}  ${'bias of effect'.padStart(16)}  ${'shows'.padStart(6)} ${'t-test'.padStart(6)}  ${'width'.padStart(6)}`,
  )
  const missed: string[] = []
  console.log('listens: most do nothing, some a lot')
  for (const size of SIZES) {
    const line = await row(size, LISTENS, effectFor(size), 7)
    if (line.holds < 94 || line.holds > 96)
      missed.push(`${size} fans: ${line.holds.toFixed(2)} of 100 intervals held the truth`)
    if (Math.abs(line.bias) > 1) missed.push(`${size} fans: a bias of ${line.bias.toFixed(2)} % of the effect`)
    if (line.width > 0.8) missed.push(`${size} fans: ${line.width.toFixed(2)} of the width of the t-test's interval`)
  }
  console.log('listens, of even fewer who do nearly all (no goal)')
  for (const size of SIZES.slice(0, 3)) await row(size, FEW_DO_ALL, 2 * effectFor(size), 7)
  console.log('orders: rare, at most one each (no goal; nothing is claimed of fewer than twenty)')
  for (const size of SIZES.slice(1, 3)) await row(size, ORDERS, effectFor(size) / 5, 7)
  console.log(
    missed.length
      ? `\nMissed: ${missed.join('; ')}.`
      : '\nEvery goal was met: 94 to 96 hold, bias at most 1 %, width at most 0.80.',
  )
}

async function row(size: number, behaviour: Behaviour, effect: number, days: number) {
  const workers = Math.min(8, availableParallelism())
  const shares = Array.from(
    { length: workers },
    (_, at) => Math.floor(((at + 1) * TRIALS) / workers) - Math.floor((at * TRIALS) / workers),
  )
  const tallies = await Promise.all(
    shares.map((count, at) => inWorker({ size, effect, days, behaviour, count, seed: size * 31 + at * 7919 + 1 })),
  )
  const sum = tallies.reduce((all, one) => {
    for (const key of Object.keys(all) as (keyof Tally)[]) all[key] += one[key]
    return all
  })
  const inHundred = (count: number) => (100 * count) / sum.told
  const bias = (100 * sum.off) / sum.told / effect
  const biasError =
    (100 * Math.sqrt(sum.offSquared / sum.told - (sum.off / sum.told) ** 2)) / Math.sqrt(sum.told) / effect
  const line = { holds: inHundred(sum.covers), bias, width: sum.width / sum.plainWidth }
  const show = (value: number) => value.toFixed(1).padStart(6)
  console.log(
    `${size.toLocaleString('en').padStart(8)} ${effect.toFixed(3).padStart(7)}  ${show(line.holds)} ${show(inHundred(sum.coversNothing)).padStart(7)} ${show((100 * sum.coversAllDays) / sum.daysTried)} ${show(inHundred(sum.plainCovers))}  ` +
      `${`${bias.toFixed(2)} ± ${(1.96 * biasError).toFixed(2)} %`.padStart(16)}  ${show(inHundred(sum.shows))} ${show(inHundred(sum.plainShows))}  ${line.width.toFixed(2).padStart(6)}` +
      (sum.told < sum.trials ? `  (${sum.trials - sum.told} had too few)` : ''),
  )
  return line
}

const inWorker = (trials: Trials): Promise<Tally> =>
  new Promise((resolve, reject) => {
    new Worker(new URL('./support/lift-trials.ts', import.meta.url), { workerData: trials, execArgv: process.execArgv })
      .once('message', resolve)
      .once('error', reject)
  })
