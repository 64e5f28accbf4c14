import type { Lang } from '../../../platform/i18n/index.ts'
import type { Entry } from '../contests/contest.views.ts'
import { publicWords } from '../words.ts'

/** What somebody may call an entry that has no title. */
export const nameOf = (entry: Pick<Entry, 'title' | 'name'>, lang: Lang): string =>
  entry.title || publicWords(lang)('entry_of', { name: entry.name })
