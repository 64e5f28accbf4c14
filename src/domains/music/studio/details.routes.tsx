import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { digestOf } from '../../../platform/signing.ts'
import { Button, ErrorSummary, Field, Form, SAVING, SavedAsOneGoes, Select, TextArea } from '../../../ui/forms.tsx'
import { actorOf, guard, readTexts, type WebEnv } from '../../identity/index.ts'
import { editRelease } from '../edit-release.ts'
import { LICENCES, licenceTerms } from '../licences.rules.ts'
import {
  KINDS,
  pickFields,
  RELEASE_FIELDS,
  type ReleaseFields,
  readReleaseForm,
  releaseFields,
} from '../release.form.ts'
import type { StudioRelease } from '../studio.views.ts'
import { words } from '../words.ts'
import { sentences, whatChanged } from './errors.ts'
import { languageOptions } from './options.ts'
import { ReleaseFrame, releaseHref } from './release-frame.tsx'
import { artistOfRelease, ID, releaseOf } from './things.ts'

type Shown = { fields: ReleaseFields; seen: string; errors?: Record<string, string> }

/** What a release says of itself: one form, saved with a sentence. */
export function detailsRoutes(platform: Platform): Hono<WebEnv> {
  const may = guard('music.edit', artistOfRelease(platform))
  const path = `/studio/music/:id{${ID}}/details`
  return new Hono<WebEnv>()
    .get(path, may, async (c) => {
      const release = await releaseOf(c, platform)
      if (!release) return c.notFound()
      const fields = releaseFields(release, c.get('page').lang)
      return show(c, release, { fields, seen: digestOf(releaseFields(release, 'en')) })
    })
    .post(path, may, async (c) => {
      const release = await releaseOf(c, platform)
      if (!release) return c.notFound()
      const { lang } = c.get('page')
      const form = await readTexts(c)
      const fields = pickFields(RELEASE_FIELDS, form)
      const read = readReleaseForm(fields)
      const seen = form['seen'] ?? ''
      if (!read.ok) return show(c, release, { fields, seen, errors: sentences(read.wrong, lang) })
      const saved = await editRelease(platform, {
        releaseId: release.id,
        edit: read.value,
        seen,
        lang,
        by: actorOf(c).accountId,
      })
      if (saved.ok)
        return c.redirect(`${releaseHref(release.id, 'details')}?done=${saved.value.changed ? 'saved' : 'same'}`, 303)
      if (saved.error.code === 'missing') return c.notFound()
      const { current } = saved.error
      return show(c, release, { fields, seen: saved.error.seen, errors: whatChanged(fields, current, lang) })
    })
}

function show(c: Context<WebEnv>, release: StudioRelease, shown: Shown) {
  const t = words(c.get('page').lang)
  const done = c.req.query('done')
  const notice = shown.errors
    ? undefined
    : done === 'saved'
      ? t('saved')
      : done === 'same'
        ? t('nothing_changed')
        : undefined
  return c.html(
    <ReleaseFrame c={c} release={release} section="details" notice={notice} scripts={[SAVING]}>
      <DetailsForm c={c} release={release} {...shown} />
    </ReleaseFrame>,
    shown.errors ? 422 : 200,
  )
}

const DetailsForm = ({
  c,
  release,
  fields,
  seen,
  errors = {},
}: Shown & { c: Context<WebEnv>; release: StudioRelease }) => {
  const page = c.get('page')
  const { lang } = page
  const t = words(lang)
  const of = (name: keyof ReleaseFields) => ({ name, value: fields[name], error: errors[name] })
  const licences =
    LICENCES.includes(fields.licence) || !licenceTerms(fields.licence) ? LICENCES : [fields.licence, ...LICENCES]
  return (
    <Form page={page} action={releaseHref(release.id, 'details')} novalidate>
      <ErrorSummary errors={errors} lang={lang} />
      <input type="hidden" name="seen" value={seen} />
      <Field {...of('title')} label={t('field_title')} required maxlength={300} />
      <TextArea
        {...of('artists')}
        label={t('field_artists')}
        hint={t('hint_artists')}
        required
        rows={2}
        style="min-height:4rem"
      />
      <Select
        {...of('kind')}
        label={t('field_kind')}
        options={KINDS.map((kind) => ({ value: kind, label: t(`kind_${kind}`) }))}
      />
      <Field
        {...of('date')}
        label={t('field_date')}
        hint={t('hint_date')}
        note={t('optional')}
        inputmode="numeric"
        maxlength={10}
      />
      <TextArea
        {...of('description')}
        label={t('field_description')}
        hint={t('hint_description')}
        note={t('optional')}
        rows={8}
        maxlength={20000}
      />
      <Field {...of('genres')} label={t('field_genres')} hint={t('hint_words')} note={t('optional')} maxlength={600} />
      <Field {...of('tags')} label={t('field_tags')} hint={t('hint_words')} note={t('optional')} maxlength={1200} />
      <Select {...of('language')} label={t('field_language')} options={languageOptions(lang, fields.language)} />
      <Select
        {...of('licence')}
        label={t('field_licence')}
        hint={t('hint_licence')}
        options={licences.map((id) => ({ value: id, label: licenceTerms(id)?.name[lang] ?? id }))}
      />
      <TextArea
        {...of('credits')}
        label={t('field_credits')}
        hint={t('hint_credits')}
        note={t('optional')}
        rows={5}
        maxlength={20000}
      />
      <Field {...of('label')} label={t('field_label')} note={t('optional')} maxlength={300} />
      <Field {...of('catalogue')} label={t('field_catalogue')} note={t('optional')} maxlength={60} />
      <Field
        {...of('barcode')}
        label={t('field_barcode')}
        hint={t('hint_barcode')}
        note={t('optional')}
        inputmode="numeric"
        maxlength={20}
      />
      <Field
        {...of('copyright')}
        label={t('field_copyright')}
        hint={t('hint_copyright')}
        note={t('optional')}
        maxlength={300}
      />
      <p class="actions">
        <Button>{t('save')}</Button>
        <SavedAsOneGoes lang={lang} />
      </p>
    </Form>
  )
}
