import type { Child } from 'hono/jsx'
import { formats } from '../../../../platform/i18n/index.ts'
import { Button, Form } from '../../../../ui/forms.tsx'
import type { Page } from '../../../../ui/page.ts'
import { describeProblem, type ImportPlan, type Problem, type Said } from '../../../music/index.ts'
import type { BatchView } from '../batch.views.ts'
import { batchHref } from '../hrefs.ts'
import { lastSegment, shownPaths } from '../paths.rules.ts'
import { words } from '../words.ts'

type Props = { page: Page; view: BatchView }

/** What was read of the files, where each value came from, what is wrong with which, and the one thing to do. */
export const Understood = ({ page, view }: Props) => {
  const t = words(page.lang)
  const plan = view.batch.plan
  if (!plan) return null
  const usable = plan.releases.filter((release) => release.tracks.length > 0)
  const problems = plan.releases.flatMap((release) => release.problems)
  return (
    <>
      {plan.releases.map((release, index) =>
        release.tracks.length > 0 ? <Release page={page} view={view} plan={release} index={index} /> : null,
      )}
      <Problems page={page} problems={problems} incomplete={plan.incomplete} />
      <LeftAside page={page} releases={plan.releases} />
      {usable.length > 0 ? (
        <Make page={page} view={view} usable={usable} />
      ) : (
        <p class="notice">{t('nothing_usable')}</p>
      )}
    </>
  )
}

const Make = ({ page, view, usable }: Props & { usable: ImportPlan[] }) => {
  const t = words(page.lang)
  const { release, track } = view.target
  const tracks = usable.flatMap((plan) => plan.tracks)
  const label = track
    ? t('make_sound')
    : release
      ? t('make_tracks', { count: tracks.length })
      : t('make_several', { count: usable.length })
  return (
    <Form page={page} action={`${batchHref(view.batch.id)}/make`} class="actions">
      <Button>{label}</Button>
      {!release && <span class="quiet">{t('make_hint')}</span>}
      {track && tracks.length > 1 && (
        <span class="quiet">{t('make_sound_first', { file: tracks[0]?.file ?? '' })}</span>
      )}
    </Form>
  )
}

const Release = ({ page, view, plan, index }: Props & { plan: ImportPlan; index: number }) => {
  const t = words(page.lang)
  const { release, cover, bonus } = plan
  const title = release.title.value
  const fresh = !view.target.release
  return (
    <section>
      {fresh && (
        <div class="understood">
          {cover && (
            <img
              src={`${batchHref(view.batch.id)}/cover/${index}`}
              alt={t('cover_of', { title })}
              width={cover.width}
              height={cover.height}
            />
          )}
          <div>
            <h2>{title}</h2>
            <Facts page={page} view={view} plan={plan} />
          </div>
        </div>
      )}
      <Tracks page={page} plan={plan} />
      {fresh && bonus.length > 0 && (
        <p>
          {t('bonus')}
          {page.lang === 'fr' ? '\u00a0:' : ':'} {shownPaths(bonus.map(({ file }) => file)).join(', ')}
        </p>
      )}
    </section>
  )
}

/** Where titles came from is said once when they all came from there, and artists where they are not the release's. */
const Tracks = ({ page, plan: { tracks, albumArtists } }: { page: Page; plan: ImportPlan }) => {
  const t = words(page.lang)
  const { duration } = formats(page.lang)
  const several = new Set(tracks.map((track) => track.disc)).size > 1
  const origins = new Set(tracks.map((track) => track.title.from))
  const [origin] = origins
  const everyone = namesOf(albumArtists)
  return (
    <>
      <h3>
        {t('tracks_caption', { count: tracks.length })}{' '}
        {origins.size === 1 && origin && (
          <span class="origin">({t('titles_from', { origin: t(`from_${origin}`) })})</span>
        )}
      </h3>
      <ol class="read-tracks">
        {tracks.map((track) => {
          const artists = namesOf(track.artists.value)
          return (
            <li>
              <span>{several ? `${track.disc}–${track.number}` : track.number}</span>
              <span>
                <b>{track.title.value}</b> {track.version && <span class="quiet">({track.version.value})</span>}{' '}
                {artists !== everyone && <span class="origin">{artists}</span>}{' '}
                {origins.size > 1 && <span class="origin">({t(`from_${track.title.from}`)})</span>}
              </span>
              <span>{duration(track.durationMs)}</span>
            </li>
          )
        })}
      </ol>
    </>
  )
}

