/** What may stand on a line of its own in a post: something of ours by its id, or a video that lies elsewhere by its address. */
export type Block = { kind: 'track' | 'release' | 'video'; id: string } | { kind: 'embed'; embed: Embed }

/** A video on somebody else's site, as the address of its player is made. */
export type Embed = {
  provider: 'youtube' | 'vimeo' | 'dailymotion' | 'peertube'
  id: string
  host: string
  url: string
}

const ID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}'
const OWN = new RegExp(`^\\[\\[(track|release|video):(${ID})(?:\\|[^\\[\\]\\n]*)?\\]\\]$`)

/** Reads a line: `[[track:ID|what it is called]]`, or the bare address of a video. Null for words. */
export function blockOf(text: string): Block | null {
  const line = text.trim()
  const own = OWN.exec(line)
  if (own) return { kind: own[1] as 'track', id: own[2] as string }
  const embed = embedOf(line)
  return embed && { kind: 'embed', embed }
}

/** How a line is written that puts a track, a release or a video there. What it is called is for whoever edits the text. */
export const blockLine = (kind: 'track' | 'release' | 'video', id: string, called: string): string =>
  `[[${kind}:${id}|${called
    .replace(/[[\]|\n]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()}]]`

/** The text without the lines that put this there, and without the empty line that each leaves behind. */
export function withoutBlock(text: string, id: string): string {
  const lines = text.split('\n')
  for (let at = lines.length - 1; at >= 0; at--) {
    const block = blockOf(lines[at] ?? '')
    if (!block || block.kind === 'embed' || block.id !== id) continue
    const [before, after] = [lines[at - 1], lines[at + 1]]
    lines.splice(at, !before?.trim() && after?.trim() === '' ? 2 : 1)
  }
  return lines.join('\n')
}

const PICTURE = new RegExp(`^picture:(${ID})$`)

/** The id in `picture:ID`, the address of a picture of ours in the text. */
export const pictureId = (address: string): string | null => PICTURE.exec(address)?.[1] ?? null

/** How a picture is written into a text. */
export const pictureLine = (id: string, alt: string): string =>
  `![${alt
    .replace(/[[\]\\]/g, '\\$&')
    .replace(/\s+/g, ' ')
    .trim()}](picture:${id})`

/** All ids of one kind that texts name, wherever they stand. */
export function idsIn(texts: string[], kind: 'picture' | 'track' | 'release' | 'video'): string[] {
  const found = new RegExp(`${kind}:(${ID})`, 'g')
  return [...new Set(texts.flatMap((text) => [...text.matchAll(found)].map((match) => match[1] as string)))]
}

/** The video that an address leads to, of a site whose player may be framed. Null for any other address. */
export function embedOf(text: string): Embed | null {
  if (!/^https:\/\/\S+$/.test(text) || text.length > 300 || !URL.canParse(text)) return null
  const url = new URL(text)
  if (url.username || url.port) return null
  const host = url.hostname.replace(/^(?:www|m)\./, '')
  const parts = url.pathname.split('/').filter(Boolean)
  const made = (provider: Embed['provider'], id: string | null | undefined, shape: RegExp): Embed | null =>
    id && shape.test(id) ? { provider, id, host: url.hostname, url: url.href } : null
  if (host === 'youtu.be') return made('youtube', parts[0], YOUTUBE)
  if (host === 'youtube.com' || host === 'youtube-nocookie.com') {
    const named = ['embed', 'shorts', 'live'].includes(parts[0] ?? '')
    return made('youtube', named ? parts[1] : url.searchParams.get('v'), YOUTUBE)
  }
  if (host === 'vimeo.com' || host === 'player.vimeo.com') return made('vimeo', parts.at(-1), /^\d{4,12}$/)
  if (host === 'dai.ly') return made('dailymotion', parts[0], DAILYMOTION)
  if (host === 'dailymotion.com') return made('dailymotion', parts[0] === 'video' ? parts[1] : null, DAILYMOTION)
  // PeerTube is on many hosts: its addresses are told by their shape (https://docs.joinpeertube.org).
  if (parts[0] === 'w' && parts.length === 2) return made('peertube', parts[1], /^[1-9A-HJ-NP-Za-km-z]{22}$/)
  if (parts[0] === 'videos' && parts[1] === 'watch') return made('peertube', parts[2], UUID)
  return null
}

const YOUTUBE = /^[\w-]{11}$/
const DAILYMOTION = /^[a-zA-Z0-9]{5,12}$/
const UUID = new RegExp(`^${ID}$`)

/** The address of a video's player, asking for as little as its site allows; null for what no post can name. */
export function embedUrl(provider: string, host: string, id: string): string | null {
  const page = { youtube: 'https://youtu.be/', vimeo: 'https://vimeo.com/', dailymotion: 'https://dai.ly/' }[provider]
  if (page) {
    if (embedOf(page + id)?.provider !== provider) return null
    if (provider === 'youtube') return `https://www.youtube-nocookie.com/embed/${id}?autoplay=1&rel=0`
    if (provider === 'vimeo') return `https://player.vimeo.com/video/${id}?dnt=1&autoplay=1`
    return `https://geo.dailymotion.com/player.html?video=${id}`
  }
  const address = UUID.test(id) ? `https://${host}/videos/watch/${id}` : `https://${host}/w/${id}`
  const found = provider === 'peertube' ? embedOf(address) : null
  return found?.host === host ? `https://${host}/videos/embed/${id}?autoplay=1&p2p=0` : null
}
