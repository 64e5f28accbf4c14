import type { Context } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { currentArtist, type Thing, type WebEnv } from '../../identity/index.ts'

export const ID = '[0-9a-f-]{36}'

export const deskArtist = (c: Context<WebEnv>): Thing | null => {
  const artist = currentArtist(c)
  return artist && { kind: 'artist', artistId: artist.id }
}

/** Whose journal the post of the address stands in. */
export const artistOfPost =
  ({ db }: Pick<Platform, 'db'>) =>
  async (c: Context<WebEnv>): Promise<Thing | null> => {
    const id = c.req.param('id')
    if (!isId(id)) return null
    const row = await db.selectFrom('posts').select('artistId').where('id', '=', id).executeTakeFirst()
    return row ? { kind: 'artist', artistId: row.artistId } : null
  }
