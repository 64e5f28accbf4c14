import { type Context, Hono } from 'hono'
import { isBot, personOf, recordReturn, visitorOfTheDay, wayOf } from '../domains/exchange/index.ts'
import type { WebEnv } from '../domains/identity/index.ts'
import { type PublicRelease, releaseById } from '../domains/music/index.ts'
import { forOneReader, open, send } from '../platform/http/index.ts'
import { isId } from '../platform/ids.ts'
import { asks } from './release.view.ts'
import { seeing } from './sight.ts'
import type { Site } from './site.ts'

/** What comes with a release besides its tracks: a booklet, stems. Always saved, never shown as a page of ours. */
export function bonusRoutes({ platform }: Site): Hono<WebEnv> {
  const { db, storage, config } = platform
  return new Hono<WebEnv>().get('/media/bonus/:id/:file', open, async (c) => {
    const { id, file } = c.req.param()
    if (!isId(id)) return c.notFound()
    const { found, sight } = await seeing(c, platform, (looking) => releaseById(db, id, looking))
    const bonus =
      found?.gives.download || sight.kind === 'preview' ? found?.bonus.find((one) => one.id === file) : undefined
    // What is given for an address leaves with the archive.
    if (!found || !bonus || asks({ release: found, sight })) return c.notFound()
    if (sight.kind !== 'public') forOneReader(c)
    const range = c.req.header('range')
    if (c.req.method === 'GET' && sight.kind !== 'preview' && (!range || range.startsWith('bytes=0-')))
      await recordTaken(c, found, bonus.id)
    const { storageKey, size, sha256, fileName } = bonus
    const sending = {
      pieces: [{ key: storageKey, size }],
      type: 'application/octet-stream',
      etag: `"${sha256.slice(0, 32)}"`,
      cache: 'private' as const,
      fileName,
    }
    return send(c, storage, sending, config.accelPrefix)
  })

  /** A download taken is a return: once a day for one person and file. */
  async function recordTaken(c: Context<WebEnv>, release: PublicRelease, fileId: string): Promise<void> {
    const artistId = release.artist.id
    if (isBot(c.req.raw.headers) || c.get('actor')?.memberships.some((m) => m.artistId === artistId)) return
    const personId = await personOf(c, platform, { create: true })
    const who = personId ?? (await visitorOfTheDay(platform, c.get('address'), c.req.header('user-agent') ?? ''))
    const at = platform.now()
    const subject = `release:${release.id}` as const
    await db.transaction().execute(async (tx) => {
      await recordReturn(tx, {
        artistId,
        key: `download:${who}:${subject}:${fileId}:${at.toISOString().slice(0, 10)}`,
        kind: 'download',
        subject,
        givenAs: subject,
        personId,
        at,
        details: { bonus: fileId },
        ...(await wayOf(tx, personId, artistId, at)),
      })
    })
  }
}
