import type { Db, Tx } from '../../platform/database/index.ts'
import { type Sender, senderId } from './sender.rules.ts'

/** As they are called, and the first segment of their address. */
export const senderNames = (db: Db | Tx, sender: Sender): Promise<{ name: string; slug: string }> =>
  db.selectFrom('senders').select(['name', 'slug']).where('id', '=', senderId(sender)).executeTakeFirstOrThrow()
