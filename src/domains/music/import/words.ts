import { catalog, formats, type Lang } from '../../../platform/i18n/index.ts'
import en from './locales/en.json' with { type: 'json' }
import fr from './locales/fr.json' with { type: 'json' }
import type { Problem } from './plan.ts'

const words = catalog({ en, fr })

/** The sentence for one problem. The name of the file is not in it: it is shown beside. */
export function describeProblem(problem: Problem, lang: Lang): string {
  const { bytes, limit, ...values } = problem.values
  const { bytes: size } = formats(lang)
  const sizes =
    problem.code === 'file-too-large'
      ? { size: size(Number(bytes)), limit: size(Number(limit)) }
      : limit === undefined
        ? {}
        : { limit }
  return words(lang)(problem.code, { ...values, ...sizes })
}
