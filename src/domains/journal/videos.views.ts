import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { LANGUAGES, type Lang } from '../../platform/i18n/index.ts'
import { imageUrl } from '../../platform/images/index.ts'
import type { Cover } from '../music/index.ts'
import type { VideoState } from './tables.ts'

export type Video = {
  id: string
  postId: string
  title: string
  fileName: string
  state: VideoState
  progress: number
  problem: string | null
  mp4: { key: string; size: number; type: string } | null
  webm: { key: string; size: number; type: string } | null
  poster: Cover | null
  width: number
  height: number
  durationMs: number
  captions: Lang[]
}

/** Films of these posts. */
export async function videosOf(db: Db | Tx, postIds: string[]): Promise<Map<string, Video>> {
  if (!postIds.length) return new Map()
  const { rows } = await sql<Video>`
    select v.id, v.post_id, v.title, v.file_name, v.state, v.progress, v.problem, coalesce(v.width, 16) as width, coalesce(v.height, 9) as height,
      coalesce(v.duration_ms, 0) as duration_ms,
      case when v.mp4_storage_key is null then null
        else json_build_object('key', v.mp4_storage_key, 'size', v.mp4_size, 'type', v.mp4_type) end as mp4,
      case when v.webm_storage_key is null then null
        else json_build_object('key', v.webm_storage_key, 'size', v.webm_size, 'type', v.webm_type) end as webm,
      (select json_build_object('id', i.id, 'sha256', i.sha256, 'width', i.width, 'height', i.height, 'widths', i.widths,
        'palette', i.palette) from images i where i.id = v.poster_image_id) as poster,
      array(select c.language from video_captions c where c.video_id = v.id order by c.language) as captions
    from post_videos v where v.post_id = any(${postIds}::uuid[]) and v.removed_at is null order by v.created_at, v.id`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.id, row]))
}

export type RemovedVideo = { id: string; title: string; removedAt: Date }

/** Films that were taken off a post and can be put back, the last first. */
export const removedVideos = (db: Db, postId: string): Promise<RemovedVideo[]> =>
  db
    .selectFrom('postVideos')
    .select(['id', 'title', 'removedAt'])
    .where('postId', '=', postId)
    .where('removedAt', 'is not', null)
    .orderBy('removedAt', 'desc')
    .$narrowType<{ removedAt: Date }>()
    .execute()

const NAMES: Record<Lang, string> = { en: 'English', fr: 'Français' }

/** A film as a page plays it: nothing is fetched before it is pressed, its place is kept. `query` opens one that not everyone may see. */
export function videoHtml(
  video: Video,
  { base, query, lang, isPrivate }: { base: string; query: string; lang: string; isPrivate?: boolean | undefined },
): string | null {
  if (video.state !== 'ready') return null
  const at = (file: string) => `${base}/media/video/${video.id}/${file}${query}`
  // What opens to one reader by a pass alone does so with its picture as well.
  const width = video.poster && posterWidth(video.poster)
  const poster =
    video.poster &&
    width &&
    (isPrivate ? at(`poster/${width}.jpg`) : base + imageUrl(video.poster.sha256, width, 'jpg'))
  const sources = [
    { file: 'film.webm', of: video.webm },
    { file: 'film.mp4', of: video.mp4 },
  ].flatMap(({ file, of }) => (of ? [`<source src="${escaped(at(file))}" type="${escaped(of.type)}">`] : []))
  const tracks = LANGUAGES.filter((one) => video.captions.includes(one)).map(
    (one) =>
      `<track kind="captions" src="${escaped(at(`${one}.vtt`))}" srclang="${one}" label="${NAMES[one]}"${one === lang ? ' default' : ''}>`,
  )
  return (
    `<figure class="own-video${video.height > video.width ? ' tall' : ''}"><video controls preload="none" playsinline width="${video.width}" height="${video.height}"` +
    `${poster ? ` poster="${escaped(poster)}"` : ''} aria-label="${escaped(video.title)}">${sources.join('')}${tracks.join('')}` +
    `<a href="${escaped(at('film.mp4'))}">${escaped(video.title)}</a></video><figcaption>${escaped(video.title)}</figcaption></figure>\n`
  )
}

function posterWidth({ widths }: Cover): number | null {
  const sorted = [...widths].sort((a, b) => a - b)
  return sorted.find((one) => one >= 960) ?? sorted.at(-1) ?? null
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign)
