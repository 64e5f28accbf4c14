import type { SubjectFacts, SubjectSource } from '../../exchange/index.ts'
import { titleOf } from './announcement.store.ts'

const announcements: SubjectSource = async (db, ids, lang = 'en') => {
  const rows = await db
    .selectFrom('announcements')
    .leftJoin('announcementTexts', (join) =>
      join.onRef('announcementId', '=', 'announcements.id').on('channel', '=', ''),
    )
    .select(['announcements.id', 'artistId', 'labelId', 'givenBy', 'language', 'title', 'createdAt'])
    .where('announcements.id', 'in', ids)
    .execute()
  const facts = new Map<string, SubjectFacts>()
  for (const { id, artistId, labelId, givenBy } of rows) {
    const variants = rows.flatMap((row) =>
      row.id === id && row.language
        ? [{ language: row.language, channel: '' as const, title: row.title ?? '', body: '' }]
        : [],
    )
    const title = titleOf(variants, lang)
    // It is read where it was sent; its page is its makers'.
    facts.set(id, {
      artistId: givenBy ?? artistId ?? labelId ?? '',
      title,
      path: `/studio/announcements/${id}`,
      givenAs: `announcement:${id}`,
    })
  }
  return facts
}

/** How the exchange learns what `announcement:` ids are. */
export const reachSubjects = { announcement: announcements }
