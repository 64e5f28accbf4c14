import '../tables.ts'
import type { OtherMail } from '../../fans/index.ts'
import { words } from '../words.ts'
import { callBackUntold, lockPage } from './follow-press.ts'
import { followerPath } from './links.ts'

/** Momentum, told to those who follow a page for professionals. */
export const pressOtherMail: OtherMail = {
  async list({ db, signer }, addressId, lang) {
    const rows = await db
      .selectFrom('pressFollowers')
      .innerJoin('artists', 'artists.id', 'pressFollowers.artistId')
      .select(['pressFollowers.id', 'artists.name'])
      .where('addressId', '=', addressId)
      .where('confirmedAt', 'is not', null)
      .orderBy('artists.name')
      .execute()
    const t = words(lang)
    return rows.map(({ id, name }) => ({ says: t('told_of', { name }), leave: followerPath(signer, 'leave', id) }))
  },

  async end(tx, { now }, { addressId, to }) {
    const rows = await tx
      .selectFrom('pressFollowers')
      .select(['id', 'artistId'])
      .where('addressId', '=', addressId)
      .orderBy('artistId')
      .execute()
    for (const { id, artistId } of rows) {
      if (to && !to.some((one) => 'artistId' in one && one.artistId === artistId)) continue
      await lockPage(tx, artistId)
      await tx.deleteFrom('pressFollowers').where('id', '=', id).execute()
      await callBackUntold(tx, artistId, now())
    }
  },
}
