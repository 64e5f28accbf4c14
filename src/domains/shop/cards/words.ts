import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/cards.en.json' with { type: 'json' }
import fr from '../locales/cards.fr.json' with { type: 'json' }

/** The words of a card that pays by itself, for members and for the artist. */
export const words = catalog({ en, fr })
