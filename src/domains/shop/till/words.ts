import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/till.en.json' with { type: 'json' }
import fr from '../locales/till.fr.json' with { type: 'json' }

/** The words of the till. */
export const words = catalog({ en, fr })
