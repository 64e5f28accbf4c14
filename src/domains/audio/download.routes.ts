import type { Context } from 'hono'
import { Hono } from 'hono'
import { allow, open, send } from '../../platform/http/index.ts'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { isBot, personOf, recordReturn, visitorOfTheDay, wayOf } from '../exchange/index.ts'
import type { OpenTaking } from '../fans/index.ts'
import type { WebEnv } from '../identity/index.ts'
import type { Members } from '../music/index.ts'
import { mediaAccess } from './access.views.ts'
import { type Format, formats } from './engine/formats.ts'
import { PASS_PARAMETER } from './pass.ts'
import { take, type Wanted } from './take.ts'

/** Making a download costs minutes of a core: so many may be begun from one address. */
export const BEGINNINGS = { name: 'take', most: 60, windowSeconds: 3600 }

/** `/media/release/<id>/<format>` and `/media/track/<id>/<format>`: the file when it is ready, else the page on which one waits for it. */
export function downloadRoutes(platform: Platform, members: Members): Hono<WebEnv> {
  const serve = (kind: 'release' | 'track') => async (c: Context<WebEnv>) => {
    const wanted = await wantedBy({ ...platform, members }, c, kind)
    if (!wanted) return c.notFound()
    const taking = await take(platform, wanted, { start: false })
    if (taking.state === 'absent') return c.notFound()
    if (taking.state !== 'ready')
      return c.redirect(waitingPath(kind, c.req.param('id') ?? '', wanted.format, c.req.query(PASS_PARAMETER)), 303)
    if (isBeginning(c)) await recordDownload(platform, c, wanted)
    const { pieces, type, etag, fileName } = taking
    return send(c, platform.storage, { pieces, type, etag, fileName, cache: 'private' }, platform.config.accelPrefix)
  }
  return new Hono<WebEnv>()
    .get('/media/release/:id/:format', open, serve('release'))
    .get('/media/track/:id/:format', open, serve('track'))
}

type Asked = Wanted & { taking: OpenTaking | null }

/** What a request for a download asks for, when whoever asks may have it. */
export async function wantedBy(
  platform: Pick<Platform, 'db' | 'signer' | 'now'> & { members: Members },
  c: Context<WebEnv>,
  kind: 'release' | 'track',
): Promise<Asked | null> {
  const { id = '', format = '' } = c.req.param() as { id?: string; format?: string }
  if (!isId(id) || !formats.includes(format as Format)) return null
  const access = await mediaAccess(
    platform,
    kind === 'release' ? { release: id } : { track: id },
    'download',
    c.req.query(PASS_PARAMETER),
  )
  if (!access) return null
  const { releaseId, taking, whole } = access
  return { releaseId, trackId: kind === 'track' ? id : null, format: format as Format, taking, whole }
}

export const filePath = (kind: 'release' | 'track', id: string, format: string, pass?: string | null): string =>
  `/media/${kind}/${id}/${format}${pass ? `?${PASS_PARAMETER}=${encodeURIComponent(pass)}` : ''}`

/** Where a visitor takes something: the page sends them on to the file at once when it is ready. */
export const waitingPath = (kind: 'release' | 'track', id: string, format: string, pass?: string | null): string =>
  `/take/${kind}/${id}/${format}${pass ? `?${PASS_PARAMETER}=${encodeURIComponent(pass)}` : ''}`

/** The first bytes of a file, asked for by a person's browser: later ranges are the same download going on. */
function isBeginning(c: Context<WebEnv>): boolean {
  const range = c.req.header('range')
  return c.req.method === 'GET' && !isBot(c.req.raw.headers) && (!range || range.startsWith('bytes=0-'))
}

/** A download taken is a return: once a day for one person, item and format; once in all for who gave an address for it. */
async function recordDownload(
  platform: Platform,
  c: Context<WebEnv>,
  { releaseId, trackId, format, taking }: Asked,
): Promise<void> {
  const { db, now } = platform
  const release = await db
    .selectFrom('releases')
    .select('artistId')
    .where('id', '=', releaseId)
    .executeTakeFirstOrThrow()
  if (c.get('actor')?.memberships.some((m) => m.artistId === release.artistId)) return
  const personId = await personOf(c, platform, { create: true })
  const who = personId ?? (await visitorOfTheDay(platform, c.get('address'), c.req.header('user-agent') ?? ''))
  const item = trackId ? (`track:${trackId}` as const) : (`release:${releaseId}` as const)
  const at = now()
  await db.transaction().execute(async (tx) => {
    await recordReturn(tx, {
      artistId: release.artistId,
      key: taking
        ? `download:taking:${taking.id}`
        : `download:${who}:${item}:${format}:${at.toISOString().slice(0, 10)}`,
      kind: 'download',
      subject: item,
      givenAs: `release:${releaseId}`,
      personId,
      at,
      details: { format },
      ...(await wayOf(tx, personId, release.artistId, at)),
      ...(taking?.personId && { personId: taking.personId }),
      ...(taking?.token && { token: taking.token }),
    })
  })
}

/** Whether this address may have another download made. */
export const mayBegin = (platform: Platform, address: string): Promise<boolean> => allow(platform, BEGINNINGS, address)
