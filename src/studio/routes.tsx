import { Hono } from 'hono'
import { failedSounds } from '../domains/audio/index.ts'
import {
  burstOf,
  cameBack,
  describe,
  giftsWithReturns,
  type OfferSource,
  type Subjects,
} from '../domains/exchange/index.ts'
import {
  actorOf,
  can,
  currentArtist,
  currentSender,
  guard,
  leavingFor,
  openRequests,
  type WebEnv,
  zoneAt,
} from '../domains/identity/index.ts'
import { inboxList, thanksDue, waitingIn } from '../domains/inbox/index.ts'
import { labelDay } from '../domains/label/index.ts'
import { appearancesOf, studioReleases } from '../domains/music/index.ts'
import { runningLow } from '../domains/operations/index.ts'
import { stoppedAnnouncements } from '../domains/reach/index.ts'
import { shortCodes } from '../domains/sequences/index.ts'
import type { Platform } from '../platform/platform.ts'
import { calendarRoutes } from './calendar/routes.tsx'
import { HomePage, NoArtistPage } from './home-page.tsx'

const WEEK_MS = 7 * 24 * 3_600_000

/** The studio's own pages, composed from what several domains know: its home, and the calendar. */
export function studioRoutes(platform: Platform, subjects: Subjects, offers: OfferSource): Hono<WebEnv> {
  const { db, now } = platform
  return new Hono<WebEnv>()
    .route('/', calendarRoutes(platform, { subjects, offers }))
    .get('/studio', guard('studio.enter', { kind: 'site' }), async (c) => {
      const own = currentSender(c)
      if (own && 'labelId' in own.sender) return labelDay({ db, now }, c, own)
      const artist = currentArtist(c)
      const leaving = await leavingFor(db, c)
      if (!artist) return c.html(<NoArtistPage c={c} leaving={leaving} />)
      const [at, artistId] = [now(), artist.id]
      const mayLook = can(actorOf(c), 'returns.see', { kind: 'artist', artistId })
      const mayWrite = can(actorOf(c), 'inbox.answer', { kind: 'artist', artistId })
      const mayAnswer = can(actorOf(c), 'music.publish', { kind: 'artist', artistId })
      const ago = (weeks: number) => new Date(at.getTime() - weeks * WEEK_MS)
      const mayGrant = can(actorOf(c), 'artist.mandate', { kind: 'artist', artistId })
      const mayAnnounce = can(actorOf(c), 'announce.edit', { kind: 'artist', artistId })
      const mayLayIn = can(actorOf(c), 'journal.edit', { kind: 'artist', artistId })
      const [
        releases,
        gifts,
        week,
        before,
        failed,
        named,
        asked,
        letters,
        waiting,
        thanks,
        low,
        burst,
        stopped,
        short,
      ] = await Promise.all([
        studioReleases(db, artistId, at),
        mayLook ? giftsWithReturns(db, artistId, 5) : [],
        cameBack(db, artistId, ago(1), at),
        cameBack(db, artistId, ago(2), ago(1)),
        failedSounds(db, artistId),
        mayAnswer ? appearancesOf(db, artistId, at) : [],
        mayGrant ? openRequests(db, artistId) : [],
        mayWrite ? inboxList(db, [artistId], { filter: 'waiting', page: 0 }) : null,
        mayWrite ? waitingIn(db, [artistId]) : null,
        mayWrite ? thanksDue(db, artistId) : [],
        mayLayIn ? runningLow(db, artistId, at) : [],
        mayLook ? burstOf(db, artistId, at, zoneAt(c, artistId)) : null,
        mayAnnounce ? stoppedAnnouncements(db, [artistId], c.get('page').lang) : [],
        mayAnnounce ? shortCodes(db, artistId, at) : [],
      ])
      const facts = await describe(
        db,
        subjects,
        gifts.map(({ subject }) => subject),
      )
      const kept = releases.filter(({ removedAt }) => !removedAt)
      const inState = (state: string) => kept.filter(({ visibility }) => visibility === state).slice(0, 5)
      return c.html(
        <HomePage
          {...{
            c,
            artistId,
            slug: artist.slug,
            gifts,
            facts,
            week,
            before,
            failed,
            asked,
            low,
            leaving,
            stopped,
            short,
          }}
          waiting={letters && waiting && { rows: letters.rows.slice(0, 3), count: waiting.count, now: at }}
          thanks={thanks.slice(0, 3)}
          burst={burst}
          named={named.filter(({ answer, shown }) => answer === null && !shown)}
          drafts={inState('draft')}
          scheduled={inState('scheduled')}
        />,
      )
    })
}
