import type { Context } from 'hono'
import { raw } from 'hono/html'
import { ErrorSummary, type FieldErrors } from '../../../../ui/forms.tsx'
import { type ArtistSummary, clockAt, StudioPage, type WebEnv } from '../../../identity/index.ts'
import type { Unfinished } from '../batch.views.ts'
import { batchHref, NEW } from '../hrefs.ts'
import type { Target } from '../things.ts'
import { words } from '../words.ts'
import { STYLE } from './style.ts'
import { Accepted, UploadArea } from './upload-area.tsx'

type DropProps = {
  c: Context<WebEnv>
  target: Target
  unfinished: Unfinished[]
  /** The query that names the target, for the addresses of this page. */
  query: string
  errors?: FieldErrors
}

/** Where music comes in: a new release, further tracks, another sound. */
export const DropPage = ({ c, target, unfinished, query, errors }: DropProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const [title, lead] = headings(target, t)
  return (
    <StudioPage
      c={c}
      title={title}
      current="music"
      artistId={target.artistId}
      scripts={['islands/upload.js']}
      head={<style>{raw(STYLE)}</style>}
    >
      <h1>{title}</h1>
      <p class="lead">{lead}</p>
      <ErrorSummary errors={errors} lang={page.lang} />
      <section>
        <UploadArea
          page={page}
          open={`/studio/uploads?${query}`}
          action={`${NEW}?${query}`}
          single={target.track !== null}
          batch={null}
          files={[]}
        />
      </section>
      <section>
        <Accepted page={page} />
      </section>
      {unfinished.length > 0 && (
        <section>
          <h2>{t('unfinished_title')}</h2>
          <ul class="lines">
            {unfinished.map(({ id, state, createdAt, files }) => (
              <li style="grid-template-columns:1fr">
                <a href={batchHref(id)}>
                  {t('unfinished_receiving', { count: files, date: clockAt(c, target.artistId)(createdAt) })}
                  {state !== 'receiving' && ` (${t(`unfinished_${state as 'reading' | 'understood' | 'making'}`)})`}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </StudioPage>
  )
}

export function headings({ release, track }: Target, t: ReturnType<typeof words>): [title: string, lead: string] {
  if (track) return [t('title_sound', { title: track.title }), t('lead_sound')]
  if (release) return [t('title_tracks', { title: release.title }), t('lead_tracks')]
  return [t('title_new'), t('lead_new')]
}

/** For those who work for several, before they have turned to one. */
export const WhosePage = ({ c, artists }: { c: Context<WebEnv>; artists: ArtistSummary[] }) => {
  const t = words(c.get('page').lang)
  return (
    <StudioPage c={c} title={t('title_new')} current="music">
      <h1>{t('whose')}</h1>
      <p class="lead">{artists.length ? t('whose_words') : t('whose_none')}</p>
      <ul class="lines">
        {artists.map(({ id, name }) => (
          <li style="grid-template-columns:1fr">
            <a href={`${NEW}?artist=${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    </StudioPage>
  )
}
