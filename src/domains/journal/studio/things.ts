import type { Context } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { senderOf, senderThing, type Thing, type WebEnv } from '../../identity/index.ts'

export const ID = '[0-9a-f-]{36}'

/** Whose journal the post of the address stands in. */
export const whosePost =
  ({ db }: Pick<Platform, 'db'>) =>
  async (c: Context<WebEnv>): Promise<Thing | null> => {
    const id = c.req.param('id')
    if (!isId(id)) return null
    const row = await db.selectFrom('posts').select(['artistId', 'labelId']).where('id', '=', id).executeTakeFirst()
    return row ? senderThing(senderOf(row)) : null
  }
