import { type Context, Hono } from 'hono'
import { forOneReader, open } from '../../platform/http/index.ts'
import { formats, isLang, type Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import {
  describe,
  hasObjected,
  isSubject,
  type OfferSource,
  publicSubject,
  type Subjects,
  shareLink,
  sharePath,
} from '../exchange/index.ts'
import { type Posted, readForm, smallBody, type WebEnv } from '../identity/index.ts'
import { eraseFan } from './erase-fan.ts'
import { unfollow } from './follow.ts'
import type { FansFrame } from './frame.ts'
import { leave, leaveAll } from './leave.ts'
import type { OtherMail } from './other-mail.ts'
import { EraseBody, type News, type Notices, PreferencesBody } from './pages/preferences.tsx'
import { words } from './pages/words.ts'
import { knownAs, type PersonalData } from './personal-data.ts'
import { prefer, preferLanguage } from './prefer.ts'
import { masked, type Preferences } from './preferences.views.ts'
import { readerHere } from './reader.ts'
import { becomeRecognised, stopRecognising } from './recognise.ts'

const DAY_MS = 24 * 3_600_000
/** So many of an artist's things are offered to be passed on. */
const NEWS = 3
const PAUSES: Record<string, number> = { week: 7, month: 30, quarter: 91 }

type Shown = {
  frame: FansFrame
  registry: PersonalData[]
  others: OtherMail[]
  notices: Notices
  subjects: Subjects
  offers: OfferSource
}

/** `/fan/<token>`: how the reader of one address is written to, and what is known of them. */
export function preferencesRoutes(
  platform: Platform,
  { frame, registry, others, notices, subjects, offers }: Shown,
): Hono<WebEnv> {
  const { db, now } = platform

  const fanOf = (c: Context<WebEnv>) => readerHere(c, platform)

  async function show(c: Context<WebEnv>, title: string, children: unknown) {
    forOneReader(c)
    return c.html(await frame({ c, title, of: null, children: children as never }))
  }

  /** The latest that anybody may have of the artists whom they follow: what they may pass on. */
  async function newsFor({ subscriptions }: Preferences): Promise<News[]> {
    const ids = subscriptions.flatMap(({ artistId, state }) => (artistId && state === 'active' ? [artistId] : []))
    const lists = await Promise.all(
      [...new Set(ids)].map(async (id) =>
        (await offers(db, id))
          .filter(({ publicAt, within, isOver }) => publicAt && publicAt <= now() && within === null && !isOver)
          .sort((a, b) => (b.publicAt?.getTime() ?? 0) - (a.publicAt?.getTime() ?? 0))
          .slice(0, NEWS),
      ),
    )
    return lists.flat().map(({ subject, title }) => ({ subject, title }))
  }

  async function titlesFor({ subscriptions }: Preferences): Promise<Map<string, string>> {
    const facts = await describe(db, subjects, subscriptions.flatMap(({ follows }) => follows).filter(isSubject))
    return new Map([...facts].map(([subject, { title }]) => [subject, title]))
  }

  const othersFor = async (addressId: string, lang: Lang) =>
    (await Promise.all(others.map((other) => other.list(platform, addressId, lang)))).flat()

  const app = new Hono<WebEnv>()

  app.get('/fan/:token', open, async (c) => {
    const found = await fanOf(c)
    if (!found) return c.notFound()
    const { page } = c.var
    const t = words(page.lang)
    const done = c.req.query('done')
    const notice =
      done === 'saved' ? t('saved') : done === 'left' ? t('left_all_notice', { address: found.fan.address }) : null
    return show(
      c,
      t('fan_title'),
      <PreferencesBody
        page={page}
        fan={found.fan}
        action={found.path}
        notice={notice}
        notices={notices}
        others={await othersFor(found.addressId, page.lang)}
        news={await newsFor(found.fan)}
        titles={await titlesFor(found.fan)}
      />,
    )
  })

  app.post('/fan/:token', open, smallBody, async (c) => {
    const found = await fanOf(c)
    if (!found) return c.notFound()
    await save(found, await readForm(c))
    return c.redirect(`${found.path}?done=saved`, 303)
  })

  async function save({ addressId, fan }: { addressId: string; fan: Preferences }, posted: Posted): Promise<void> {
    const language = posted.text('language')
    const t = words(isLang(language) ? language : fan.language)
    const proof = { language: isLang(language) ? language : fan.language, source: 'preferences' as const }
    await db.transaction().execute(async (tx) => {
      for (const one of fan.subscriptions) {
        const cadence = posted.text(`cadence-${one.id}`)
        if (one.state === 'left' || (cadence !== 'each' && cadence !== 'weekly')) continue
        const pause = posted.text(`pause-${one.id}`)
        const days = PAUSES[pause]
        const pausedUntil = pause === 'keep' ? one.pausedUntil : days ? new Date(now().getTime() + days * DAY_MS) : null
        const wording = t('prefer_wording', {
          cadence: t(cadence),
          pause: pausedUntil ? formats(proof.language).date(pausedUntil) : t('pause_none'),
        })
        await prefer(tx, platform, { subscriptionId: one.id, cadence, pausedUntil, wording, ...proof })
      }
      if (isLang(language)) await preferLanguage(tx, addressId, language)
      if (posted.has('recognised') === fan.recognised) return
      const subscription = await tx
        .selectFrom('subscriptions')
        .select(['fanId', 'addressId', 'artistId', 'labelId', 'channel'])
        .where('addressId', '=', addressId)
        .limit(1)
        .executeTakeFirst()
      if (!subscription) return
      const names = formats(proof.language).list(fan.subscriptions.map(({ name }) => name))
      const wording = t('recognise_wording', { name: names })
      if (fan.recognised) await stopRecognising(tx, platform, subscription, { wording, ...proof })
      else await becomeRecognised(tx, platform, subscription, { wording, ...proof }, null)
    })
  }

  app.post('/fan/:token/share', open, smallBody, async (c) => {
    const found = await fanOf(c)
    const subject = (await readForm(c)).text('subject')
    const facts = found && isSubject(subject) ? await publicSubject(platform, subjects, subject) : null
    if (!found || !facts || !isSubject(subject)) return c.notFound()
    if (hasObjected(c)) return c.redirect(`/share?of=${subject}`, 303)
    const { personId } = await db
      .selectFrom('fans')
      .select('personId')
      .where('id', '=', found.fan.fanId)
      .executeTakeFirstOrThrow()
    const code = await shareLink(platform, { artistId: facts.artistId, subject, personId })
    return c.redirect(`${sharePath(code)}/pass?lang=${c.var.page.lang}`, 303)
  })

  app.post('/fan/:token/leave/:id', open, smallBody, async (c) => {
    const found = await fanOf(c)
    const one = found?.fan.subscriptions.find(({ id }) => id === c.req.param('id'))
    if (!found || !one) return c.notFound()
    const wording = words(c.var.page.lang)('leave_one', { name: one.name })
    await db
      .transaction()
      .execute((tx) =>
        leave(tx, platform, { subscriptionId: one.id, wording, language: c.var.page.lang, source: 'preferences' }),
      )
    return c.redirect(`${found.path}?done=saved`, 303)
  })

  app.post('/fan/:token/each/:id', open, smallBody, async (c) => {
    const found = await fanOf(c)
    const one = found?.fan.subscriptions.find(({ id }) => id === c.req.param('id'))
    const subject = (await readForm(c)).text('subject')
    if (!found || !one?.follows.includes(subject)) return c.notFound()
    const title = (await titlesFor(found.fan)).get(subject) ?? ''
    const { lang: language } = c.var.page
    const wording = words(language)('leave_each', { title })
    await db
      .transaction()
      .execute((tx) =>
        unfollow(tx, platform, { subscriptionId: one.id, subject, wording, language, source: 'preferences' }),
      )
    return c.redirect(`${found.path}?done=saved`, 303)
  })

  app.post('/fan/:token/leave-all', open, smallBody, async (c) => {
    const found = await fanOf(c)
    if (!found) return c.notFound()
    const alone = (await readForm(c)).has('alone')
    const t = words(c.var.page.lang)
    const wording = alone ? `${t('leave_all')}. ${t('alone')}` : t('leave_all')
    await db.transaction().execute((tx) =>
      leaveAll(tx, platform, {
        addressId: found.addressId,
        others,
        alone,
        wording,
        language: c.var.page.lang,
        source: 'preferences',
      }),
    )
    return c.redirect(`${found.path}?done=left`, 303)
  })

  app.get('/fan/:token/export.json', open, async (c) => {
    const found = await fanOf(c)
    const who = found && (await knownAs(db, found.fan.fanId))
    if (!who) return c.notFound()
    const parts = await Promise.all(registry.map((part) => part.know(db, who)))
    const elsewhere = await db
      .selectFrom('fanAddresses')
      .select(['address', 'channel'])
      .where('fanId', '=', who.fanId)
      .where('id', '!=', found.addressId)
      .execute()
    // Their other addresses as far as the page itself shows them.
    const text = elsewhere.reduce(
      (all, { address, channel }) => all.replaceAll(address, masked(address, channel)),
      JSON.stringify(Object.assign({}, ...parts), null, 2),
    )
    forOneReader(c)
    c.header('Content-Disposition', 'attachment; filename="what-is-known.json"')
    return c.body(text, 200, { 'Content-Type': 'application/json; charset=utf-8' })
  })

  app.get('/fan/:token/erase', open, async (c) => {
    const found = await fanOf(c)
    if (!found) return c.notFound()
    const { page } = c.var
    return show(c, words(page.lang)('erase_title'), <EraseBody page={page} action={found.path} />)
  })

  app.post('/fan/:token/erase', open, smallBody, async (c) => {
    const found = await fanOf(c)
    if (!found) return c.notFound()
    const { page } = c.var
    const t = words(page.lang)
    await db.transaction().execute((tx) =>
      eraseFan(tx, platform, registry, {
        fanId: found.fan.fanId,
        wording: t('erase_wording'),
        language: page.lang,
        source: 'preferences',
      }),
    )
    return show(
      c,
      t('erased_title'),
      <p class="prose" role="status">
        {t('erased_lead')}
      </p>,
    )
  })
  return app
}
