import { setTimeout as sleep } from 'node:timers/promises'
import { countFromArguments, mailInto, readyToLeave } from './support/fanout.ts'
import { compareWithSink, openHouse, type Victim } from './support/house.ts'
import { startSink } from './support/mail-sink.ts'
import { sayNoise } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title =
  '100,000 fans told by mail while worker, database or all are killed (-9) twenty times at random moments'

const KILLS = 20
/** What can be on its way at once: four batches of five letters for each of five connections. */
const WINDOW = 4 * 5 * 5

export const bench = () =>
  scene(async (place) => {
    const count = countFromArguments(100_000)
    const kills = Math.min(KILLS, Math.ceil(count / 2_000))
    const sink = await startSink(place)
    const house = await openHouse(place, mailInto(sink))
    const { announcementId, letGo } = await house.withPlatform((platform) => readyToLeave(platform, count))
    await house.withPlatform(letGo)

    const killed: Record<Victim, number> = { worker: 0, database: 0, everything: 0 }
    for (let kill = 0; kill < kills; kill++) {
      // In the middle of the work: when the server has had more of it since the last time.
      const before = await sink.count()
      for (let waited = 0; waited < 40_000 && (await sink.count()) === before; waited += 50) await sleep(50)
      await sleep(Math.random() * 2_500)
      const victim: Victim = kill % 5 === 3 ? 'database' : kill % 5 === 4 ? 'everything' : 'worker'
      await house.kill(victim)
      killed[victim]++
    }
    const states = await house.left(announcementId)
    const { byRecipient } = await sink.all()
    const { unseen, total } = await house.withPlatform((platform) =>
      compareWithSink(platform, announcementId, byRecipient),
    )
    const twice = byRecipient.filter(([, times]) => times > 1).length
    const uncertain = states['uncertain'] ?? 0
    console.log(`Killed: ${JSON.stringify(killed)}. Deliveries: ${JSON.stringify(states)}`)
    console.log(`Accounted for: ${total} of ${count}${total === count ? '' : ': MISSED'}`)
    console.log(`Told twice: ${twice}${twice === 0 ? '' : ': MISSED'}`)
    console.log(`Said to be handed over, and never seen by the server: ${unseen}${unseen === 0 ? '' : ': MISSED'}`)
    console.log(
      `Uncertain: ${uncertain} (goal at most ${WINDOW} x ${kills} = ${WINDOW * kills}: ${uncertain <= WINDOW * kills ? 'reached' : 'MISSED'})`,
    )
    console.log('Against: a mailing without rows begins again and tells all twice, or stops and forgets the rest.')
    sayNoise()
  })
