import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/bandcamp.en.json' with { type: 'json' }
import fr from '../locales/bandcamp.fr.json' with { type: 'json' }

/** The words of what was bought elsewhere. */
export const words = catalog({ en, fr })
