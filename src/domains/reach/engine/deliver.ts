import '../tables.ts'
import { sql } from 'kysely'
import { newToken } from '../../../platform/ids.ts'
import type { JobContext } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { addressHash, readAddress, suppressedAmong } from '../../fans/index.ts'
import type { Handed, OpenedProvider, Outcome, Parts } from '../channel.types.ts'
import { wakeProvider } from '../enqueue.ts'
import { openProvider } from '../providers.store.ts'
import type { OwnMessage } from '../tables.ts'
import { type Claimed, nextDue } from './claim.ts'
import { type LaneJournal, openJournal } from './journal.ts'
import { type Chunk, type Loads, openLoads, type Run } from './loads.ts'
import { finishAnnouncements, type Settled, settleTheDead } from './settle.ts'

export type DeliverContext = Pick<JobContext, 'signal' | 'worker'>

/** After so long a job makes room for others and comes again. */
const SLICE_MS = 20_000
/** A batch of which nothing was begun in this time is given back. */
const BEGIN_WITHIN_MS = 20_000

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
  await settleTheDead(db, now(), { worker, runs: [...running] })
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

/** Works until nothing is due, or its time is over. Answers with when to come again, or null. */
async function slice(run: Run): Promise<Date | 'now' | null> {
  const { platform, provider, channel, signal, name } = run
  const until = performance.now() + SLICE_MS
  const make = messageMaker(run)
  const journal = openJournal(platform.db, name, { log: platform.log, signal })
  const loads = openLoads(run, journal, () => !signal.aborted && performance.now() < until)
  let paused: Date | null = null

  async function lane(): Promise<void> {
    const own = journal.lane()
    for (let chunk = await loads.next(); chunk; chunk = await loads.next()) {
      const outcomes = await handOver(run, { journal: own, loads }, make, chunk)
      loads.settled(chunk, outcomes, own)
      const trouble = outcomes?.filter(isTrouble) ?? []
      if (trouble.length === 0) continue
      // Somebody wants to be left alone, or does not want this: that is written at once, and what was taken already is looked at anew.
      await loads.stop()
      if (trouble.some(({ outcome }) => outcome.is === 'later' && outcome.holds === 'provider'))
        paused ??= await providerPause(platform, provider.id)
      if (paused) return loads.end()
      loads.goOn()
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: channel.lanes }, lane))
  await loads.close()
  for (const one of lanes) if (one.status === 'rejected') throw one.reason
  if (paused) return paused
  if (loads.more()) return 'now'
  const due = await nextDue(platform.db, provider.channel, platform.now())
  const times = [due, loads.roomAt()].filter((at) => at !== null)
  return times.length ? new Date(Math.min(...times.map((at) => at.getTime()))) : null
}

const isTrouble = ({ outcome }: Settled): boolean =>
  (outcome.is === 'later' && outcome.holds !== undefined) || (outcome.is === 'refused' && outcome.policy === true)

type Made = Handed | { outcome: Settled['outcome'] }

/** Makes each row's message: the words of an announcement or a letter are made once for each language. */
function messageMaker({ platform, parts, provider: { channel } }: Run): (row: Claimed) => Promise<Made> {
  const composers = new Map<string, ReturnType<Parts['compose']>>()
  async function words({
    id,
    announcementId,
    letterId,
    addressId,
    subscriptionId,
    name,
    language,
  }: Claimed): Promise<OwnMessage | null> {
    if (!announcementId && !letterId) return null
    const key = `${announcementId ?? letterId} ${language}`
    const composing = composers.get(key) ?? parts.compose(platform, { announcementId, letterId, channel, language })
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

/** Answers with what became of each row, or null when none of them was ours to hand over any more. */
async function handOver(
  { platform, provider, channel, signal }: Run,
  { journal, loads }: { journal: LaneJournal; loads: Loads },
  make: (row: Claimed) => Promise<Made>,
  { load, rows, upTo }: Chunk,
): Promise<Settled[] | null> {
  const settled: Settled[] = []
  const going: { row: Claimed; handed: Handed }[] = []
  await askForUnknown(platform, provider, rows)
  for (const row of rows) {
    const made = await make(row)
    if ('outcome' in made) settled.push({ row, outcome: made.outcome })
    else going.push({ row, handed: made })
  }
  if (going.length === 0) return settled
  if (!(await journal.begin(load, upTo))) return null
  const messages = going.map(({ handed }) => handed)
  const outcomes = await channel
    .hand(messages, {
      beginBefore: new Date(Date.now() + BEGIN_WITHIN_MS),
      signal,
      named: (at, ref) => loads.named(load, going[at]?.row as Claimed, ref),
    })
    .catch((error): Outcome[] => {
      platform.log.error({ err: error, provider: provider.id }, 'a channel failed in the middle of a batch')
      return going.map(() => ({ is: 'unknown', problem: String(error) }))
    })
  going.forEach(({ row }, at) => {
    settled.push({ row, outcome: outcomes[at] ?? { is: 'unknown', problem: 'no outcome' } })
  })
  return settled
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
