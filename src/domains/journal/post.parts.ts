import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { imageUrl } from '../../platform/images/index.ts'
import { refine, refineTitle } from '../../ui/type.ts'
import { type Cover, releasePath, trackPath } from '../music/index.ts'
import { type Block, idsIn } from './blocks.rules.ts'
import { type Drawing, markdownHtml, plainText } from './markdown.ts'
import type { Post } from './post.views.ts'
import { type Video, videoHtml, videosOf } from './videos.views.ts'

/** A track or a release that a text names, while everyone may see it. */
export type Cited = { id: string; releaseId: string; title: string; artist: string; path: string }

/** What texts name besides words. */
export type Parts = {
  pictures: Map<string, Cover>
  tracks: Map<string, Cited>
  releases: Map<string, Cited>
  videos: Map<string, Video>
}

type Written = Pick<Post, 'id' | 'body' | 'writer'>

/** All that these posts name: a picture when it belongs to one of their journals, a track or release when it is public. */
export async function loadParts(db: Db | Tx, posts: Written[], now: Date): Promise<Parts> {
  const texts = posts.map((post) => post.body)
  const senderIds = [...new Set(posts.map((post) => post.writer.id))]
  const withVideos = posts.filter((post) => idsIn([post.body], 'video').length > 0)
  const [pictures, tracks, releases, videos] = await Promise.all([
    picturesOf(db, idsIn(texts, 'picture'), senderIds),
    citedTracks(db, idsIn(texts, 'track'), now),
    citedReleases(db, idsIn(texts, 'release'), now),
    videosOf(
      db,
      withVideos.map((post) => post.id),
    ),
  ])
  return { pictures, tracks, releases, videos }
}

async function picturesOf(db: Db | Tx, ids: string[], senderIds: string[]): Promise<Map<string, Cover>> {
  if (!ids.length) return new Map()
  const { rows } = await sql<Cover & { pictureId: string }>`
    select x.id as picture_id, i.id, i.sha256, i.width, i.height, i.widths, i.palette
    from post_pictures x join posts p on p.id = x.post_id join images i on i.id = x.image_id
    where x.id = any(${ids}::uuid[]) and p.sender_id = any(${senderIds}::uuid[])`.execute(db)
  return new Map(rows.map(({ pictureId, ...picture }) => [pictureId, picture]))
}

type CitedRow = {
  id: string
  releaseId: string
  title: string
  version: string | null
  artist: string | null
  artistSlug: string
  releaseSlug: string
  slug: string | null
}

const SEEN = (now: Date) =>
  sql`r.removed_at is null and (r.visibility = 'public' or (r.visibility = 'scheduled' and r.publish_at <= ${now}))`

async function citedTracks(db: Db | Tx, ids: string[], now: Date): Promise<Map<string, Cited>> {
  if (!ids.length) return new Map()
  const { rows } = await sql<CitedRow>`
    select t.id, r.id as release_id, rec.title, rec.version, a.slug as artist_slug, r.slug as release_slug, t.slug,
      coalesce((select string_agg(n.name, ', ' order by n.position) from recording_artists n where n.recording_id = rec.id),
        (select string_agg(n.name, ', ' order by n.position) from release_artists n where n.release_id = r.id)) as artist
    from tracks t join recordings rec on rec.id = t.recording_id join releases r on r.id = t.release_id
      join artists a on a.id = r.artist_id
    where t.id = any(${ids}::uuid[]) and ${SEEN(now)}`.execute(db)
  return new Map(rows.map((row) => [row.id, cited(row)]))
}

async function citedReleases(db: Db | Tx, ids: string[], now: Date): Promise<Map<string, Cited>> {
  if (!ids.length) return new Map()
  const { rows } = await sql<CitedRow>`
    select r.id, r.id as release_id, r.title, null as version, a.slug as artist_slug, r.slug as release_slug, null as slug,
      (select string_agg(n.name, ', ' order by n.position) from release_artists n where n.release_id = r.id) as artist
    from releases r join artists a on a.id = r.artist_id
    where r.id = any(${ids}::uuid[]) and ${SEEN(now)}`.execute(db)
  return new Map(rows.map((row) => [row.id, cited(row)]))
}

const cited = (row: CitedRow): Cited => ({
  id: row.id,
  releaseId: row.releaseId,
  title: row.version ? `${row.title} (${row.version})` : row.title,
  artist: row.artist ?? '',
  path: row.slug ? trackPath(row.artistSlug, row.releaseSlug, row.slug) : releasePath(row.artistSlug, row.releaseSlug),
})

