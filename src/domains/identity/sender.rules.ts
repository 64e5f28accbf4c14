import type { Thing } from './rights.rules.ts'

/** Who speaks to fans and hears from them: an artist or a label. */
export type Sender = { artistId: string } | { labelId: string }

/** Its columns in a table that knows both. */
export type SenderColumns = { artistId: string | null; labelId: string | null }

export const senderId = (sender: Sender): string => ('artistId' in sender ? sender.artistId : sender.labelId)

export const senderColumns = (sender: Sender): SenderColumns =>
  'artistId' in sender ? { artistId: sender.artistId, labelId: null } : { artistId: null, labelId: sender.labelId }

export const senderOf = ({ artistId, labelId }: SenderColumns): Sender =>
  artistId ? { artistId } : { labelId: labelId as string }

export const senderThing = (sender: Sender): Thing =>
  'artistId' in sender ? { kind: 'artist', artistId: sender.artistId } : { kind: 'label', labelId: sender.labelId }
