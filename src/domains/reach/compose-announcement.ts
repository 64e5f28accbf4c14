import './tables.ts'
import type { Compose } from './channel.types.ts'

/** The words of an announcement as they were written: those for the channel, else those that all share. */
export const composeAnnouncement: Compose = async ({ db }, { announcementId, channel, language }) => {
  const texts = await db
    .selectFrom('announcementTexts')
    .select(['channel', 'title', 'body', 'language'])
    .where('announcementId', '=', announcementId)
    .where('channel', 'in', [channel, ''])
    .execute()
  const rank = (text: { channel: string; language: string }) =>
    (text.language === language ? 2 : 0) + (text.channel === channel ? 1 : 0)
  const [best] = texts.toSorted((a, b) => rank(b) - rank(a))
  return best ? () => ({ subject: best.title, text: best.body }) : null
}
