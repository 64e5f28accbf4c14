import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Lang } from '../../platform/i18n/index.ts'
import type { PostalAddress } from './address.types.ts'
import type { State } from './distribution.rules.ts'
import type { PaperContent, PaperKind } from './paper.rules.ts'
import type { StatementContent } from './statement.rules.ts'
import type { VatRegime } from './vat.types.ts'

/** 'asked' waits for those whom it concerns. */
export type SplitState = 'asked' | 'agreed' | 'refused' | 'withdrawn'
export type SplitAnswer = 'agreed' | 'refused'

/** Spent on a project, paid to somebody before it was earned, paid out to them. */
export type OutlayKind = 'cost' | 'advance' | 'payout'
/** 'owner': the artist paid it themselves. */
export type PaidFrom = 'bank' | 'cash' | 'owner'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    sellers: {
      id: string
      artistId: string | null
      labelId: string | null
      legalName: string
      address: JSONColumnType<PostalAddress, string | undefined, string>
      country: string
      registerNumber: Generated<string>
      vatRegime: VatRegime
      vatNumber: Generated<string>
      currency: string
      yearBegins: Generated<number>
      ossSince: string | null
      timeZone: Generated<string>
      closedThrough: string | null
      createdAt: Generated<Date>
    }
    ledgerAccounts: { id: string; sellerId: string; kind: string; of: Generated<string> }
    ledgerEntries: {
      id: string
      sellerId: string
      key: string
      kind: string
      bookedOn: ColumnType<string, string, never>
      reference: Generated<string>
      note: Generated<string>
      reverses: string | null
      lines: number
      recordedAt: Date
    }
    ledgerLines: {
      entryId: string
      position: number
      accountId: string
      bookedOn: ColumnType<string, string, never>
      amount: number
      currency: string
      baseAmount: number
      subject: string | null
      country: string | null
      quantity: number | null
      earnedOn: string | null
    }
    payees: {
      id: string
      sellerId: string
      name: string
      email: Generated<string>
      language: Generated<Lang>
      artistId: string | null
      createdAt: Generated<Date>
      leftAt: Date | null
    }
    splits: {
      id: string
      sellerId: string
      subject: string
      title: string
      state: SplitState
      askedFrom: string
      beginsOn: string | null
      recoupsCosts: boolean
      note: Generated<string>
      createdAt: Date
      createdBy: string | null
      decidedAt: Date | null
    }
    splitParts: { splitId: string; payeeId: string | null; position: number; share: number }
    splitAnswers: {
      splitId: string
      payeeId: string
      answer: SplitAnswer | null
      answeredAt: Date | null
      saidBy: 'link' | 'seller' | null
      words: Generated<string>
    }
    outlays: {
      id: string
      sellerId: string
      kind: OutlayKind
      payeeId: string | null
      subject: string | null
      title: Generated<string>
      amount: number
      vat: Generated<number>
      paidOn: string
      paidFrom: PaidFrom
      note: Generated<string>
      storageKey: string | null
      fileName: Generated<string>
      fileType: Generated<string>
      size: number | null
      recordedAt: Date
      recordedBy: string | null
      reversedAt: Date | null
    }
    distributions: {
      id: string
      sellerId: string
      number: number
      fromDay: string | null
      through: string
      state: JSONColumnType<State>
      given: number
      madeAt: Date
      madeBy: string | null
    }
    statements: {
      id: string
      distributionId: string
      sellerId: string
      payeeId: string
      language: Lang
      content: JSONColumnType<StatementContent>
      earned: number
      balance: number
      sentAt: Date | null
    }
    ledgerNumbers: {
      sellerId: string
      year: number
      number: number
      entryId: string
      numberedAt: Generated<Date>
      chained: number | null
      hash: Buffer | null
    }
    ledgerWaiting: { entryId: string; sellerId: string }
    papers: {
      id: string
      sellerId: string
      key: string
      kind: PaperKind
      series: string
      number: number | null
      issuedOn: string
      language: Lang
      content: JSONColumnType<PaperContent>
      issuedAt: Date
    }
    euroRates: { currency: string; day: string; rate: string }
    euroRatesTyped: { sellerId: string; currency: string; day: string; rate: string; typedBy: string; typedAt: Date }
    reportWishes: { sellerId: string; accountId: string; sentThrough: string | null }
  }
}
