import { Hono } from 'hono'
import { artistBySlug, type WebEnv, zoneOf } from '../../domains/identity/index.ts'
import { announcedDates, type PublicDate } from '../../domains/operations/index.ts'
import { open } from '../../platform/http/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { writeCalendar } from '../../platform/ical.ts'
import type { Platform } from '../../platform/platform.ts'
import { words } from './words.ts'

const DAY_MS = 24 * 3_600_000
const BEFORE_DAYS = 365
const AHEAD_DAYS = 190

/** The dates that an artist announced to everybody, to subscribe to (RFC 5545). There is none before they announced one. */
export function publicCalendar({ db, now, config }: Pick<Platform, 'db' | 'now' | 'config'>): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/:artist/:file{calendar\\.ics}', open, async (c) => {
    const found = await artistBySlug(db, c.req.param('artist'))
    if (found?.kind === 'moved') return c.redirect(`/${encodeURIComponent(found.slug)}/calendar.ics`, 301)
    if (found?.kind !== 'artist') return c.notFound()
    const { artist } = found
    const at = now().getTime()
    const span = { from: new Date(at - BEFORE_DAYS * DAY_MS), to: new Date(at + AHEAD_DAYS * DAY_MS), now: now() }
    const dates = await announcedDates(db, artist, span)
    if (!dates.length) return c.notFound()
    const zone = zoneOf(artist)
    const text = writeCalendar({
      name: words(artist.language)('name', { artist: artist.name }),
      isPrivate: false,
      events: dates.map(({ id, kind, number, ...date }) => ({
        uid: [kind, id, ...(number === undefined ? [] : [number])].join('-'),
        title: titleOf({ kind, number, title: date.title }, artist.language),
        when: { at: date.at, zone: date.zone ?? zone },
        changed: date.changed,
        sequence: date.version,
        url: config.baseUrl + date.path,
      })),
    })
    c.header('Cache-Control', 'public, max-age=900')
    c.header('Access-Control-Allow-Origin', '*')
    return c.body(text, 200, { 'Content-Type': 'text/calendar; charset=utf-8' })
  })
}

function titleOf(
  { kind, number, title }: { kind: PublicDate['kind']; number: number | undefined; title: string },
  lang: Lang,
) {
  return words(lang)(`date_${kind}`, { title, n: number ?? 0 })
}