const namesOf = (artists: { name: string }[]) => artists.map(({ name }) => name).join(', ')

const Facts = ({ page, view, plan }: Props & { plan: ImportPlan }) => {
  const t = words(page.lang)
  const { release, cover, artist } = plan
  const said = <T,>({ value, from }: Said<T>, show: (value: T) => Child) => (
    <>
      {show(value)} <span class="origin">({t(`from_${from}`)})</span>
    </>
  )
  const text = (value: string) => value
  const rows: [string, Child][] = [[t('field_kind'), said(release.kind, (kind) => t(`release_kind_${kind}`))]]
  const named = namesOf(plan.albumArtists) || artist.name
  // Whose it is was said by opening this page; only tags say it again.
  const own = artist.from === 'guess' && named === view.artistName
  if (plan.albumArtists.length > 0)
    rows.unshift([t('field_artist'), own ? named : said({ value: named, from: artist.from }, text)])
  if (release.date) rows.push([t('field_date'), said(release.date, text)])
  if (release.genres) rows.push([t('field_genres'), said(release.genres, (all) => all.join(', '))])
  if (release.label) rows.push([t('field_label'), said(release.label, text)])
  if (release.catalogueNumber) rows.push([t('field_catalogue'), said(release.catalogueNumber, text)])
  if (release.barcode) rows.push([t('field_barcode'), said(release.barcode, text)])
  if (release.licence) rows.push([t('field_licence'), said(release.licence, text)])
  rows.push([
    t('field_cover'),
    cover
      ? t(`cover_${cover.kind}`, { file: lastSegment(cover.file), width: cover.width, height: cover.height })
      : t('cover_none'),
  ])
  const other = artist.confidence !== 'low' && folded(named) !== folded(view.artistName)
  return (
    <>
      <dl>
        {rows.map(([label, value]) => (
          <>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      {other && <p class="quiet">{t('artist_other', { named, artist: view.artistName })}</p>}
    </>
  )
}

const folded = (name: string) => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()

/** One sentence a file. What is refused comes first; it stops nothing else. */
const Problems = ({ page, problems, incomplete }: { page: Page; problems: Problem[]; incomplete: string[] }) => {
  const t = words(page.lang)
  const lines = [
    ...incomplete.map((file) => ({ file, sentence: t('incomplete'), refused: true })),
    ...problems.map((problem) => ({
      file: problem.file ?? t('whole'),
      sentence: describeProblem(problem, page.lang),
      refused: problem.level === 'refused',
    })),
  ].sort((a, b) => Number(b.refused) - Number(a.refused))
  if (lines.length === 0) return null
  const names = shownPaths(lines.map(({ file }) => file))
  return (
    <section>
      <h2>{t('problems', { count: lines.length })}</h2>
      {lines.some(({ refused }) => refused) && <p class="lead">{t('others_go_on')}</p>}
      <ul class="problems">
        {lines.map(({ sentence, refused }, i) => (
          <li>
            <span>
              <b>{names[i]}</b> <small>{refused ? t('left_out') : t('taken')}</small>
            </span>
            <span>{sentence}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const LeftAside = ({ page, releases }: { page: Page; releases: ImportPlan[] }) => {
  const t = words(page.lang)
  const ignored = releases.flatMap((release) => release.ignored)
  if (ignored.length === 0) return null
  return (
    <details>
      <summary>{t('ignored', { count: ignored.length })}</summary>
      <ul class="problems">
        {ignored.map(({ file, reason }) => (
          <li>
            <span>
              {file} <small>{t(`ignored_${reason.replace('-', '_') as 'hidden'}`)}</small>
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
