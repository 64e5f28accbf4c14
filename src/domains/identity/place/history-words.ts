import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/history.en.json' with { type: 'json' }
import fr from '../locales/history.fr.json' with { type: 'json' }

export const words = catalog({ en, fr })
