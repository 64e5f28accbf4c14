import { type Context, Hono } from 'hono'
import type { Lang } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { digestOf } from '../../../platform/signing.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, ErrorSummary, Field, Form, SAVING, SavedAsOneGoes } from '../../../ui/forms.tsx'
import { actorOf, guard, readTexts, type WebEnv } from '../../identity/index.ts'
import { discFields, nameDiscs } from '../name-discs.ts'
import { orderTracks } from '../order-tracks.ts'
import { removeTrack, restoreTrack } from '../remove-track.ts'
import type { StudioRelease } from '../studio.views.ts'
import type { EditedTrack } from '../track.form.ts'
import { words } from '../words.ts'
import { whatChanged } from './errors.ts'
import { ReleaseFrame, releaseHref } from './release-frame.tsx'
import { isComing, noSound, type Sound, type SoundOf, soundWords } from './sounds.ts'
import { artistOfRelease, ID, releaseOf } from './things.ts'

/** The tracks of a release: their order, what each is, taking one off and putting it back. */
export function tracksRoutes(platform: Platform, soundOf: SoundOf): Hono<WebEnv> {
  const may = guard('music.edit', artistOfRelease(platform))
  const of = (c: Context<WebEnv>) => ({
    releaseId: c.req.param('id') ?? '',
    trackId: c.req.param('trackId') ?? '',
    by: actorOf(c).accountId,
  })
  const back = (c: Context<WebEnv>, query: string) =>
    c.redirect(`${releaseHref(c.req.param('id') ?? '')}?${query}`, 303)
  const show = async (c: Context<WebEnv>, release: StudioRelease, discs?: DiscsForm) => {
    const sounds = await soundOf(
      platform.db,
      release.tracks.map((track) => track.recordingId),
    )
    const page = <TracksPage c={c} release={release} sounds={soundOf === noSound ? null : sounds} discs={discs} />
    return c.html(page, discs ? 422 : 200)
  }
  return new Hono<WebEnv>()
    .get(`/studio/music/:id{${ID}}`, may, async (c) => {
      const release = await releaseOf(c, platform)
      return release ? show(c, release) : c.notFound()
    })
    .post(`/studio/music/:id{${ID}}/order`, may, async (c) => {
      const form = await readTexts(c)
      // A button's step, or the disc and the position where a track was let go.
      const [trackId = '', move = '', at = ''] = (form['move'] ?? '').split(':')
      if (!isId(trackId)) return c.notFound()
      if (/^[1-9]\d{0,3}$/.test(move) && /^[1-9]\d{0,3}$/.test(at)) {
        const ordering = { trackId, disc: Number(move), position: Number(at) }
        const done = await orderTracks(platform, { ...of(c), ordering })
        return done.ok ? c.redirect(releaseHref(c.req.param('id')), 303) : c.notFound()
      }
      if (move !== 'up' && move !== 'down') return c.notFound()
      const done = await orderTracks(platform, { ...of(c), ordering: { trackId, move } })
      return done.ok ? back(c, `moved=${trackId}&by=${move}`) : c.notFound()
    })
    .post(`/studio/music/:id{${ID}}/discs`, may, async (c) => {
      const form = await readTexts(c)
      const done = await nameDiscs(platform, { ...of(c), fields: form, seen: form['seen'] ?? '' })
      if (done.ok) return back(c, 'done=named')
      const release = done.error.code === 'changed' && (await releaseOf(c, platform))
      if (done.error.code === 'missing' || !release) return c.notFound()
      const { current, seen } = done.error
      const fields = Object.fromEntries(Object.keys(current).map((name) => [name, form[name] ?? '']))
      const discs = { fields, seen, errors: whatChanged(fields, current, c.get('page').lang) }
      return show(c, release, discs)
    })
    .post(`/studio/music/:id{${ID}}/tracks/:trackId{${ID}}/remove`, may, async (c) => {
      const done = await removeTrack(platform, of(c))
      return done.ok ? back(c, `removed=${c.req.param('trackId')}`) : c.notFound()
    })
    .post(`/studio/music/:id{${ID}}/tracks/:trackId{${ID}}/restore`, may, async (c) => {
      const done = await restoreTrack(platform, of(c))
      return done.ok ? back(c, 'done=restored') : c.notFound()
    })
}

