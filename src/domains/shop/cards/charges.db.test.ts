import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import type { StripePeer, TestCard, TestPlatform } from '../../../testing/index.ts'
import { TEST_CARDS } from '../../../testing/stripe-peer.ts'
import { resumeMembership, stopMembership } from '../members/change-membership.ts'
import { renewMemberships } from '../members/renew-memberships.ts'
import { askRefund } from '../payments/ask-refund.ts'
import { openPlace, providerAt, standing } from '../payments/payments.fixtures.ts'
import type { ToldPayment } from '../payments/provider.types.ts'
import { takeInPayment } from '../payments/take-in-payment.ts'
import { agreeAnew } from './agree-anew.ts'
import { DAY, givenMembers } from './cards.fixtures.ts'
import { chargeCard, chargeCards } from './charge-card.ts'
import { askForCard, openSetup } from './give-card.ts'
import { forgetCard } from './keep-card.ts'

let platform: TestPlatform
let peer: StripePeer
let at: string
let close: () => Promise<void>
beforeAll(async () => {
  ;({ platform, peer, at, close } = await openPlace())
})
afterAll(() => close())

const numbers = Object.keys(TEST_CARDS) as TestCard[]
const WHAT = [
  ...(['wait', 'wait', 'wait', 'hour', 'hour', 'hour', 'charge', 'told', 'told-again', 'reconcile'] as const),
  ...(['keep', 'late', 'crash', 'lost', 'dropped', 'declines', 'accepts'] as const),
  ...(['pause', 'resume', 'leave', 'forget', 'give', 'by-hand', 'refund', 'refund-fails'] as const),
  ...(['another-pays', 'another-pays', 'agrees', 'renews'] as const),
]
type Step = { what: (typeof WHAT)[number] | 'rests' | 'month'; n: number; yes: boolean }
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...WHAT),
  n: fc.integer({ min: 0, max: 40 }),
  yes: fc.boolean(),
})
/** What takes many steps to come to: nothing is paid until it rests, somebody else pays, and a month goes by. */
const begunAgain: Step[] = (['rests', 'another-pays', 'month'] as const).map((what) => ({ what, n: 0, yes: true }))
const someRound = fc.oneof(
  { weight: 6, arbitrary: fc.array(step, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.constant(begunAgain) },
)

test('whatever happens in whatever order, told often, late or never, lost or killed: a period is charged once at most, nobody is who left, forgot, or rested until somebody else paid and has not agreed anew, and the books are Stripe’s', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(someRound, { minLength: 4, maxLength: 22 }),
      fc.constantFrom(...numbers),
      async (rounds, number) => {
        await platform.db.updateTable('members').set({ state: 'left' }).execute()
        Object.assign(peer.how, { sends: false, bank: null })
        peer.calm()
        const shop = await givenMembers(platform, peer, at)
        const member = await shop.member(number)
        const provider = await providerAt(platform, shop.account.id)
        const teller = { id: shop.account.id, sellerId: shop.sellerId }
        const kept: ToldPayment[] = []
        /** How many charges there were when they had left or had their card forgotten, until they gave one again. */
        let charged: number | null = null
        const quietly = (work: () => unknown) =>
          Promise.resolve()
            .then(work)
            .catch(() => undefined)
        /** How many there were when somebody else's payment had begun again what rested, until they agreed anew or gave another card. */
        let unagreed: number | null = null
        let hasLeft = false
        const off = () => {
          charged = shop.charged().length
        }
        const latest = async () => {
          const references = peer.intents(shop.account.theirs.id).filter(({ metadata }) => metadata['charge'])
          return references[0] ? provider.lookUp({ reference: references[0].id }) : null
        }
        /** A few days before what is paid ends, and what is asked for then is told. */
        const toEnd = async () => {
          const { paidUntil } = await member.read()
          platform.pass(Math.max(0, paidUntil.getTime() - platform.now().getTime() - 6 * DAY))
          await quietly(() => shop.hour())
        }
        const act = async ({ what, n, yes }: Step): Promise<unknown> => {
          switch (what) {
            case 'wait':
              return platform.pass((n + 1) * 0.5 * DAY)
            case 'rests':
              peer.how.bank = { code: 'card_declined', decline_code: 'insufficient_funds' }
              await toEnd()
              for (const days of [6, 8]) {
                platform.pass(days * DAY)
                await quietly(() => shop.hour())
              }
              // From now on every bank says yes.
              for (const method of peer.methods(shop.account.theirs.id)) Object.assign(method, { number: numbers[0] })
              peer.how.bank = null
              return
            case 'month':
              await toEnd()
              platform.pass(7 * DAY)
              return quietly(() => shop.hour())
            case 'hour':
              return quietly(() => shop.hour())
            case 'charge': {
              const due = (await member.charges()).find(({ state }) => state === 'due')
              return due && quietly(() => Promise.all([chargeCard(platform, due.id), chargeCard(platform, due.id)]))
            }
            case 'told':
              return shop.told()
            case 'told-again':
              return Promise.all(
                peer
                  .events(shop.account.theirs.id)
                  .slice(-n)
                  .map(({ id }) => peer.send(id)),
              )
            case 'reconcile':
              return shop.reconcile()
            case 'keep':
              return quietly(async () => {
                const told = await latest()
                if (told) kept.push(told)
              })
            case 'late': {
              const told = kept[n % Math.max(1, kept.length)]
              return told && shop.inTx((tx) => takeInPayment(tx, teller, told, platform.now()))
            }
            case 'crash':
              // Killed after all was written and before it was kept.
              return quietly(async () => {
                const told = await latest()
                await shop.inTx(async (tx) => {
                  if (told) await takeInPayment(tx, teller, told, platform.now())
                  throw new Error('killed')
                })
              })
            case 'lost':
            case 'dropped':
              for (let time = 0; time < 3; time++)
                peer.trouble(yes ? /POST \/v1\/payment_intents$/ : /GET \/v1\/payment_intents\/pi_/, what)
              return chargeCards(platform)
            case 'declines':
              peer.how.bank = { code: 'card_declined', decline_code: yes ? 'insufficient_funds' : 'generic_decline' }
              return
            case 'accepts':
              peer.how.bank = null
              return
            case 'pause':
              return stopMembership(platform, member.id, 'paused')
            case 'resume':
              return resumeMembership(platform, member.id)
            case 'leave':
              hasLeft = true
              await stopMembership(platform, member.id, 'left')
              return off()
            case 'forget':
              await forgetCard(platform, member.id)
              return off()
            case 'give': {
              const asked = await askForCard(platform, member.id, { lang: 'fr', mayTest: false })
              const setup = asked.ok ? await openSetup(platform, member.id) : undefined
              if (!setup) return
              charged = null
              unagreed = null
              return quietly(() => peer.giveCard(setup.reference, numbers[n % numbers.length]))
            }
            case 'by-hand': {
              const { openOrder } = await member.read()
              return openOrder && quietly(async () => peer.pay(await shop.openPage(openOrder)))
            }
            case 'another-pays': {
              const { state } = await member.read()
              // Whoever begins it for who left begins another.
              if (state === 'left') return
              await shop.paidByAnybody(member)
              if (state === 'resting') unagreed = shop.charged().length
              return
            }
            case 'renews': {
              platform.pass(1000)
              const methods = peer.methods(shop.account.theirs.id).filter(({ customer }) => customer !== null)
              const method = methods[n % Math.max(1, methods.length)]
              const date = { exp_month: 1 + (n % 12), exp_year: platform.now().getUTCFullYear() + 3 }
              return method && peer.renewCard(method.id, date)
            }
            case 'agrees': {
              const agreed = await agreeAnew(platform, member.id, { amount: 600, lang: 'fr' })
              if (agreed.ok) unagreed = null
              return
            }
            case 'refund': {
              const period = (await member.read()).periods.find(({ refunded }) => refunded === 0)
              if (!period) return
              const asked = { orderId: period.orderId, key: newId(), amount: yes ? period.total : 100 }
              await quietly(() =>
                shop.inTx((tx) => askRefund(tx, { ...asked, reason: '', by: newId(), at: platform.now() })),
              )
              return quietly(() => shop.work())
            }
            case 'refund-fails': {
              const refunds = peer.refunds(shop.account.theirs.id)
              const refund = refunds[n % Math.max(1, refunds.length)]
              return quietly(() => refund && peer.failRefund(refund.id))
            }
          }
        }
        for (const round of rounds) {
          // Leaving and forgetting count from when they are done; what runs beside them may have been first.
          // When somebody else pays, and when they agree to it, is known here: then one thing comes after the other.
          if (round.some(({ what }) => what === 'another-pays' || what === 'agrees'))
            for (const one of round) await act(one)
          else await Promise.all(round.map(act))
          if (unagreed !== null) expect(shop.charged()).toHaveLength(unagreed)
          if (charged !== null && round.some(({ what }) => what === 'leave' || what === 'forget')) off()
          if (charged !== null) expect(shop.charged()).toHaveLength(charged)
        }
        // In the end all is told, worked off and asked for, and Stripe is there.
        peer.how.bank = null
        peer.calm()
        for (let time = 0; time < 3; time++) {
          await quietly(() => shop.work())
          for (const { id } of peer.events(shop.account.theirs.id).toReversed()) await peer.send(id)
          platform.pass(3 * 60_000)
          await shop.reconcile()
        }
        for (const told of kept) await shop.inTx((tx) => takeInPayment(tx, teller, told, platform.now()))
        if (charged !== null) expect(shop.charged()).toHaveLength(charged)
        if (unagreed !== null) expect(shop.charged()).toHaveLength(unagreed)

        const orders = shop.charged().map(({ metadata }) => metadata['order'])
        expect(new Set(orders).size).toBe(orders.length)
        const { accounts, sum } = await standing(platform.db, shop.sellerId)
        expect(sum).toBe(0)
        expect(accounts['clearing stripe EUR'] ?? 0).toBe(peer.balance(shop.account.theirs.id))
        // Nothing is owed to anybody that does not go back by itself or wait for a person to send it.
        const { rows } = await sql<{ stray: number }>`
          select coalesce(sum(p.amount - p.returned), 0)::int as stray from payments p join orders o on o.id = p.order_id
          where o.seller_id = ${shop.sellerId} and p.state = 'paid' and p.outcome <> 'paid'`.execute(platform.db)
        expect(0 - (accounts['customers EUR'] ?? 0)).toBe(rows[0]?.stray ?? 0)
        // Time that is paid is the periods that are paid, one after the other.
        const { periods, paidUntil, state } = await member.read()
        const inOrder = periods.toReversed()
        for (const [index, { from }] of inOrder.entries())
          if (index > 0) expect(from.getTime()).toBeGreaterThanOrEqual(inOrder[index - 1]?.until.getTime() ?? 0)
        if (state !== 'left') expect(inOrder.at(-1)?.until).toEqual(paidUntil)
        // Gone is who left, or had a period given back; who had it not, in the end, is none of them.
        if (hasLeft || periods.some(({ total, refunded }) => total === refunded)) expect(state).toBe('left')
        else expect(state).not.toBe('left')
        const paid = await platform.db
          .selectFrom('orders')
          .select('id')
          .where('sellerId', '=', shop.sellerId)
          .where('state', '=', 'paid')
          .execute()
        expect(periods.map(({ orderId }) => orderId).toSorted()).toEqual(paid.map(({ id }) => id).toSorted())
        const live = (await member.cards()).filter(({ forgottenAt }) => !forgottenAt)
        expect(live.length).toBeLessThanOrEqual(state === 'left' ? 0 : 1)
        // What is known of it is what it is.
        for (const { method, expMonth, expYear } of live) {
          const theirs = peer.methods(shop.account.theirs.id).find(({ id }) => id === method)
          expect(theirs?.card).toMatchObject({ exp_month: expMonth, exp_year: expYear })
        }
        // And it comes to rest: run once more, nothing is different.
        const before = await standing(platform.db, shop.sellerId)
        await renewMemberships(platform)
        await shop.told()
        expect(await standing(platform.db, shop.sellerId)).toEqual(before)
      },
    ),
    { numRuns: 25 },
  )
}, 400_000)
