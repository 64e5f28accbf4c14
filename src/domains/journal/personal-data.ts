import type { PersonalData } from '../fans/index.ts'

/** What fans wrote under posts. It goes with them: their words, and what was answered to them. */
export const journalPersonalData: PersonalData = {
  tables: ['comments'],
  async know(db, { fanId }) {
    const comments = await db
      .selectFrom('comments')
      .innerJoin('posts', 'posts.id', 'comments.postId')
      .leftJoin('artists', 'artists.id', 'posts.artistId')
      .leftJoin('labels', 'labels.id', 'posts.labelId')
      .select(['comments.at', 'comments.name', 'comments.text', 'comments.state'])
      .select(['posts.title as post', 'artists.name as artist', 'labels.name as label'])
      .where('fanId', '=', fanId)
      .orderBy('comments.at')
      .execute()
    return { comments }
  },
  async ties(db, fanIds) {
    const rows = await db.selectFrom('comments').select('fanId').distinct().where('fanId', 'in', fanIds).execute()
    return rows.flatMap(({ fanId }) => fanId ?? [])
  },
  async erase(tx, { fanId, addressIds }) {
    await tx.deleteFrom('comments').where('fanId', '=', fanId).execute()
    if (!addressIds.length) return
    await tx
      .deleteFrom('comments')
      .where('mail', 'in', tx.selectFrom('fanAddresses').select('address').where('id', 'in', addressIds))
      .execute()
  },
  async merge(tx, from, into) {
    await tx.updateTable('comments').set({ fanId: into.fanId }).where('fanId', '=', from.fanId).execute()
  },
}