/** The form of the discs' names, as it was refused. */
type DiscsForm = { fields: Record<string, string>; seen: string; errors: Record<string, string> }

type PageProps = {
  c: Context<WebEnv>
  release: StudioRelease
  sounds: ReadonlyMap<string, Sound> | null
  discs?: DiscsForm | undefined
}

const TracksPage = ({ c, release, sounds, discs }: PageProps) => {
  const t = words(c.get('page').lang)
  const removed = release.removedTracks.find((track) => track.id === c.req.query('removed'))
  const notice = removed ? (
    <PutBack c={c} release={release} id={removed.id} sentence={t('removed_track', { title: removed.title })} />
  ) : c.req.query('done') === 'restored' ? (
    t('restored_track')
  ) : c.req.query('done') === 'named' ? (
    t('saved')
  ) : undefined
  const several = new Set(release.tracks.map((track) => track.disc)).size > 1
  return (
    <ReleaseFrame
      c={c}
      release={release}
      section="tracks"
      notice={notice}
      scripts={[
        ...([...(sounds?.values() ?? [])].some(isComing) ? ['islands/preparing.js'] : []),
        ...(release.tracks.length > 1 ? ['islands/order.js'] : []),
        ...(several ? [SAVING] : []),
      ]}
    >
      <section>
        <h2>{t('section_tracks')}</h2>
        {release.tracks.length ? (
          <Tracks c={c} release={release} sounds={sounds} />
        ) : (
          <Empty title={t('no_tracks_title')}>
            <p>{t('no_tracks_words')}</p>
          </Empty>
        )}
        <p class="actions">
          <Button kind={release.tracks.length ? 'plain' : 'main'} href={`${releaseHref(release.id)}/tracks/new`}>
            {t('add_tracks')}
          </Button>
        </p>
      </section>
      {several && <Discs c={c} release={release} sounds={sounds} discs={discs} />}
      {release.removedTracks.length > 0 && (
        <section>
          <h2>{t('removed_tracks_title')}</h2>
          <ul>
            {release.removedTracks.map((track) => (
              <li>
                <PutBack c={c} release={release} id={track.id} sentence={track.title} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t('remove_release')}</h2>
        <p class="lead">{t('remove_release_words')}</p>
        <Form page={c.get('page')} action={`/studio/music/${release.id}/remove`}>
          <Button kind="danger">{t('remove_release')}</Button>
        </Form>
      </section>
    </ReleaseFrame>
  )
}

const Tracks = ({ c, release, sounds }: PageProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const discs = [...new Set(release.tracks.map((track) => track.disc))]
  const says = { grip: t('grip'), moved: t('moved'), lost: t('move_lost') }
  return (
    <div data-order={JSON.stringify(says)}>
      {discs.map((disc) => (
        <>
          {discs.length > 1 && (
            <h3 id={`disc-${disc}`} data-follow="">
              {[t('disc', { n: disc }), release.discTitles[disc]].filter(Boolean).join(' · ')}
            </h3>
          )}
          <ol class="lines tracks" data-disc={disc} style="margin-bottom:1.5rem">
            {release.tracks
              .filter((track) => track.disc === disc)
              .map((track) => (
                <TrackLine
                  c={c}
                  release={release}
                  track={track}
                  sound={soundWords(sounds?.get(track.recordingId), sounds !== null, lang)}
                  coming={isComing(sounds?.get(track.recordingId))}
                />
              ))}
          </ol>
        </>
      ))}
      <p class="saved" role="status" data-said="" />
    </div>
  )
}

/** What each disc is called, when there are several. */
const Discs = ({ c, release, discs }: PageProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const numbers = [...new Set(release.tracks.map((track) => track.disc))]
  const now = discFields(numbers, release.discTitles)
  const { fields, seen, errors } = discs ?? { fields: now, seen: digestOf(now), errors: {} as Record<string, string> }
  return (
    <section>
      <h2>{t('discs')}</h2>
      <Form page={page} action={`${releaseHref(release.id)}/discs`} novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <input type="hidden" name="seen" value={seen} />
        {numbers.map((disc) => (
          <Field
            name={`disc-${disc}`}
            label={t('field_disc_title', { n: disc })}
            note={t('optional')}
            value={fields[`disc-${disc}`]}
            error={errors[`disc-${disc}`]}
            maxlength={300}
          />
        ))}
        <p class="actions">
          <Button kind="plain">{t('save')}</Button>
          <SavedAsOneGoes lang={page.lang} />
        </p>
      </Form>
    </section>
  )
}

type LineProps = { c: Context<WebEnv>; release: StudioRelease; track: EditedTrack; sound: string[]; coming: boolean }

const TrackLine = ({ c, release, track, sound, coming }: LineProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const first = release.tracks[0]?.id === track.id
  const last = release.tracks.at(-1)?.id === track.id
  const moved = c.req.query('moved') === track.id ? c.req.query('by') : undefined
  // At the edge the button that was pressed is gone: the other one takes the focus.
  const focus = moved === 'up' ? (first ? 'down' : 'up') : moved === 'down' ? (last ? 'up' : 'down') : undefined
  return (
    <li id={`track-${track.id}`} data-track={track.id}>
      <span class="quiet figures" style="font-variant-numeric:tabular-nums;min-width:1.5rem">
        {track.position}
      </span>
      <span>
        <b>
          <a href={trackHref(release.id, track.id)}>{titleOf(track)}</a>
        </b>
        <small id={`facts-${track.id}`} data-preparing={coming ? '' : undefined}>
          {factsOf(release, track, sound, page.lang)}
        </small>
      </span>
      <span style="display:flex">
        <Form page={page} action={`${releaseHref(release.id)}/order`} style="display:flex">
          <Button
            kind="quiet"
            name="move"
            value={`${track.id}:up`}
            aria-label={t('move_up', { title: titleOf(track) })}
            disabled={first}
            autofocus={focus === 'up'}
          >
            ↑
          </Button>
          <Button
            kind="quiet"
            name="move"
            value={`${track.id}:down`}
            aria-label={t('move_down', { title: titleOf(track) })}
            disabled={last}
            autofocus={focus === 'down'}
          >
            ↓
          </Button>
        </Form>
      </span>
    </li>
  )
}

export const trackHref = (releaseId: string, trackId: string): string => `/studio/music/${releaseId}/tracks/${trackId}`

const titleOf = (track: { title: string; version: string | null }) =>
  track.version ? `${track.title} (${track.version})` : track.title

/** Length, who plays where it is not the release's own artists, what it says of giving, what is wrong with its sound. */
function factsOf(release: StudioRelease, track: EditedTrack, [length, ...notes]: string[], lang: Lang): string {
  const t = words(lang)
  const names = (artists: { name: string }[]) => artists.map(({ name }) => name).join(', ')
  const others = names(track.artists) === names(release.artists) ? null : names(track.artists)
  const own = track.own.stream !== null || track.own.download !== null
  const giving = own ? t(`gives_${givingWord(track.gives)}`) : null
  return [length, others, track.isExplicit && t('field_explicit'), giving, ...notes].filter(Boolean).join(' · ')
}

const givingWord = ({ stream, download }: { stream: boolean; download: boolean }) =>
  stream ? (download ? 'both' : 'stream') : download ? 'download' : 'nothing'

const PutBack = ({
  c,
  release,
  id,
  sentence,
}: {
  c: Context<WebEnv>
  release: StudioRelease
  id: string
  sentence: string
}) => (
  <Form page={c.get('page')} action={`${trackHref(release.id, id)}/restore`} class="actions" style="margin:0">
    <span>{sentence}</span>
    <Button kind="quiet">{words(c.get('page').lang)('put_back')}</Button>
  </Form>
)
