import { setTimeout as sleep } from 'node:timers/promises'
import { counted } from '../bench/support/fanout.ts'
import { openHouse } from '../bench/support/house.ts'
import { scene } from '../bench/support/scene.ts'
import { startSmsc, textsReady, WINDOW } from '../bench/support/texts.ts'
import { expect, test } from './support/journey.ts'

test.use({ baseURL: undefined })

const FANS = 6_000

test('worker, database and both are killed while fans are told by text message: nobody twice, and no receipt that was answered is lost', async () => {
  await scene(async (place) => {
    const smsc = await startSmsc(place)
    const house = await openHouse(place)
    const ready = await house.withPlatform((platform) => textsReady(platform, FANS, smsc.port))
    await house.withPlatform(ready.letGo)
    for (const victim of ['worker', 'database', 'everything'] as const) {
      const { taken } = await smsc.counts()
      while ((await smsc.counts()).taken < taken + 300) await sleep(10)
      await house.kill(victim)
    }
    const states = await house.left(ready.announcementId)
    const { taken } = await smsc.counts()
    // The network says each again until it is answered.
    while ((await smsc.counts()).receipts < taken) {
      await house.revive()
      await sleep(100)
    }
    const times = await smsc.times()
    expect(times.filter(([, n]) => n > 1)).toEqual([])
    const uncertain = states['uncertain'] ?? 0
    expect(uncertain).toBeLessThanOrEqual(3 * WINDOW)
    const ends = async () => house.withPlatform((platform) => counted(platform, ready.announcementId))
    // Those that nobody knows of keep their receipts for whoever decides; all others say what became of them.
    await expect
      .poll(ends, { timeout: 90_000 })
      .toEqual({ delivered: FANS - uncertain, ...(uncertain && { uncertain }) })
    expect(taken).toBeGreaterThanOrEqual(FANS - uncertain)
    expect(taken).toBeLessThanOrEqual(FANS)
  })
})
