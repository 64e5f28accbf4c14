import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { catalog, formats, type Lang } from '../../platform/i18n/index.ts'
import { toLocal } from '../../platform/zones.ts'
import { Button, Field, type FieldErrors, Form, Select } from '../../ui/forms.tsx'
import type { Page } from '../../ui/page.ts'
import type { WebEnv } from './guard.ts'
import en from './locales/publication.en.json' with { type: 'json' }
import fr from './locales/publication.fr.json' with { type: 'json' }
import { zoneName, zoneOptions } from './zones.ts'

const words = catalog({ en, fr })

type State = 'draft' | 'unlisted' | 'scheduled' | 'members' | 'public'
export type Publication = {
  visibility: State
  publishAt: Date | null
  publishZone: string | null
  publishedAt: Date | null
  /** Whose members see it, while not everybody does. */
  givenTo: { plans: readonly string[] } | null
}

/** Who sees it, in a sentence. Hours are those of the zone in which they were chosen, else of `own`. */
export function publicationSentence(of: Publication, lang: Lang, own: string): string {
  const t = words(lang)
  const zone = of.publishZone ?? own
  const { dateTime } = formats(lang)
  switch (of.visibility) {
    case 'scheduled':
      return t(of.givenTo ? 'state_early' : 'state_scheduled', {
        date: dateTime(of.publishAt ?? new Date(0), zone),
        zone: zoneName(zone),
      })
    case 'public':
      return t('state_public', { date: dateTime(of.publishedAt ?? of.publishAt ?? new Date(0), zone) })
    default:
      return t(`state_${of.visibility}`)
  }
}

type Asked = { at?: string; zone: string; errors: FieldErrors }

/** What to show again when a moment was refused. */
export function momentRefused(
  lang: Lang,
  error: 'none' | 'past' | 'no-zone' | 'public',
  { at, zone }: { at: string; zone: string },
): Asked {
  const t = words(lang)
  switch (error) {
    case 'none':
      return { at, zone, errors: { at: t('error_moment') } }
    case 'past':
      return { at, zone, errors: { at: t('error_past') } }
    case 'no-zone':
      return { at, zone: 'UTC', errors: { zone: t('error_zone') } }
    case 'public':
      return { at, zone, errors: { at: t('error_already_public') } }
  }
}

type Way = 'publish' | 'unlist' | 'withdraw'
type StepsProps = {
  c: Context<WebEnv>
  of: Publication
  /** The address of the page: each step is posted below it. */
  href: string
  /** What each step will do, said before. */
  says: Record<Way, string>
  asked: Asked
  /** The step that gives it to members; none where there can be no members. */
  members?: Child
}

/** The ways out of the present state, the likeliest first. */
export const PublicationSteps = ({ c, of, href, says, asked, members }: StepsProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const step = (to: Way) => (
    <section>
      <h2>{t(`${to}_title`)}</h2>
      <p class="lead">{says[to]}</p>
      <Form page={page} action={`${href}/${to}`}>
        <Button kind={to === 'publish' ? 'main' : 'plain'}>{t(`${to}_button`)}</Button>
      </Form>
    </section>
  )
  return (
    <>
      {of.visibility !== 'public' && step('publish')}
      {of.visibility !== 'public' && <Schedule page={page} of={of} href={href} asked={asked} />}
      {of.visibility !== 'public' && members}
      {of.visibility !== 'unlisted' && step('unlist')}
      {of.visibility !== 'draft' && step('withdraw')}
    </>
  )
}

const Schedule = ({ page, of, href, asked }: Omit<StepsProps, 'c' | 'says' | 'members'> & { page: Page }) => {
  const t = words(page.lang)
  return (
    <section>
      <h2>{t('schedule_title')}</h2>
      <p class="lead">{t('schedule_words', { zone: zoneName(asked.zone) })}</p>
      <Form page={page} action={`${href}/schedule`} novalidate>
        <Field
          name="at"
          type="datetime-local"
          label={t('field_at')}
          value={asked.at ?? (of.publishAt ? toLocal(of.publishAt, asked.zone) : '')}
          error={asked.errors['at']}
          required
        />
        <Select
          name="zone"
          label={t('field_zone')}
          value={asked.zone}
          options={zoneOptions()}
          error={asked.errors['zone']}
        />
        <Button kind="plain">{of.visibility === 'scheduled' ? t('reschedule_button') : t('schedule_button')}</Button>
      </Form>
    </section>
  )
}
