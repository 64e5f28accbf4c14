import type { Lang } from '../../../platform/i18n/index.ts'
import type { Option } from '../../../ui/forms.tsx'
import { NO_WORDS, SONG_LANGUAGES } from '../languages.rules.ts'
import { words } from '../words.ts'

/** Languages to choose from, named in the reader's own; one that is not in the list but chosen is added. */
export function languageOptions(lang: Lang, chosen: string): Option[] {
  const t = words(lang)
  const names = new Intl.DisplayNames([lang], { type: 'language', fallback: 'code' })
  const codes =
    chosen && chosen !== NO_WORDS && !SONG_LANGUAGES.includes(chosen) ? [...SONG_LANGUAGES, chosen] : SONG_LANGUAGES
  const named = codes.map((value) => ({ value, label: names.of(value) ?? value }))
  named.sort((a, b) => a.label.localeCompare(b.label, lang))
  return [{ value: '', label: t('language_unsaid') }, { value: NO_WORDS, label: t('language_none') }, ...named]
}
