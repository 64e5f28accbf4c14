import { type Context, Hono } from 'hono'
import type { Lang } from '../../../platform/i18n/index.ts'
import { isLang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { describe, isSubject, type OfferSource, offersFor, type Subjects } from '../../exchange/index.ts'
import { actorOf, can, senderAtDesk, senderHere, senderThing, type WebEnv, zoneAt } from '../../identity/index.ts'
import { lastReading } from '../waves/waves.views.ts'
import { type Announcement, announcementById, type Thing } from './announcement.store.ts'
import { audienceRoutes } from './audience.routes.tsx'
import { beginAnnouncement, removeDraft, saveWords, wordsOf } from './draft.ts'
import { inScheme } from './mail-html.ts'
import { announceHref } from './pages/frame.tsx'
import { ListPage } from './pages/list-page.tsx'
import { isMailAs } from './pages/previews.tsx'
import { ProgressPage } from './pages/progress-page.tsx'
import { shownQuery, WordsPage } from './pages/words-page.tsx'
import { previewsOf, sample } from './preview.ts'
import { afterEach, announcementLines, cameAfter, progressOf, troublesOf, unreachedBy } from './progress.views.ts'
import { sendRoutes } from './send.routes.tsx'
import { settingsRoutes } from './settings.routes.tsx'
import { ID, ofAnnouncement, posted, withinReason } from './things.ts'
import { readWords, wordsDigest, wordsFields } from './words.form.ts'

export type Known = { subjects: Subjects; offers: OfferSource }

const PATH = `/studio/announcements/:id{${ID}}` as const

/** The studio's pages of announcements. */
export function announceRoutes(platform: Platform, known: Known): Hono<WebEnv> {
  const { db } = platform
  const { subjects, offers } = known
  const mayEdit = ofAnnouncement('announce.edit', platform)

  return new Hono<WebEnv>()
    .route('/', settingsRoutes(platform))
    .route('/', audienceRoutes(platform, known))
    .route('/', sendRoutes(platform, known))
    .get('/studio/announcements', senderAtDesk('announce.edit'), async (c) => {
      const own = senderHere(c)
      const lines = await announcementLines(db, own.sender, c.get('page').lang)
      return c.html(<ListPage c={c} own={own} lines={lines} />)
    })
    .post('/studio/announcements', senderAtDesk('announce.edit'), withinReason, async (c) => {
      const { id: whose, sender } = senderHere(c)
      const subject = (await posted(c)).text('subject')
      const id = await beginAnnouncement(platform, {
        sender,
        subject: isSubject(subject) ? subject : null,
        zone: zoneAt(c, whose),
        by: actorOf(c).accountId,
      })
      return c.redirect(announceHref(id), 303)
    })
    .get(PATH, mayEdit, async (c) => {
      const announcement = await announcementById(db, c.req.param('id'))
      if (!announcement) return c.notFound()
      return announcement.state === 'draft'
        ? showWords(c, announcement, {
            fields: wordsFields(wordsOf(announcement)),
            seen: wordsDigest(wordsOf(announcement)),
          })
        : showProgress(c, announcement)
    })
    .post(PATH, mayEdit, withinReason, async (c) => {
      const id = c.req.param('id')
      const form = await posted(c)
      const words = readWords(form)
      const saved = await saveWords(platform, { id, words, seen: form.text('seen'), digest: wordsDigest })
      const pressed = form.text('do')
      const place = pressed.startsWith('letters:') ? '#sms' : pressed ? '#things' : ''
      if (saved.ok) return c.redirect(announceHref(id) + shownQuery(c, { done: 'saved' }) + place, 303)
      const announcement = await announcementById(db, id)
      if (!announcement) return c.notFound()
      if (announcement.state !== 'draft') return c.redirect(announceHref(id), 303)
      return showWords(c, announcement, {
        fields: wordsFields(words),
        seen: wordsDigest(wordsOf(announcement)),
        meanwhile: true,
      })
    })
    .post(`${PATH}/remove`, mayEdit, withinReason, async (c) => {
      const id = c.req.param('id')
      const gone = await removeDraft(platform, { id, by: actorOf(c).accountId })
      return c.redirect(gone ? '/studio/announcements?done=removed' : announceHref(id), 303)
    })
    .get(`${PATH}/mail`, mayEdit, async (c) => {
      const announcement = await announcementById(db, c.req.param('id'))
      if (!announcement) return c.notFound()
      const { show, as } = asked(c)
      const name = actorOf(c).name
      const message = await sample(platform, subjects, announcement, { channel: 'mail', language: show, name })
      if (!message?.html) return c.notFound()
      return c.html(
        as === 'text'
          ? `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${message.subject.replace(/[<&]/g, '')}</title><pre style="white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px;line-height:1.45">${message.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre>`
          : inScheme(message.html, as),
      )
    })

  function asked(c: Context<WebEnv>): { show: Lang; as: 'light' | 'dark' | 'text' } {
    const [show, as] = [c.req.query('show'), c.req.query('as')]
    return { show: isLang(show) ? show : c.get('page').lang, as: isMailAs(as) ? as : 'light' }
  }

  function previews(c: Context<WebEnv>, announcement: Announcement) {
    const { show, as } = asked(c)
    const { lang } = c.get('page')
    return previewsOf(platform, subjects, announcement, { lang, show, mailAs: as, name: actorOf(c).name })
  }

  async function showWords(
    c: Context<WebEnv>,
    announcement: Announcement,
    form: { fields: Record<string, string>; seen: string; meanwhile?: boolean },
  ) {
    const own = await offersFor(offers, db, announcement.sender)
    const given = (form.fields['subjects'] ?? '').split(' ').filter(isSubject)
    const known = await describe(db, subjects, given)
    const titles = new Map<string, string>()
    for (const [subject, { title }] of known) titles.set(subject, title)
    for (const { subject, title } of own) titles.set(subject, title)
    return c.html(
      <WordsPage
        c={c}
        announcement={announcement}
        {...form}
        offers={own}
        titles={titles}
        previews={await previews(c, announcement)}
      />,
      form.meanwhile ? 409 : 200,
    )
  }

  async function showProgress(c: Context<WebEnv>, announcement: Announcement) {
    const { id, sender, giftId, things } = announcement
    const mayKnow = can(actorOf(c), 'fans.edit', senderThing(sender))
    // What an artist's music brought back is theirs to show.
    const maySee = ({ givenBy }: Pick<Thing, 'givenBy'>) =>
      'artistId' in sender || !givenBy || can(actorOf(c), 'returns.see', { kind: 'artist', artistId: givenBy })
    const seen = things.filter(maySee)
    const giftIds = things.length ? seen.flatMap((thing) => thing.giftId ?? []) : giftId ? [giftId] : []
    const seesReturns = seen.length === things.length && can(actorOf(c), 'returns.see', senderThing(sender))
    const [channels, troubles, unreached, after, each, reading] = await Promise.all([
      progressOf(db, id),
      troublesOf(db, id),
      mayKnow ? unreachedBy(db, id) : null,
      giftIds.length ? cameAfter(db, giftIds) : null,
      giftIds.length && things.length > 1 ? afterEach(db, subjects, seen) : [],
      announcement.windowEndsAt && seesReturns ? lastReading(db, id) : null,
    ])
    return c.html(
      <ProgressPage
        {...{ c, announcement, channels, troubles, unreached, after, each, reading, seesReturns }}
        previews={await previews(c, announcement)}
      />,
    )
  }
}
