import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/doors.en.json' with { type: 'json' }
import fr from '../locales/doors.fr.json' with { type: 'json' }

/** The words of posters and of the pages behind them. */
export const words = catalog({ en, fr })
