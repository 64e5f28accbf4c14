import '../tables.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { newToken } from '../../../platform/ids.ts'
import type { JobContext } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { addressHash, readAddress, suppressedAmong } from '../../fans/index.ts'
import type { Handed, OpenChannel, OpenedProvider, Outcome, Parts } from '../channel.types.ts'
import { wakeProvider } from '../enqueue.ts'
import { ENVIRONMENT_PROVIDER, openProvider, providerFor } from '../providers.store.ts'
import type { DeliveryKind, OwnMessage } from '../tables.ts'
import { type Claimed, claim, dueSources, nextDue, type Source } from './claim.ts'
import { finishAnnouncements, type Settled, settle, settleTheDead } from './settle.ts'

export type DeliverContext = Pick<JobContext, 'signal' | 'worker'>

/** After so long a job makes room for others and comes again. */
const SLICE_MS = 20_000
/** A batch of which nothing was begun in this time is given back: its holder may have been thought dead since. */
const BEGIN_WITHIN_MS = 20_000
/** What is known of a batch is not forgotten because the database restarts. */
const KEEP_TRYING_MS = 90_000
const STOP_TRYING_MS = 3_000

/** The runs of this process that are going on. */
const running = new Set<string>()

/**
 * Hands over what is due and leaves by this provider, batch by batch, and asks to be called again when there will be more. Nothing is handed over that
 * was not written as 'handing' before, in the name of this run; what a dead run held becomes uncertain.
 */
export async function deliver(
  platform: Platform,
  parts: Parts,
  { providerId }: { providerId: string },
  { signal, worker }: DeliverContext,
): Promise<void> {
  const { db, sealer, now, log } = platform
  // Said before anything is held in its name: at the start of a process the first heartbeat may not have been written yet.
  await sql`insert into workers (id) values (${worker}) on conflict (id) do update set seen_at = now()`.execute(db)
  await settleTheDead(db, { worker, runs: [...running] })
  const provider = await openProvider(db, sealer, providerId)
  const kind = provider && parts.channels[provider.kind]
  if (!provider || !kind) return
  const pausedUntil = await providerPause(platform, providerId)
  if (pausedUntil) return wakeProvider(db, providerId, pausedUntil)

  const run = `${worker}/${newToken(6)}`
  running.add(run)
  try {
    const channel = await kind.open(platform, provider)
    try {
      const again = await slice({ platform, parts, provider, channel, name: run, signal })
      await finishAnnouncements(db, now())
      if (again && !signal.aborted) await wakeProvider(db, providerId, again === 'now' ? undefined : again)
    } finally {
      await channel.close().catch((error) => log.warn({ err: error, provider: providerId }, 'a channel did not close'))
    }
  } finally {
    running.delete(run)
  }
}

async function providerPause({ db, now }: Platform, providerId: string): Promise<Date | null> {
  const pause = await db
    .selectFrom('handPauses')
    .select('until')
    .where('providerId', '=', providerId)
    .where('domain', '=', '')
    .where('until', '>', now())
    .executeTakeFirst()
  return pause?.until ?? null
}

/** What one run works with. */
type Run = {
  platform: Platform
  parts: Parts
  provider: OpenedProvider
  channel: OpenChannel
  /** In whose name rows are held. */
  name: string
  signal: AbortSignal
}

/** Works until nothing is due, or its time is over. Answers with when to come again, or null. */
async function slice(run: Run): Promise<Date | 'now' | null> {
  const { platform, channel, signal } = run
  const until = performance.now() + SLICE_MS
  const queue = openQueue(run)
  const make = messageMaker(run)
  const lanes = new Set<Promise<void>>()
  let failure: unknown = null
  let empty = false
  let paused: Date | null = null
  while (!failure && !signal.aborted && !paused) {
    if (performance.now() < until && lanes.size < channel.lanes && !empty) {
      const rows = await queue.next()
      empty = rows.length === 0
      if (empty) continue
      const lane: Promise<void> = handOver(run, make, rows)
        .then((more) => {
          paused ??= more
        })
        .catch((error) => {
          failure ??= error
        })
        .finally(() => lanes.delete(lane))
      lanes.add(lane)
      continue
    }
    if (lanes.size === 0) break
    // What becomes due meanwhile does not wait for a server that is slow to answer.
    await Promise.race([...lanes, sleep(1_000, null, { ref: false })])
    empty = false
  }
  await Promise.all(lanes)
  if (failure) throw failure
  if (paused) return paused
  if (!empty) return 'now'
  const due = await nextDue(platform.db, run.provider.channel, platform.now())
  const times = [due, queue.roomAt()].filter((at) => at !== null)
  return times.length ? new Date(Math.min(...times.map((at) => at.getTime()))) : null
}

