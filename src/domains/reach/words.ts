import { catalog } from '../../platform/i18n/index.ts'
import announceEn from './locales/announce.en.json' with { type: 'json' }
import announceFr from './locales/announce.fr.json' with { type: 'json' }

/** The words of announcements: the studio's pages, and what stands around the artist's own words in each message. */
export const announceWords = catalog({ en: announceEn, fr: announceFr })
