import { type Context, Hono } from 'hono'
import { dayIn, isDay } from '../../../platform/days.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { actorOf, guard, type Posted, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { answerSplit } from '../answer-split.ts'
import { ownerAtDesk, sellerAtDesk, thingAtDesk } from '../owner.ts'
import type { Owner } from '../owner.types.ts'
import { type Payee, payeesOf } from '../payee.views.ts'
import { proposeSplit, withdrawSplit } from '../propose-split.ts'
import type { Seller } from '../seller.views.ts'
import { readParts, writeShare } from '../split.rules.ts'
import { holdingOn, splitById, splitsOf } from '../split.views.ts'
import { isSubject, type Sold } from '../subjects.ts'
import { words } from '../words.ts'
import { ID } from './parts.tsx'
import { SplitPage, SplitsPage, type TypedSplit } from './splits-pages.tsx'

const see = guard('books.see', thingAtDesk)
const edit = guard('books.edit', thingAtDesk)
const SUBJECT = '[a-z]+:[0-9a-f-]{36}'

/** How what is sold is shared. */
export function splitsRoutes(platform: Platform, sold: Sold): Hono<WebEnv> {
  const { db, now } = platform
  const today = (seller: Seller) => dayIn(now(), seller.timeZone)

  /** What the subject is called: as it is offered, sold or was shared. */
  async function titleOf(seller: Seller, subject: string): Promise<string | null> {
    const [known] = await splitsOf(db, seller.id, subject)
    return (await sold.titles(db, [subject])).get(subject) ?? known?.title ?? null
  }

  async function one(c: Context<WebEnv>, seller: Seller, subject: string, typed?: TypedSplit, errors?: FieldErrors) {
    const [title, payees, splits] = await Promise.all([
      titleOf(seller, subject),
      payeesOf(db, seller.id),
      splitsOf(db, seller.id, subject),
    ])
    if (title === null || !(await isTheirs(c, seller, subject))) return c.notFound()
    const holding = holdingOn(splits, today(seller))
    const last = splits.findLast(({ state }) => state === 'agreed')
    const begin: TypedSplit = typed ?? {
      from: today(seller),
      recoups: last && !last.recoupsCosts ? '' : 'on',
      note: '',
      shares: Object.fromEntries(
        (last?.parts ?? []).map(({ payeeId, share }) => [payeeId ?? 'seller', writeShare(share)]),
      ),
    }
    const done = c.req.query('done')
    const notice = done ? words(c.var.page.lang)(done === 'asked' ? 'told_split_asked' : 'told_split') : undefined
    return c.html(
      <SplitPage {...{ c, seller, subject, title, payees, splits, holding, typed: begin, errors, notice }} />,
      errors ? 422 : 200,
    )
  }

  async function isTheirs(c: Context<WebEnv>, seller: Seller, subject: string): Promise<boolean> {
    const offered = await sold.offered(db, ownerAtDesk(c) as Owner)
    if (offered.some((one) => one.subject === subject)) return true
    return (await splitsOf(db, seller.id, subject)).length > 0 || (await hasSold(seller.id, subject))
  }

  const hasSold = async (sellerId: string, subject: string) =>
    (await db
      .selectFrom('ledgerLines')
      .innerJoin('ledgerAccounts', 'ledgerAccounts.id', 'ledgerLines.accountId')
      .select('ledgerLines.entryId')
      .where('ledgerLines.subject', '=', subject)
      .where('ledgerAccounts.sellerId', '=', sellerId)
      .limit(1)
      .executeTakeFirst()) !== undefined

  return new Hono<WebEnv>()
    .get('/studio/books/splits', see, async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.redirect('/studio/books')
      const [splits, offered] = await Promise.all([splitsOf(db, seller.id), sold.offered(db, ownerAtDesk(c) as Owner)])
      const chosen = c.req.query('subject')
      if (chosen && isSubject(chosen)) return c.redirect(`/studio/books/splits/${chosen}`)
      return c.html(<SplitsPage {...{ c, splits, offered, today: today(seller) }} />)
    })
    .get(`/studio/books/splits/:subject{${SUBJECT}}`, see, async (c) => {
      const seller = await sellerAtDesk(db, c)
      const subject = c.req.param('subject')
      return seller && isSubject(subject) ? one(c, seller, subject) : c.notFound()
    })
    .post(`/studio/books/splits/:subject{${SUBJECT}}`, edit, smallBody, async (c) => {
      const seller = await sellerAtDesk(db, c)
      const subject = c.req.param('subject')
      const title = seller && isSubject(subject) ? await titleOf(seller, subject) : null
      if (!seller || title === null || !(await isTheirs(c, seller, subject))) return c.notFound()
      const t = words(c.var.page.lang)
      const payees = await payeesOf(db, seller.id)
      const typed = typedIn(await readForm(c), payees)
      const read = readParts([
        { payeeId: null, text: typed.shares['seller'] ?? '' },
        ...payees.map(({ id }) => ({ payeeId: id, text: typed.shares[id] ?? '' })),
      ])
      if (!read.ok) {
        const { problem, payeeId, sum = 0 } = read.error
        const field = problem === 'share-wrong' ? `share_${payeeId ?? 'seller'}` : 'share_seller'
        return one(c, seller, subject, typed, { [field]: t(`problem_${problem}`, { sum: sum / 100 }) })
      }
      if (!isDay(typed.from)) return one(c, seller, subject, typed, { from: t('problem_day-wrong') })
      const said = { subject, title, parts: read.value, recoupsCosts: typed.recoups !== '', note: typed.note }
      const proposed = await proposeSplit(platform, actorOf(c), seller, {
        ...said,
        from: typed.from,
        today: today(seller),
      })
      if (!proposed.ok)
        return one(c, seller, subject, typed, { share_seller: t(`problem_${proposed.error}`, { sum: 0 }) })
      const state = (await splitById(db, proposed.value))?.state
      return c.redirect(`/studio/books/splits/${subject}?done=${state === 'asked' ? 'asked' : 'now'}`, 303)
    })
    .post(`/studio/books/asked/:id{${ID}}/withdraw`, edit, async (c) => {
      const [seller, id] = [await sellerAtDesk(db, c), c.req.param('id')]
      const split = isId(id) ? await splitById(db, id) : null
      if (!seller || split?.sellerId !== seller.id) return c.notFound()
      await withdrawSplit(platform, seller, split.id)
      return c.redirect(`/studio/books/splits/${split.subject}`, 303)
    })
    .post(`/studio/books/asked/:id{${ID}}/agreed/:payee{${ID}}`, edit, smallBody, async (c) => {
      const [seller, id, payeeId] = [await sellerAtDesk(db, c), c.req.param('id'), c.req.param('payee')]
      const split = isId(id) && isId(payeeId) ? await splitById(db, id) : null
      const asked = split?.answers.find((one) => one.payeeId === payeeId)
      // Who has a mail address answers for themselves.
      if (!seller || split?.sellerId !== seller.id || !asked || asked.hasMail) return c.notFound()
      const said = (await readForm(c)).text('words')
      if (!said) {
        const t = words(c.var.page.lang)
        return one(c, seller, split.subject, undefined, { words: t('problem_words') })
      }
      await answerSplit(platform, {
        ...{ splitId: split.id, payeeId, answer: 'agreed', by: 'seller', words: said },
        today: today(seller),
      })
      return c.redirect(`/studio/books/splits/${split.subject}?done=now`, 303)
    })
}

const typedIn = (form: Posted, payees: Payee[]): TypedSplit => ({
  from: form.text('from'),
  recoups: form.text('recoups'),
  note: form.text('note'),
  shares: Object.fromEntries(['seller', ...payees.map(({ id }) => id)].map((who) => [who, form.text(`share_${who}`)])),
})
