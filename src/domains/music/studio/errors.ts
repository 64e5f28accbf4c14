import type { Lang } from '../../../platform/i18n/index.ts'
import type { Wrongs } from '../release.form.ts'
import { type WordKey, words } from '../words.ts'

/** What is wrong with each field, in sentences. */
export function sentences<F extends string>(wrong: Wrongs<F>, lang: Lang): Record<string, string> {
  const t = words(lang)
  return Object.fromEntries(
    Object.entries<Wrongs<F>[F]>(wrong).map(([field, what]) => [
      field,
      what ? t(what.code as WordKey, what.values) : '',
    ]),
  )
}

/** Somebody saved the same form in the meantime: what they wrote, beside each field that differs. Saving again keeps one's own. */
export function whatChanged<F extends string>(
  mine: Record<F, string>,
  theirs: Record<F, string>,
  lang: Lang,
): Record<string, string> {
  const t = words(lang)
  const different = (Object.keys(theirs) as F[]).filter((field) => mine[field].trim() !== theirs[field].trim())
  return {
    '': t('changed_meanwhile'),
    ...Object.fromEntries(
      different.map((field) => {
        const value = theirs[field].length > 160 ? `${theirs[field].slice(0, 160)}…` : theirs[field]
        return [field, value ? t('changed_field', { value }) : t('emptied_field')]
      }),
    ),
  }
}
