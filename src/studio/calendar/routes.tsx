import { type Context, Hono, type MiddlewareHandler } from 'hono'
import type { MoveProblem, OfferSource, Subjects } from '../../domains/exchange/index.ts'
import {
  accountAt,
  actorOf,
  can,
  currentSender,
  guard,
  labelRoster,
  readTexts,
  type SenderAtDesk,
  senderHere,
  senderThing,
  smallBody,
  type WebEnv,
  zoneAt,
  zoneOf,
} from '../../domains/identity/index.ts'
import { announceHref, draftFor } from '../../domains/reach/index.ts'
import { addDays, dayIn, isDay } from '../../platform/days.ts'
import { open } from '../../platform/http/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { hashOf } from '../../platform/signing.ts'
import { fromLocal, isZone } from '../../platform/zones.ts'
import { isMonth, mondayOf, place, weeksOf } from './calendar.rules.ts'
import { datedOf, everybody, firstGiftOf, type Whose } from './calendar.views.ts'
import {
  CALENDAR,
  CalendarPage,
  type CalendarProps,
  calendarHref,
  type Refused,
  type Shown,
  VIEWS,
} from './calendar-page.tsx'
import { icsOf } from './ics.ts'
import { accountOfLink, calendarLinkSince, endCalendarLink, makeCalendarLink } from './links.store.ts'
import { MOVED_BY, type MovedKind, movables } from './moves.ts'
import { proposalsFor, subjectOf } from './proposals.views.ts'
import { NEXT, ProposalsPage } from './proposals-page.tsx'
import { Subscribe } from './subscribe.tsx'

const DAY_MS = 24 * 3_600_000
/** What an address tells of: the last months, and a year to come. */
const TOLD_BEFORE = 120
const TOLD_AFTER = 400

