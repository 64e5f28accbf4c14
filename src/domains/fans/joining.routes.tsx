import { type Context, Hono } from 'hono'
import { forOneReader, open } from '../../platform/http/index.ts'
import { isLang, type Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { FieldErrors } from '../../ui/forms.tsx'
import { describe, isSubject, knownPersonOf, type Subjects, wayOf } from '../exchange/index.ts'
import { isReserved, type Posted, readForm, smallBody, type WebEnv } from '../identity/index.ts'
import { readAddress } from './addresses.rules.ts'
import { confirm } from './confirm.ts'
import { countryOf } from './country.rules.ts'
import { followedBy, unfollow } from './follow.ts'
import type { FansFrame, ReachableBy } from './frame.ts'
import { rememberFan } from './known-fan.ts'
import { leave } from './leave.ts'
import { preferencesLink, readToken } from './links.ts'
import { consentWords, followPath, type JoinValues } from './pages/join-form.tsx'
import {
  ConfirmBody,
  ConfirmedBody,
  FollowBody,
  type Followed,
  GoneBody,
  LeaveBody,
  LeftBody,
  LeftEachBody,
  LeftSinceBody,
  ThanksBody,
} from './pages/joining.tsx'
import { words } from './pages/words.ts'
import { isSameBrowser, mayFollow, signUp } from './sign-up.ts'
import { type Whose, whoseById, whoseBySlug } from './whose.views.ts'

/** Joining, confirming, leaving: GET shows, POST acts. */
export function joiningRoutes(
  platform: Platform,
  frame: FansFrame,
  subjects: Subjects,
  reachable: ReachableBy,
): Hono<WebEnv> {
  const { db, signer, now } = platform

  async function whoseOf(c: Context<WebEnv>): Promise<Whose | { moved: string } | null> {
    const slug = c.req.param('slug') ?? ''
    return isReserved(slug) ? null : whoseBySlug(db, slug)
  }

  async function form(
    c: Context<WebEnv>,
    whose: Whose,
    more: {
      values?: JoinValues
      errors?: FieldErrors
      subject?: string | undefined
      follows?: Followed | undefined
    } = {},
  ) {
    const { page } = c.var
    const texts = (await reachable(whose.to)).includes('sms')
    const status = more.errors ? 422 : 200
    const title = words(page.lang)('follow_title', { name: whose.name })
    const body = <FollowBody page={page} name={whose.name} slug={whose.slug} texts={texts} {...more} />
    return c.html(await frame({ c, title, of: whose.to, children: body }), status)
  }

  async function show(
    c: Context<WebEnv>,
    title: string,
    whose: Whose | null,
    children: unknown,
    status: 200 | 410 = 200,
  ) {
    forOneReader(c)
    return c.html(await frame({ c, title, of: whose?.to ?? null, children: children as never }), status)
  }

  /** What somebody said by the way, and by which way they came as far as they may be told apart. */
  async function said(c: Context<WebEnv>, posted: Posted, whose: Whose) {
    const { lang } = c.var.page
    const recognised = posted.has('recognised')
    const subject = posted.text('subject')
    const own = posted.text('via').slice(0, 64) || wayOfPage(c.req.header('referer'))
    const visitorId = recognised ? await knownPersonOf(c, platform) : null
    const way =
      visitorId && 'artistId' in whose.to
        ? await wayOf(db, visitorId, whose.to.artistId, now())
        : { referrer: null, token: null }
    return {
      name: posted.text('name'),
      language: lang,
      ...(recognised && { recognised: words(lang)('recognise_wording', { name: whose.name }) }),
      token: own ?? way.token,
      referrer: way.referrer,
      ...(isSubject(subject) && { subject }),
    }
  }

  /** What they ask to be told of each time, if it is that artist's and goes on. */
  async function followsOf(asked: string, whose: Whose): Promise<Followed | undefined> {
    if (!isSubject(asked) || !('artistId' in whose.to)) return undefined
    const facts = (await describe(db, subjects, [asked])).get(asked)
    return facts?.goesOn && facts.artistId === whose.to.artistId
      ? { subject: asked, title: facts.title, path: facts.path }
      : undefined
  }

  async function followingsOf(subscriptionId: string): Promise<Followed[]> {
    const asked = (await followedBy(db, [subscriptionId])).map(({ subject }) => subject).filter(isSubject)
    const facts = await describe(db, subjects, asked)
    return asked.flatMap((subject) => {
      const found = facts.get(subject)
      return found ? [{ subject, title: found.title, path: found.path }] : []
    })
  }

  const app = new Hono<WebEnv>()

  app.get('/follow/:slug', open, async (c) => {
    const whose = await whoseOf(c)
    if (!whose) return c.notFound()
    if ('moved' in whose) return c.redirect(followPath(whose.moved), 302)
    const subject = c.req.query('subject')
    return form(c, whose, { subject: isSubject(subject) ? subject : undefined })
  })

  app.post('/follow/:slug', open, smallBody, async (c) => {
    const whose = await whoseOf(c)
    if (!whose || 'moved' in whose) return c.notFound()
    const { page } = c.var
    const t = words(page.lang)
    const posted = await readForm(c)
    const values = {
      mail: posted.text('mail'),
      phone: posted.text('phone'),
      name: posted.text('name'),
      recognised: posted.has('recognised'),
    }
    const subject = isSubject(posted.text('subject')) ? posted.text('subject') : undefined
    const follows = await followsOf(posted.text('follows'), whose)
    const again = (errors: FieldErrors) => form(c, whose, { values, errors, subject, follows })
    if (posted.text('fx')) return again({ '': t('trapped') })
    const mayText = !follows && (await reachable(whose.to)).includes('sms')
    const given = [
      ...(values.mail ? [{ channel: 'mail' as const, address: values.mail }] : []),
      ...(values.phone && mayText ? [{ channel: 'sms' as const, address: values.phone }] : []),
    ]
    if (!given.length) return again({ mail: t(mayText ? 'give_one' : 'give_mail') })
    const country = countryOf(c.req.header('accept-language'), page.lang)
    const errors: FieldErrors = {}
    for (const { channel, address } of given) {
      const read = readAddress(channel, address, country)
      if (!read.ok) errors[channel === 'mail' ? 'mail' : 'phone'] = t(`problem_${read.error}`)
    }
    if (Object.keys(errors).length) return again(errors)
    if (!(await mayFollow(platform, c))) return again({ '': t('too_many') })
    const sent = await signUp(platform, c, {
      whose,
      given,
      country,
      said: {
        ...(await said(c, posted, whose)),
        ...(follows && { follows: { subject: follows.subject, title: follows.title } }),
      },
      wording: consentWords(page.lang, whose.name, follows),
      source: 'form',
      page: pageOf(c.req.header('referer')) ?? followPath(whose.slug),
    })
    return show(c, t('thanks_title'), whose, <ThanksBody page={page} whose={whose} by={sent} back={follows} />)
  })

  /** Of this subscription: to whom, at which address, in which language. Null when it is gone. */
  async function subscriptionOf(c: Context<WebEnv>, purpose: 'confirm' | 'leave') {
    const id = readToken(signer, purpose, c.req.param('token') ?? '')
    if (!id) return null
    const row = await db
      .selectFrom('subscriptions')
      .innerJoin('fanAddresses', 'fanAddresses.id', 'subscriptions.addressId')
      .innerJoin('fans', 'fans.id', 'subscriptions.fanId')
      .select(['subscriptions.id', 'subscriptions.state', 'subscriptions.artistId', 'subscriptions.labelId'])
      .select(['subscriptions.channel', 'subscriptions.askedWith', 'fanAddresses.address', 'fans.language'])
      .select('fanAddresses.id as addressId')
      .where('subscriptions.id', '=', id)
      .executeTakeFirst()
    const whose = row && (await whoseById(db, row))
    if (!row || !whose) return null
    speak(c, row.askedWith?.language ?? row.language)
    return { ...row, whose, page: c.var.page, preferences: preferencesLink(platform, row.addressId) }
  }

  const gone = (c: Context<WebEnv>) => {
    const { page } = c.var
    return show(c, words(page.lang)('gone_title'), null, <GoneBody page={page} />, 410)
  }

  app.get('/confirm/:token', open, async (c) => {
    const found = await subscriptionOf(c, 'confirm')
    if (!found) return gone(c)
    const { page, whose, address, channel, preferences } = found
    const t = words(page.lang)
    if (found.state === 'left')
      return show(c, t('left_since_title'), whose, <LeftSinceBody page={page} whose={whose} />)
    const follows = found.askedWith?.follows
    if (found.state === 'active' && !follows)
      return show(
        c,
        t('confirmed_title'),
        whose,
        <ConfirmedBody {...{ page, whose, address, preferences }} followings={await followingsOf(found.id)} />,
      )
    const body = (
      <ConfirmBody
        page={page}
        whose={whose}
        action={c.req.path}
        address={address}
        channel={channel === 'sms' ? 'sms' : 'mail'}
        isActive={found.state === 'active'}
        follows={follows}
        recognised={Boolean(found.askedWith?.recognised)}
        auto={isSameBrowser(c, signer, found.id)}
      />
    )
    return show(
      c,
      follows ? t('confirm_each_title', { title: follows.title }) : t('confirm_title', { name: whose.name }),
      whose,
      body,
    )
  })

  app.post('/confirm/:token', open, smallBody, async (c) => {
    const found = await subscriptionOf(c, 'confirm')
    if (!found) return gone(c)
    const posted = await readForm(c)
    const { page, whose, address } = found
    const own = isSameBrowser(c, signer, found.id)
    const visitorId = own ? await knownPersonOf(c, platform) : null
    const follows = found.askedWith?.follows
    const yes = [
      ...(found.state === 'active' ? [] : [words(page.lang)('confirm_yes', { name: whose.name, address })]),
      ...(follows ? [words(page.lang)('confirm_yes_each', { title: follows.title, address })] : []),
    ]
    const done = await db.transaction().execute((tx) =>
      confirm(tx, platform, {
        subscriptionId: found.id,
        recognised: posted.has('recognised'),
        visitorId,
        wording: yes.join(' '),
        language: page.lang,
        source: 'link',
        proof: { link: 'confirm', sameBrowser: own },
      }),
    )
    // The page of the series knows them from now on, and stops by a press.
    if (done.ok && follows) rememberFan(c, platform, found.addressId)
    return c.redirect(c.req.path, 303)
  })

  app.get('/leave/:token', open, async (c) => {
    const found = await subscriptionOf(c, 'leave')
    if (!found) return gone(c)
    const { page, whose, state } = found
    const t = words(page.lang)
    if (state === 'left') return show(c, t('left_title'), whose, <LeftBody {...found} />)
    const followings = await followingsOf(found.id)
    const ended = await followsOf(c.req.query('of') ?? '', whose)
    if (ended && !followings.some(({ subject }) => subject === ended.subject))
      return show(c, t('left_each_title'), whose, <LeftEachBody {...found} follows={ended} />)
    const title = t('leave_title', { name: whose.name })
    return show(c, title, whose, <LeaveBody {...{ ...found, followings }} action={c.req.path} />)
  })

  app.post('/leave/:token/each', open, smallBody, async (c) => {
    const found = await subscriptionOf(c, 'leave')
    if (!found) return gone(c)
    const subject = (await readForm(c)).text('subject')
    const followed = (await followingsOf(found.id)).find((one) => one.subject === subject)
    const { page, id: subscriptionId } = found
    const t = words(page.lang)
    if (followed) {
      const wording = t('leave_each', { title: followed.title })
      await db.transaction().execute((tx) =>
        unfollow(tx, platform, {
          ...{ subscriptionId, subject, wording, language: page.lang },
          ...{ source: 'link' as const, proof: { link: 'leave' } },
        }),
      )
    }
    return c.redirect(
      `${c.req.path.slice(0, -'/each'.length)}?${new URLSearchParams({ of: subject, lang: page.lang })}`,
      303,
    )
  })

  app.post('/leave/:token', open, smallBody, async (c) => {
    const found = await subscriptionOf(c, 'leave')
    const posted = await readForm(c)
    const isButton = posted.text('by') === 'button'
    if (!found) return isButton ? gone(c) : c.text('', 200)
    const { page } = found
    const t = words(page.lang)
    await db.transaction().execute((tx) =>
      leave(tx, platform, {
        subscriptionId: found.id,
        wording: isButton ? t('leave_button') : 'List-Unsubscribe=One-Click',
        language: page.lang,
        source: isButton ? 'link' : 'one-click',
        proof: { link: 'leave' },
      }),
    )
    // RFC 8058: a mail program asks, and reads the status alone.
    return isButton ? c.redirect(c.req.path, 303) : c.text(t('one_click_done'), 200)
  })

  return app
}

/** A page opened from a message speaks the language of that message, unless its reader chose another. */
export function speak(c: Context<WebEnv>, lang: Lang): void {
  if (!isLang(c.req.query('lang'))) c.set('page', { ...c.get('page'), lang })
}

/** Path of one of our pages, and what link in a message led there, from the Referer that browsers send within a site. */
const pageOf = (referer: string | undefined): string | null =>
  referer && URL.canParse(referer) ? new URL(referer).pathname.slice(0, 200) : null

const wayOfPage = (referer: string | undefined): string | null =>
  referer && URL.canParse(referer) ? (new URL(referer).searchParams.get('via')?.slice(0, 64) ?? null) : null
