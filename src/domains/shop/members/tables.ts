import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Evidence } from '../tax.rules.ts'
import type { Every } from './member.rules.ts'

export type MembershipState = 'active' | 'paused' | 'resting' | 'left'

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    members: {
      id: string
      productId: string | null
      sellerId: string
      artistId: string | null
      mail: string
      mailKey: string
      name: string
      language: string
      evidence: JSONColumnType<Evidence[]>
      title: string
      every: Every
      price: number
      currency: string
      subject: string | null
      givesAll: boolean
      provider: string
      personId: string | null
      state: MembershipState
      since: Date
      day: number
      paidUntil: Date
      changedAt: Date
    }
    memberPeriods: {
      orderId: string
      membershipId: string
      renews: Date | null
      fromAt: ColumnType<Date | null, Date | null | undefined>
      until: ColumnType<Date | null, Date | null | undefined>
      dropped: Generated<boolean>
      /** All that was paid for it went back, or was lost to a dispute: what it gave is closed. */
      closedAt: ColumnType<Date | null, never, Date | null>
      /** What the membership was when a refund of this period ended it. */
      endedFrom: ColumnType<MembershipState | null, never, MembershipState | null>
    }
    memberDoors: { membershipId: string; browserKey: string; feedKey: string }
  }
}
