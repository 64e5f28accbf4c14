import { type Context, Hono } from 'hono'
import { open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type OfferSource, offersFor, type Subject } from '../../exchange/index.ts'
import { readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { readAddress } from '../addresses.rules.ts'
import { countryOf } from '../country.rules.ts'
import type { ReachableBy } from '../frame.ts'
import { give } from '../given/give.ts'
import { takeConsent } from '../given/take-form.tsx'
import type { Item } from '../given/takings.store.ts'
import { mayFollow, signUp } from '../sign-up.ts'
import { type Whose, whoseById, whosePath } from '../whose.views.ts'
import { DoorPage, DoorThanks } from './door-page.tsx'
import { type Door, doorByCode, doorPath } from './doors.store.ts'
import { words } from './words.ts'

/** What is given at a door: as it is called, and where one takes it at once with the key that was given for an address. */
export type Gift = Item & { title: string; href: (key: string) => string }
export type GiftOf = (subject: Subject) => Promise<Gift | null>
export type Doors = { reachable: ReachableBy; giftOf: GiftOf; offers: OfferSource }

/** `/q/<code>`: the page behind a poster. */
export function doorRoutes(platform: Platform, { reachable, giftOf, offers }: Doors): Hono<WebEnv> {
  const { db } = platform

  async function standing(
    c: Context<WebEnv>,
  ): Promise<{ door: Door; whose: Whose; texts: boolean; gift: Gift | null } | null> {
    const door = await doorByCode(db, c.req.param('code') ?? '')
    const whose = door && (await whoseById(db, door))
    if (!door || !whose) return null
    const texts = (await reachable(whose.to)).includes('sms')
    return { door, whose, texts, gift: await givenAt(door) }
  }

  /** What is given there, while it may be: a label's right to an artist's music ends when that artist says so. */
  async function givenAt(door: Door): Promise<Gift | null> {
    const { gives, labelId } = door
    if (!gives) return null
    if (labelId && !(await offersFor(offers, db, { labelId })).some(({ subject }) => subject === gives)) return null
    return giftOf(gives as Subject)
  }

  const answer = (c: Context<WebEnv>, page: unknown, status: 200 | 422 | 429 = 200) => {
    c.header('Cache-Control', 'private, no-store')
    return c.html(page as string, status)
  }

  return new Hono<WebEnv>()
    .get('/q/:code', open, async (c) => {
      const here = await standing(c)
      if (!here) return c.notFound()
      const { door, whose, texts, gift } = here
      if (door.closedAt) return c.redirect(whosePath(whose), 302)
      const { lang } = c.var.page
      return answer(
        c,
        <DoorPage
          lang={lang}
          name={whose.name}
          action={doorPath(door.code)}
          gift={gift?.title ?? null}
          texts={texts}
        />,
      )
    })
    .post('/q/:code', open, smallBody, async (c) => {
      const here = await standing(c)
      if (!here) return c.notFound()
      const { door, whose, texts, gift } = here
      const { lang } = c.var.page
      const t = words(lang)
      const posted = await readForm(c)
      const value = posted.text('to')
      const country = countryOf(c.req.header('accept-language'), lang)
      const channel = texts && !value.includes('@') && /\d/.test(value) ? 'sms' : 'mail'
      const agreed = posted.has('yes')
      const again = (error: string, status: 422 | 429) =>
        answer(
          c,
          <DoorPage
            lang={lang}
            name={whose.name}
            action={doorPath(door.code)}
            gift={gift?.title ?? null}
            texts={texts}
            value={value}
            agreed={agreed}
            error={error}
          />,
          status,
        )
      if (gift) {
        const given = await give(platform, c, posted, {
          artistId: gift.artistId,
          subject: gift.subject,
          givenAs: gift.givenAs,
          whose,
          texts,
          wording: takeConsent(lang, whose.name),
          source: 'poster',
          token: `q.${door.code}`,
          page: doorPath(door.code),
        })
        if (!given.ok)
          return given.error === 'wrong' ? again(t(texts ? 'wrong' : 'wrong_mail'), 422) : again(t('too_many'), 429)
        const { address, key } = given.value
        const next = [
          t(`link_${given.value.channel}`, { address }),
          ...(given.value.agreed ? [t(`next_${given.value.channel}`, { address, name: whose.name })] : []),
        ]
        const taken = { title: gift.title, href: gift.href(key) }
        return answer(c, <DoorThanks lang={lang} name={whose.name} next={next} gift={taken} home={whosePath(whose)} />)
      }
      if (!readAddress(channel, value, country).ok) return again(t(texts ? 'wrong' : 'wrong_mail'), 422)
      if (posted.text('fx') || !(await mayFollow(platform, c))) return again(t('too_many'), 429)
      const [sent] = await signUp(platform, c, {
        whose,
        given: [{ channel, address: value }],
        country,
        said: { language: lang, token: `q.${door.code}`, ...(door.gives && { subject: door.gives }) },
        wording: t('consent', { name: whose.name }),
        source: 'poster',
        page: doorPath(door.code),
      })
      const next = t(`next_${channel}`, { address: sent?.address ?? value, name: whose.name })
      return answer(c, <DoorThanks lang={lang} name={whose.name} next={[next]} gift={null} home={whosePath(whose)} />)
    })
}
