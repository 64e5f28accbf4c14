import type { FileFact } from './facts.rules.ts'
import { isStemsFolder } from './folders.rules.ts'
import type { IgnoredReason } from './plan.ts'

const AUDIO = new Set(
  'wav wave rf64 bwf w64 aif aiff aifc flac m4a m4b mp4 alac aac mp3 mp2 ogg oga opus caf'.split(' '),
)
const PICTURES = new Set('jpg jpeg jpe jfif png webp gif avif tif tiff svg svgz'.split(' '))
const TEXTS = new Set('txt lrc md'.split(' '))
const BONUS = new Set('pdf epub rtf odt mid midi musicxml mxl gp gp5 gpx zip'.split(' '))
const PLAYLISTS = new Set('m3u m3u8 pls xspf wpl asx ffconcat'.split(' '))
const RIP_RECORDS = new Set('log nfo sfv md5 sha1 sha256 ffp st5 accurip par2'.split(' '))
const SYSTEM =
  /^(?:thumbs\.db|ehthumbs\.db|desktop\.ini|folder\.db|icon\r?|albumartsmall\.jpg|albumart_\{.*\}_small\.jpg)$/i
const SYSTEM_FOLDER = /^(?:__macosx|@eadir|\$recycle\.bin|system volume information)$/i

export type FileClass = { kind: FileFact['kind'] } | { ignored: IgnoredReason }

/** What a file is for, by its name and folders alone; what it really holds is found when it is read. */
export function classify(segments: string[]): FileClass {
  const name = segments.at(-1) ?? ''
  if (segments.slice(0, -1).some((folder) => SYSTEM_FOLDER.test(folder)) || SYSTEM.test(name))
    return { ignored: 'system' }
  if (segments.slice(1).some((segment) => segment.startsWith('.')) || name.startsWith('.')) return { ignored: 'hidden' }
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  if (AUDIO.has(extension)) return { kind: segments.slice(0, -1).some(isStemsFolder) ? 'bonus' : 'audio' }
  if (PICTURES.has(extension)) return { kind: 'picture' }
  if (TEXTS.has(extension)) return { kind: 'text' }
  if (BONUS.has(extension)) return { kind: 'bonus' }
  if (extension === 'cue') return { kind: 'cue' }
  if (PLAYLISTS.has(extension)) return { ignored: 'playlist' }
  if (RIP_RECORDS.has(extension)) return { ignored: 'rip-record' }
  return { ignored: 'unknown' }
}

/** What the first bytes of a file named as audio betray. Null: it may well be audio, the probe decides. */
export function betrayed(head: Uint8Array): 'playlist' | 'text-not-audio' | 'picture-not-audio' | null {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
  if (
    /^\s*(?:#EXTM3U|ffconcat version|\[playlist\]|<\?xml[^>]*>\s*<(?:playlist|smil|mpd)|<asx|<smil|<mpd)/i.test(text)
  ) {
    return 'playlist'
  }
  if (/^(?:\u00ff\u00d8\u00ff|\u0089PNG\r\n|GIF8|RIFF[\s\S]{4}WEBP)/.test(text)) return 'picture-not-audio'
  // Every byte printable: no container of audio begins so, since each holds small numbers within its first bytes.
  return head.length > 0 && /^[\t\n\r\x20-\x7e\u0080-\u00ff]+$/.test(text) ? 'text-not-audio' : null
}
