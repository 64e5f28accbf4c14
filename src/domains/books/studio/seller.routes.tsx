import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { actorOf, guard, readForm, senderId, smallBody, type WebEnv, zoneAt } from '../../identity/index.ts'
import { ownerAtDesk, thingAtDesk } from '../owner.ts'
import type { Owner } from '../owner.types.ts'
import { saveSeller } from '../save-seller.ts'
import type { SellerProblems, TypedSeller } from '../seller.rules.ts'
import { hasEntries, type Seller, sellerOf } from '../seller.views.ts'
import { words } from '../words.ts'
import { SellerPage } from './seller-page.tsx'

const FIELDS = [
  'legalName',
  'lines',
  'postcode',
  'city',
  'country',
  'registerNumber',
  'vatRegime',
  'vatNumber',
  'currency',
  'yearBegins',
  'ossSince',
] as const

/** Who sells: said, and changed. */
export function sellerRoutes(platform: Platform): Hono<WebEnv> {
  const { db } = platform
  const may = guard('books.edit', thingAtDesk)

  async function show(c: Context<WebEnv>, typed?: TypedSeller, problems: SellerProblems = {}) {
    const known = await sellerOf(db, ownerAtDesk(c) as Owner)
    const frozen = known !== null && (await hasEntries(db, known.id))
    const said = typed ?? (known ? fieldsOf(known) : beginWith(c))
    const notice = c.req.query('done') ? words(c.var.page.lang)('told_seller') : undefined
    return c.html(
      <SellerPage {...{ c, typed: said, problems, frozen, isNew: !known, notice }} />,
      Object.keys(problems).length ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/studio/books/seller', may, (c) => show(c))
    .post('/studio/books/seller', may, smallBody, async (c) => {
      const form = await readForm(c)
      const typed = Object.fromEntries(FIELDS.map((name) => [name, form.text(name)])) as TypedSeller
      const owner = ownerAtDesk(c) as Owner
      const zone = zoneAt(c, senderId(owner))
      const saved = await saveSeller(platform, actorOf(c), owner, typed, zone)
      return saved.ok ? c.redirect('/studio/books/seller?done=1', 303) : show(c, typed, saved.error)
    })
}

const fieldsOf = ({ address, yearBegins, ossSince, ...seller }: Seller): TypedSeller => ({
  ...seller,
  lines: (address.lines ?? []).join('\n'),
  postcode: address.postcode ?? '',
  city: address.city ?? '',
  yearBegins: String(yearBegins),
  ossSince: ossSince ?? '',
})

const beginWith = (c: Context<WebEnv>): TypedSeller => ({
  ...(Object.fromEntries(FIELDS.map((name) => [name, ''])) as TypedSeller),
  country: c.var.page.lang === 'fr' ? 'FR' : '',
  currency: 'EUR',
  yearBegins: '1',
})
