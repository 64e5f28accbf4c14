import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { watchProcessors } from './support/processes.ts'
import { runProgram } from './support/program.ts'
import { median, sayNoise, verdict } from './support/rounds.ts'
import { scene } from './support/scene.ts'
import { startSmsc, textsReady, WINDOW } from './support/texts.ts'

export const title =
  '100,000 text messages over SMPP, each with its row and its receipt, against a bare smpp client with the same window'

const TEXT = 'Nuit Verte: a song for you, tonight'

export const bench = () =>
  scene(async (place) => {
    const count = Number(process.argv[3]) || 100_000
    const smsc = await startSmsc(place)
    const { platform, workPid, databasePid } = await runProgram(place)
    const ready = await textsReady(platform, count, smsc.port)

    const withReceipts: number[] = []
    const without: number[] = []
    const bare = async (receipts: boolean) => {
      await smsc.forget()
      await bareClient({ port: smsc.port, count, window: WINDOW, text: TEXT, receipts })
      const { taken, firstAt, lastAt } = await smsc.counts()
      ;(receipts ? withReceipts : without).push(taken / ((lastAt - firstAt) / 1000))
    }
    await bare(true)
    await bare(false)
    await smsc.forget()
    const processors = watchProcessors({ worker: workPid, database: databasePid, network: smsc.pid })
    await ready.letGo(platform)
    // The network knows first when the end is near: to ask the database all the time would be work of its own.
    while ((await smsc.counts()).receipts < count) await sleep(50)
    const { states, settledAt } = await ready.settled(platform)
    processors.stop(count)
    const { taken, distinct, firstAt, lastAt } = await smsc.counts()
    await bare(true)
    await bare(false)

    const handed = taken / ((lastAt - firstAt) / 1000)
    const settled = taken / ((settledAt - firstAt) / 1000)
    console.log(`${taken} messages to ${distinct} of ${count} fans; deliveries: ${JSON.stringify(states)}`)
    const [same, least] = [median(withReceipts), median(without)]
    console.log(
      `Ritornello ${handed.toFixed(0)}/s handed over; ${settled.toFixed(0)}/s until the last receipt was in its row`,
    )
    console.log(`A bare client ${same.toFixed(0)}/s with receipts that it forgets, ${least.toFixed(0)}/s without any`)
    console.log(
      `Ratio: ${(handed / same).toFixed(2)} (${verdict(handed / same, { least: 0.5 })}); against the one without receipts ${(handed / least).toFixed(2)}`,
    )
    sayNoise()
  })

const bareClient = (settings: object) =>
  promisify(execFile)(process.execPath, [
    resolve(import.meta.dirname, 'support/bare-smpp.ts'),
    JSON.stringify(settings),
  ])
