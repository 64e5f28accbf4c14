import type { Dated } from '../../domains/exchange/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { type CalendarEvent, writeCalendar } from '../../platform/ical.ts'
import { keyOf } from './calendar.rules.ts'
import type { Whose } from './calendar.views.ts'
import { kindWords, titleWords } from './named.ts'
import { words } from './words.ts'

type Asked = { dated: Dated[]; whose: Whose[]; zoneOf: (senderId: string) => string; lang: Lang; base: string }

/** The calendar for another program: what it is, whose, and the address at which it is edited. */
export function icsOf({ dated, whose, zoneOf, lang, base }: Asked): string {
  const t = words(lang)
  const names = new Map(whose.map(({ id, name }) => [id, name]))
  const events = dated.flatMap((one): CalendarEvent[] => {
    const when = one.at ? { at: one.at, zone: one.zone ?? zoneOf(one.senderId) } : one.day ? { day: one.day } : null
    if (!when) return []
    const what = t('ics_title', { kind: kindWords(one, lang), title: titleWords(one, lang) })
    return [
      {
        uid: keyOf(one),
        title: whose.length > 1 ? t('ics_of', { name: names.get(one.senderId) ?? '', what }) : what,
        when,
        changed: one.changed,
        sequence: one.version,
        url: one.href ? base + one.href : undefined,
      },
    ]
  })
  const [only, ...others] = whose
  const name = only && !others.length ? t('ics_name_of', { name: only.name }) : t('ics_name')
  return writeCalendar({ name, isPrivate: true, events })
}
