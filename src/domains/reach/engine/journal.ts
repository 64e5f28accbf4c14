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
  /** Of one lane, which hands over one chunk after the other. */
  lane(): LaneJournal
  /** Says what became of some rows, and resolves when it is committed. False: the load is no more in the journal, and its rows have to be asked. */
  keep(load: number, outcomes: Written[]): Promise<boolean>
}

export type LaneJournal = {
  /**
   * Says that a load's rows up to this place are about to be spoken of, with all that this lane has learnt before, and resolves when that is committed: of no
   * more than one chunk a lane is it unknown what became of it. False: they may not be; they are somebody else's by now, their announcement was stopped, or what they give is lent no more.
   */
  begin(load: number, upTo: number): Promise<boolean>
  /** What became of some rows: written with whatever this lane begins next. */
  learn(load: number, outcomes: Written[]): void
}

type Learnt = { load: number; outcomes: Written[] }
type Entry = {
  load: number
  upTo: number
  learnt: Learnt[]
  done: (mine: boolean) => void
  failed: (error: unknown) => void
}

/** So many are written at once: while the disk is waited for, lanes that come back meanwhile need not wait for the next time. */
const WRITERS = 2

/**
 * What a crash may leave unknown, kept small without a transaction a message: how far each load has come and what was learnt on the way, in short
 * statements for all lanes that wait. What is only here is in no row yet; `settle` writes the rows many at a time.
 */
export function openJournal(db: Db, holder: string, options: { log: Log; signal: AbortSignal }): Journal {
  let waiting: Entry[] = []
  let writers = 0
  let isSoon = false

  function write(): void {
    isSoon = false
    while (writers < WRITERS && waiting.length > 0) {
      const now = waiting
      waiting = []
      writers++
      void persistently(() => writeDown(db, holder, now), { ...options, what: 'what begins' })
        .then((mine) => {
          for (const { load, done } of now) done(mine.has(load))
        })
        .catch((error) => {
          for (const { failed } of now) failed(error)
        })
        .finally(() => {
          writers--
          write()
        })
    }
  }

  const say = (load: number, upTo: number, learnt: Learnt[]) =>
    new Promise<boolean>((done, failed) => {
      waiting.push({ load, upTo, learnt, done, failed })
      if (isSoon) return
      isSoon = true
      // Lanes that are ready in the same moment share a statement.
      setImmediate(write)
    })

  return {
    lane() {
      let learnt: Learnt[] = []
      return {
        begin(load, upTo) {
          const known = learnt
          learnt = []
          return say(load, upTo, known)
        },
        learn: (load, outcomes) => void learnt.push({ load, outcomes }),
      }
    },
    keep: (load, outcomes) => say(load, 0, [{ load, outcomes }]),
  }
}

async function writeDown(db: Db, holder: string, entries: Entry[]): Promise<Set<number>> {
  const loads = new Map<number, { upTo: number | null; outcomes: Written[] }>()
  const of = (load: number) => {
    const known = loads.get(load) ?? { upTo: null, outcomes: [] }
    loads.set(load, known)
    return known
  }
  for (const { load, upTo, learnt } of entries) {
    of(load).upTo = Math.max(upTo, of(load).upTo ?? 0)
    for (const { load, outcomes } of learnt) of(load).outcomes.push(...outcomes)
  }
  const all = [...loads.values()]
  // Whoever settles a dead load waits for those who begin something of it, and they for whoever settles it; what is only learnt waits for nobody.
  const { rows } = await sql<{ load: number }>`${sql.raw(PREPARED)}
    with said as materialized (
      select * from unnest(${[...loads.keys()]}::int[], ${all.map(({ upTo }) => upTo)}::int[],
        ${all.map(({ outcomes }) => JSON.stringify(outcomes))}::text[]) as x(load, up_to, outcomes)
    ), held as (
      select l.load, l.announcement_id, l.lent_to, l.lent_by from hand_loads l
      where l.holder = ${holder} and l.load in (select load from said where up_to is not null) for key share
    ), mine as (
      select h.load, s.up_to from held h join said s on s.load = h.load
      where s.up_to = 0
        or (h.announcement_id is null and not exists (select from unnest(h.lent_by) as one(artist) where not may_still_give(h.lent_to, one.artist)))
        or exists (select from announcements a
        where a.id = h.announcement_id and a.state = 'leaving' and may_still_leave(a.id, a.label_id))
    ), written as (
      insert into hand_outcomes (holder, load, outcomes, begun)
      select ${holder}, s.load, s.outcomes, coalesce(m.up_to, 0) from said s left join mine m on m.load = s.load
      where m.up_to > 0 or (s.outcomes <> '[]' and exists (select from hand_loads l where l.holder = ${holder} and l.load = s.load))
    )
    select load from mine`.execute(db)
  return new Set(rows.map(({ load }) => load))
}
