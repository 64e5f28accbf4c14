import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Subjects } from '../../exchange/index.ts'
import { templateOf } from '../announce/compose.ts'
import { fill } from '../announce/render.ts'
import { type LetterWords, spokenOf } from './letter.store.ts'

export type LetterPreview = { subject: string; text: string; html: string | null }

/** A letter as somebody called `name` would get it on a channel; its links lead straight to what they are about. Null: there is nothing to say. */
export async function previewLetter(
  deps: Pick<Platform, 'db' | 'config'>,
  subjects: Subjects,
  words: LetterWords,
  { channel, language, name }: { channel: LetterWords['channels'][number]; language: Lang; name: string },
): Promise<LetterPreview | null> {
  const template = await templateOf(deps, subjects, spokenOf(words), { channel, language })
  const base = deps.config.baseUrl
  return (
    template &&
    fill(template, { name, href: (_, target) => target, leave: `${base}/leave`, preferences: `${base}/fan` })
  )
}
