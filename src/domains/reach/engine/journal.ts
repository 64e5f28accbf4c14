import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Db, PREPARED } from '../../../platform/database/index.ts'
import type { Log } from '../../../platform/log.ts'
import type { Written } from './settle.ts'

/** A database that restarts does not make us forget what became of a message; one that waits for us to end will not come back before. */
const KEEP_TRYING_MS = 90_000
const STOP_TRYING_MS = 3_000

/** Does it again while the database is away, for as long as that may help. */
export async function persistently<T>(
  act: () => Promise<T>,
  { log, signal, what }: { log: Log; signal: AbortSignal; what: string },
): Promise<T> {
  const began = performance.now()
  for (let wait = 200; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      return await act()
    } catch (error) {
      if (performance.now() - began > (signal.aborted ? STOP_TRYING_MS : KEEP_TRYING_MS)) throw error
      log.warn({ err: error }, `${what} could not be written; it is tried again`)
      await sleep(wait)
    }
  }
}

export type Journal = {
  /**
   * Says that a load's rows up to this place are about to be spoken of, and resolves when that is committed, with all that was learnt before it.
   * False: they may not be; they are somebody else's by now, or their announcement was stopped.
   */
  begin(load: number, upTo: number): Promise<boolean>
  /** What became of some rows: written with whatever begins next. */
  learn(load: number, outcomes: Written[]): void
  /** The same, and resolves when it is committed. False: the load is no more in the journal, and its rows have to be asked. */
  keep(load: number, outcomes: Written[]): Promise<boolean>
  /** Its rows say it all. */
  forget(load: number): void
}

type Begin = { load: number; upTo: number; done: (mine: boolean) => void; failed: (error: unknown) => void }

/**
 * What a crash may leave unknown, kept small without a transaction a message: how far each load has come and what was learnt on the way, in one
 * short statement for all lanes that wait for it. What is only here is in no row yet; `settle` writes the rows many at a time.
 */
export function openJournal(db: Db, holder: string, options: { log: Log; signal: AbortSignal }): Journal {
  let begins: Begin[] = []
  let learnt: { load: number; outcomes: Written[] }[] = []
  let writing = false

  async function write(): Promise<void> {
    writing = true
    while (begins.length > 0) {
      const now = begins
      const news = learnt
      begins = []
      learnt = []
      try {
        const mine = await persistently(() => writeDown(db, holder, now, news), { ...options, what: 'what begins' })
        for (const { load, done } of now) done(mine.has(load))
      } catch (error) {
        for (const { failed } of now) failed(error)
      }
    }
    writing = false
  }

  const begin = (load: number, upTo: number) =>
    new Promise<boolean>((done, failed) => {
      begins.push({ load, upTo, done, failed })
      if (!writing) {
        writing = true
        // Lanes that are ready in the same moment share a statement.
        setImmediate(() => void write())
      }
    })

  return {
    begin,
    learn(load, outcomes) {
      learnt.push({ load, outcomes })
    },
    keep(load, outcomes) {
      learnt.push({ load, outcomes })
      return begin(load, 0)
    },
    forget(load) {
      learnt = learnt.filter((one) => one.load !== load)
    },
  }
}

async function writeDown(
  db: Db,
  holder: string,
  begins: Begin[],
  learnt: { load: number; outcomes: Written[] }[],
): Promise<Set<number>> {
  const upTo = new Map<number, number>()
  for (const { load, upTo: place } of begins) upTo.set(load, Math.max(place, upTo.get(load) ?? 0))
  const { rows } = await sql<{ load: number }>`${sql.raw(PREPARED)}
    with told as (
      insert into hand_outcomes (holder, load, outcomes)
      select ${holder}, t.load, t.outcomes from unnest(${learnt.map(({ load }) => load)}::int[], ${learnt.map(({ outcomes }) => JSON.stringify(outcomes))}::text[]) as t(load, outcomes)
      where exists (select from hand_loads l where l.holder = ${holder} and l.load = t.load)
    )
    update hand_loads l set begun = greatest(l.begun, x.up_to)
    from unnest(${[...upTo.keys()]}::int[], ${[...upTo.values()]}::int[]) as x(load, up_to)
    where l.holder = ${holder} and l.load = x.load
      and (x.up_to = 0 or l.announcement_id is null or exists (select from announcements a
        where a.id = l.announcement_id and a.state = 'leaving' and may_still_leave(a.id, a.label_id)))
    returning l.load`.execute(db)
  return new Set(rows.map(({ load }) => load))
}
