import type { Db, Tx } from '../../../platform/database/index.ts'
import { type Sender, senderColumns } from '../../identity/index.ts'
import type { QuietSettings } from './quiet.rules.ts'

export type AnnouncementSettings = {
  /** No fan is told more often than so many times in so many days; null: no limit. */
  capMost: number | null
  capDays: number
  quiet: QuietSettings
  /** The weekly digest: 0 is Sunday; an hour of the artist's clock. */
  digestDay: number
  digestHour: number
  digestZone: string
}

const DEFAULTS: AnnouncementSettings = {
  capMost: null,
  capDays: 7,
  quiet: {},
  digestDay: 5,
  digestHour: 17,
  digestZone: 'UTC',
}

export async function announcementSettings(db: Db | Tx, sender: Sender): Promise<AnnouncementSettings> {
  const { artistId, labelId } = senderColumns(sender)
  const row = await db
    .selectFrom('announcementSettings')
    .select(['capMost', 'capDays', 'quiet', 'digestDay', 'digestHour', 'digestZone'])
    .where('artistId', 'is not distinct from', artistId)
    .where('labelId', 'is not distinct from', labelId)
    .executeTakeFirst()
  return row ?? DEFAULTS
}

export async function saveAnnouncementSettings(tx: Tx, sender: Sender, settings: AnnouncementSettings): Promise<void> {
  const row = { ...settings, quiet: JSON.stringify(settings.quiet) }
  await tx
    .insertInto('announcementSettings')
    .values({ ...senderColumns(sender), ...row })
    .onConflict((conflict) => conflict.columns(['artistId', 'labelId']).doUpdateSet(row))
    .execute()
}
