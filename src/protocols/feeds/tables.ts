import type { Generated } from 'kysely'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    feedSupport: {
      artistId: string
      fundingUrl: string | null
      fundingWords: Generated<string>
      lightning: string | null
    }
    websubSubscriptions: {
      id: string
      topic: string
      callback: string
      secret: Buffer | null
      leaseUntil: Date
      createdAt: Generated<Date>
      toldAt: Date | null
      problem: string | null
    }
  }
}
