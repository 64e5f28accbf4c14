import type { Generated, JSONColumnType } from 'kysely'

declare module '../database/tables.ts' {
  interface Tables {
    images: {
      id: string
      sha256: string
      width: number
      height: number
      widths: number[]
      palette: JSONColumnType<object | null, string | null, string | null>
      createdAt: Generated<Date>
    }
  }
}
