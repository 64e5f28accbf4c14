import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/pages.en.json' with { type: 'json' }
import fr from '../locales/pages.fr.json' with { type: 'json' }

/** The words that buyers read. */
export const words = catalog({ en, fr })
