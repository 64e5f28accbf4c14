import type { ColumnType } from 'kysely'
import type { Every } from '../members/member.rules.ts'

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    chargeAgreements: {
      id: string
      orderId: string | null
      membershipId: string | null
      agreed: boolean
      words: string
      language: string
      amount: number
      currency: string
      every: Every
      at: Date
    }
    keptCards: {
      id: string
      membershipId: string
      accountId: string
      agreementId: string
      customer: string
      method: string
      brand: string
      last4: string
      expMonth: number
      expYear: number
      keptAt: Date
      warnedAt: Date | null
      forgottenAt: Date | null
      /** When what is known of it was so at the provider. */
      seenAt: Date
      /** From when on it waits for its owner to agree anew. */
      waitsSince: ColumnType<Date | null, never, Date | null>
      renewedId: ColumnType<string | null, never, string>
    }
    memberCharges: {
      id: string
      orderId: string
      membershipId: string
      nth: number
      dueAt: Date
      toldAt: Date | null
      state: 'due' | 'asked' | 'refused' | 'off'
      problem: string | null
      changedAt: Date
    }
    cardSetups: {
      id: string
      membershipId: string
      accountId: string
      agreementId: string
      reference: string
      url: string | null
      openUntil: Date
      state: 'open' | 'done' | 'over'
      begunAt: Date
    }
  }
}
