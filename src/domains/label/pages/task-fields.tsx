import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Field, type FieldErrors, Select } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import type { Typed } from '../task.form.ts'
import type { Choices } from '../tasks.views.ts'
import { words } from '../words.ts'

type Props = { c: Context<WebEnv>; choices: Choices; typed: Typed; errors: FieldErrors | undefined }

/** What a task says: what, who, by when, about what. */
export const TaskFields = ({ c, choices, typed, errors }: Props) => {
  const t = words(c.get('page').lang)
  const { artists, releases } = choices
  const about = [
    ...artists.map(({ id, name }) => ({ value: `artist:${id}`, label: name })),
    ...releases.map(({ id, title, artist }) => ({
      value: `release:${id}`,
      label: artists.length ? t('about_release', { artist, title }) : title,
    })),
  ]
  return (
    <>
      <Field name="title" label={t('what')} value={typed.title} error={errors?.['title']} autocomplete="off" required />
      <Who c={c} choices={choices} value={typed.who} error={errors?.['who']} />
      <Field name="due" type="date" label={t('due')} value={typed.due} error={errors?.['due']} />
      {about.length > 0 && (
        <Select
          name="about"
          label={t('about')}
          value={typed.about}
          error={errors?.['about']}
          options={[{ value: '', label: t('about_nothing') }, ...about]}
        />
      )}
    </>
  )
}

type WhoProps = { c: Context<WebEnv>; name?: string; choices: Choices; value: string; error: string | undefined }

export const Who = ({ c, name = 'who', choices, value, error }: WhoProps) => {
  const t = words(c.get('page').lang)
  return (
    <Select
      name={name}
      label={t('who')}
      value={value}
      error={error}
      options={[
        { value: '', label: t('nobody') },
        ...choices.people.map((one) => ({
          value: one.id,
          label: one.artist ? `${one.name} (${one.artist})` : one.name,
        })),
      ]}
    />
  )
}

/** A day of the calendar, in words. */
export const dayWords = (c: Context<WebEnv>, day: string): string => formats(c.get('page').lang).date(new Date(day))
