import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
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

/** A post of 200,000 letters, nine bytes each as they are sent. */
const withinReason = bodyLimit({
  maxSize: 2_000_000,
  onError: (c) => {
    throw new HTTPException(413, { res: c.text('This is too long.', 413) })
  },
})

/** A posted form's texts. A name sent twice keeps its last value. Throws an {@link HTTPException} when it is longer than any honest one. */
export async function posted(c: Context<WebEnv>): Promise<Record<string, string>> {
  let body: Awaited<ReturnType<typeof c.req.parseBody>> = {}
  await withinReason(c, async () => {
    body = await c.req.parseBody()
  })
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : '']))
}
