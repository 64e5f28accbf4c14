import { formats, type Lang } from '../../platform/i18n/index.ts'
import { PlayPause } from '../../ui/icons.tsx'
import type { PlayerTrack } from '../../ui/player.types.ts'
import { refineTitle } from '../../ui/type.ts'
import { words } from '../words.ts'
import { NativeAudio } from './parts.tsx'
import type { TrackLine } from './types.ts'

type TracksProps = { tracks: TrackLine[]; queue: PlayerTrack[]; lang: Lang; numbered?: boolean }

/** The tracks in their order, by disc when there are several. One track alone needs no number. */
export const Tracks = ({ tracks, queue, lang, numbered = tracks.length > 1 }: TracksProps) => {
  const discs = [...new Set(tracks.map((track) => track.disc))]
  const silent = tracks.every((track) => track.queueIndex === null)
  const kind = `tracks${numbered ? '' : ' no-numbers'}${silent ? ' silent' : ''}`
  return (
    <div class={kind}>
      {discs.map((disc) => (
        <>
          {discs.length > 1 && <h3>{discName(tracks, disc, lang)}</h3>}
          <ol>
            {tracks
              .filter((track) => track.disc === disc)
              .map((track) => (
                <Line track={track} queue={queue} lang={lang} numbered={numbered} />
              ))}
          </ol>
        </>
      ))}
    </div>
  )
}

function discName(tracks: TrackLine[], disc: number, lang: Lang): string {
  const title = tracks.find((track) => track.disc === disc)?.discTitle
  return [words(lang)('disc', { n: disc }), title && refineTitle(title)].filter(Boolean).join(' · ')
}

type LineProps = { track: TrackLine; queue: PlayerTrack[]; lang: Lang; numbered: boolean }

const Line = ({ track, queue, lang, numbered }: LineProps) => {
  const t = words(lang)
  const { duration, list } = formats(lang)
  const title = refineTitle(track.title)
  const playable = track.queueIndex === null ? undefined : queue[track.queueIndex]
  const more = [
    track.artists.length && list(track.artists.map(({ name }) => name)),
    track.explicit && t('explicit'),
  ].filter(Boolean)
  return (
    <li>
      {playable && (
        <button
          type="button"
          class="mark"
          data-play=""
          data-index={track.queueIndex}
          aria-label={t('play_track', { title })}
        >
          <PlayPause />
        </button>
      )}
      {numbered && <span class="t-number figures">{track.number}</span>}
      <a class="t-title" href={track.href}>
        {title}
        {track.version && <span class="version"> {track.version}</span>}
        {more.length > 0 && <span class="t-more">{more.join(' · ')}</span>}
      </a>
      <span class="t-length figures">{duration(track.durationMs)}</span>
      {playable && <NativeAudio sources={playable.sources} label={title} />}
    </li>
  )
}
