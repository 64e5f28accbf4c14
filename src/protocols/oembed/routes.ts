import { type Context, Hono } from 'hono'
import { describe, type Subjects } from '../../domains/exchange/index.ts'
import type { WebEnv } from '../../domains/identity/index.ts'
import {
  artistLine,
  type PublicRelease,
  type PublicTrack,
  releaseById,
  releasePage,
  trackPage,
} from '../../domains/music/index.ts'
import { open } from '../../platform/http/index.ts'
import { isId } from '../../platform/ids.ts'
import { imageUrl } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { drawnCoverPath } from '../../ui/cover/address.ts'
import { embedCode, embedPath } from '../../ui/embed-code.ts'
import { type Asked, readAddress, sizeWithin } from './address.rules.ts'

type Found = { release: PublicRelease; track: PublicTrack | null }

/** https://oembed.com: `GET /oembed?url=&format=json|xml&maxwidth=&maxheight=`, of type `rich`. Only what everyone may see. */
export function oembedRoutes(platform: Pick<Platform, 'db' | 'now' | 'config'>, subjects: Subjects): Hono<WebEnv> {
  const { db, now, config } = platform
  const base = config.baseUrl

  async function find(asked: Asked): Promise<Found | null> {
    const looking = { now: now() }
    if (asked.kind === 'embed') return byId(asked.of, asked.id)
    if (asked.kind === 'release') {
      const found = await releasePage(db, { ...asked, ...looking })
      if (found && 'moved' in found) return find({ kind: 'release', ...found.moved })
      return found && { release: found, track: null }
    }
    const found = await trackPage(db, { ...asked, ...looking })
    if (found && 'moved' in found) return find({ ...asked, ...found.moved })
    return found && { release: found.release, track: found.track }
  }

  async function byId(of: 'release' | 'track', id: string): Promise<Found | null> {
    if (!isId(id)) return null
    const facts = of === 'track' ? (await describe(db, subjects, [`track:${id}`])).get(`track:${id}`) : undefined
    const releaseId = of === 'track' ? facts?.givenAs.slice('release:'.length) : id
    const release = releaseId ? await releaseById(db, releaseId, { now: now() }) : null
    if (!release || of === 'release') return release && { release, track: null }
    const track = release.tracks.find((one) => one.id === id)
    return track ? { release, track } : null
  }

  return new Hono<WebEnv>().get('/oembed', open, async (c) => {
    const { url = '', format = 'json', maxwidth, maxheight } = c.req.query()
    c.header('Access-Control-Allow-Origin', '*')
    if (format !== 'json' && format !== 'xml') return c.text('The formats are json and xml.', 501)
    const asked = readAddress(url, base)
    const found = asked && (await find(asked))
    if (!found) return c.text('There is no music at this address.', 404)
    const { release, track } = found
    const isTall = track === null && !(asked.kind === 'embed' && asked.of === 'track')
    const size = sizeWithin(isTall, maxwidth, maxheight)
    const title = track ? (track.version ? `${track.title} (${track.version})` : track.title) : release.title
    const src = base + (track ? embedPath('track', track.id) : embedPath('release', release.id))
    const thumbnail = thumbnailOf(release, Number(maxwidth) || 640)
    return answer(c, format, {
      version: '1.0',
      type: 'rich',
      title,
      author_name: artistLine(track?.artists.length ? track.artists : release.artists),
      author_url: `${base}/${encodeURIComponent(release.artist.slug)}`,
      provider_name: new URL(base).host,
      provider_url: base,
      cache_age: 3600,
      html: embedCode({ src, title, ...size }),
      ...size,
      thumbnail_url: base + thumbnail.src,
      thumbnail_width: thumbnail.width,
      thumbnail_height: thumbnail.height,
    })
  })
}

function thumbnailOf({ id, cover }: PublicRelease, most: number): { src: string; width: number; height: number } {
  if (!cover) {
    const side = most >= 640 ? 640 : 320
    return { src: drawnCoverPath(id, side), width: side, height: side }
  }
  const widths = [...cover.widths].sort((a, b) => a - b)
  const width = widths.filter((one) => one <= Math.min(most, 640)).at(-1) ?? widths[0] ?? cover.width
  return { src: imageUrl(cover.sha256, width, 'jpg'), width, height: Math.round((cover.height * width) / cover.width) }
}

function answer(c: Context, format: 'json' | 'xml', body: Record<string, string | number>): Response {
  c.header('Cache-Control', 'public, max-age=300')
  if (format === 'json') {
    c.header('Content-Type', 'application/json; charset=utf-8')
    return c.body(JSON.stringify(body))
  }
  const elements = Object.entries(body).map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
  c.header('Content-Type', 'text/xml; charset=utf-8')
  return c.body(`<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>${elements.join('')}</oembed>`)
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
/** Control characters have no place in XML, however they are written. */
const escaped = (text: string) =>
  text.replace(/[\p{Cc}\ufffe\uffff]/gu, ' ').replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
