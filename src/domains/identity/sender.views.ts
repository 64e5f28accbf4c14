import type { Db, Tx } from '../../platform/database/index.ts'
import type { Sender } from './sender.rules.ts'

/** As they are called, and the first segment of their address. */
export const senderNames = (db: Db | Tx, sender: Sender): Promise<{ name: string; slug: string }> =>
  'artistId' in sender
    ? db.selectFrom('artists').select(['name', 'slug']).where('id', '=', sender.artistId).executeTakeFirstOrThrow()
    : db.selectFrom('labels').select(['name', 'slug']).where('id', '=', sender.labelId).executeTakeFirstOrThrow()
