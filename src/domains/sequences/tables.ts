import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Plan } from './plan.rules.ts'
import type { Tried } from './try.rules.ts'
import type { Ending, WaitsFor } from './walk.rules.ts'

export type RunState = 'walking' | Ending | 'passed' | 'off' | 'merged' | 'erased'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    sequenceSettings: { artistId: string | null; labelId: string | null; most: number; days: number }
    sequences: {
      id: string
      artistId: string | null
      labelId: string | null
      name: string
      state: Generated<'off' | 'on'>
      version: number | null
      onAt: Date | null
      seenUntil: Date | null
      createdBy: string | null
      createdAt: Date
    }
    sequenceVersions: {
      sequenceId: string
      number: number
      plan: JSONColumnType<Plan, string, string>
      edits: Generated<number>
      tried: JSONColumnType<Tried, string | null, string | null> | null
      triedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      fixedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      /** Of a try that a job is to read or is reading. */
      tryMonths: ColumnType<number | null, number | null | undefined, number | null>
      tryAskedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      tryRead: Generated<number>
      tryFailed: Generated<boolean>
    }
    sequenceGives: { id: string; sequenceId: string; title: string; givenBy: string | null }
    sequenceRuns: {
      id: string
      sequenceId: string
      version: number
      fanId: string | null
      key: string
      enteredAt: Date
      step: Generated<number>
      dueAt: Date
      waitsFor: WaitsFor | null
      state: RunState
      endedAt: Date | null
    }
  }
}
