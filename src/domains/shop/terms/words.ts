import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/terms.en.json' with { type: 'json' }
import fr from '../locales/terms.fr.json' with { type: 'json' }

/** The words of the contract with a buyer. */
export const words = catalog({ en, fr })
