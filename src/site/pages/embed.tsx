import { formats } from '../../platform/i18n/index.ts'
import { Document } from '../../ui/document.tsx'
import { JsonBlock } from '../../ui/json.tsx'
import { EmbedPlayer } from '../../ui/player.tsx'
import { refineTitle } from '../../ui/type.ts'
import { words } from '../words.ts'
import { Cover } from './parts.tsx'
import type { ReleaseView } from './release.tsx'
import { Tracks } from './tracks.tsx'
import type { Queue, SitePage, TrackLine } from './types.ts'

export type EmbedPageProps = Pick<SitePage, 'page' | 'theme'> & {
  /** A release, or one track of it (`tracks` then holds that one). */
  of: Pick<ReleaseView, 'id' | 'title' | 'artists' | 'picture'> & { href: string; tracks: TrackLine[] }
  queue: Queue
  subject: string
  canonical: string
}

/**
 * The player inside someone else's page. One document for all sizes: from 400 x 120 (sleeve, name, player) the list of tracks
 * comes in as the frame grows taller (400 x 500). Every link leaves the frame.
 */
export const EmbedPage = ({ page, theme, of, queue, subject, canonical }: EmbedPageProps) => {
  const t = words(page.lang)
  const names = formats(page.lang).list(of.artists.map(({ name }) => name))
  const title = refineTitle(of.title)
  return (
    <Document
      page={page}
      kind="embed"
      title={`${title} – ${names}`}
      canonical={canonical}
      theme={theme}
      styles={['site.css']}
      scripts={['embed.js']}
      head={<base target="_blank" />}
      noindex
    >
      <main id="page" data-subject={subject} data-gift-token="embed">
        <a class="embed-sleeve" href={of.href} aria-label={t('open_page', { title })}>
          <Cover
            picture={of.picture && { ...of.picture, alt: '' }}
            title={of.title}
            artist={names}
            seed={of.id}
            sizes="(min-height: 20rem) 8rem, 120px"
            first
          />
        </a>
        <h1 class="embed-title">
          <a href={of.href}>{title}</a> <span>{names}</span>
        </h1>
        {queue.length === 0 && <p class="facts">{t('nothing_given')}</p>}
        <div class="embed-tracks">
          <Tracks tracks={of.tracks} queue={queue} lang={page.lang} />
        </div>
        {queue.length > 0 && <JsonBlock data-queue="" value={{ tracks: queue }} />}
      </main>
      {queue.length > 0 && <EmbedPlayer lang={page.lang} />}
    </Document>
  )
}
