import { catalog } from '../../../platform/i18n/index.ts'
import en from '../locales/members.en.json' with { type: 'json' }
import fr from '../locales/members.fr.json' with { type: 'json' }

/** The words of being a member, for members and for the artist. */
export const words = catalog({ en, fr })
