import type { ProviderKind } from '../tables.ts'

/** The artist's or label's channels, or the place's own. */
export type Base = '/studio/channels' | '/studio/settings/channels'

/** A provider as its page has it. */
export type Shown = {
  id: string
  artistId: string | null
  labelId: string | null
  channel: 'mail' | 'sms' | 'push'
  kind: ProviderKind
  name: string
  settings: Record<string, unknown>
  isEnabled: boolean
  triedAt: Date | null
  problem: string | null
  /** What is known of a mailbox that is watched. */
  mailbox?: { before: number; tooLarge: number; startedAt: Date; seenAt: Date } | null
}
