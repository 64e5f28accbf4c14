import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { describe, type Subject, type SubjectFacts, type SubjectSource, type Subjects } from '../../exchange/index.ts'
import { titleOf } from './announcement.store.ts'

const announcements: SubjectSource = async (db, ids, lang = 'en') => {
  const rows = await db
    .selectFrom('announcements')
    .leftJoin('announcementThings as lead', (join) =>
      join.onRef('lead.announcementId', '=', 'announcements.id').on('lead.position', '=', 0),
    )
    .select(['announcements.id', 'artistId', 'labelId', 'givenBy'])
    .where('announcements.id', 'in', ids)
    .execute()
  const titles = await titlesOf(db, ids, lang)
  // It is read where it was sent; its page is its makers'.
  return new Map(
    rows.map(({ id, artistId, labelId, givenBy }): [string, SubjectFacts] => [
      id,
      {
        artistId: givenBy ?? artistId ?? labelId ?? '',
        title: titles.get(id) ?? '',
        path: `/studio/announcements/${id}`,
        givenAs: `announcement:${id}`,
        publicAt: null,
      },
    ]),
  )
}

async function titlesOf(db: Db | Tx, ids: string[], lang: Lang): Promise<Map<string, string>> {
  const texts = await db
    .selectFrom('announcementTexts')
    .select(['announcementId', 'language', 'channel', 'title', 'body'])
    .where('announcementId', 'in', ids)
    .where('channel', '=', '')
    .execute()
  return new Map(
    ids.map((id) => [
      id,
      titleOf(
        texts.filter((text) => text.announcementId === id),
        lang,
      ),
    ]),
  )
}

/** What an announcement gives besides what leads: named by itself and by the announcement. */
const givenWith =
  (things: Subjects): SubjectSource =>
  async (db, ids, lang = 'en') => {
    const rows = await db
      .selectFrom('announcementThings')
      .innerJoin('announcements', 'announcements.id', 'announcementId')
      .select(['announcementThings.id', 'announcementId', 'subject', 'gift', 'givenBy', 'artistId', 'labelId'])
      .where('announcementThings.id', 'in', ids)
      .execute()
    if (!rows.length) return new Map()
    const titles = await titlesOf(
      db,
      rows.map(({ announcementId }) => announcementId),
      lang,
    )
    const known = await describe(
      db,
      things,
      rows.map(({ subject }) => subject as Subject),
    )
    return new Map(
      rows.map(({ id, announcementId, subject, gift, givenBy, artistId, labelId }): [string, SubjectFacts] => [
        id,
        {
          artistId: givenBy ?? artistId ?? labelId ?? '',
          title: [known.get(subject as Subject)?.title, titles.get(announcementId)].filter(Boolean).join(' · '),
          path: `/studio/announcements/${announcementId}`,
          givenAs: gift as Subject,
          publicAt: null,
        },
      ]),
    )
  }

/** How the exchange learns what `announcement:` and `given:` ids are; `things` describe what is given. */
export const reachSubjects = (things: Subjects): Subjects => ({ announcement: announcements, given: givenWith(things) })
