import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Channel, SuppressionReason } from '../fans/index.ts'
import type { DeliveryKind, OwnMessage, ProviderKind } from './tables.ts'

/** One message on its way to one address, as the engine hands it to a channel. */
export type Handed = {
  deliveryId: number
  kind: DeliveryKind
  channel: Channel
  announcementId: string | null
  artistId: string | null
  labelId: string | null
  fanId: string | null
  /** Mail address as written, E.164, or push endpoint. */
  address: string
  /** Of a push subscription. */
  keys: { p256dh: string; auth: string } | null
  /** The recipient's mail domain or country, as the row says. */
  domain: string
  language: Lang
  /** From 1. */
  attempt: number
  /** In whose name it leaves: the artist's, the label's, or null for the place's own. */
  senderName: string | null
  message: OwnMessage
}

/** What became of one message. Problems are in the words of whoever refused, for the person who looks into it. */
export type Outcome =
  /** The provider took it; `ref` is what the provider calls it. */
  | { is: 'handed'; ref: string }
  /**
   * It will never take it. `suppress`: nothing is to be sent to that address again, by nobody. `policy`: it is the message or we who are not wanted,
   * and many of those in a row pause the mailing.
   */
  | { is: 'refused'; problem: string; suppress?: Extract<SuppressionReason, 'hard-bounce' | 'refused'>; policy?: true }
  /** Not now. `at`: when the provider or a law says to try again; `holds`: others to the same domain, or all by this provider, wait as well. */
  | { is: 'later'; problem: string; at?: Date; holds?: 'domain' | 'provider' }
  /** Perhaps it took it and perhaps not: a person decides. */
  | { is: 'unknown'; problem: string }
  /** It was not spoken of: it waits as before. */
  | { is: 'untouched' }

export type HandOptions = {
  /** After this moment nothing more of the batch may be begun: what is not begun is 'untouched'. */
  beginBefore: Date
  /** Aborted when the program stops: begin nothing more. */
  signal: AbortSignal
  /** Told at once how the provider calls the message at this place of the batch, as its outcome will say: a receipt may follow on its heels. */
  named?: (at: number, ref: string) => void
}

export type OpenChannel = {
  /** How many messages make a batch, and how many batches are handed at once. Their product is what a crash can leave uncertain. */
  readonly batch: number
  readonly lanes: number
  /** One outcome for each, in their order. Throws only for a bug: all of the batch is then uncertain. */
  hand(batch: Handed[], options: HandOptions): Promise<Outcome[]>
  close(): Promise<void>
}

/** A provider with its secrets unsealed. */
export type OpenedProvider = {
  id: string
  channel: Channel
  kind: ProviderKind
  artistId: string | null
  labelId: string | null
  name: string
  settings: Record<string, unknown>
  secrets: Record<string, string>
}

/** One way in which messages leave. A provider that does not answer is no error here: its messages are refused for now. */
export type ChannelKind = {
  open(platform: Platform, provider: OpenedProvider): Promise<OpenChannel>
}

/**
 * Makes the words of an announcement or a letter for one channel and language, once; the function that comes back makes one fan's message of them, and is
 * called a thousand times a second. Null: there is nothing to say on that channel.
 */
export type Compose = (
  platform: Platform,
  words: { announcementId: string | null; letterId: string | null; channel: Channel; language: Lang },
) => Promise<((to: Told) => OwnMessage) | null>

export type Told = {
  deliveryId: number
  addressId: string | null
  subscriptionId: string | null
  name: string
  language: Lang
}

/** What the engine is made of: every way to send, and who makes the words. */
export type Parts = { channels: Partial<Record<ProviderKind, ChannelKind>>; compose: Compose }
