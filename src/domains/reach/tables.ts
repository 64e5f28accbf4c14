import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Channel } from '../fans/index.ts'
import type { QuietSettings } from './announce/quiet.rules.ts'
import type { Segment } from './segment.rules.ts'
import type { Figure } from './waves/figure.types.ts'

export type ProviderKind = 'smtp' | 'imap' | 'smpp' | 'twilio' | 'android' | 'vapid'
export type AnnouncementState = 'draft' | 'waiting' | 'leaving' | 'paused' | 'cancelled' | 'sent'
export type DeliveryKind = 'announcement' | 'digest' | 'letter' | 'answer' | 'notice'
export type DeliveryState =
  | 'held'
  | 'queued'
  | 'handing'
  | 'handed'
  | 'delivered'
  | 'bounced'
  | 'failed'
  | 'suppressed'
  | 'uncertain'
  | 'cancelled'
/** What became of something that came in. */
export type Understood = 'waiting' | 'message' | 'word' | 'bounce' | 'complaint' | 'automatic' | 'receipt' | 'unknown'

/** A delivery's own words, when it carries no announcement. */
export type OwnMessage = {
  subject?: string
  text: string
  html?: string
  /** Mail: Reply-To, In-Reply-To and the like, by name. */
  headers?: Record<string, string>
  conversationId?: string
  /** Push: what a press on it opens. */
  href?: string
  /** Mail: where one POST ends the subscription that this came by (RFC 8058). */
  unsubscribe?: string
  /** The receipt of a STOP, or the question whether somebody wants to come back: leaves although its address asked to be left alone. */
  lastWord?: boolean
  /** Leaves only to whoever still asks for it when it does: a subscription by its address, that is not paused. */
  ofSubscription?: boolean
  /** It is not to leave any more, whatever became of it until then. */
  calledBack?: boolean
}

declare module '../../platform/database/tables.ts' {
  interface Tables {
    providers: {
      id: string
      artistId: string | null
      labelId: string | null
      channel: Channel
      kind: ProviderKind
      name: string
      settings: JSONColumnType<Record<string, unknown>, string, string>
      secrets: Buffer | null
      isEnabled: Generated<boolean>
      createdAt: Generated<Date>
      triedAt: Date | null
      problem: string | null
    }
    handGrants: { providerId: string; domain: string; at: Date; count: number }
    handPauses: {
      providerId: string
      domain: string
      until: Date
      strikes: Generated<number>
      problem: Generated<string>
    }
    sendingDomains: {
      domain: string
      artistId: string | null
      labelId: string | null
      selector: string
      rsaPublic: string
      ed25519Public: string
      secrets: Buffer
      createdAt: Generated<Date>
    }
    announcements: {
      id: string
      artistId: string | null
      labelId: Generated<string | null>
      state: Generated<AnnouncementState>
      channels: Generated<Channel[]>
      segment: JSONColumnType<Segment, string | undefined, string>
      sendAt: Date | null
      localTime: string | null
      timeZone: string | null
      undoMinutes: Generated<number>
      leavesAt: Date | null
      frozenAt: Date | null
      finishedAt: Date | null
      giftId: string | null
      refusals: Generated<number>
      refusedSince: ColumnType<Date | null, Date | null | undefined, Date | null>
      stopped: ColumnType<string | null, string | null | undefined, string | null>
      plainLetters: Generated<boolean>
      createdBy: string | null
      createdAt: Generated<Date>
      changedAt: Generated<Date>
      version: Generated<number>
      waves: Generated<number>
      waveDays: Generated<number>
      windowEndsAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
    waveAssignments: { announcementId: string; fanId: string; wave: number; stratum: number }
    waveReadings: {
      announcementId: string
      day: number
      at: Date
      isFinal: boolean
      figures: JSONColumnType<Figure[], string, never>
    }
    announcementThings: {
      announcementId: string
      position: number
      id: Generated<string>
      subject: string
      givenBy: Generated<string | null>
      giftId: Generated<string | null>
      gift: ColumnType<string, never, never>
      forMembers: Generated<boolean>
    }
    announcementTexts: {
      announcementId: string
      language: Lang
      channel: Generated<Channel | ''>
      title: Generated<string>
      body: Generated<string>
    }
    letters: {
      id: string
      artistId: string | null
      labelId: string | null
      givenBy: string | null
      subject: string | null
      gift: string
      channels: Channel[]
      createdAt: Date
      stoppedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
    letterTexts: { letterId: string; language: Lang; title: string; body: string }
    deliveries: {
      id: ColumnType<number, never, never>
      kind: DeliveryKind
      announcementId: string | null
      artistId: string | null
      labelId: string | null
      fanId: string | null
      addressId: string | null
      address: string | null
      channel: Channel
      language: Lang
      message: JSONColumnType<OwnMessage, string | null, string | null> | null
      state: Generated<DeliveryState>
      dueAt: Date
      providerId: string | null
      providerRef: string | null
      domain: Generated<string>
      attempts: Generated<number>
      holder: string | null
      problem: string | null
      digestId: number | null
      once: string | null
      letterId: ColumnType<string | null, string | null | undefined, string | null>
      ownHref: ColumnType<string | null, string | null | undefined, string | null>
      ownUntil: ColumnType<Date | null, Date | null | undefined, Date | null>
      createdAt: Generated<Date>
      handingAt: Date | null
      handedAt: Date | null
      settledAt: Date | null
      notAfter: ColumnType<Date | null, Date | null | undefined, Date | null>
      /** Since when it should have left, when it was planned anew since. */
      lateSince: ColumnType<Date | null, never, Date | null>
      /** True while it may still leave, and while a digest shall carry it: what partial indexes ask. */
      waits: ColumnType<boolean | null, never, never>
      held: ColumnType<boolean | null, never, never>
    }
    handLoads: {
      holder: string
      load: number
      providerId: string
      announcementId: string | null
      ids: number[]
      lentTo: ColumnType<string | null, string | null | undefined, never>
      lentBy: Generated<string[]>
    }
    handOutcomes: { holder: string; load: number; outcomes: string; begun: Generated<number> }
    announcementSettings: {
      artistId: string | null
      labelId: string | null
      capMost: number | null
      capDays: Generated<number>
      quiet: JSONColumnType<QuietSettings, string | undefined, string>
      digestDay: Generated<number>
      digestHour: Generated<number>
      digestZone: Generated<string>
    }
    smsParts: {
      providerId: string
      providerRef: string
      deliveryId: number
      state: Generated<'handed' | 'delivered' | 'bounced'>
      problem: string | null
    }
    earlyReceipts: {
      providerId: string
      providerRef: string
      settled: 'delivered' | 'bounced'
      problem: string | null
      at: Date
    }
    smsPieces: {
      providerId: string
      sender: string
      recipient: string
      reference: number
      total: number
      number: number
      dataCoding: number
      octets: Buffer
      at: Date
    }
    hookTokens: { providerId: string; token: string; at: Date }
    mailboxes: {
      providerId: string
      whose: string
      uidValidity: number
      firstUid: number
      lastUid: number
      before: number
      tooLarge: Generated<number>
      startedAt: Date
      seenAt: Date
    }
    received: {
      id: string
      channel: Channel
      providerId: string | null
      providerRef: string
      sender: string
      recipient: string
      subject: Generated<string>
      text: Generated<string>
      storageKey: string | null
      size: number | null
      receivedAt: Date
      understood: Generated<Understood>
      handledAt: Date | null
      forgottenAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      asideAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      handedOnAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
  }
}
