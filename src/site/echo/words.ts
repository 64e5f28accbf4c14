import { catalog } from '../../platform/i18n/index.ts'
import en from '../locales/echo.en.json' with { type: 'json' }
import fr from '../locales/echo.fr.json' with { type: 'json' }

/** The words of a fan's echo. */
export const words = catalog({ en, fr })
