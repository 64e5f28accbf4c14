import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type Action, guard, senderOf, senderThing, type Thing, type WebEnv } from '../../identity/index.ts'

export const ID = '[0-9a-f-]{36}'

/** Whoever may do this for the artist or label whose announcement the address names. */
export const ofAnnouncement = (action: Action, platform: Pick<Platform, 'db'>): MiddlewareHandler<WebEnv> =>
  guard(action, whoseAnnouncement(platform))

/** Whose announcement the address names. */
export const whoseAnnouncement =
  ({ db }: Pick<Platform, 'db'>) =>
  async (c: Context<WebEnv>): Promise<Thing | null> => {
    const id = c.req.param('id')
    if (!isId(id)) return null
    const row = await db
      .selectFrom('announcements')
      .select(['artistId', 'labelId'])
      .where('id', '=', id)
      .executeTakeFirst()
    return row ? senderThing(senderOf(row)) : null
  }

/** Two languages of 50,000 letters for each channel, nine bytes each as they are sent. */
export const withinReason = bodyLimit({ maxSize: 4_000_000, onError: (c) => c.text('This is too long.', 413) })

export type Posted = { text(name: string): string; texts(name: string): string[] }

/** A posted form: trimmed at its ends, line ends are \n, what was not sent is empty. */
export async function posted(c: Context<WebEnv>): Promise<Posted> {
  const body = await c.req.parseBody({ all: true })
  const texts = (name: string) =>
    [body[name] ?? []]
      .flat()
      .flatMap((value) => (typeof value === 'string' ? [value.replaceAll('\r\n', '\n').trim()] : []))
  return { texts, text: (name) => texts(name)[0] ?? '' }
}
