import {
  type Block,
  type Embed,
  type JournalItem,
  journalItems,
  loadParts,
  memberQuery,
  type Parts,
  type Post,
  postHtml,
  postSummary,
  readingMinutes,
} from '../../domains/journal/index.ts'
import {
  type Membership,
  type PublicRelease,
  pictureOf,
  releaseById,
  SECRET_PARAMETER,
} from '../../domains/music/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { PlayerTrack } from '../../ui/player.types.ts'
import { type Shown, show, trackHref } from '../release.view.ts'
import { htmlOf } from '../site.ts'
import type { Visit } from '../visit.ts'
import { ElsewhereVideo, PutRelease, PutTrack } from './blocks.tsx'
import type { PostCard, PostView } from './pages.tsx'

type Deps = Pick<Platform, 'db' | 'signer' | 'now'>

/** Posts as a list shows them. */
export const postCard = (post: Post, visit: Visit): PostCard => ({
  id: post.id,
  title: post.title,
  href: visit.to(post.path),
  lang: post.language,
  summary: postSummary(post, 220),
  date: post.publishedAt,
  picture: post.cover && pictureOf(post.cover, post.coverAlt),
})

/** The same of one that this reader may only know of. */
export const itemCard = (item: JournalItem, visit: Visit): PostCard => {
  if ('post' in item) return { ...postCard(item.post, visit), date: item.at, forMembers: item.post.givenTo !== null }
  const { id, title, path, language, teaser, cover, coverAlt } = item.teaser
  return {
    ...{ id, title, href: visit.to(path), lang: language, summary: teaser, date: item.at, forMembers: true },
    picture: cover && pictureOf(cover, coverAlt),
  }
}

/** The newest of a journal, as everybody may know of it. */
export const latestPosts = ({ db, now }: Deps, senderId: string, limit: number): Promise<JournalItem[]> =>
  journalItems(db, senderId, { limit, now: now() })

/** A post with its words drawn, and what plays on its page. */
export async function postView(
  deps: Deps,
  post: Post,
  visit: Visit,
  membership: Membership | null = null,
): Promise<{ view: PostView; queue: PlayerTrack[] }> {
  const parts = await loadParts(deps.db, [post], deps.now())
  const drawn = new Map<string, string>()
  const keyOf = (block: Block) => (block.kind === 'embed' ? block.embed.url : `${block.kind}:${block.id}`)
  // Components are drawn before the words are, since drawing them may wait.
  const blocks: Block[] = []
  const note = (block: Block) => {
    blocks.push(block)
    return null
  }
  postHtml(post, { parts, block: note })
  const heard = await hear(deps, parts, blocks, visit)
  for (const block of blocks) {
    const html = await blockHtml(deps, block, heard, visit)
    if (html) drawn.set(keyOf(block), html)
  }
  const html = postHtml(post, {
    parts,
    query: membership ? memberQuery(deps, post.id, membership) : mediaQuery(visit),
    isPrivate: post.visibility !== 'public',
    block: (block) => drawn.get(keyOf(block)) ?? null,
  })
  return {
    queue: heard.queue,
    view: {
      id: post.id,
      title: post.title,
      lang: post.language,
      html,
      summary: postSummary(post),
      minutes: readingMinutes(post),
      date: post.publishedAt ?? (post.givenTo && post.membersAt),
      zone: post.publishZone ?? 'UTC',
      cover: post.cover && pictureOf(post.cover, post.coverAlt),
      writer: { name: post.writer.name, href: visit.to(`/${encodeURIComponent(post.writer.slug)}`) },
    },
  }
}

type Heard = { queue: PlayerTrack[]; shown: Map<string, Shown>; places: Map<string, number>; parts: Parts }

/** What the text names, in its order, as one queue: a track once, a release whole. */
async function hear(deps: Deps, parts: Parts, blocks: Block[], visit: Visit): Promise<Heard> {
  const queue: PlayerTrack[] = []
  const places = new Map<string, number>()
  const shown = new Map<string, Shown>()
  const wanted = [...parts.tracks.values(), ...parts.releases.values()]
  for (const id of new Set(wanted.map(({ releaseId }) => releaseId))) {
    const release = await releaseById(deps.db, id, { now: deps.now() })
    if (release) shown.set(id, await show(deps, release, { kind: 'public' }, visit))
  }
  const add = (trackId: string, from: Shown) => {
    const place = from.heard.places.get(trackId)
    const track = place === undefined ? undefined : from.heard.queue[place]
    if (track && !places.has(trackId)) places.set(trackId, queue.push(track) - 1)
  }
  for (const block of blocks) {
    if (block.kind === 'track') {
      const from = shown.get(parts.tracks.get(block.id)?.releaseId ?? '')
      if (from) add(block.id, from)
    }
    if (block.kind === 'release')
      for (const { id } of shown.get(block.id)?.release.tracks ?? []) add(id, shown.get(block.id) as Shown)
  }
  return { queue, shown, places, parts }
}

async function blockHtml(deps: Deps, block: Block, heard: Heard, visit: Visit): Promise<string | null> {
  const { lang } = visit.page
  if (block.kind === 'embed')
    return htmlOf(<ElsewhereVideo embed={block.embed} src={framePath(deps, block.embed)} lang={lang} />)
  if (block.kind === 'video') return null
  const cited = block.kind === 'track' ? heard.parts.tracks.get(block.id) : heard.parts.releases.get(block.id)
  const from = cited && heard.shown.get(cited.releaseId)
  if (!from) return null
  if (block.kind === 'release') return htmlOf(<PutRelease {...put(from, heard, lang)} />)
  const track = from.release.tracks.find(({ id }) => id === block.id)
  if (!track) return null
  const index = heard.places.get(track.id)
  return htmlOf(
    <PutTrack
      title={track.title}
      version={track.version}
      href={trackHref(from, track)}
      release={from.release.title}
      durationMs={from.sounds.get(track.recordingId)?.durationMs ?? 0}
      index={index ?? null}
      sources={index === undefined ? [] : (heard.queue[index]?.sources ?? [])}
      lang={lang}
    />,
  )
}

function put({ release, linkTo }: Shown, heard: Heard, lang: Visit['page']['lang']) {
  const first = release.tracks.find(({ id }) => heard.places.has(id))
  return {
    id: release.id,
    title: release.title,
    artist: artistsOf(release),
    href: linkTo(release.path),
    picture: release.cover && pictureOf(release.cover, ''),
    index: (first && heard.places.get(first.id)) ?? null,
    lang,
  }
}

const artistsOf = ({ artists }: PublicRelease) => artists.map(({ name }) => name).join(', ')

/** The page of ours in which a video of another site plays. It is signed, so that ours frames what stands in a post and nothing else. */
export const framePath = ({ signer }: Pick<Platform, 'signer'>, { provider, host, id }: Embed): string =>
  `/journal/video/${provider}/${host}/${id}/${signer.sign('journal-video', `${provider} ${host} ${id}`)}`

/** What opens films to who holds a secret link; who works on the post is known by their session. */
function mediaQuery(visit: Visit): string {
  const key = new URL(visit.page.url).searchParams.get(SECRET_PARAMETER)
  return key ? `?${new URLSearchParams({ [SECRET_PARAMETER]: key })}` : ''
}
