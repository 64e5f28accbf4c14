import type { Tx } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/ids.ts'
import { givenSeller, type StripePeer, type TestCard, type TestPlatform, workOff } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { expireOrders } from '../give-up-orders.ts'
import { memberById } from '../members/members.views.ts'
import { renewMemberships } from '../members/renew-memberships.ts'
import { beginPayment, CARD_HOLD_SECONDS } from '../payments/begin-payment.ts'
import { givenAccount } from '../payments/payments.fixtures.ts'
import { reconcileAccount } from '../payments/reconcile.ts'
import { placeOrder } from '../place-order.ts'
import { settleOrder } from '../settle-order.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { agreeWithOrder } from './agreement.store.ts'
import { chargeCards } from './charge-card.ts'

export const DAY = 24 * 3_600_000
const JOBS = [
  ...(['shop.mail-order', 'shop.charge-card', 'shop.mail-charge', 'shop.mail-expiry', 'shop.forget-card'] as const),
  ...(['shop.mail-member', 'shop.end-payments', 'shop.give-back-charge', 'shop.refund'] as const),
]

/** A seller who offers memberships and takes cards, and those who are members of theirs. */
export async function givenMembers(platform: TestPlatform, peer: StripePeer, at: string) {
  const { db, now } = platform
  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(work)
  const artistId = (await inTx((tx) => createArtist(tx, { name: `Ana ${newId()}` }))).id
  const sellerId = await givenSeller(db, { artistId, vatRegime: 'registered', vatNumber: 'FR40303265045' })
  const account = await givenAccount(platform, peer, at, { sellerId })

  /** An order of a membership that is about to be paid on the provider's page, which is open. */
  async function ordered({
    agreed = true,
    price = 600,
    every = 'month' as 'month' | 'year',
    /** The same plan again, for the same address. */
    again = undefined as { variantId: string; productId: string; mail: string } | undefined,
  } = {}) {
    const plan = { artistId, sellerId, kind: 'membership' as const, subject: null, title: 'The kitchen', price, every }
    const { variantId, productId } = again ?? (await givenProduct(db, plan))
    const basketId = await givenBasket(db, sellerId, [{ variantId }])
    const mail = again?.mail ?? `${newId()}@members.example`
    const who = { mail, mailKey: mail, provider: 'stripe', address: null, shipping: 0, language: 'en' as const }
    const hold = { seconds: CARD_HOLD_SECONDS }
    const placed = await placeOrder(platform, anOrder({ basketId, artistId, ...who, hold }))
    if (!placed.ok) throw new Error(placed.error.problem)
    const { orderId } = placed.value
    const terms = { title: plan.title, amount: price, currency: 'EUR', every }
    if (agreed) await agreeWithOrder(db, orderId, { terms, lang: 'en', at: now() })
    return { orderId, variantId, productId, mail, session: await openPage(orderId) }
  }

  /** Somebody pays for the membership of an address in the shop, by a transfer: whoever it is, they typed it. */
  async function paidByAnybody(again: { variantId: string; productId: string; mail: string }): Promise<void> {
    const { variantId, mail } = again
    const basketId = await givenBasket(db, sellerId, [{ variantId }])
    const who = { mail, mailKey: mail, provider: 'manual', address: null, shipping: 0, language: 'en' as const }
    const placed = await placeOrder(platform, anOrder({ basketId, artistId, ...who }))
    if (!placed.ok) throw new Error(placed.error.problem)
    const { orderId, total: amount, currency } = placed.value
    const transfer = { orderId, provider: 'manual', reference: orderId, amount, currency, at: now() }
    await inTx((tx) => settleOrder(tx, transfer))
  }

  async function openPage(orderId: string): Promise<string> {
    const begun = await beginPayment(platform, orderId, { mayTest: false })
    if (!begun.ok || !begun.value) throw new Error(JSON.stringify(begun))
    return new URL(begun.value).pathname.split('/').at(-1) ?? ''
  }

  /** Somebody who became a member with this card, as it was told. */
  async function member(number: TestCard = '4242424242424242', said: Parameters<typeof ordered>[0] = {}) {
    const order = await ordered(said)
    peer.pay(order.session, 'card', number)
    await told()
    const { id } = await db
      .selectFrom('members')
      .select('id')
      .where('mailKey', '=', order.mail)
      .executeTakeFirstOrThrow()
    return { ...order, ...of(id) }
  }

  const of = (id: string) => ({
    id,
    async read() {
      const found = await memberById(db, id)
      if (!found) throw new Error('There is no such member')
      return found
    },
    charges: () =>
      db
        .selectFrom('memberCharges')
        .select(['id', 'orderId', 'nth', 'state', 'problem', 'dueAt', 'toldAt'])
        .where('membershipId', '=', id)
        .orderBy('dueAt')
        .orderBy('nth')
        .execute(),
    cards: () => db.selectFrom('keptCards').selectAll().where('membershipId', '=', id).orderBy('keptAt').execute(),
  })

  const heard = new Set<string>()
  /** What the peer has to tell is told. */
  async function told(): Promise<void> {
    for (const event of peer.events(account.theirs.id)) {
      if (heard.has(event.id)) continue
      heard.add(event.id)
      await peer.send(event.id)
    }
  }

  const work = () => workOff(platform, [...JOBS])

  /** What runs every hour. */
  async function hour(): Promise<void> {
    await expireOrders(platform)
    await renewMemberships(platform)
    await work()
    await chargeCards(platform)
    await work()
  }

  /** Days go by, and what runs every hour runs once each. */
  async function days(n: number): Promise<void> {
    for (let day = 0; day < n; day++) {
      platform.pass(DAY)
      await hour()
    }
  }

  const reconcile = () => reconcileAccount(platform, account.id)
  /** What was charged without its owner there, by the order it was for. */
  const charged = () =>
    peer.intents(account.theirs.id).filter(({ metadata, status }) => metadata['charge'] && status === 'succeeded')

  return {
    artistId,
    sellerId,
    account,
    ordered,
    paidByAnybody,
    openPage,
    member,
    of,
    told,
    work,
    hour,
    days,
    reconcile,
    charged,
    inTx,
  }
}
