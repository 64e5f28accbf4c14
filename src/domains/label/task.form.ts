import { isDay } from '../../platform/days.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { FieldErrors } from '../../ui/forms.tsx'
import type { Posted, Sender } from '../identity/index.ts'
import type { Choices, Task } from './tasks.views.ts'
import type { words } from './words.ts'
import type { TaskFields } from './write-task.ts'

/** A task's form, as it was typed. */
export type Typed = { title: string; who: string; due: string; about: string }
export const NOTHING_TYPED: Typed = { title: '', who: '', due: '', about: '' }

const LONGEST = 200

export const typedOf = (form: Posted): Typed => ({
  title: form.text('title'),
  who: form.text('who'),
  due: form.text('due'),
  about: form.text('about'),
})

export const typedFrom = ({ title, assignedTo, dueOn, releaseId, aboutArtistId }: Task): Typed => ({
  title,
  who: assignedTo ?? '',
  due: dueOn ?? '',
  about: releaseId ? `release:${releaseId}` : aboutArtistId ? `artist:${aboutArtistId}` : '',
})

/** What was typed, held against what this desk can choose from. */
export function readTask(
  typed: Typed,
  sender: Sender,
  { people, artists, releases }: Choices,
  t: ReturnType<typeof words>,
): Result<TaskFields, FieldErrors> {
  const release = releases.find(({ id }) => typed.about === `release:${id}`)
  const artist = artists.find(({ id }) => typed.about === `artist:${id}`)
  const aboutArtistId = 'labelId' in sender ? (release?.artistId ?? artist?.id ?? null) : null
  const who = people.find(({ id }) => id === typed.who)
  const errors: FieldErrors = {
    ...(!typed.title && { title: t('title_missing') }),
    ...(typed.title.length > LONGEST && { title: t('title_long', { n: LONGEST }) }),
    ...(typed.who && !who && { who: t('who_wrong') }),
    ...(who?.artistId &&
      who.artistId !== aboutArtistId && { who: t('who_of_artist', { name: who.name, artist: who.artist ?? '' }) }),
    ...(typed.due && !isDay(typed.due) && { due: t('due_wrong') }),
    ...(typed.about && !release && !artist && { about: t('about_wrong') }),
  }
  if (Object.keys(errors).length) return fail(errors)
  return ok({
    title: typed.title,
    assignedTo: who?.id ?? null,
    dueOn: typed.due || null,
    aboutArtistId,
    releaseId: release?.id ?? null,
  })
}
