import type { Dated } from '../../domains/exchange/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { words } from './words.ts'

const KINDS = [
  'release',
  'post',
  'announcement',
  'wave',
  'occurrence',
  'opens',
  'entries-until',
  'votes-until',
  'ends',
  'closes',
  'meant',
  'task',
] as const

/** What sort of thing it is, in a word or two. */
export function kindWords({ kind, number, of }: Pick<Dated, 'kind' | 'number' | 'of'>, lang: Lang): string {
  const t = words(lang)
  const known = KINDS.find((one) => one === kind) ?? 'meant'
  return t(`kind_${known}`, { n: number ?? 0, of: of ?? '' })
}

/** What it is called; what has no title yet says so. */
export function titleWords({ title, empty }: Pick<Dated, 'title' | 'empty'>, lang: Lang): string {
  const t = words(lang)
  if (empty) return t(empty === 'passed' ? 'nothing_came' : 'nothing_laid')
  return title || t('untitled')
}
