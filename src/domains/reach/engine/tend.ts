import '../tables.ts'
import { sql } from 'kysely'
import type { Platform } from '../../../platform/platform.ts'
import type { Channel } from '../../fans/index.ts'
import { wakeProvider } from '../enqueue.ts'
import { providerFor } from '../providers.store.ts'
import { dueSources } from './claim.ts'
import { finishAnnouncements, settleTheDead } from './settle.ts'
import { restTooLate } from './too-late.ts'

const CHANNELS: Channel[] = ['mail', 'sms', 'push']

/** Once a minute: what the dead held is uncertain, what is due finds who sends it, though whoever should have said so died before; what waited for days does not leave by itself. */
export async function tend({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  await settleTheDead(db, now(), { thorough: true })
  await restTooLate(db, now())
  await finishAnnouncements(db, now())
  const woken = new Set<string>()
  for (const channel of CHANNELS)
    for (const source of await dueSources(db, channel, now())) {
      const providerId = await providerFor(db, channel, source)
      if (providerId) woken.add(providerId)
    }
  const { rows: paused } = await sql<{ id: string }>`
    select provider_id as id from hand_pauses where domain = '' and until > ${now()}`.execute(db)
  for (const { id } of paused) woken.delete(id)
  for (const providerId of woken) await wakeProvider(db, providerId)
}
