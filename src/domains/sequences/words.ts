import { catalog } from '../../platform/i18n/index.ts'
import en from './locales/en.json' with { type: 'json' }
import fr from './locales/fr.json' with { type: 'json' }

export const words = catalog({ en, fr })
