import type { Db, Tx } from '../../platform/database/index.ts'
import { setArtists } from './names.store.ts'
import { insertRelease, type NewRelease, within } from './release.store.ts'

/** Makes a draft release of one artist, by that artist, without tracks. */
export async function createRelease(db: Db | Tx, release: NewRelease): Promise<{ id: string; slug: string }> {
  return within(db, async (tx) => {
    const made = await insertRelease(tx, release)
    const artist = await tx
      .selectFrom('artists')
      .select('name')
      .where('id', '=', release.artistId)
      .executeTakeFirstOrThrow()
    await setArtists(tx, { releaseId: made.id }, [{ name: artist.name }])
    return made
  })
}
