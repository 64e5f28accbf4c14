import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Lang } from '../../platform/i18n/index.ts'

export type Channel = 'mail' | 'sms' | 'push'
export type SubscriptionState = 'asked' | 'active' | 'left'
export type Cadence = 'each' | 'weekly'
export type ConsentEvent = 'asked' | 'confirmed' | 'imported' | 'changed' | 'withdrawn' | 'erased'
export type ConsentSource =
  | 'form'
  | 'download'
  | 'poster'
  | 'keyword'
  | 'import'
  | 'link'
  | 'one-click'
  | 'preferences'
  | 'reply'
  | 'complaint'
  | 'bounce'
  | 'studio'
export type SuppressionReason = 'hard-bounce' | 'complaint' | 'asked' | 'erased' | 'refused'

export type ListEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
export type ListState = 'new' | 'trying' | 'tried' | 'bringing' | 'brought'
export type ListOutcome = 'new' | 'known' | 'left' | 'suppressed' | 'refused'
/** Which column is what, by its number from 0. */
export type ListColumns = {
  mail?: number
  phone?: number
  name?: number
  language?: number
  country?: number
  place?: number
}

/** What was said beside the address, until its owner confirms. */
export type AskedWith = {
  name?: string
  language?: Lang
  timeZone?: string
  /** The sentence under which they agreed to be recognised. */
  recognised?: string
  /** By which way they came. */
  token?: string | null
  referrer?: string | null
  /** On which release's or artist's page: `release:<id>`. */
  subject?: string
  /** Of what they asked to be told each time. The one thing that waits of a subscription that is active already. */
  follows?: { subject: string; title: string }
}

declare module '../../platform/database/tables.ts' {
  interface Tables {
    fans: {
      id: string
      personId: string
      name: Generated<string>
      language: Generated<Lang>
      country: string | null
      place: Generated<string>
      timeZone: string | null
      recognisedSince: Date | null
      createdAt: Generated<Date>
      mergedInto: string | null
      erasedAt: Date | null
    }
    personFans: { personId: string; fanId: string; since: Generated<Date> }
    fanAddresses: {
      id: string
      fanId: string
      channel: Channel
      address: string
      addressKey: string
      addressHash: string
      keys: JSONColumnType<{ p256dh: string; auth: string }, string | null, string | null> | null
      createdAt: Generated<Date>
      verifiedAt: Date | null
      removedAt: Date | null
    }
    subscriptions: {
      id: string
      fanId: string
      addressId: string
      artistId: string | null
      labelId: string | null
      channel: Channel
      state: SubscriptionState
      cadence: Generated<Cadence>
      pausedUntil: Date | null
      askedAt: Date
      joinedAt: Date | null
      leftAt: Date | null
      askedWith: JSONColumnType<AskedWith, string | null, string | null> | null
    }
    followings: { subscriptionId: string; subject: string; at: Date }
    keywords: { keyword: string; artistId: string | null; labelId: string | null; createdAt: Generated<Date> }
    consents: {
      id: string
      fanId: string
      addressId: string
      artistId: string | null
      labelId: string | null
      channel: Channel
      event: ConsentEvent
      wording: string
      language: Lang
      source: ConsentSource
      proof: JSONColumnType<Record<string, unknown>, string | undefined, never>
      at: Date
    }
    doors: {
      id: string
      code: string
      artistId: string | null
      labelId: string | null
      occasion: string
      gives: string | null
      createdBy: string | null
      createdAt: Generated<Date>
      closedAt: Date | null
    }
    takings: {
      id: string
      artistId: string
      subject: string
      givenAs: string
      mark: string
      key: string
      short: ColumnType<string | null, string | null | undefined, string | null>
      channel: 'mail' | 'sms'
      address: string | null
      language: string
      fanId: string | null
      token: string | null
      askedAt: Date
      expiresAt: Date
      closedAt: Date | null
    }
    fanLists: {
      id: string
      artistId: string | null
      labelId: string | null
      fileName: string
      storageKey: string
      size: number
      encoding: ListEncoding
      delimiter: string
      columns: JSONColumnType<ListColumns, string | undefined, string>
      hasHeading: Generated<boolean>
      country: Generated<string>
      language: Lang
      declaration: Generated<string>
      state: Generated<ListState>
      linesDone: Generated<number>
      counts: JSONColumnType<Partial<Record<ListOutcome, number>>, string | undefined, string>
      createdBy: string | null
      createdAt: Generated<Date>
    }
    fanListRefusals: { listId: string; line: number; reason: string; text: string }
    suppressions: {
      channel: Channel
      addressHash: string
      reason: SuppressionReason
      at: ColumnType<Date, Date, Date>
    }
  }
}
