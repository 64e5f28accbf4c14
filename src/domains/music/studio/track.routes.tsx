import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { digestOf } from '../../../platform/signing.ts'
import {
  Button,
  Checkbox,
  ErrorSummary,
  Field,
  Form,
  SAVING,
  SavedAsOneGoes,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import { actorOf, guard, readTexts, type WebEnv } from '../../identity/index.ts'
import { editTrack } from '../edit-track.ts'
import { formatIsrc } from '../identifiers.rules.ts'
import { orderTracks } from '../order-tracks.ts'
import { pickFields } from '../release.form.ts'
import type { StudioRelease } from '../studio.views.ts'
import { type EditedTrack, readTrackForm, TRACK_FIELDS, type TrackFields, trackFields } from '../track.form.ts'
import { words } from '../words.ts'
import { sentences, whatChanged } from './errors.ts'
import { givingOptions } from './giving.tsx'
import { languageOptions } from './options.ts'
import { ReleaseFrame } from './release-frame.tsx'
import { artistOfRelease, ID, publishes, releaseOf } from './things.ts'
import { trackHref } from './tracks.routes.tsx'

type Shown = { fields: TrackFields; seen: string; errors?: Record<string, string> }

/** One track: what it is called, who made it, its words, what it gives, where it stands. */
export function trackRoutes(platform: Platform): Hono<WebEnv> {
  const may = guard('music.edit', artistOfRelease(platform))
  const path = `/studio/music/:id{${ID}}/tracks/:trackId{${ID}}`
  const find = async (c: Context<WebEnv>) => {
    const release = await releaseOf(c, platform)
    const track = release?.tracks.find(({ id }) => id === c.req.param('trackId'))
    return release && track ? { release, track } : null
  }
  return new Hono<WebEnv>()
    .get(path, may, async (c) => {
      const found = await find(c)
      if (!found) return c.notFound()
      const fields = trackFields(found.track, c.get('page').lang)
      return show(c, found, { fields, seen: digestOf(trackFields(found.track, 'en')) })
    })
    .post(path, may, async (c) => {
      const found = await find(c)
      if (!found) return c.notFound()
      const { lang } = c.get('page')
      const form = await readTexts(c)
      const fields = pickFields(TRACK_FIELDS, form)
      const read = readTrackForm(fields)
      const seen = form['seen'] ?? ''
      if (!read.ok) return show(c, found, { fields, seen, errors: sentences(read.wrong, lang) })
      const { release, track } = found
      const saved = await editTrack(platform, {
        releaseId: release.id,
        trackId: track.id,
        edit: read.value,
        seen,
        lang,
        by: actorOf(c).accountId,
        mayPublish: await publishes(c, platform),
      })
      if (saved.ok) return c.redirect(`${trackHref(release.id, track.id)}?done=saved`, 303)
      if (saved.error.code === 'missing') return c.notFound()
      if (saved.error.code === 'publisher-only')
        return show(c, found, { fields, seen, errors: { gives: words(lang)('error_gives') } })
      const errors = whatChanged(fields, saved.error.current, lang)
      return show(c, found, { fields, seen: saved.error.seen, errors })
    })
    .post(`${path}/place`, may, async (c) => {
      const { id, trackId } = c.req.param()
      const form = await readTexts(c)
      const [disc = 1, position = 1] = [Number(form['disc']), Number(form['position'])]
      if (!Number.isFinite(disc) || !Number.isFinite(position)) return c.notFound()
      const ordering = { trackId, disc, position }
      const done = await orderTracks(platform, { releaseId: id, ordering, by: actorOf(c).accountId })
      return done.ok ? c.redirect(`${trackHref(id, trackId)}?done=placed`, 303) : c.notFound()
    })
}

type Found = { release: StudioRelease; track: EditedTrack }

function show(c: Context<WebEnv>, { release, track }: Found, shown: Shown) {
  const t = words(c.get('page').lang)
  const done = c.req.query('done')
  const notice = shown.errors ? undefined : done === 'saved' ? t('saved') : done === 'placed' ? t('placed') : undefined
  const index = release.tracks.findIndex(({ id }) => id === track.id)
  const next = release.tracks[index + 1]
  return c.html(
    <ReleaseFrame c={c} release={release} section="tracks" notice={notice} heading={track.title} scripts={[SAVING]}>
      <section>
        <h2>{t('track_heading', { n: track.position, title: track.title })}</h2>
        <TrackForm c={c} release={release} track={track} {...shown} />
        {next && (
          <p>
            <a href={trackHref(release.id, next.id)}>{t('next_track', { title: next.title })}</a>
          </p>
        )}
      </section>
      <section>
        <h2>{t('sound')}</h2>
        <p class="lead">{t('sound_words')}</p>
        <p class="actions">
          <Button kind="plain" href={`/studio/music/tracks/${track.id}/sound`}>
            {t('about_sound')}
          </Button>
          <Button kind="plain" href={`/studio/music/tracks/${track.id}/master`}>
            {t('replace_sound')}
          </Button>
        </p>
      </section>
      <PlaceForm c={c} release={release} track={track} />
      <section>
        <h2>{t('remove_track')}</h2>
        <p class="lead">{t('remove_track_words')}</p>
        <Form page={c.get('page')} action={`${trackHref(release.id, track.id)}/remove`}>
          <Button kind="danger">{t('remove_track')}</Button>
        </Form>
      </section>
    </ReleaseFrame>,
    shown.errors ? 422 : 200,
  )
}

const TrackForm = ({ c, release, track, fields, seen, errors = {} }: Shown & Found & { c: Context<WebEnv> }) => {
  const page = c.get('page')
  const { lang } = page
  const t = words(lang)
  const of = (name: keyof TrackFields) => ({ name, value: fields[name], error: errors[name] })
  const isrc = fields.isrc && fields.isrc === track.isrc ? formatIsrc(fields.isrc) : fields.isrc
  return (
    <Form page={page} action={trackHref(release.id, track.id)} novalidate>
      <ErrorSummary errors={errors} lang={lang} />
      <input type="hidden" name="seen" value={seen} />
      <Field {...of('title')} label={t('field_title')} required maxlength={300} />
      <Field
        {...of('version')}
        label={t('field_version')}
        hint={t('hint_version')}
        note={t('optional')}
        maxlength={120}
      />
      <TextArea
        {...of('artists')}
        label={t('field_artists')}
        hint={t('hint_artists')}
        required
        rows={2}
        style="min-height:4rem"
      />
      <TextArea
        {...of('credits')}
        label={t('field_credits')}
        hint={t('hint_credits')}
        note={t('optional')}
        rows={4}
        maxlength={20000}
      />
      <TextArea {...of('lyrics')} label={t('field_lyrics')} note={t('optional')} rows={10} maxlength={50000} />
      <Select {...of('language')} label={t('field_language')} options={languageOptions(lang, fields.language)} />
      <Checkbox
        name="explicit"
        label={t('field_explicit')}
        hint={t('hint_explicit')}
        checked={fields.explicit === 'on'}
        error={errors['explicit']}
      />
      <Field
        {...of('isrc')}
        value={isrc}
        label={t('field_isrc')}
        hint={t('hint_isrc')}
        note={t('optional')}
        maxlength={30}
        autocapitalize="characters"
      />
      <Field {...of('bpm')} label={t('field_bpm')} note={t('optional')} inputmode="decimal" maxlength={7} />
      <Field {...of('key')} label={t('field_key')} hint={t('hint_key')} note={t('optional')} maxlength={20} />
      <Select
        {...of('gives')}
        label={t('field_gives')}
        options={[{ value: 'release', label: t('gives_as_release') }, ...givingOptions(lang)]}
      />
      <p class="actions">
        <Button>{t('save')}</Button>
        <SavedAsOneGoes lang={lang} />
      </p>
    </Form>
  )
}

const PlaceForm = ({ c, release, track }: Found & { c: Context<WebEnv> }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const discs = Math.max(1, ...release.tracks.map(({ disc }) => disc))
  return (
    <section>
      <h2>{t('place')}</h2>
      <p class="lead">{t('place_words')}</p>
      <Form page={page} action={`${trackHref(release.id, track.id)}/place`}>
        <Field name="disc" label={t('field_disc')} type="number" min={1} max={discs + 1} value={track.disc} required />
        <Field
          name="position"
          label={t('field_position')}
          type="number"
          min={1}
          max={release.tracks.length}
          value={track.position}
          required
        />
        <Button kind="plain">{t('move')}</Button>
      </Form>
    </section>
  )
}
