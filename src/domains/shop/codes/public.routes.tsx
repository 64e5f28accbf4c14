import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { allow, forOneReader, isSpent, type Limit, open } from '../../../platform/http/index.ts'
import { formats } from '../../../platform/i18n/index.ts'
import { newToken } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { hashOf } from '../../../platform/signing.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { describe, personOf } from '../../exchange/index.ts'
import { readAddress } from '../../fans/index.ts'
import { readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { ownedAs } from '../owned.ts'
import type { ShopSite } from '../public.routes.tsx'
import { codeShown, readCode } from './code.rules.ts'
import { CodeBody, codePath, RedeemedBody } from './code-page.tsx'
import { type FoundCode, findCode, keepForGood, type RedeemProblem, redeemCode } from './redeem-code.ts'
import { words } from './words.ts'

/** Codes that do not exist, from one address: a mistyped one is told by its check sign and is not counted. A whole hall may sit behind it. */
const GUESSES: Limit = { name: 'code', most: 40, windowSeconds: 600 }
/** Letters to one address: what protects somebody from a stranger who types it again and again. */
const LETTERS: Limit = { name: 'code-mail', most: 4, windowSeconds: 24 * 3600 }

const COOKIE = 'codes'
const COOKIE_SECONDS = 400 * 24 * 3600

/** Where a code is redeemed. GET shows, POST takes: a machine that follows the link of a card uses up nothing. */
export function codePublic(platform: Platform, { frame, subjects, formatName }: ShopSite): Hono<WebEnv> {
  const { db } = platform

  /** Under the name of what it gives, once that is known. */
  async function show(c: Context<WebEnv>, children: unknown, found: FoundCode | null, status: 200 | 422 = 200) {
    forOneReader(c)
    const facts = found && (await describe(db, subjects, [found.subject]))
    const title = facts?.get(found?.subject ?? ':')?.title ?? words(c.var.page.lang)('title')
    const of = found && { artistId: found.artistId }
    return c.html(await frame({ c, title, of, children: children as never }), status)
  }

  const browserOf = (c: Context<WebEnv>): string | null => {
    const token = getCookie(c, COOKIE)
    return token ? hashOf(token) : null
  }

  /** What is typed, as it stands. What does not exist is counted, and nothing is answered any more to who tried too many. */
  async function lookUp(c: Context<WebEnv>, typed: string): Promise<FoundCode | RedeemProblem | 'wrong' | 'many'> {
    const code = readCode(typed)
    if (!code) return 'wrong'
    if (await isSpent(platform, GUESSES, c.get('address'))) return 'many'
    const found = await findCode(platform, { code, browser: browserOf(c) })
    if (found) return found
    await allow(platform, GUESSES, c.get('address'))
    return 'unknown'
  }

  const problemWords = (c: Context<WebEnv>, problem: RedeemProblem | 'wrong' | 'many', found: FoundCode | null) =>
    words(c.var.page.lang)(`problem_${problem}`, {
      name: found?.artistName ?? '',
      date: found?.until ? formats(c.var.page.lang).date(new Date(found.until), 'UTC') : '',
    })

  const refuse = (
    c: Context<WebEnv>,
    said: { code?: string; mail?: string; refused?: string; errors?: FieldErrors },
    found: FoundCode | null = null,
  ) => show(c, <CodeBody page={c.var.page} {...said} />, found, 422)

  async function showMine(c: Context<WebEnv>, found: FoundCode, mail?: string, errors?: FieldErrors) {
    const { subject, artistName } = found
    const owned = await ownedAs(
      platform,
      { subjects, formatName },
      [{ subject, artistName, opensAt: null, isEarly: false }],
      c.var.page.lang,
    )
    const kept = await keptAt(found.code, c.req.query('kept'))
    const children = <RedeemedBody page={c.var.page} {...{ found, owned, mail, kept, errors }} />
    return show(c, children, found, errors ? 422 : 200)
  }

  async function keptAt(code: string, said: string | undefined) {
    if (!said) return undefined
    const held = await db.selectFrom('holdings').select('mailKey').where('key', '=', `code:${code}`).executeTakeFirst()
    return held && { mail: held.mailKey, isSent: said === 'sent' }
  }

  /** It is in their library from now on, and the way there is sent. */
  async function keep(c: Context<WebEnv>, code: string, browser: string, mail: { key: string; address: string }) {
    if (!(await keepForGood(platform, { code, browser, mailKey: mail.key }))) return ''
    if (!(await allow(platform, LETTERS, mail.key))) return '?kept=limit'
    await addJob(db, 'shop.library', { mailKey: mail.key, mail: mail.address, language: c.var.page.lang })
    return '?kept=sent'
  }

  return new Hono<WebEnv>()
    .get('/code', open, (c) => show(c, <CodeBody page={c.var.page} />, null))
    .post('/code', open, smallBody, async (c) => {
      const t = words(c.var.page.lang)
      const posted = await readForm(c)
      const typed = { code: posted.text('code').slice(0, 40), mail: posted.text('mail').slice(0, 254) }
      const found = await lookUp(c, typed.code)
      if (typeof found === 'string') return refuse(c, { ...typed, errors: { code: problemWords(c, found, null) } })
      const mail = typed.mail ? readAddress('mail', typed.mail) : null
      if (mail && !mail.ok) return refuse(c, { ...typed, errors: { mail: t('problem_mail') } }, found)
      const token = getCookie(c, COOKIE) ?? newToken()
      const browser = hashOf(token)
      const personId = await personOf(c, platform, { create: true })
      const redeemed = await redeemCode(platform, { code: found.code, browser, personId })
      if (!redeemed.ok) return refuse(c, { mail: typed.mail, refused: problemWords(c, redeemed.error, found) }, found)
      setCookie(c, COOKIE, token, {
        httpOnly: true,
        sameSite: 'Lax',
        secure: c.get('https'),
        path: '/code',
        maxAge: COOKIE_SECONDS,
      })
      const kept = mail?.ok ? await keep(c, found.code, browser, mail.value) : ''
      return c.redirect(codePath(found.code) + kept, 303)
    })
    .get('/code/:code', open, async (c) => {
      const typed = c.req.param('code').slice(0, 40)
      const found = await lookUp(c, typed)
      if (typeof found === 'string') return refuse(c, { code: typed, errors: { code: problemWords(c, found, null) } })
      if (found.state === 'mine') return showMine(c, found)
      const code = codeShown(found.code)
      if (found.state !== 'open') return refuse(c, { refused: problemWords(c, found.state, found) }, found)
      return show(c, <CodeBody page={c.var.page} found={found} code={code} />, found)
    })
    .post('/code/:code/keep', open, smallBody, async (c) => {
      const found = await lookUp(c, c.req.param('code'))
      const browser = browserOf(c)
      if (typeof found === 'string' || found.state !== 'mine' || !browser) return c.redirect('/code', 303)
      const typed = (await readForm(c)).text('mail').slice(0, 254)
      const mail = readAddress('mail', typed)
      if (!mail.ok) return showMine(c, found, typed, { mail: words(c.var.page.lang)('problem_mail') })
      return c.redirect(codePath(found.code) + (await keep(c, found.code, browser, mail.value)), 303)
    })
}
