import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { simpleParser } from 'mailparser'
import { countFromArguments, left, mailInto, readyToLeave, sayFreezing } from './support/fanout.ts'
import { type Sink, startSink } from './support/mail-sink.ts'
import { watchMemory, watchProcessors } from './support/processes.ts'
import { runProgram } from './support/program.ts'
import { median, sayNoise, verdict } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title =
  '100,000 fans told by mail, signed with RSA-2048, against one bare nodemailer pool into the same sink'

const CONNECTIONS = 5
const SAMPLE = 4_000

export const bench = () =>
  scene(async (place) => {
    const count = countFromArguments(100_000)
    const sink = await startSink(place)
    const { platform, workPid, databasePid } = await runProgram(place, mailInto(sink))

    await sayFreezing(platform, count)
    // A few first: the pool shall send the same words.
    const few = await readyToLeave(platform, 20)
    await few.letGo(platform)
    await left(platform, few.announcementId)
    const { first } = await sink.all()
    const { subject, text, html } = await simpleParser(Buffer.from(first, 'latin1'))
    console.log(`A message has ${first.length} bytes${html ? '' : ', text alone'}.`)
    const theirs: number[] = []
    const pool = async () => void theirs.push(await nodemailerPool(sink, { subject, text, html: html || null }))

    const many = await readyToLeave(platform, count)
    await pool()
    await pool()
    sink.forget()
    const memory = watchMemory(workPid, 'the worker')
    const processors = watchProcessors({ worker: workPid, database: databasePid, sink: sink.pid })
    await many.letGo(platform)
    const ours = await messagesPerSecond(sink, count)
    const states = await left(platform, many.announcementId)
    memory.stop()
    processors.stop(count)
    const { byRecipient } = await sink.all()
    await pool()
    await pool()

    const twice = byRecipient.filter(([, times]) => times > 1).length
    console.log(
      `${byRecipient.length} of ${count} fans were told, ${twice} of them twice; deliveries: ${JSON.stringify(states)}`,
    )
    const pooled = median(theirs)
    const samples = theirs.map((each) => each.toFixed(0)).join(', ')
    console.log(`Ritornello ${ours.toFixed(0)} messages/s, nodemailer’s pool ${pooled.toFixed(0)} (${samples})`)
    console.log(`Ratio: ${(ours / pooled).toFixed(2)} (${verdict(ours / pooled, { least: 1.5 })})`)
    sayNoise()
  })

/** From the first message that comes to the last. */
async function messagesPerSecond(sink: Sink, count: number): Promise<number> {
  let before = 0
  while (before === 0) {
    await sleep(20)
    before = await sink.count()
  }
  const began = performance.now()
  let now = before
  let changed = began
  while (now < count && performance.now() - changed < 60_000) {
    await sleep(100)
    const next = await sink.count()
    if (next > now) changed = performance.now()
    now = next
  }
  return (now - before) / ((changed - began) / 1000)
}

async function nodemailerPool(
  { url }: Sink,
  words: { subject: string | undefined; text: string | undefined; html: string | null },
): Promise<number> {
  const script = resolve(import.meta.dirname, 'support/nodemailer-pool.ts')
  const settings = JSON.stringify({ url, count: SAMPLE, connections: CONNECTIONS, ...words })
  const { stdout } = await promisify(execFile)(process.execPath, [script, settings])
  return JSON.parse(stdout).perSecond
}
