import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/lists.en.json' with { type: 'json' }
import fr from '../locales/lists.fr.json' with { type: 'json' }

/** The words of bringing in a list. */
export const words = catalog({ en, fr })
