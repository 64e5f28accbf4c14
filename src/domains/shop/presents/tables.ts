import type { Generated } from 'kysely'

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    presents: {
      orderId: string
      mail: string
      mailKey: string
      giver: string
      message: Generated<string>
      /** `YYYY-MM-DD`. */
      day: string
      sentAt: Date | null
      sent: Generated<number>
      isRefused: Generated<boolean>
      takenAt: Date | null
    }
  }
}