type HtmlOptions = {
  parts: Parts
  /** The site's origin without a final slash, where addresses must be whole: in feeds and mails. */
  base?: string
  /** How a track, a release or a video is drawn, where it is more than a link to it. */
  block?: (block: Block) => string | null
  /** What opens films that not everyone may see: `?key=…`. */
  query?: string
  /** Pictures open by `query` as well, and for its time alone. */
  isPrivate?: boolean
  /** The words of the `sizes` attribute of pictures that stand alone. */
  sizes?: string
}

/** A post's words as safe HTML, to stand under a heading of the first degree. */
export function postHtml(post: Pick<Post, 'body' | 'language'>, options: HtmlOptions): string {
  const { parts, base = '', sizes = SIZES } = options
  const draw: Drawing = {
    block: (block) => {
      const drawn = options.block?.(block)
      if (drawn) return drawn
      if (block.kind !== 'video') return blockLink(block, parts, base)
      const video = parts.videos.get(block.id)
      return video
        ? videoHtml(video, { base, query: options.query ?? '', lang: post.language, isPrivate: options.isPrivate })
        : null
    },
    picture: ({ id, alt, caption, alone }) => {
      const picture = parts.pictures.get(id)
      if (!picture) return null
      const at = (width: number, extension: 'avif' | 'webp' | 'jpg') =>
        options.isPrivate
          ? `${base}/media/post/${id}/${width}.${extension}${options.query ?? ''}`
          : base + imageUrl(picture.sha256, width, extension)
      const html = pictureHtml(picture, refine(alt, post.language), { at, sizes: alone ? sizes : '8rem' })
      if (!alone) return html
      const words = caption ? `<figcaption>${escaped(refine(caption, post.language))}</figcaption>` : ''
      return `<figure${picture.height > picture.width ? ' class="tall"' : ''}>${html}${words}</figure>\n`
    },
  }
  return markdownHtml(post.body, { lang: post.language, draw, base })
}

const SIZES = '(min-width: 48rem) 44rem, 100vw'

/** Without a player, what is named is a link to it. */
function blockLink(block: Block, parts: Parts, base: string): string | null {
  if (block.kind === 'embed') {
    const { url, host } = block.embed
    return `<p><a href="${escaped(url)}" rel="noopener">${escaped(`${host}${new URL(url).pathname}`)}</a></p>\n`
  }
  const found =
    block.kind === 'track' ? parts.tracks.get(block.id) : block.kind === 'release' ? parts.releases.get(block.id) : null
  if (!found) return null
  return `<p><a href="${escaped(base + found.path)}">${escaped(refineTitle(found.title))}</a> – ${escaped(found.artist)}</p>\n`
}

/** A picture in its widths and formats, its place reserved. */
function pictureHtml(
  picture: Cover,
  alt: string,
  { at, sizes }: { at: (width: number, extension: 'avif' | 'webp' | 'jpg') => string; sizes: string },
): string {
  const { width, height } = picture
  const widths = [...picture.widths].sort((a, b) => a - b)
  const set = (extension: 'avif' | 'webp' | 'jpg') => widths.map((w) => `${escaped(at(w, extension))} ${w}w`).join(', ')
  const middle = widths.find((w) => w >= 960) ?? widths.at(-1) ?? width
  const of = `sizes="${escaped(sizes)}"`
  return (
    `<picture><source type="image/avif" srcset="${set('avif')}" ${of}><source type="image/webp" srcset="${set('webp')}" ${of}>` +
    `<img src="${escaped(at(middle, 'jpg'))}" srcset="${set('jpg')}" ${of} width="${width}" height="${height}" ` +
    `alt="${escaped(alt)}" loading="lazy" decoding="async"></picture>`
  )
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign)

/** The beginning of a post's words, cut between words, one line: for lists, cards and search engines. */
export function postSummary(post: Pick<Post, 'body' | 'language'>, most = 200): string {
  const text = plainText(post.body, post.language)
    .replace(/[ \n]+/g, ' ')
    .trim()
  if (text.length <= most) return text
  const cut = text.slice(0, most)
  const space = cut.lastIndexOf(' ')
  return `${cut.slice(0, space > most / 2 ? space : most)}…`
}

/** How long one reads: about 220 words a minute. At least one. */
export const readingMinutes = (post: Pick<Post, 'body' | 'language'>): number =>
  Math.max(1, Math.round(plainText(post.body, post.language).split(/\s+/).length / 220))
