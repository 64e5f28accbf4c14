import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/oss.en.json' with { type: 'json' }
import fr from '../locales/oss.fr.json' with { type: 'json' }

/** The words of the one-stop shop's returns. */
export const words = catalog({ en, fr })
