import type { Lang } from '../../../platform/i18n/index.ts'
import type { Option } from '../../../ui/forms.tsx'
import type { Giving } from '../given.rules.ts'
import { words } from '../words.ts'

const WORD = {
  'stream-and-download': 'gives_both',
  stream: 'gives_stream',
  download: 'gives_download',
  nothing: 'gives_nothing',
} as const satisfies Record<Giving, string>

export const givingName = (giving: Giving, lang: Lang): string => words(lang)(WORD[giving])

/** What can be given, to choose from. */
export const givingOptions = (lang: Lang): Option[] =>
  (Object.keys(WORD) as Giving[]).map((value) => ({ value, label: givingName(value, lang) }))
