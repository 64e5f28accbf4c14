import type { Platform } from '../../platform/platform.ts'
import type { Subject } from '../exchange/index.ts'
import type { FanAtAddress, OtherMail } from '../fans/index.ts'
import type { Sender } from '../identity/index.ts'
import type { Held } from './conversation.store.ts'

export type Deps = Pick<Platform, 'db' | 'signer' | 'now' | 'config' | 'storage'> & { others: OtherMail[] }

export type Received = {
  id: string
  channel: 'mail' | 'sms' | 'push'
  providerId: string | null
  providerRef: string
  sender: string
  recipient: string
  subject: string
  text: string
  storageKey: string | null
  receivedAt: Date
  understood: string
}

/** What came in, and to whom it was said. */
export type Heard = {
  received: Received
  owner: Sender
  /** One number for many artists: a word sent to it is about all of them. */
  isShared: boolean
  fan: FanAtAddress | null
  /** The conversation that its address names. */
  conversation: Held | null
  /** What was last handed to that address, as the spine calls it. */
  about: Subject | null
}
