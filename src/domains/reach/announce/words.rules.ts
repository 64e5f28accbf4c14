import type { Lang } from '../../../platform/i18n/index.ts'
import type { Channel } from '../../fans/index.ts'

/** The words of an announcement in one language, for one channel or ('') for all that have none of their own. */
export type Variant = { language: Lang; channel: Channel | ''; title: string; body: string }

export const isWritten = ({ title, body }: Pick<Variant, 'title' | 'body'>): boolean => title !== '' || body !== ''

/** The languages in which there are words, the first one first. */
export const writtenIn = (variants: Variant[]): Lang[] =>
  (['en', 'fr'] as const).filter((lang) =>
    variants.some((variant) => variant.language === lang && variant.channel === '' && isWritten(variant)),
  )

/** The language that somebody is told in: their own when there are words in it, else the other one. */
export const toldIn = (language: Lang, written: Lang[]): Lang =>
  written.includes(language) ? language : (written[0] ?? language)

/** What is said on one channel: its own words where it has some, line by line, else those that all share. */
export function wordsFor(
  variants: Variant[],
  language: Lang,
  channel: Channel,
): { title: string; body: string; own: boolean } {
  const of = (name: Channel | '') => variants.find((one) => one.language === language && one.channel === name)
  const [shared, own] = [of(''), of(channel)]
  return {
    title: own?.title || shared?.title || '',
    body: own?.body || shared?.body || '',
    own: Boolean(own?.body),
  }
}
