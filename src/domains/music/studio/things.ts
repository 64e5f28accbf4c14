import type { Context } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { can, type Thing, type WebEnv } from '../../identity/index.ts'
import { type StudioRelease, studioRelease } from '../studio.views.ts'

export const ID = '[0-9a-f-]{36}'

/** What the guard asks about: the artist in whose catalogue the release of the address stands. */
export const artistOfRelease =
  ({ db }: Pick<Platform, 'db'>) =>
  async (c: Context<WebEnv>): Promise<Thing | null> => {
    const id = c.req.param('id')
    if (!isId(id)) return null
    const row = await db.selectFrom('releases').select('artistId').where('id', '=', id).executeTakeFirst()
    return row ? { kind: 'artist', artistId: row.artistId } : null
  }

/** Whether whoever asks may publish what stands in the catalogue of this release's artist. */
export async function publishes(c: Context<WebEnv>, platform: Pick<Platform, 'db'>): Promise<boolean> {
  const artist = await artistOfRelease(platform)(c)
  return artist !== null && can(c.get('actor'), 'music.publish', artist)
}

/** The release of the address, as its makers see it. */
export const releaseOf = (
  c: Context<WebEnv>,
  { db, now }: Pick<Platform, 'db' | 'now'>,
): Promise<StudioRelease | null> => studioRelease(db, c.req.param('id') ?? '', now())
