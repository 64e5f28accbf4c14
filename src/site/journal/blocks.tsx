import type { Embed } from '../../domains/journal/index.ts'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { Icon, PlayPause } from '../../ui/icons.tsx'
import type { Picture } from '../../ui/sleeve.tsx'
import { refineTitle } from '../../ui/type.ts'
import { Cover, NativeAudio } from '../pages/parts.tsx'
import { words } from './words.ts'

type PutTrackProps = {
  title: string
  version: string | null
  href: string
  release: string
  durationMs: number
  /** Its place in the page's queue; null when it is not given as a stream. */
  index: number | null
  sources: { src: string; type: string }[]
  lang: Lang
}

/** A track in a text: a mark to press, its name, where it comes from, its length. */
export const PutTrack = ({ title: raw, version, href, release, durationMs, index, sources, lang }: PutTrackProps) => {
  const t = words(lang)
  const title = refineTitle(raw)
  return (
    <div class="put-track" lang={lang}>
      {index !== null && (
        <button type="button" class="mark" data-play="" data-index={index} aria-label={t('play_track', { title })}>
          <PlayPause />
        </button>
      )}
      <a href={href}>
        <b>
          {title}
          {version && <span class="version"> {version}</span>}
        </b>
        <small>{t('from_release', { title: refineTitle(release) })}</small>
      </a>
      <span class="t-length figures">{formats(lang).duration(durationMs)}</span>
      {index !== null && <NativeAudio sources={sources} label={title} />}
    </div>
  )
}

type PutReleaseProps = {
  id: string
  title: string
  artist: string
  href: string
  picture: Picture | null
  index: number | null
  lang: Lang
}

/** A release in a text: its sleeve, small, and the way to it. */
export const PutRelease = ({ id, title: raw, artist, href, picture, index, lang }: PutReleaseProps) => {
  const title = refineTitle(raw)
  return (
    <div class="put-release" lang={lang}>
      <a href={href}>
        <Cover picture={picture} title={raw} artist={artist} seed={id} sizes="8rem" />
        <span>
          <b>{title}</b>
          <small>{artist}</small>
        </span>
      </a>
      {index !== null && (
        <button
          type="button"
          class="play small"
          data-play=""
          data-index={index}
          aria-label={words(lang)('play_track', { title })}
        >
          <PlayPause />
        </button>
      )}
    </div>
  )
}

type ElsewhereProps = { embed: Embed; src: string; lang: Lang }

/** A video that lies on another site: nothing comes from there until it is pressed. Without scripts, the way to it. */
export const ElsewhereVideo = ({ embed, src, lang }: ElsewhereProps) => {
  const t = words(lang)
  const host = embed.host.replace(/^www\./, '')
  return (
    <figure class="elsewhere" lang={lang} data-frame={src} data-title={t('video_title', { host })}>
      <div class="stage">
        <button type="button" class="play js" aria-label={t('play_video')}>
          <Icon name="play" />
        </button>
      </div>
      <figcaption>
        {t('video_elsewhere', { host })}{' '}
        <a href={embed.url} rel="noopener" target="_blank">
          {t('video_open')}
        </a>
      </figcaption>
    </figure>
  )
}
