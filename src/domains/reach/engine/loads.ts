import { setTimeout as sleep } from 'node:timers/promises'
import type { Platform } from '../../../platform/platform.ts'
import type { OpenChannel, OpenedProvider, Parts } from '../channel.types.ts'
import { ENVIRONMENT_PROVIDER, providerFor } from '../providers.store.ts'
import type { NewReceipt } from '../receipts.store.ts'
import type { DeliveryKind } from '../tables.ts'
import { type Claimed, claim, dueSources, isRated, type Source } from './claim.ts'
import { listenInFlight } from './in-flight.ts'
import { type Journal, type LaneJournal, persistently } from './journal.ts'
import { type Settled, settle, writtenOf } from './settle.ts'

/** What one run works with. */
export type Run = {
  platform: Platform
  parts: Parts
  provider: OpenedProvider
  channel: OpenChannel
  /** In whose name rows are held. */
  name: string
  signal: AbortSignal
}

/** Some rows of a load, in their order. */
export type Chunk = { load: number; rows: Claimed[] /** The place after the last of them. */; upTo: number }

type Load = {
  number: number
  rows: Claimed[]
  /** How many were given out, and how many came back. */
  given: number
  back: number
  unwritten: Settled[]
  /** By the ids of its rows, as `named`. */
  receipts: Map<number, NewReceipt>
  /** How the provider calls what it took. */
  named: Map<number, string>
  since: number
}

/** So many rows are taken and written at once, at most: a transaction costs as much as many rows. */
const MOST = 500
/** A load is about what leaves in this time: whom we may write to is looked at when it is taken. */
const LOAD_MS = 1_000
/** What leaves faster than its rows are written waits for them. */
const MOST_WRITING = 3
/** What becomes due meanwhile does not wait for a server that is slow to answer. */
const LOOK_AGAIN_MS = 1_000

export type Loads = {
  /** The next rows to hand over, in the name of one lane; null when there is nothing more for it to do. */
  next(): Promise<Chunk | null>
  /** How the provider calls a message that it has just taken. */
  named(load: number, row: Claimed, ref: string): void
  /** What became of a chunk, for its rows and for whoever handed it over; null: it was not ours to begin. */
  settled(chunk: Chunk, outcomes: Settled[] | null, own: LaneJournal): void
  /** Gives nothing more out and takes back what was not begun; resolves when all that is known is in its rows. Then `goOn` or `end`. */
  stop(): Promise<void>
  goOn(): void
  end(): void
  /** Waits for the last row to be written. Throws what went wrong. */
  close(): Promise<void>
  /** Whether it ended before nothing was due any more. */
  more(): boolean
  /** When a window has room again, if one was full. */
  roomAt(): Date | null
}

/**
 * Takes rows many at a time, each source in its turn so that a great announcement does not hold up a small one, gives them out a chunk at a time, and
 * writes what became of them many at a time: while one load is on its way, the next is taken and the last is written.
 */
