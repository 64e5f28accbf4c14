import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { refine } from '../../ui/type.ts'
import {
  artistLine,
  inSleeveOrder,
  licenceTerms,
  type PublicRelease,
  type PublicTrack,
  proseHtml,
  roleName,
} from '../music/index.ts'
import type { PressPage, PressPicture } from './press.views.ts'
import type { Proof } from './proofs.views.ts'
import { Paragraphs, Pictures, Player, Proofs } from './public-parts.tsx'
import { words } from './words.ts'

type Props = {
  lang: Lang
  /** Where the artist's page for professionals stands. */
  root: string
  /** Where this one does. */
  here: string
  release: PublicRelease
  /** Lengths in milliseconds, by recording. */
  lengths: Map<string, number>
  said: PressPage
  sleeve: PressPicture[]
  proofs: Proof[]
  /** Whether one may ask on the artist's page to be told of momentum. */
  tells: boolean
}

/** What a professional needs of one release: to hear, to read, to print, who made it, whom to ask, and figures that can be checked. */
export const ReleaseBody = (props: Props): Child => {
  const { lang, root, here, release, said, sleeve, proofs, tells } = props
  const t = words(lang)
  const told = [t(`kind_${release.kind}`), release.date && releasedOn(release.date, lang), release.label?.name]
  return (
    <div class="join-page">
      <p class="prose">
        {artistLine(release.artists)}
        <br />
        {told.filter(Boolean).join(', ')}
      </p>
      <p>
        <a href={root}>{t('title', { name: release.artist.name })}</a>
      </p>
      <section class="band">
        <h2>{t('music')}</h2>
        <Player id={release.id} title={release.title} lang={lang} />
        <TrackTable {...props} />
        <p>
          <a href={release.path}>{t('whole_page', { name: release.title })}</a>
        </p>
      </section>
      <Story {...props} />
      <Pictures {...{ lang, pictures: sleeve }} here={root} credit={said.pictureCredit} />
      <Facts {...props} />
      {said.contacts && (
        <section class="band">
          <h2>{t('contacts')}</h2>
          <Paragraphs text={said.contacts} />
        </section>
      )}
      <Proofs {...{ lang, here, proofs }} of="release" name={release.artist.name} />
      {tells && (
        <p>
          <a href={`${root}#follow`}>{t('follow_from_here', { name: release.artist.name })}</a>
        </p>
      )}
    </div>
  )
}

/** `2026`, `2026-11` and `2026-11-23`, as people write them. */
function releasedOn(date: string, lang: Lang): string {
  if (date.length === 4) return date
  if (date.length === 7) return formats(lang).month(new Date(`${date}-01T00:00:00Z`))
  return formats(lang).date(new Date(`${date}T00:00:00Z`), 'UTC')
}

const titleOf = ({ title, version }: PublicTrack) => (version ? `${title} (${version})` : title)

const CELL = 'text-align:left;font-weight:400;padding:.2rem min(1.5rem,3vw) .2rem 0;vertical-align:top'
const FIGURES = 'font-variant-numeric:tabular-nums;vertical-align:top;padding:.2rem 0'

/** The tracks, with what a programmer writes down: length, ISRC. */
const TrackTable = ({ lang, release, lengths }: Props) => {
  const t = words(lang)
  const several = new Set(release.tracks.map(({ disc }) => disc)).size > 1
  const line = artistLine(release.artists)
  return (
    <table style="border-spacing:0;width:100%;max-width:40rem;margin-block:1.5rem;overflow-wrap:anywhere;font:400 var(--t2)/1.4 var(--ui)">
      <caption class="hidden">{t('tracks')}</caption>
      <thead>
        <tr>
          <th scope="col" style={CELL}>
            {t('track')}
          </th>
          <th scope="col" style={CELL}>
            ISRC
          </th>
          <th scope="col" style="text-align:right;font-weight:400;white-space:nowrap">
            {t('length')}
          </th>
        </tr>
      </thead>
      <tbody>
        {release.tracks.map((track) => {
          const ms = lengths.get(track.recordingId)
          const by = artistLine(track.artists)
          return (
            <tr>
              <th scope="row" style={CELL}>
                {several && `${track.disc}.`}
                {track.position}. {titleOf(track)}
                {by && by !== line && <small style="display:block">{by}</small>}
              </th>
              <td style={`${CELL};font-variant-numeric:tabular-nums;white-space:nowrap`}>{track.isrc}</td>
              <td style={`${FIGURES};text-align:right`}>{ms !== undefined && formats(lang).duration(ms)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const Story = ({ lang, release }: Props) => {
  const t = words(lang)
  const sung = release.tracks.filter((track) => track.lyrics)
  const language = release.language ?? release.artist.language
  if (!release.description.trim() && !sung.length) return null
  return (
    <section class="band">
      <h2>{t('words')}</h2>
      {release.description.trim() && (
        <div
          class="prose"
          lang={language}
          style="overflow-wrap:anywhere"
          dangerouslySetInnerHTML={{ __html: proseHtml(refine(release.description, language)) }}
        />
      )}
      {sung.map((track) => (
        <details>
          <summary>{t('words_of', { title: titleOf(track) })}</summary>
          <p class="prose lyrics" lang={track.language ?? language}>
            {track.lyrics}
          </p>
        </details>
      ))}
    </section>
  )
}

/** Who did what, then what a catalogue holds. */
const Facts = ({ lang, release }: Props) => {
  const t = words(lang)
  const terms = licenceTerms(release.licence)
  const roles = new Map<string, Set<string>>()
  for (const { role, detail, name } of inSleeveOrder([
    ...release.credits,
    ...release.tracks.flatMap(({ credits }) => credits),
  ])) {
    const said = roleName(role, lang, detail)
    roles.set(said, (roles.get(said) ?? new Set()).add(name))
  }
  const pairs = [
    ...[...roles].map(([role, names]) => [role, formats(lang).list([...names])] as const),
    [t('released'), release.date && releasedOn(release.date, lang)] as const,
    [t('label'), release.label?.name] as const,
    [t('catalogue'), release.catalogueNumber] as const,
    [t('barcode'), release.barcode] as const,
    [t('genres'), formats(lang).list(release.genres)] as const,
    [t('licence'), [release.copyright, terms?.name[lang]].filter(Boolean).join('. ')] as const,
  ].filter(([, value]) => value)
  if (!pairs.length) return null
  return (
    <section class="band">
      <h2>{t('credits')}</h2>
      <dl class="pairs" style="overflow-wrap:anywhere">
        {pairs.map(([what, value]) => (
          <>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  )
}
