import '../../tables.ts'
import type { Platform } from '../../../../platform/platform.ts'
import type { Signer } from '../../../../platform/signing.ts'
import { openProvider } from '../../providers.store.ts'
import { type ReplyTo, replyAddress } from '../reply-address.rules.ts'
import { mailboxSettings } from './settings.ts'

export type WatchedAddress = { artistId: string | null; labelId: string | null; address: string; plus: boolean }

/** Addresses whose mailboxes we watch. */
export async function watchedAddresses(
  platform: Pick<Platform, 'db' | 'sealer' | 'config'>,
): Promise<WatchedAddress[]> {
  const rows = await platform.db
    .selectFrom('providers')
    .select('id')
    .where('kind', '=', 'imap')
    .where('isEnabled', '=', true)
    .orderBy('createdAt')
    .execute()
  const opened = await Promise.all(rows.map(({ id }) => openProvider(platform.db, platform.sealer, id)))
  return opened.flatMap((provider) => {
    const settings = provider && mailboxSettings(platform, provider)
    if (!provider || !settings?.address) return []
    const { artistId, labelId } = provider
    return [{ artistId, labelId, address: settings.address, plus: settings.plus }]
  })
}

/** What stands before the @ has 64 letters at most (RFC 5321); our part takes 52 of them. */
const MOST_BEFORE_PLUS = 12

/**
 * Where an answer to a message comes in: the mailbox of its artist, that of its label, what MAIL_REPLIES says, the place's mailbox. Where addresses cannot carry a
 * part of their own, the answer names what it answers (In-Reply-To). Null: it goes to whoever the message is from.
 */
export function answersTo(
  signer: Pick<Signer, 'sign'>,
  mailReplies: string | null,
  watched: WatchedAddress[],
  { artistId, labelId }: { artistId: string | null; labelId: string | null },
  to: ReplyTo,
): string | null {
  const own =
    watched.find((one) => artistId && one.artistId === artistId) ??
    watched.find((one) => labelId && one.labelId === labelId)
  if (!own && mailReplies) return replyAddress(signer, mailReplies, to)
  const box = own ?? watched.find((one) => !one.artistId && !one.labelId)
  if (!box) return null
  const fits = box.address.lastIndexOf('@') <= MOST_BEFORE_PLUS
  return box.plus && fits ? replyAddress(signer, box.address, to) : box.address
}
