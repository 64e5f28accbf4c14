import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/studio.en.json' with { type: 'json' }
import fr from '../locales/studio.fr.json' with { type: 'json' }

/** The words of the studio's pages of fans. */
export const words = catalog({ en, fr })