/** Batches from each source in turn, so that a great announcement does not hold up a small one. */
function openQueue({ platform: { db, mailer, now }, provider, channel, name }: Run) {
  // With no mail server named, letters to the host are printed; nobody shall believe that a thousand fans were told.
  const kinds: DeliveryKind[] | null = provider.id === ENVIRONMENT_PROVIDER && !mailer.real ? ['notice'] : null
  let sources: Source[] = []
  let lookedAt = 0
  let roomAt: Date | null = null

  async function look(): Promise<void> {
    const due = await dueSources(db, provider.channel, now())
    const ours = await Promise.all(
      due.map(async (source) => (await providerFor(db, provider.channel, source)) === provider.id),
    )
    sources = due.filter((_, at) => ours[at])
    lookedAt = performance.now()
    roomAt = null
  }
  return {
    /** When a window has room again, if one was full. */
    roomAt: () => roomAt,
    async next(): Promise<Claimed[]> {
      if (sources.length === 0 || performance.now() - lookedAt > 500) await look()
      for (let source = sources.shift(); source; source = sources.shift()) {
        const taken = await claim(db, provider, source, { holder: name, most: channel.batch, kinds, now: now() })
        roomAt = taken.roomAt ?? roomAt
        if (taken.rows.length === 0) continue
        sources.push(source)
        return taken.rows
      }
      return []
    },
  }
}

type Made = Handed | { outcome: Settled['outcome'] }

/** Makes each row's message: an announcement's words are made once for each language. */
function messageMaker({ platform, parts, provider: { channel } }: Run): (row: Claimed) => Promise<Made> {
  const composers = new Map<string, ReturnType<Parts['compose']>>()
  async function words({
    id,
    announcementId,
    addressId,
    subscriptionId,
    name,
    language,
  }: Claimed): Promise<OwnMessage | null> {
    if (!announcementId) return null
    const key = `${announcementId} ${language}`
    const composing = composers.get(key) ?? parts.compose(platform, { announcementId, channel, language })
    composers.set(key, composing)
    const compose = await composing
    return compose?.({ deliveryId: id, addressId, subscriptionId, name, language }) ?? null
  }
  return async (row) => {
    if (row.silence) return { outcome: { is: 'silence', reason: row.silence } }
    if (!row.address) return { outcome: { is: 'silence', reason: 'gone' } }
    const message = row.message ?? (await words(row))
    if (!message) return { outcome: { is: 'refused', problem: 'nothing to say' } }
    const { id: deliveryId, attempts: attempt, kind, announcementId, artistId, labelId, fanId, keys, domain } = row
    const { language, senderName, address } = row
    const about = { deliveryId, kind, announcementId, artistId, labelId, fanId, language, senderName, attempt }
    return { ...about, channel, address, keys, domain, message }
  }
}

/** Answers with until when the provider wants to be left alone, if it does. */
async function handOver(run: Run, make: (row: Claimed) => Promise<Made>, rows: Claimed[]): Promise<Date | null> {
  const { platform, provider, channel, signal } = run
  const settled: Settled[] = []
  const going: { row: Claimed; handed: Handed }[] = []
  await askForUnknown(platform, provider, rows)
  for (const row of rows) {
    const made = await make(row)
    if ('outcome' in made) settled.push({ row, outcome: made.outcome })
    else going.push({ row, handed: made })
  }
  if (going.length > 0) {
    const messages = going.map(({ handed }) => handed)
    const outcomes = await channel
      .hand(messages, { beginBefore: new Date(Date.now() + BEGIN_WITHIN_MS), signal })
      .catch((error): Outcome[] => {
        platform.log.error({ err: error, provider: provider.id }, 'a channel failed in the middle of a batch')
        return going.map(() => ({ is: 'unknown', problem: String(error) }))
      })
    going.forEach(({ row }, at) => {
      settled.push({ row, outcome: outcomes[at] ?? { is: 'unknown', problem: 'no outcome' } })
    })
  }
  await write(run, settled)
  const held = settled.some(({ outcome }) => outcome.is === 'later' && outcome.holds === 'provider')
  return held ? await providerPause(platform, provider.id) : null
}

/** Addresses that are no fan's have no row that says what is suppressed: they are asked for here. */
async function askForUnknown({ db, signer }: Platform, { channel }: OpenedProvider, rows: Claimed[]): Promise<void> {
  const unknown = rows.filter(({ addressId, address, silence }) => !addressId && address && !silence)
  if (unknown.length === 0) return
  for (const row of unknown) {
    const read = readAddress(channel, row.address as string)
    if (read.ok) row.addressHash = addressHash(signer, channel, read.value.key)
  }
  const hashes = unknown.flatMap((row) => row.addressHash ?? [])
  const reasons = await suppressedAmong(db, channel, hashes)
  for (const row of unknown) {
    const reason = reasons.get(row.addressHash ?? '')
    if (reason && !(row.message?.lastWord && (reason === 'asked' || reason === 'erased'))) row.silence = reason
  }
}

/** A database that restarts does not make us forget what became of a batch. */
async function write({ platform: { db, now, log }, provider, name, signal }: Run, batch: Settled[]): Promise<void> {
  const began = performance.now()
  for (let wait = 200; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      return await settle(db, provider, name, batch, now())
    } catch (error) {
      // A database that waits for us to end will not come back before.
      if (performance.now() - began > (signal.aborted ? STOP_TRYING_MS : KEEP_TRYING_MS)) throw error
      log.warn({ err: error, messages: batch.length }, 'what became of a batch could not be written; it is tried again')
      await sleep(wait)
    }
  }
}
