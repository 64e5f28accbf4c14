import type { ColumnType, Generated, JSONColumnType } from 'kysely'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    facts: { artistId: string; key: string }
    gifts: {
      id: string
      artistId: string
      kind: string
      subject: string
      audience: Generated<string>
      operationId: string | null
      at: Date
    }
    touches: {
      id: string
      artistId: string
      giftId: string | null
      subject: string
      personId: string | null
      channel: string
      referrer: string | null
      token: string | null
      at: Date
    }
    returns: {
      id: string
      artistId: string
      giftId: string | null
      subject: string
      personId: string | null
      kind: string
      referrer: string | null
      token: string | null
      amount: number | null
      currency: string | null
      reverses: string | null
      details: JSONColumnType<Record<string, unknown>, string | undefined, never>
      at: Date
    }
    personVisitors: {
      visitorHash: string
      personId: string
      createdAt: Generated<Date>
      seenAt: ColumnType<Date, Date | undefined, Date>
    }
    arrivals: {
      personId: string
      artistId: string
      token: string
      givenAs: string
      asPerson: string | null
      at: Date
    }
    shares: {
      id: string
      code: string
      artistId: string
      subject: string
      personId: string
      createdAt: Date
      closedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
    brought: { artistId: string; personId: string; byPerson: string; giftId: string | null; at: Date }
    giftReadings: {
      giftId: string
      artistId: string
      reading: JSONColumnType<Record<string, unknown>, string, string>
      readAt: Date
    }
    dailySalts: { day: string; salt: string }
  }
}
