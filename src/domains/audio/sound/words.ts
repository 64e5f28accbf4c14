import { catalog, type Lang } from '../../../platform/i18n/index.ts'
import type { AudioProblemCode } from '../engine/index.ts'
import en from './locales/en.json' with { type: 'json' }
import fr from './locales/fr.json' with { type: 'json' }

export const words = catalog({ en, fr })

/** Why a sound could not be prepared, in a sentence. */
export function whyFailed(code: AudioProblemCode, lang: Lang): string {
  const t = words(lang)
  switch (code) {
    case 'aborted':
    case 'timed-out':
    case 'too-much-memory':
    case 'crashed':
      return t('why_machine')
    default:
      return t(`why_${code}`)
  }
}
