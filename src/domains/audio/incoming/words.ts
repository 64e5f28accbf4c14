import { catalog, formats, type Lang } from '../../../platform/i18n/index.ts'
import { MAX_BATCH_BYTES, MAX_FILE_BYTES, MAX_FILES, type Refusal } from './limits.rules.ts'
import en from './locales/en.json' with { type: 'json' }
import fr from './locales/fr.json' with { type: 'json' }

export const words = catalog({ en, fr })

/** Why one more file may not come in, in a sentence. */
export function refusalSentence(lang: Lang, refusal: Refusal): string {
  const { bytes } = formats(lang)
  const limits: Partial<Record<Refusal, string | number>> = {
    'file-too-large': bytes(MAX_FILE_BYTES),
    'batch-too-large': bytes(MAX_BATCH_BYTES),
    'too-many-files': MAX_FILES,
  }
  return words(lang)(`refused_${refusal.replaceAll('-', '_')}` as RefusalKey, { limit: limits[refusal] ?? '' })
}

type Underscored<T extends string> = T extends `${infer Head}-${infer Tail}` ? `${Head}_${Underscored<Tail>}` : T
type RefusalKey = `refused_${Underscored<Refusal>}`
