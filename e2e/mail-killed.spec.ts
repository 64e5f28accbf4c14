import { setTimeout as sleep } from 'node:timers/promises'
import { mailInto, readyToLeave } from '../bench/support/fanout.ts'
import { compareWithSink, openHouse } from '../bench/support/house.ts'
import { startSink } from '../bench/support/mail-sink.ts'
import { scene } from '../bench/support/scene.ts'
import { expect, test } from './support/journey.ts'

test.use({ baseURL: undefined })

const FANS = 3_000
/** Letters on their way at once: see docs/decisions/0051. */
const WINDOW = 100

test('worker, database and both are killed while fans are told: all are told, nobody twice, and what nobody knows is said', async () => {
  await scene(async (place) => {
    const sink = await startSink(place)
    const house = await openHouse(place, mailInto(sink))
    const { announcementId, letGo } = await house.withPlatform((platform) => readyToLeave(platform, FANS))
    await house.withPlatform(letGo)
    for (const victim of ['worker', 'database', 'everything'] as const) {
      const before = await sink.count()
      while ((await sink.count()) < before + 200) await sleep(20)
      await house.kill(victim)
    }
    const states = await house.left(announcementId)
    const { byRecipient } = await sink.all()
    expect(byRecipient.filter(([, times]) => times > 1)).toEqual([])
    const found = await house.withPlatform((platform) => compareWithSink(platform, announcementId, byRecipient))
    expect(found).toEqual({ total: FANS, unseen: 0 })
    expect((states['handed'] ?? 0) + (states['uncertain'] ?? 0)).toBe(FANS)
    expect(states['uncertain'] ?? 0).toBeLessThanOrEqual(3 * WINDOW)
  })
})
