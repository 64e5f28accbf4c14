import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/studio.en.json' with { type: 'json' }
import fr from '../locales/studio.fr.json' with { type: 'json' }

/** The words of the shop in the studio. */
export const words = catalog({ en, fr })
