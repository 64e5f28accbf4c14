import { html } from 'hono/html'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { imageUrl } from '../../../platform/images/index.ts'
import { PlayPause } from '../../../ui/icons.tsx'
import { JsonBlock } from '../../../ui/json.tsx'
import type { PlayerTrack } from '../../../ui/player.types.ts'
import type { Contest, Entry } from '../contests/contest.views.ts'
import { fileSentence } from '../entry-files/file-words.ts'
import { type PlayableFile, playableFile } from '../entry-files/files.views.ts'
import { operationPath } from '../paths.rules.ts'
import { publicWords } from '../words.ts'
import { nameOf } from './entry-name.ts'

type Of = Pick<Contest, 'id' | 'title' | 'artistName' | 'artistSlug' | 'slug'>
type Options = { lang: Lang; blind?: boolean; keyOf?: (fileId: string) => string | null }

/** What the player of the page is told of the sounds among these entries, in their order. A jury is not told whose they are. */
export function soundsOf(contest: Of, entries: readonly Entry[], { lang, blind, keyOf }: Options): PlayerTrack[] {
  const path = operationPath(contest.artistSlug, contest.slug)
  return entries.flatMap((entry, n): PlayerTrack[] => {
    const playable = entry.file?.kind === 'sound' ? playableFile(entry.file, keyOf?.(entry.file.id)) : null
    if (!playable) return []
    const { captions: _, ...sound } = playable
    return [
      {
        ...sound,
        id: entry.id,
        title: blind ? entry.title || publicWords(lang)('jury_score', { n: n + 1 }) : nameOf(entry, lang),
        artist: blind ? contest.title : entry.name,
        album: contest.title,
        url: `${path}#entry-${entry.id}`,
        albumUrl: path,
        artwork: [],
        subject: `operation:${contest.id}`,
      },
    ]
  })
}

/** The sounds of a page, told to its player: once, before what plays them. */
export const Sounds = ({ tracks }: { tracks: PlayerTrack[] }) =>
  tracks.length > 0 ? <JsonBlock data-queue="" data-index="0" value={{ tracks }} /> : null

type Props = {
  entry: Entry
  lang: Lang
  blind?: boolean | undefined
  /** The sounds that this page plays; where there are none, as in the studio, the browser's own controls do. */
  tracks?: PlayerTrack[] | undefined
  /** What opens it before it is shown. */
  fileKey?: string | null | undefined
}

/** A sound or a film that was sent in, to be heard or seen; while it cannot be, a sentence says why. */
export const EntryFileView = ({ entry, lang, blind, tracks, fileKey }: Props) => {
  const { file } = entry
  const t = publicWords(lang)
  if (!file) return null
  const playable = playableFile(file, fileKey)
  const name = blind ? entry.title : nameOf(entry, lang)
  if (!playable)
    return file.state === 'kept' ? (
      <p class="facts">{file.fileName}</p>
    ) : (
      <p class="facts" role="status">
        {file.state === 'failed'
          ? t('entry_unplayable', { why: fileSentence(file.problem ?? 'machine', file.kind, lang) })
          : t('entry_made', { percent: Math.floor(file.progress * 100) })}
      </p>
    )
  if (file.kind === 'film') return <Film {...{ entry, lang, playable, name }} />
  const index = tracks?.findIndex(({ id }) => id === entry.id) ?? -1
  const native = html`<audio controls preload="none" aria-label="${name}">${playable.sources.map(
    ({ src, type }) => html`<source src="${src}" type="${type}" />`,
  )}</audio>`
  return (
    <div class="heard">
      {index >= 0 ? (
        <>
          <button
            type="button"
            class="play small"
            data-play=""
            data-index={index}
            aria-label={t('play', { entry: name })}
          >
            <PlayPause />
          </button>
          <noscript>{native}</noscript>
        </>
      ) : (
        native
      )}
      <span class="facts figures">{formats(lang).duration(playable.durationMs)}</span>
    </div>
  )
}

type FilmProps = { entry: Entry; lang: Lang; playable: PlayableFile; name: string }

const NAMES: Record<Lang, string> = { en: 'English', fr: 'Français' }

/** Nothing is fetched before it is pressed, and its place is kept. */
const Film = ({ entry, lang, playable, name }: FilmProps) => {
  const { width, height, poster } = entry.file ?? {}
  const widest = poster && (poster.widths.find((one) => one >= 640) ?? Math.max(...poster.widths))
  return (
    <figure class="film-entry">
      <video
        controls
        preload="none"
        playsinline
        width={width ?? 16}
        height={height ?? 9}
        poster={poster && widest ? imageUrl(poster.sha256, widest, 'jpg') : undefined}
        aria-label={publicWords(lang)('film_of', { entry: name || entry.alt })}
      >
        {playable.sources.map(({ src, type }) => (
          <source src={src} type={type} />
        ))}
        {playable.captions && (
          <track
            kind="captions"
            src={playable.captions}
            srclang={entry.language}
            label={NAMES[entry.language]}
            default
          />
        )}
      </video>
      <figcaption lang={entry.language}>{entry.alt}</figcaption>
    </figure>
  )
}
