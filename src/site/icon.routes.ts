import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { WebEnv } from '../domains/identity/index.ts'
import { releaseById } from '../domains/music/index.ts'
import { matches, open } from '../platform/http/index.ts'
import { isId } from '../platform/ids.ts'
import { ICON_SIZES, icons, rasteriseOwnSvg, renditionKey } from '../platform/images/index.ts'
import { placeOf } from './frame.ts'
import { icoOf } from './ico.ts'
import { recent } from './recent.ts'
import { seeing } from './sight.ts'
import type { Site } from './site.ts'
import { drawnSvg, type Sleeve, sleeveOf } from './sleeve.ts'

const SIDES = [320, 640, 1200, 1400]
const KEPT_BYTES = 24 * 1024 * 1024

/** A quaver's worth of staff between repeat signs, for a place that has no sleeve yet. */
const HOUSE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#21302a"/>' +
  '<g fill="#f3f4ec"><rect x="14" y="12" width="7" height="40"/><rect x="24" y="12" width="3" height="40"/>' +
  '<circle cx="36" cy="25" r="5"/><circle cx="36" cy="39" r="5"/></g></svg>'

/** Sleeves as single files: covers drawn from titles, icons cut from either. Drawn once, and kept while they are asked for. */
export function iconRoutes(site: Site): Hono<WebEnv> {
  const { platform } = site
  const kept = recent<Buffer>(KEPT_BYTES, (bytes) => bytes.length)

  const png = (c: Context, bytes: Buffer, cache: string, type = 'image/png') => {
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    c.header('ETag', etag)
    c.header('Cache-Control', cache)
    if (matches(c.req.header('if-none-match'), etag)) return c.body(null, 304)
    c.header('Content-Type', type)
    return c.body(bytes as Uint8Array<ArrayBuffer>)
  }

  const drawn = (svg: string, side: number) =>
    kept(`${createHash('sha256').update(svg).digest('hex')} ${side}`, async () =>
      Buffer.from((await rasteriseOwnSvg(svg, { width: side, height: side })).bytes),
    )

  async function cut(sha256: string, size: number): Promise<Buffer | null> {
    const row = await platform.db.selectFrom('images').select('widths').where('sha256', '=', sha256).executeTakeFirst()
    if (!row) return null
    return kept(`${sha256} ${size}`, async () => {
      const width = row.widths.find((one) => one >= Math.min(size, 640)) ?? Math.max(...row.widths)
      const pieces: Buffer[] = []
      for await (const piece of await platform.storage.open(renditionKey(sha256, width, 'jpg')))
        pieces.push(piece as Buffer)
      const made = await icons(Buffer.concat(pieces), [size])
      if (!made.ok) throw new Error(`The rendition ${width} of ${sha256} cannot be read: ${made.error.code}`)
      return Buffer.from(made.value[0]?.bytes ?? [])
    })
  }

  const iconOf = (sleeve: Sleeve | null, size: number) =>
    sleeve?.kind === 'picture' ? cut(sleeve.cover.sha256, size) : drawn(sleeve ? drawnSvg(sleeve) : HOUSE, size)

  const YEAR = 'public, max-age=31536000, immutable'
  const HOUR = 'public, max-age=3600'

  return new Hono<WebEnv>()
    .get('/favicon.ico', open, async (c) => {
      const { sleeve } = await placeOf(site)
      const icon = await iconOf(sleeve, 32)
      return icon ? png(c, icoOf(icon, 32), HOUR, 'image/x-icon') : c.notFound()
    })
    .get('/media/icon/:kind{image|cover}/:id/:file{[0-9]{2,3}\\.png}', open, async (c) => {
      const { kind, id, file } = c.req.param()
      const size = Number.parseInt(file, 10)
      if (!ICON_SIZES.includes(size)) return c.notFound()
      if (kind === 'image') {
        const icon = /^[0-9a-f]{64}$/.test(id) ? await cut(id, size) : null
        return icon ? png(c, icon, YEAR) : c.notFound()
      }
      const release = isId(id) ? await releaseById(platform.db, id, { now: platform.now() }) : null
      return release ? png(c, await drawn(svgOf(release), size), HOUR) : c.notFound()
    })
    .get('/media/icon/house/:file{[0-9]{2,3}\\.png}', open, async (c) => {
      const size = Number.parseInt(c.req.param('file'), 10)
      return ICON_SIZES.includes(size) ? png(c, await drawn(HOUSE, size), HOUR) : c.notFound()
    })
    .get('/media/cover/:id/:file{[0-9]{3,4}\\.png}', open, async (c) => {
      const { id, file } = c.req.param()
      const side = Number.parseInt(file, 10)
      if (!isId(id) || !SIDES.includes(side)) return c.notFound()
      const { found, sight } = await seeing(c, platform, (looking) => releaseById(platform.db, id, looking))
      if (!found) return c.notFound()
      return png(c, await drawn(svgOf(found), side), sight.kind === 'public' ? HOUR : 'private, no-store')
    })

  function svgOf(release: Parameters<typeof sleeveOf>[0]): string {
    const sleeve = sleeveOf({ ...release, cover: null })
    return sleeve.kind === 'drawn' ? drawnSvg(sleeve) : HOUSE
  }
}
