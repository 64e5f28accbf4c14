import '../../tables.ts'
import type { Platform } from '../../../../platform/platform.ts'
import { openProvider } from '../../providers.store.ts'
import { MAILBOX_PATIENCE, type MailboxProblem, openMailbox, problemText } from './connect.ts'
import { mailboxSettings } from './settings.ts'

/** A page waits for the answer. */
const PATIENCE = { ...MAILBOX_PATIENCE, connectMs: 8_000, commandMs: 15_000 }

export type MailboxTried = { is: 'good'; messages: number } | MailboxProblem

/** Opens a mailbox, looks how much lies there, and leaves it as it is. */
export async function tryMailbox(
  platform: Pick<Platform, 'db' | 'sealer' | 'config' | 'now'>,
  providerId: string,
  patience = PATIENCE,
): Promise<MailboxTried> {
  const provider = await openProvider(platform.db, platform.sealer, providerId, { evenOff: true })
  const settings = provider && mailboxSettings(platform, provider)
  const tried = settings ? await look() : ({ is: 'other', said: 'the settings are not complete' } as const)
  await platform.db
    .updateTable('providers')
    .set({ triedAt: platform.now(), problem: tried.is === 'good' ? null : problemText(tried) })
    .where('id', '=', providerId)
    .execute()
  return tried

  async function look(): Promise<MailboxTried> {
    const opened = await openMailbox(settings as NonNullable<typeof settings>, patience)
    if (!opened.ok) return opened.error
    const client = opened.value
    const messages = client.mailbox ? client.mailbox.exists : 0
    client.close()
    return { is: 'good', messages }
  }
}
