import type { Generated, JSONColumnType } from 'kysely'
import type { PaidWith, Short } from './till.rules.ts'

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    tills: {
      id: string
      artistId: string | null
      sellerId: string
      place: Generated<string>
      currency: string
      begunWith: number
      fromAccount: 'cash' | 'owner'
      isConfirmed: Generated<boolean>
      openedAt: Date
      openedBy: string | null
      counted: number | null
      givenBack: number | null
      note: Generated<string>
      closedAt: Date | null
      closedBy: string | null
    }
    tillSales: {
      id: string
      tillId: string
      orderId: string
      paidWith: PaidWith
      isLate: boolean
      short: JSONColumnType<Short[], string, string>
      arrivedAt: Date
    }
  }
}
