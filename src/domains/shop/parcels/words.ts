import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/parcels.en.json' with { type: 'json' }
import fr from '../locales/parcels.fr.json' with { type: 'json' }

/** The words of what is sent by post. */
export const words = catalog({ en, fr })
