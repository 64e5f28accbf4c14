import { catalog } from '../../platform/i18n/index.ts'
import en from './locales/en.json' with { type: 'json' }
import fr from './locales/fr.json' with { type: 'json' }
import missionEn from './locales/mission.en.json' with { type: 'json' }
import missionFr from './locales/mission.fr.json' with { type: 'json' }
import publicEn from './locales/public.en.json' with { type: 'json' }
import publicFr from './locales/public.fr.json' with { type: 'json' }
import seriesEn from './locales/series.en.json' with { type: 'json' }
import seriesFr from './locales/series.fr.json' with { type: 'json' }

/** The words of the studio's pages. */
export const words = catalog({ en, fr })

/** The words that fans and jurors read, on pages and in mails. */
export const publicWords = catalog({ en: publicEn, fr: publicFr })

/** The words of series, on both sides. */
export const seriesWords = catalog({ en: seriesEn, fr: seriesFr })

/** The words of missions, on both sides and in mails. */
export const missionWords = catalog({ en: missionEn, fr: missionFr })
