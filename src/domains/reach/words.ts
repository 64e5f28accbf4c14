import { catalog } from '../../platform/i18n/index.ts'
import announceEn from './locales/announce.en.json' with { type: 'json' }
import announceFr from './locales/announce.fr.json' with { type: 'json' }
import channelsEn from './locales/channels.en.json' with { type: 'json' }
import channelsFr from './locales/channels.fr.json' with { type: 'json' }
import moreEn from './locales/more.en.json' with { type: 'json' }
import moreFr from './locales/more.fr.json' with { type: 'json' }
import pushEn from './locales/push.en.json' with { type: 'json' }
import pushFr from './locales/push.fr.json' with { type: 'json' }

/** The words of announcements: the studio's pages, and what stands around the artist's own words in each message. */
export const announceWords = catalog({ en: announceEn, fr: announceFr })

/** The offer of notices in the browser, on public pages. */
export const pushWords = catalog({ en: pushEn, fr: pushFr })

/** The studio's pages of the ways in which messages leave. */
export const channelsWords = catalog({ en: channelsEn, fr: channelsFr })

/** The page of what comes back for more given. */
export const moreWords = catalog({ en: moreEn, fr: moreFr })
