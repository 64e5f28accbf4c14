import { catalog } from '../../../platform/i18n/index.ts'
import fileEn from '../locales/carrier-file.en.json' with { type: 'json' }
import fileFr from '../locales/carrier-file.fr.json' with { type: 'json' }
import en from '../locales/parcels.en.json' with { type: 'json' }
import fr from '../locales/parcels.fr.json' with { type: 'json' }

/** The words of what is sent by post. */
export const words = catalog({ en, fr })
/** Those of a carrier's file with its numbers. */
export const fileWords = catalog({ en: fileEn, fr: fileFr })
