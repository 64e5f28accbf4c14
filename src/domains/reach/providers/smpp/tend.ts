import type { Platform } from '../../../../platform/platform.ts'
import { tendReceipts } from '../../receipts.store.ts'
import { finishBrokenPieces } from '../../received.store.ts'
import { SmppSettings } from './settings.ts'
import { decodeIncoming } from './text.rules.ts'

/** Once a minute: receipts that waited for what they are about, messages of which a part never came. */
export async function tendSms({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  await tendReceipts(db, now())
  const waiting = await db.selectFrom('smsPieces').select('providerId').distinct().execute()
  for (const { providerId } of waiting) {
    const provider = await db.selectFrom('providers').select('settings').where('id', '=', providerId).executeTakeFirst()
    const settings = SmppSettings.safeParse(provider?.settings)
    const alphabet = settings.success ? settings.data.alphabet : 'gsm7'
    await db
      .transaction()
      .execute((tx) =>
        finishBrokenPieces(tx, providerId, (words, coding) => decodeIncoming(words, coding, alphabet), now()),
      )
  }
}
