import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { sellerOf } from '../../books/index.ts'
import { actorOf, guard, readForm, smallBody, type Thing, type WebEnv } from '../../identity/index.ts'
import { accountOf } from '../payments/accounts.store.ts'
import { platformsFor } from '../payments/providers.ts'
import {
  type By,
  changeHooks,
  joinThrough,
  type KeyProblem,
  openPlatform,
  switchOff,
  tryAccount,
  useKey,
} from '../payments/set-up.ts'
import { NoSellerPage } from './list-page.tsx'
import { PaymentsPage } from './payments-page.tsx'
import { words } from './words.ts'

const PATH = '/studio/shop/payments'
const LOCAL = /^(?:localhost|127\..*|\[::1\])$/

/** Who sells, at this desk: an artist or a label. */
function atDesk(c: Context<WebEnv>) {
  const { current } = c.get('desk')
  if (!current) return null
  return current.kind === 'artist'
    ? { artistId: current.artist.id, labelId: null, slug: current.artist.slug }
    : { artistId: null, labelId: current.label.id, slug: current.label.slug }
}

/** How one is paid by card. Where money goes is said by who may say who sells, and by nobody else. */
export function paymentsStudio(platform: Platform): Hono<WebEnv> {
  const { db, config } = platform
  const may = guard('books.edit', (c): Thing | null => {
    const desk = atDesk(c)
    if (!desk) return null
    return desk.artistId ? { kind: 'artist', artistId: desk.artistId } : { kind: 'label', labelId: desk.labelId ?? '' }
  })

  async function sellerHere(c: Context<WebEnv>) {
    const desk = atDesk(c)
    if (!desk) return null
    const owner = desk.artistId ? { artistId: desk.artistId } : { labelId: desk.labelId ?? '' }
    const seller = await sellerOf(db, owner)
    const by: By | null = seller && {
      ...{ sellerId: seller.id, accountId: actorOf(c).accountId, artistId: desk.artistId, labelId: desk.labelId },
    }
    return { desk, seller, by }
  }

  async function show(c: Context<WebEnv>, more: { errors?: FieldErrors; onward?: string } = {}) {
    const here = await sellerHere(c)
    if (!here) return c.notFound()
    const { desk, seller } = here
    if (!seller)
      return desk.artistId
        ? c.html(<NoSellerPage c={c} artistId={desk.artistId} />)
        : c.redirect('/studio/books/seller', 303)
    let account = await accountOf(db, seller.id)
    // Back from Stripe, where an account was finished.
    if (account && c.req.query('from') === 'stripe' && !account.facts.charges) {
      await tryAccount(platform, account)
      account = await accountOf(db, seller.id)
    }
    const view = {
      ...{ artistId: desk.artistId, slug: desk.slug, sellerName: seller.legalName, account },
      platforms: await platformsFor(db, seller.id),
      hookAddress: account && `${config.baseUrl}/hooks/stripe/${account.id}`,
      isLocal: LOCAL.test(new URL(config.baseUrl).hostname),
    }
    c.header('Cache-Control', 'private, no-store')
    return c.html(<PaymentsPage {...{ c, view, ...more }} />, more.errors ? 422 : 200)
  }

  const failed = (c: Context<WebEnv>, field: string, problem: KeyProblem) =>
    show(c, { errors: { [field]: words(c.var.page.lang)(`payments_problem_${problem}`) } })
  const done = (c: Context<WebEnv>, what: string) =>
    c.redirect(`${PATH}?done=${what}&desk=${encodeURIComponent(atDesk(c)?.slug ?? '')}`, 303)

  return new Hono<WebEnv>()
    .get(PATH, may, (c) => show(c))
    .post(PATH, may, smallBody, async (c) => {
      const by = (await sellerHere(c))?.by
      if (!by) return c.notFound()
      const used = await useKey(platform, by, { key: (await readForm(c)).text('key').trim(), hooks: [] })
      return used.ok ? done(c, 'used') : failed(c, 'key', used.error)
    })
    .post(`${PATH}/hooks`, may, smallBody, async (c) => {
      const by = (await sellerHere(c))?.by
      if (!by) return c.notFound()
      const hooks = (await readForm(c)).text('hooks').split(/\s+/).filter(Boolean).slice(0, 4)
      const kept = await changeHooks(platform, by, hooks)
      return kept.ok ? done(c, 'hooks') : failed(c, 'hooks', kept.error)
    })
    .post(`${PATH}/try`, may, async (c) => {
      const by = (await sellerHere(c))?.by
      const account = by && (await accountOf(db, by.sellerId))
      if (!account) return c.notFound()
      return (await tryAccount(platform, account)) ? done(c, 'tried') : c.redirect(PATH, 303)
    })
    .post(`${PATH}/off`, may, async (c) => {
      const by = (await sellerHere(c))?.by
      if (!by) return c.notFound()
      await switchOff(platform, by)
      return done(c, 'off')
    })
    .post(`${PATH}/platform`, may, smallBody, async (c) => {
      const here = await sellerHere(c)
      if (!here?.by || !here.desk.labelId) return c.notFound()
      await openPlatform(platform, here.by, (await readForm(c)).text('open') === 'yes')
      return done(c, 'platform')
    })
    .post(`${PATH}/join`, may, smallBody, async (c) => {
      const here = await sellerHere(c)
      if (!here?.by) return c.notFound()
      const backTo = `${config.baseUrl}${PATH}?desk=${encodeURIComponent(here.desk.slug)}`
      const via = (await readForm(c)).text('via')
      const link = await joinThrough(platform, here.by, { via, mail: actorOf(c).email, backTo })
      return link.ok ? show(c, { onward: link.value }) : failed(c, '', link.error)
    })
}
