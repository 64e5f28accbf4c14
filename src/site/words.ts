import type { DownloadFormat } from '../domains/audio/index.ts'
import { catalog, type Lang } from '../platform/i18n/index.ts'
import en from './locales/en.json' with { type: 'json' }
import fr from './locales/fr.json' with { type: 'json' }
import servedEn from './locales/served.en.json' with { type: 'json' }
import servedFr from './locales/served.fr.json' with { type: 'json' }

/** The words of the public pages. */
export const words = catalog({ en, fr })

/** The words that come with serving them: cards, downloads on their way, what went wrong. */
export const served = catalog({ en: servedEn, fr: servedFr })

/** A format of downloads, as pages name it. */
export const formatName = (format: DownloadFormat, lang: Lang): string => words(lang)(`format_${format}`)
