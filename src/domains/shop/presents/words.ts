import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/presents.en.json' with { type: 'json' }
import fr from '../locales/presents.fr.json' with { type: 'json' }

/** The words of what is bought for a friend. */
export const words = catalog({ en, fr })
