import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { OfferSource } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import { type Sender, senderId } from '../../identity/index.ts'
import type { Segment } from '../segment.rules.ts'
import { partsOf } from './announcement.store.ts'
import { inSegment, type Parts } from './segment.sql.ts'

/** How many people of one language, and on which channel each wants to be told; somebody on two channels is one person. */
export type AudienceRow = { language: Lang; people: number; mail: number; sms: number; push: number }
export type Audience = { people: number; mail: number; sms: number; push: number; languages: AudienceRow[] }

type Asked = { sender: Sender; segment: Segment; channels: Channel[]; parts: Parts; now: Date }

/** How many fans a segment holds, while it is being built: read from their standing facts, without asking who is paused or tired just now. */
export async function countAudience(db: Db | Tx, { sender, segment, channels, parts, now }: Asked): Promise<Audience> {
  const id = senderId(sender)
  const on = (channel: Channel) =>
    channels.includes(channel) ? sql`count(*) filter (where s.channels & ${BITS[channel]} <> 0)::int` : sql`0`
  const mask = channels.reduce((sum, channel) => sum | BITS[channel], 0)
  const { rows: languages } = await sql<AudienceRow>`
    select s.language, count(*)::int as people, ${on('mail')} as mail, ${on('sms')} as sms, ${on('push')} as push
    from standings s where s.artist_id = ${id} and s.channels & ${mask} <> 0 and ${inSegment(segment, { id, parts, now })}
    group by s.language order by 2 desc, 1`.execute(db)
  const sum = (of: 'people' | Channel) => languages.reduce((total, row) => total + row[of], 0)
  return { people: sum('people'), mail: sum('mail'), sms: sum('sms'), push: sum('push'), languages }
}

/** How many people a segment holds, on whatever channel. */
export async function peopleIn(
  db: Db,
  offers: OfferSource,
  sender: Sender,
  segment: Segment,
  now: Date,
): Promise<number> {
  const parts = await partsOf(db, offers, sender, segment)
  return (await countAudience(db, { sender, segment, channels: ['mail', 'sms', 'push'], parts, now })).people
}

/** As `channel_bit()` has them. */
const BITS: Record<Channel, number> = { mail: 1, sms: 2, push: 4 }
