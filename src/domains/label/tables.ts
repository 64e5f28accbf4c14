import type { Generated } from 'kysely'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    tasks: {
      id: string
      artistId: string | null
      labelId: string | null
      title: string
      aboutArtistId: string | null
      releaseId: string | null
      assignedTo: string | null
      /** A day, YYYY-MM-DD. */
      dueOn: string | null
      planStep: string | null
      plannedOn: string | null
      createdAt: Date
      createdBy: string | null
      doneAt: Date | null
      doneBy: string | null
      removedAt: Date | null
      version: Generated<number>
    }
  }
}
