import { type Context, Hono } from 'hono'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { Platform } from '../../../platform/platform.ts'
import { toLocal } from '../../../platform/zones.ts'
import { describe, type OfferSource, offersFor, type Subjects } from '../../exchange/index.ts'
import { actorOf, senderColumns, senderId, type WebEnv, zoneAt } from '../../identity/index.ts'
import { canSend } from '../providers.store.ts'
import { countSms, smsCost, smsMoney } from '../sms.rules.ts'
import { type Foreseen, foresee } from '../waves/foresee.ts'
import { announceWords } from '../words.ts'
import { type Announcement, announcementById } from './announcement.store.ts'
import { announceHref } from './pages/frame.tsx'
import { type SendForm, SendPage } from './pages/send-page.tsx'
import { sample, smsPrices } from './preview.ts'
import {
  aimOf,
  type Forecast,
  forecast,
  type SendError,
  sendAnnouncement,
  UNDO_MINUTES,
  undoSending,
  WAVE_DAYS,
  WAVES,
} from './send.ts'
import { cancelRest, decideAll, pauseAnnouncement, resumeAnnouncement } from './steer.ts'
import { sendTest } from './test-message.ts'
import { ID, ofAnnouncement, posted, withinReason } from './things.ts'
import { writtenIn } from './words.rules.ts'

const PATH = `/studio/announcements/:id{${ID}}` as const

/** From the test to oneself to the last message: sending, taking back, stopping. */
export function sendRoutes(
  platform: Platform,
  { subjects, offers }: { subjects: Subjects; offers: OfferSource },
): Hono<WebEnv> {
  const { db, now } = platform
  const mayEdit = ofAnnouncement('announce.edit', platform)
  const maySend = ofAnnouncement('announce.send', platform)

  return new Hono<WebEnv>()
    .get(`${PATH}/send`, mayEdit, async (c) => {
      const announcement = await announcementById(db, c.req.param('id'))
      if (announcement?.state !== 'draft') return c.redirect(announceHref(c.req.param('id')), 303)
      return show(c, announcement, formOf(announcement, zoneAt(c, senderId(announcement.sender))), {})
    })
    .post(`${PATH}/send`, maySend, withinReason, async (c) => {
      const id = c.req.param('id')
      const { text } = await posted(c)
      const form = typed(text)
      const sent = await sendAnnouncement(platform, offers, {
        id,
        asked: {
          when: form.when === 'moment' || form.when === 'local' ? form.when : 'now',
          at: form.at,
          zone: form.zone,
        },
        undoMinutes: UNDO_MINUTES.find((minutes) => String(minutes) === form.undo) ?? 5,
        waves: wavesIn(form),
        by: actorOf(c).accountId,
      })
      // Pressed twice, it is sent once, and its page says so.
      if (sent.ok || sent.error === 'left') return c.redirect(`${announceHref(id)}?done=sent`, 303)
      const announcement = await announcementById(db, id)
      if (!announcement) return c.notFound()
      return show(c, announcement, form, errorOf(sent.error, c))
    })
    .post(`${PATH}/foresee`, mayEdit, withinReason, async (c) => {
      const announcement = await announcementById(db, c.req.param('id'))
      if (announcement?.state !== 'draft') return c.redirect(announceHref(c.req.param('id')), 303)
      const form = typed((await posted(c)).text)
      const { count, days } = wavesIn(form)
      // Asked while all leave at once, it is of two waves.
      const asked = { ...announcement, ...asAsked(form), waves: Math.max(2, count), waveDays: days }
      const foreseen = await db.transaction().execute(async (tx) => foresee(tx, await aimOf(tx, offers, asked, now())))
      return show(c, announcement, { ...form, waves: String(asked.waves), days: String(days) }, {}, foreseen)
    })
    .post(`${PATH}/test`, mayEdit, withinReason, async (c) => {
      const announcement = await announcementById(db, c.req.param('id'))
      if (!announcement) return c.notFound()
      const { lang } = c.get('page')
      const written = (await posted(c)).text('number')
      const number = written ? parsePhoneNumberFromString(written, 'FR') : undefined
      const { email, name, language } = actorOf(c)
      const form = { ...formOf(announcement, zoneAt(c, senderId(announcement.sender))), number: written }
      if (written && !number?.isValid())
        return show(c, announcement, form, { number: announceWords(lang)('error_number') })
      const done = await sendTest(platform, subjects, announcement, {
        mail: email,
        sms: number ? { number: number.number, country: number.country ?? '' } : null,
        name,
        language,
      })
      if (done === 'too-many') return show(c, announcement, form, { '': announceWords(lang)('error_tests') })
      return c.redirect(`${announceHref(announcement.id, 'send')}?done=tested`, 303)
    })
    .post(`${PATH}/undo`, maySend, withinReason, async (c) => {
      const undone = await undoSending(platform, steered(c))
      return c.redirect(
        undone ? `${announceHref(c.req.param('id'), 'send')}?done=undone` : announceHref(c.req.param('id')),
        303,
      )
    })
    .post(`${PATH}/pause`, maySend, withinReason, async (c) =>
      back(c, (await pauseAnnouncement(platform, steered(c))) && 'paused'),
    )
    .post(`${PATH}/resume`, maySend, withinReason, async (c) =>
      back(c, (await resumeAnnouncement(platform, steered(c))) && 'resumed'),
    )
    .post(`${PATH}/cancel`, maySend, withinReason, async (c) =>
      back(c, (await cancelRest(platform, steered(c))) && 'cancelled'),
    )
    .post(`${PATH}/uncertain`, maySend, withinReason, async (c) => {
      const decision = (await posted(c)).text('decision') === 'again' ? 'again' : 'leave'
      const count = await decideAll(platform, { ...steered(c), decision })
      return back(c, count > 0 && (decision === 'again' ? 'again' : 'left'))
    })

  function steered(c: Context<WebEnv>) {
    return { id: c.req.param('id') as string, by: actorOf(c).accountId }
  }

  function back(c: Context<WebEnv>, done: string | false) {
    return c.redirect(`${announceHref(c.req.param('id') as string)}${done ? `?done=${done}` : ''}`, 303)
  }

  async function show(
    c: Context<WebEnv>,
    announcement: Announcement,
    form: SendForm,
    errors: Record<string, string>,
    foreseen?: Foreseen[],
  ) {
    const { lang } = c.get('page')
    const expected = await db
      .transaction()
      .execute(async (tx) => forecast(tx, await aimOf(tx, offers, { ...announcement, ...asAsked(form) }, now())))
    return c.html(
      <SendPage
        c={c}
        announcement={announcement}
        forecast={expected}
        form={form}
        errors={errors}
        missing={missingOf(announcement, expected, c)}
        warnings={await warningsOf(announcement, expected, c)}
        cost={await costWords(announcement, expected, lang)}
        foreseen={foreseen}
      />,
      Object.keys(errors).length ? 422 : 200,
    )
  }

  /** What is given should be there when people come for it, and somebody has to carry the messages. */
  async function warningsOf(announcement: Announcement, expected: Forecast, c: Context<WebEnv>): Promise<string[]> {
    const t = announceWords(c.get('page').lang)
    const warnings = await hidden(announcement, t)
    for (const { channel, people } of expected.channels) {
      if (people && !(await canSend(platform, channel, senderColumns(announcement.sender))))
        warnings.push(t(`warning_no_${channel}`))
    }
    return warnings
  }

  async function hidden({ things, sender }: Announcement, t: ReturnType<typeof announceWords>): Promise<string[]> {
    if (!things.length) return []
    const named = things.map(({ subject }) => subject)
    const own = await offersFor(offers, db, sender, named)
    const known = await describe(db, subjects, named)
    return named.flatMap((subject) => {
      const offer = own.find((one) => one.subject === subject)
      if (offer?.publicAt && offer.publicAt <= now()) return []
      const title = offer?.title ?? known.get(subject)?.title
      if (!title) return [t('warning_gone')]
      if (offer?.givenTo) return [t('warning_members', { title })]
      return [offer?.publicAt ? t('warning_scheduled', { title }) : t('warning_hidden', { title })]
    })
  }

  async function costWords(
    announcement: Announcement,
    { numbers }: Forecast,
    lang: 'en' | 'fr',
  ): Promise<string | null> {
    const known = numbers.length ? await smsPrices(platform, announcement.sender) : null
    if (!known) return null
    const [language = lang] = writtenIn(announcement.variants)
    const message = await sample(platform, subjects, announcement, { channel: 'sms', language, name: '' })
    if (!message) return null
    const { millionths, unpriced } = smsCost(countSms(message.text).segments, numbers, known.prices)
    const t = announceWords(lang)
    const price = smsMoney(millionths, known.currency, lang)
    return unpriced ? t('fact_cost_partly', { price, people: unpriced }) : t('fact_cost', { price })
  }
}

