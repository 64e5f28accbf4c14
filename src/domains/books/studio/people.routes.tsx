import { type Context, Hono } from 'hono'
import { dayIn } from '../../../platform/days.ts'
import { isId } from '../../../platform/ids.ts'
import { formatMoney } from '../../../platform/money.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { actorOf, guard, type Posted, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { outlaysOf } from '../outlay.views.ts'
import { ownerAtDesk, sellerAtDesk, thingAtDesk } from '../owner.ts'
import type { Owner } from '../owner.types.ts'
import { type Payee, payeeById, payeesOf } from '../payee.views.ts'
import { dueTo, recordOutlay } from '../record-outlay.ts'
import { type PayeeProblems, savePayee, type TypedPayee } from '../save-payee.ts'
import type { Seller } from '../seller.views.ts'
import { statementLines } from '../statement.views.ts'
import type { Sold } from '../subjects.ts'
import { words } from '../words.ts'
import { proofBody, readOutlay, typedOutlay } from './money.routes.tsx'
import { ID } from './parts.tsx'
import { PeoplePage, PersonPage } from './people-pages.tsx'

const see = guard('books.see', thingAtDesk)
const edit = guard('books.edit', thingAtDesk)

/** Who shares. */
export function peopleRoutes(platform: Platform, sold: Sold): Hono<WebEnv> {
  const { db, now } = platform

  async function list(c: Context<WebEnv>, typed?: TypedPayee, errors?: FieldErrors) {
    const seller = await sellerAtDesk(db, c)
    if (!seller) return c.redirect('/studio/books')
    const [payees, artists] = await Promise.all([payeesOf(db, seller.id), sold.artists(db, ownerAtDesk(c) as Owner)])
    const notice = c.req.query('done') ? words(c.var.page.lang)('told_payee') : undefined
    return c.html(<PeoplePage {...{ c, payees, artists, typed, errors, notice }} />, errors ? 422 : 200)
  }

  type Wrong = Partial<Pick<Parameters<typeof PersonPage>[0], 'typed' | 'errors' | 'paying'>>
  async function person(c: Context<WebEnv>, seller: Seller, payee: Payee, wrong: Wrong = {}) {
    const [artists, due, outlays, statements] = await Promise.all([
      sold.artists(db, ownerAtDesk(c) as Owner),
      dueTo(db, seller.id, payee.id),
      outlaysOf(db, seller.id, { payeeId: payee.id }),
      statementLines(db, seller.id, { payeeId: payee.id }),
    ])
    const today = dayIn(now(), seller.timeZone)
    const notice = c.req.query('done') ? words(c.var.page.lang)('told_payee') : undefined
    return c.html(
      <PersonPage {...{ c, seller, payee, artists, due, outlays, statements, today, notice, ...wrong }} />,
      wrong.errors || wrong.paying ? 422 : 200,
    )
  }

  /** The person in the address, when they share with the seller at the desk. */
  async function found(c: Context<WebEnv>): Promise<{ seller: Seller; payee: Payee } | null> {
    const id = c.req.param('id')
    const seller = await sellerAtDesk(db, c)
    const payee = isId(id) ? await payeeById(db, id) : undefined
    return seller && payee?.sellerId === seller.id ? { seller, payee } : null
  }

  async function save(c: Context<WebEnv>, seller: Seller, id?: string) {
    const typed = typedIn(await readForm(c))
    const artists = (await sold.artists(db, ownerAtDesk(c) as Owner)).map((artist) => artist.id)
    return { typed, saved: await savePayee(platform, actorOf(c), seller, typed, artists, id) }
  }

  return new Hono<WebEnv>()
    .get('/studio/books/people', see, (c) => list(c))
    .post('/studio/books/people', edit, smallBody, async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.notFound()
      const { typed, saved } = await save(c, seller)
      return saved.ok ? c.redirect('/studio/books/people?done=1', 303) : list(c, typed, inWords(c, saved.error))
    })
    .get(`/studio/books/people/:id{${ID}}`, see, async (c) => {
      const at = await found(c)
      return at ? person(c, at.seller, at.payee) : c.notFound()
    })
    .post(`/studio/books/people/:id{${ID}}`, edit, smallBody, async (c) => {
      const at = await found(c)
      if (!at) return c.notFound()
      const { typed, saved } = await save(c, at.seller, at.payee.id)
      return saved.ok
        ? c.redirect(`/studio/books/people/${at.payee.id}?done=1`, 303)
        : person(c, at.seller, at.payee, { typed, errors: inWords(c, saved.error) })
    })
    .post(`/studio/books/people/:id{${ID}}/:kind{payout|advance}`, edit, proofBody, async (c) => {
      const at = await found(c)
      if (!at) return c.notFound()
      const { seller, payee } = at
      const { lang } = c.var.page
      const t = words(lang)
      const kind = c.req.param('kind') === 'advance' ? 'advance' : 'payout'
      const form = await readForm(c)
      const again = (errors: FieldErrors) =>
        person(c, seller, payee, { paying: { kind, typed: typedOutlay(form), errors } })
      const read = await readOutlay(form, seller, dayIn(now(), seller.timeZone))
      if (!read.ok)
        return again(
          Object.fromEntries(Object.entries(read.error).map(([name, problem]) => [name, t(`problem_${problem}`)])),
        )
      const by = actorOf(c).accountId
      const paid = await recordOutlay(platform, seller, { kind, payeeId: payee.id, ...read.value, by })
      if (!paid.ok) {
        const amount = formatMoney({ amount: Math.max(0, paid.error.due), currency: seller.currency }, lang)
        return again({ note: t('problem_more-than-due', { amount }) })
      }
      return c.redirect(`/studio/books/people/${payee.id}?done=paid`, 303)
    })
}

const typedIn = (form: Posted): TypedPayee => ({
  name: form.text('name'),
  email: form.text('email'),
  language: form.text('language'),
  artistId: form.text('artistId'),
  left: form.text('left'),
})

const inWords = (c: Context<WebEnv>, problems: PayeeProblems): FieldErrors =>
  Object.fromEntries(
    Object.entries(problems).map(([name, problem]) => [name, words(c.var.page.lang)(`problem_${problem}`)]),
  )
