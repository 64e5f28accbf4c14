import { type Context, Hono } from 'hono'
import { sql } from 'kysely'
import type { Platform } from '../../../platform/platform.ts'
import { type OfferSource, offersFor } from '../../exchange/index.ts'
import { senderId, type WebEnv } from '../../identity/index.ts'
import {
  type Condition,
  type ConditionForm,
  type ConditionKind,
  conditionsFor,
  MOST_CONDITIONS,
  readCondition,
  type Segment,
} from '../segment.rules.ts'
import { announceWords } from '../words.ts'
import { type Announcement, announcementById, partsOf } from './announcement.store.ts'
import { countAudience } from './audience.views.ts'
import { saveSegment } from './draft.ts'
import { amongMembers, givenToMembers } from './for-members.ts'
import { AudiencePage, type AudienceProps, sizeSentence } from './pages/audience-page.tsx'
import { announceHref } from './pages/frame.tsx'
import { ID, ofAnnouncement, posted, withinReason } from './things.ts'

const PATH = `/studio/announcements/:id{${ID}}/audience` as const

/** Whom an announcement is for, and how many they are while that is being said. */
export function audienceRoutes(platform: Platform, { offers }: { offers: OfferSource }): Hono<WebEnv> {
  const { db, now } = platform
  const may = ofAnnouncement('announce.edit', platform)

  return new Hono<WebEnv>()
    .get(PATH, may, async (c) => {
      const announcement = await draftOf(c)
      if (!announcement) return c.redirect(announceHref(c.req.param('id')), 303)
      const kind = conditionsFor(announcement.sender).find((known) => known === c.req.query('add'))
      const form = { is: kind ?? '', what: '', number: '', days: '', not: false }
      return show(c, announcement, kind ? { kind, form, errors: {} } : null)
    })
    .post(PATH, may, withinReason, async (c) => {
      const announcement = await draftOf(c)
      const id = c.req.param('id')
      if (!announcement) return c.redirect(announceHref(id), 303)
      const { text } = await posted(c)
      const form = formOf(text)
      const read = readCondition(form)
      const kind = conditionsFor(announcement.sender).find((known) => known === form.is)
      if (!kind) return c.redirect(announceHref(id, 'audience'), 303)
      if (!read.ok) {
        const t = announceWords(c.get('page').lang)
        const errors = { [read.wrong]: read.wrong === 'days' ? t('error_days') : t('error_what') }
        return show(c, announcement, { kind, form, errors })
      }
      await saveSegment(platform, { id, change: (segment) => withCondition(segment, read.condition) })
      return c.redirect(announceHref(id, 'audience'), 303)
    })
    .post(`${PATH}/remove`, may, withinReason, async (c) => {
      const id = c.req.param('id')
      const { text } = await posted(c)
      // Told by what it says as well: another press in the meantime may have moved it.
      const change = ({ all }: Segment) => ({
        all: all.filter((condition, at) => String(at) !== text('at') || !same(condition, text('condition'))),
      })
      await saveSegment(platform, { id, change })
      return c.redirect(announceHref(id, 'audience'), 303)
    })
    .get(`/studio/announcements/:id{${ID}}/size`, may, async (c) => {
      const announcement = await draftOf(c)
      const read = readCondition(formOf((name) => c.req.query(name) ?? ''))
      if (!announcement || !read.ok) return c.json({ error: 'unfinished' }, 422)
      const segment = withCondition(announcement.segment, read.condition)
      const [audience, everyone] = await Promise.all([count(announcement, segment), count(announcement, { all: [] })])
      return c.json({
        people: audience.people,
        sentence: sizeSentence(audience, everyone.people, true, c.get('page').lang),
      })
    })

  async function draftOf(c: Context<WebEnv>): Promise<Announcement | null> {
    const announcement = await announcementById(db, c.req.param('id') ?? '')
    return announcement?.state === 'draft' ? announcement : null
  }

  /** Of what is for members, only they are told: so they alone are counted. */
  async function count(announcement: Announcement, asked: Segment) {
    const { sender, channels } = announcement
    const segment = amongMembers(asked, await givenToMembers(db, offers, announcement, now()))
    const parts = await partsOf(db, offers, sender, segment)
    return countAudience(db, { sender, segment, channels, parts, now: now() })
  }

  async function show(c: Context<WebEnv>, announcement: Announcement, adding: AudienceProps['adding']) {
    const { sender, segment } = announcement
    const [audience, everyone, offered, countries, forMembers] = await Promise.all([
      count(announcement, segment),
      count(announcement, { all: [] }),
      offersFor(offers, db, sender),
      adding?.kind === 'country' ? countriesOf(senderId(sender)) : [],
      givenToMembers(db, offers, announcement, now()),
    ])
    return c.html(
      <AudiencePage
        {...{ c, announcement, audience, countries, adding, forMembers }}
        everyone={everyone.people}
        offers={offered}
      />,
      adding && Object.keys(adding.errors).length ? 422 : 200,
    )
  }

  async function countriesOf(id: string): Promise<string[]> {
    const { rows } = await sql<{ country: string }>`
      select country from standings where artist_id = ${id} and channels <> 0 and country is not null
      group by 1 order by count(*) desc, 1`.execute(db)
    return rows.map(({ country }) => country)
  }
}

const formOf = (text: (name: string) => string): ConditionForm => ({
  is: text('is') as ConditionKind,
  what: text('what'),
  number: text('number'),
  days: text('days'),
  not: text('not') !== '',
})

/** The same condition twice says nothing more. */
const withCondition = ({ all }: Segment, condition: Condition): Segment => ({
  all: [...all.filter((one) => !same(one, JSON.stringify(condition))), condition].slice(0, MOST_CONDITIONS),
})

/** Postgres gives the keys of an object back in an order of its own. */
const same = (condition: Condition, written: string): boolean => {
  try {
    return sorted(condition) === sorted(JSON.parse(written))
  } catch {
    return false
  }
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort())
      : inner,
  )