/** The calendar of what was given and what is to come, of the artist or label at the desk or of all whom somebody works for. */
export function calendarRoutes(
  platform: Platform,
  { subjects, offers }: { subjects: Subjects; offers: OfferSource },
): Hono<WebEnv> {
  const { db, now, config } = platform
  const mayLook: MiddlewareHandler<WebEnv> = guard('studio.enter', (c) => {
    const own = currentSender(c)
    const thing = own && senderThing(own.sender)
    const actor = c.get('actor')
    return thing &&
      (['music.edit', 'journal.edit', 'announce.edit'] as const).some((action) => can(actor, action, thing))
      ? { kind: 'site' }
      : null
  })

  async function whoseAt(c: Context<WebEnv>, all: boolean): Promise<{ whose: Whose[]; hasMore: boolean }> {
    const own = senderHere(c)
    const everyone = everybody(c.get('desk'))
    const roster = 'labelId' in own.sender ? (await labelRoster(db, own.sender.labelId)).map(({ id }) => id) : []
    const near = everyone.filter(({ id }) => id === own.id || roster.includes(id))
    return { whose: all ? everyone : near, hasMore: everyone.length > near.length }
  }

  function shownOf(c: Context<WebEnv>, today: string): Shown {
    const [month, view] = [c.req.query('month'), c.req.query('view')]
    return {
      month: isMonth(month) ? month : today.slice(0, 7),
      view: VIEWS.find((one) => one === view) ?? null,
      all: c.req.query('of') === 'all',
    }
  }

  /** Proposals rest on what came back, and end in an announcement: of an artist, whose figures they are. */
  const mayPropose = guard('returns.see', (c) => {
    const own = currentSender(c)
    return own && proposes(c, own) ? senderThing(own.sender) : null
  })
  const proposed = (c: Context<WebEnv>) => {
    const own = senderHere(c)
    const asked = { artist: own, actor: actorOf(c), zone: zoneAt(c, own.id), now: now(), subjects, offers }
    return proposalsFor(db, asked)
  }

  const todayAt = (c: Context<WebEnv>) => dayIn(now(), zoneAt(c, senderHere(c).id))

  /** The artists of these for whom somebody may see what came back and write what is given next. */
  const actsFor = (c: Context<WebEnv>, whose: Whose[]) =>
    c
      .get('desk')
      .artists.filter(({ id }) => whose.some((one) => one.id === id) && proposes(c, { sender: { artistId: id } }))

  const proposes = (c: Context<WebEnv>, { sender }: Pick<SenderAtDesk, 'sender'>) =>
    'artistId' in sender &&
    (['returns.see', 'announce.edit'] as const).every((action) => can(c.get('actor'), action, senderThing(sender)))

  async function show(
    c: Context<WebEnv>,
    { refused = null, address = null }: { refused?: Refused | null; address?: string | null } = {},
  ) {
    const own = senderHere(c)
    const { lang } = c.get('page')
    const zone = zoneAt(c, own.id)
    const today = todayAt(c)
    const shown = shownOf(c, today)
    const { whose, hasMore } = await whoseAt(c, shown.all)
    const weeks = weeksOf(shown.month)
    const starts = (day: string) => fromLocal(`${day}T00:00`, zone) ?? now()
    const span = { from: starts(weeks[0] ?? today), to: starts(addDays(weeks.at(-1) ?? today, 7)), now: now() }
    const [dated, first, since] = await Promise.all([
      datedOf(db, actorOf(c), whose, span, lang),
      firstGiftOf(db, whose),
      calendarLinkSince(db, actorOf(c).accountId),
    ])
    const props: CalendarProps = {
      ...{ c, own, shown, whose, hasMore, zone, today, refused },
      placed: place(dated, zone),
      firstGift: first && dayIn(first, zone),
      moved: movedIn(c),
      proposes: proposes(c, own),
      proposedFor: 'labelId' in own.sender ? actsFor(c, whose) : [],
    }
    return c.html(
      <CalendarPage {...props}>
        <Subscribe c={c} own={own} shown={shown} since={since} address={address} />
      </CalendarPage>,
      refused ? (refused.problem === 'past' ? 422 : 409) : 200,
    )
  }

  function movedIn(c: Context<WebEnv>): CalendarProps['moved'] {
    const [key, was] = [c.req.query('moved'), c.req.query('was')]
    return key && was && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(was) && isDay(was.slice(0, 10)) ? { key, was } : null
  }

  const app = new Hono<WebEnv>()
    .get(CALENDAR, mayLook, (c) => show(c))
    .post(`${CALENDAR}/address`, mayLook, smallBody, async (c) => {
      const token = await makeCalendarLink(platform, actorOf(c).accountId)
      return show(c, { address: `${config.baseUrl}${CALENDAR}/${token}.ics` })
    })
    .post(`${CALENDAR}/address/end`, mayLook, smallBody, async (c) => {
      await endCalendarLink(db, actorOf(c).accountId)
      return c.redirect(`${calendarHref(senderHere(c), shownOf(c, todayAt(c)))}#subscribe`, 303)
    })
    .get(`${CALENDAR}/:file{[A-Za-z0-9_-]{32}\\.ics}`, open, async (c) => {
      const accountId = await accountOfLink(db, c.req.param('file').slice(0, -4))
      const found = accountId && (await accountAt(db, accountId))
      if (!found) return c.text('There is no calendar at this address any more.', 404)
      const { actor, desk } = found
      const [whose, at] = [everybody(desk), now().getTime()]
      const span = { from: new Date(at - TOLD_BEFORE * DAY_MS), to: new Date(at + TOLD_AFTER * DAY_MS), now: now() }
      const zones = new Map([...desk.artists, ...desk.labels].map((one) => [one.id, zoneOf(one)]))
      const text = icsOf({
        dated: await datedOf(db, actor, whose, span, actor.language),
        whose,
        zoneOf: (id) => zones.get(id) ?? 'UTC',
        lang: actor.language,
        base: config.baseUrl,
      })
      const tag = `"${hashOf(text).slice(0, 32)}"`
      c.header('Cache-Control', 'private, no-cache')
      c.header('ETag', tag)
      if (c.req.header('if-none-match') === tag) return c.body(null, 304)
      return c.body(text, 200, { 'Content-Type': 'text/calendar; charset=utf-8' })
    })

  app
    .get(NEXT, mayPropose, async (c) => {
      const own = senderHere(c)
      const zone = zoneAt(c, own.id)
      return c.html(<ProposalsPage c={c} own={own} zone={zone} {...(await proposed(c))} />)
    })
    .post(NEXT, mayPropose, smallBody, async (c) => {
      const { id, sender, language } = senderHere(c)
      const { subject = '', segment = '' } = await readTexts(c)
      // What was proposed may have changed meanwhile; what is drafted is what was seen, if it is proposed still.
      const { proposals } = await proposed(c)
      const chosen = proposals.find(
        ({ what, to, href }) => !href && (what?.subject ?? '') === subject && JSON.stringify(to?.segment) === segment,
      )
      if (!chosen?.to) return c.redirect(calendarHref(senderHere(c), {}, '/next'), 303)
      const draft = await draftFor(platform, {
        ...{ sender, subject: subjectOf(chosen), segment: chosen.to.segment, language },
        ...{ title: chosen.what?.title ?? '', zone: zoneAt(c, id), by: actorOf(c).accountId },
      })
      return c.redirect(announceHref(draft), 303)
    })

  const moves = movables(platform)
  for (const kind of Object.keys(MOVED_BY) as MovedKind[])
    app.post(`${CALENDAR}/move/${kind}/:id`, guard(MOVED_BY[kind], moves[kind].whose), smallBody, async (c) => {
      const own = currentSender(c)
      if (!own) return c.notFound()
      const { day = '', time = '', from = '', was = '', zone = '' } = await readTexts(c)
      const id = c.req.param('id') ?? ''
      const key = `${kind}-${id}`
      const refuse = (problem: MoveProblem) => show(c, { refused: { key, problem, day } })
      if (!isDay(day) || !isZone(zone)) return refuse('past')
      const to = `${day}T${/^\d{2}:\d{2}$/.test(time) ? time : '00:00'}`
      const done = await moves[kind].move({ id, from, to, zone, by: actorOf(c).accountId })
      if (!done.ok) return refuse(done.error)
      const shown = shownOf(c, todayAt(c))
      const isShown = weeksOf(shown.month).includes(mondayOf(day))
      const there = calendarHref(own, { ...shown, month: isShown ? shown.month : day.slice(0, 7) })
      return c.redirect(`${there}&${new URLSearchParams({ moved: key, was })}`, 303)
    })
  return app
}
