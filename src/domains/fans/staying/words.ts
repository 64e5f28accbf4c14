import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/staying.en.json' with { type: 'json' }
import fr from '../locales/staying.fr.json' with { type: 'json' }

/** The words of the page of who is still there. */
export const words = catalog({ en, fr })