export function openLoads(run: Run, journal: Journal, mayTake: () => boolean): Loads {
  const { platform, provider, channel, name, signal } = run
  const { db, now, log } = platform
  const queue = openQueue(run)
  const most = isRated(provider) ? channel.batch : Math.max(MOST, channel.batch)
  const open = new Set<Load>()
  const writing = new Set<Promise<void>>()
  /** What was taken and is in no row yet, as the provider calls it. */
  const names = new Map<string, { load: Load; row: Claimed; written: Promise<void> | null }>()
  let size = channel.batch
  let numbers = 0
  let busy = 0
  let taking: Promise<void> | null = null
  let state: 'going' | 'stopped' | 'ended' = 'going'
  /** When there was nothing to take. */
  let emptyAt: number | null = null
  let failure: { error: unknown } | null = null
  let wake = Promise.withResolvers<void>()

  const changed = () => {
    wake.resolve()
    wake = Promise.withResolvers<void>()
  }
  const fail = (error: unknown) => {
    failure ??= { error }
    changed()
  }
  const waits = () => [...open].find(({ given, rows }) => given < rows.length)
  const goes = () => state === 'going' && !failure && !signal.aborted

  function take(): Promise<void> {
    taking ??= queue
      .next(numbers++, size)
      .then((rows) => {
        if (rows.length > 0) {
          const load: Load = {
            ...{ number: numbers - 1, rows, given: 0, back: 0, since: performance.now() },
            ...{ unwritten: [], receipts: new Map(), named: new Map() },
          }
          open.add(load)
          if (!goes()) giveBack(load)
        }
        emptyAt = rows.length === 0 ? performance.now() : null
      })
      .catch(fail)
      .finally(() => {
        taking = null
        changed()
      })
    return taking
  }

  function giveBack(load: Load): void {
    const rest = load.rows.slice(load.given)
    load.given = load.rows.length
    load.back += rest.length
    load.unwritten.push(...rest.map((row): Settled => ({ row, outcome: { is: 'untouched' } })))
    writeIfWhole(load)
  }

  function writeIfWhole(load: Load): void {
    if (load.back < load.rows.length || !open.has(load)) return
    open.delete(load)
    const took = performance.now() - load.since
    if (took < LOAD_MS && load.rows.length >= size) size = Math.min(most, size * 2)
    else if (took > 2 * LOAD_MS) size = Math.max(channel.batch, Math.floor(size / 2))
    write(load, true)
  }

  function hear(receipt: NewReceipt): Promise<boolean> | null {
    const named = names.get(receipt.ref)
    if (!named) return null
    const { load, row, written } = named
    // Its row is about to say that it was taken, and will be found.
    if (written) return written.then(() => false)
    // The first final word counts.
    const first = load.receipts.get(row.id) ?? receipt
    load.receipts.set(row.id, first)
    return journal.keep(load.number, [writtenOf(asHeard(load, { row, outcome: { is: 'untouched' } }), now())])
  }
  const deaf = listenInFlight(db, provider.id, hear)

  /** With what was heard of it: what has a name was taken, whatever became of those handed over with it. */
  function asHeard({ receipts, named }: Load, entry: Settled): Settled {
    const receipt = receipts.get(entry.row.id)
    if (receipt) return { ...entry, outcome: { is: 'handed', ref: receipt.ref }, receipt }
    const ref = entry.outcome.is === 'unknown' ? named.get(entry.row.id) : undefined
    return ref === undefined ? entry : { ...entry, outcome: { is: 'handed', ref } }
  }

  function write(load: Load, whole: boolean): void {
    const entries = load.unwritten.map((entry) => asHeard(load, entry))
    load.unwritten = []
    const known = entries.flatMap(({ outcome }) => (outcome.is === 'handed' ? outcome.ref : []))
    // Of a load that is whole no row is in flight any more, whatever became of it: its receipts find it.
    const taken = new Set(whole ? [...known, ...load.named.values()] : known)
    const written = persistently(
      () => settle(db, provider, { holder: name, load: load.number, whole }, entries, now()),
      {
        log,
        signal,
        what: 'what became of a load',
      },
    )
      .catch(fail)
      .finally(() => {
        for (const ref of taken) names.delete(ref)
        writing.delete(written)
        changed()
      })
    for (const ref of taken) {
      const named = names.get(ref)
      if (named) named.written = written
    }
    writing.add(written)
  }

  return {
    async next() {
      for (;;) {
        if (state === 'stopped' && !failure) {
          await wake.promise
          continue
        }
        if (!goes()) return null
        const load = waits()
        if (load && writing.size >= MOST_WRITING) {
          await wake.promise
          continue
        }
        if (load) {
          const rows = load.rows.slice(load.given, load.given + channel.batch)
          if (load.given === 0) load.since = performance.now()
          load.given += rows.length
          // The next load is taken while the rest of this one leaves.
          const left = [...open].reduce((sum, one) => sum + one.rows.length - one.given, 0)
          if (left <= size / 2 && mayTake() && emptyAt === null) void take()
          busy++
          return { load: load.number, rows, upTo: load.given }
        }
        if (!mayTake()) return null
        const rested = emptyAt === null ? LOOK_AGAIN_MS : performance.now() - emptyAt
        if (taking || rested >= LOOK_AGAIN_MS) await take()
        else if (busy === 0) return null
        else await Promise.race([wake.promise, sleep(LOOK_AGAIN_MS - rested, null, { ref: false })])
      }
    },
    named(number, row, ref) {
      const load = [...open].find((one) => one.number === number)
      if (!load) return
      names.set(ref, { load, row, written: null })
      load.named.set(row.id, ref)
    },
    settled({ load: number, rows }, outcomes, own) {
      busy--
      const load = [...open].find((one) => one.number === number)
      if (load) {
        load.back += rows.length
        load.unwritten.push(...(outcomes ?? rows.map((row): Settled => ({ row, outcome: { is: 'untouched' } }))))
        if (outcomes)
          own.learn(
            number,
            outcomes.map((entry) => writtenOf(asHeard(load, entry), now())),
          )
        if (outcomes) writeIfWhole(load)
        else giveBack(load)
      }
      changed()
    },
    async stop() {
      if (state === 'going') state = 'stopped'
      size = channel.batch
      await taking
      for (const load of [...open]) {
        giveBack(load)
        if (open.has(load) && load.unwritten.length > 0) write(load, false)
      }
      await Promise.all(writing)
    },
    goOn() {
      if (state === 'stopped') state = 'going'
      emptyAt = null
      changed()
    },
    end() {
      state = 'ended'
      changed()
    },
    async close() {
      await taking
      for (const load of [...open]) giveBack(load)
      while (writing.size > 0) await Promise.all(writing)
      deaf()
      if (failure) throw failure.error
    },
    more: () => emptyAt === null,
    roomAt: () => queue.roomAt(),
  }
}

function openQueue({ platform: { db, mailer, now }, provider, name }: Run) {
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
    roomAt: () => roomAt,
    async next(load: number, most: number): Promise<Claimed[]> {
      if (sources.length === 0 || performance.now() - lookedAt > 500) await look()
      for (let source = sources.shift(); source; source = sources.shift()) {
        const taken = await claim(db, provider, source, { holder: name, load, most, kinds, now: now() })
        roomAt = taken.roomAt ?? roomAt
        if (taken.rows.length === 0) continue
        sources.push(source)
        return taken.rows
      }
      return []
    },
  }
}
