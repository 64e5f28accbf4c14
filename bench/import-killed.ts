import { isDeepStrictEqual } from 'node:util'
import { comesOf } from './support/fan-list.ts'
import type { Victim } from './support/house.ts'
import { listHouse } from './support/list-house.ts'
import { sayNoise } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title =
  'a list of 500,000 people, tried and then brought in while worker, database or all are killed (-9) ten times at random moments'

const VICTIMS: Victim[] = ['worker', 'database', 'worker', 'everything', 'worker']

export const bench = () =>
  scene(async (place) => {
    const count = Number(process.argv[3]) || 500_000
    const house = await listHouse(place, count)
    const { addresses, fans, refused } = comesOf(count)
    for (const step of ['try', 'bring'] as const) {
      const start = performance.now()
      const found = await house.read(step, [...VICTIMS], () => 1 + Math.random() * (count / VICTIMS.length))
      const seconds = (performance.now() - start) / 1000
      const brought = step === 'bring'
      console.log(
        `${brought ? 'Brought in' : 'Tried'}: ${count.toLocaleString('en')} lines in ${seconds.toFixed(0)} s, starts again included; killed at lines ${found.killedAt.join(', ')} (${found.killedAt.length} of ${VICTIMS.length} kills)`,
      )
      const checks = {
        'counted as new': [found.counts['new'], addresses],
        'counted as known': [found.counts['known'], 0],
        'lines refused, with their reason': [found.refused, refused],
        fans: [found.fans, brought ? fans : 0],
        'active subscriptions': [found.active, brought ? addresses : 0],
        'consents written down': [found.consents, brought ? addresses : 0],
      }
      for (const [what, [is, expected]] of Object.entries(checks)) {
        const right = isDeepStrictEqual(is, expected)
        console.log(
          `  ${what}: ${JSON.stringify(is)} (${right ? 'as it must be' : `MISSED: ${JSON.stringify(expected)}`})`,
        )
      }
    }
    console.log(
      'Against: a list read in one transaction begins again after each kill, and one read without counts what it has done twice.',
    )
    sayNoise()
  })