const typed = (text: (name: string) => string): SendForm => ({
  when: text('when'),
  at: text('at'),
  zone: text('zone'),
  undo: text('undo'),
  number: '',
  waves: text('waves'),
  days: text('days'),
})

const wavesIn = (form: SendForm) => ({
  count: WAVES.find((count) => String(count) === form.waves) ?? 1,
  days: WAVE_DAYS.find((days) => String(days) === form.days) ?? 7,
})

const formOf = (
  { undoMinutes, timeZone, sendAt, localTime, waves, waveDays }: Announcement,
  zone: string,
): SendForm => ({
  when: localTime ? 'local' : sendAt ? 'moment' : 'now',
  at: localTime ?? (sendAt ? toLocal(sendAt, timeZone ?? zone) : ''),
  zone: timeZone ?? zone,
  undo: String(undoMinutes),
  number: '',
  waves: String(waves),
  days: String(waveDays),
})

/** The forecast follows what the form asks for. */
const asAsked = ({ when, at, zone }: SendForm) => ({ localTime: when === 'local' && at ? at : null, timeZone: zone })

function missingOf({ variants, channels }: Announcement, { people }: Forecast, c: Context<WebEnv>): string[] {
  const t = announceWords(c.get('page').lang)
  return [
    !writtenIn(variants).length && t('missing_words'),
    !channels.length && t('missing_channel'),
    channels.length > 0 && people === 0 && t('missing_people'),
  ].filter((sentence) => sentence !== false)
}

function errorOf(error: SendError, c: Context<WebEnv>): Record<string, string> {
  const t = announceWords(c.get('page').lang)
  switch (error) {
    case 'no-moment':
      return { at: t('error_moment') }
    case 'past':
      return { at: t('error_past') }
    case 'no-words':
      return { '': t('missing_words') }
    case 'no-channel':
      return { '': t('missing_channel') }
    default:
      return { '': t('error_gone') }
  }
}
