import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { givenSeller, type StripePeer, type TestPlatform } from '../../../testing/index.ts'
import { createLabel } from '../../identity/index.ts'
import { shopBelongings } from '../belongings.ts'
import { expireOrders } from '../give-up-orders.ts'
import { memberPath } from '../links.ts'
import { resumeMembership, stopMembership } from '../members/change-membership.ts'
import { membersOf } from '../members/members.views.ts'
import { renewMemberships } from '../members/renew-memberships.ts'
import { useAccount } from '../payments/accounts.store.ts'
import { givenAccount, openPlace, providerAt, standing } from '../payments/payments.fixtures.ts'
import { takeInPayment } from '../payments/take-in-payment.ts'
import { shopPersonalData } from '../personal-data.ts'
import { settleOrder } from '../settle-order.ts'
import { agreeAnew } from './agree-anew.ts'
import { agreeWithOrder, payWithoutAgreeing } from './agreement.store.ts'
import { mailExpiry } from './card-mail.ts'
import { DAY, givenMembers } from './cards.fixtures.ts'
import { chargeCard } from './charge-card.ts'
import { askForCard, lookForCard, openSetup } from './give-card.ts'
import { forgetCard } from './keep-card.ts'
import { learnRenewal } from './learn-renewal.ts'

let platform: TestPlatform
let peer: StripePeer
let at: string
let close: () => Promise<void>
let shop: Awaited<ReturnType<typeof givenMembers>>
beforeAll(async () => {
  ;({ platform, peer, at, close } = await openPlace())
})
afterAll(() => close())
beforeEach(async () => {
  peer.how.sends = false
  peer.how.bank = null
  // Whoever was a member in another story is none in this one.
  await platform.db.updateTable('members').set({ state: 'left' }).execute()
  shop = await givenMembers(platform, peer, at)
})

const day = (date: Date) => date.toISOString().slice(0, 10)
const later = (from: Date, days: number) => day(new Date(from.getTime() + days * DAY))
const mailsTo = (mail: string) => platform.mails.filter(({ to }) => to === mail)
const lastTo = (mail: string) => mailsTo(mail).at(-1)
const askFor = async (id: string) => {
  expect((await askForCard(platform, id, { lang: 'en', mayTest: false })).ok).toBe(true)
  return (await openSetup(platform, id))?.reference ?? ''
}

describe('who agrees, and pays', () => {
  test('has their card kept: what they know it by, and the words that they agreed to', async () => {
    const { orderId, session, cards, read } = await shop.member()
    const [page] = peer.sessions(shop.account.theirs.id)
    expect(page).toMatchObject({
      id: session,
      payment_method_types: ['card'],
      customer: expect.stringMatching(/^cus_/),
    })
    expect(await cards()).toMatchObject([
      { brand: 'visa', last4: '4242', expMonth: 12, forgottenAt: null, customer: page?.['customer'] },
    ])
    const agreements = await platform.db
      .selectFrom('chargeAgreements')
      .selectAll()
      .where('orderId', '=', orderId)
      .execute()
    expect(agreements).toMatchObject([{ agreed: true, amount: 600, currency: 'EUR', every: 'month', language: 'en' }])
    expect(agreements[0]?.words).toContain('€6.00 may be taken from this card each month')
    // What was agreed to is added to and never changed.
    await expect(platform.db.updateTable('chargeAgreements').set({ amount: 1 }).execute()).rejects.toThrow(
      'append-only',
    )
    expect((await read()).provider).toBe('stripe')
  })

  test('who does not agree has none kept, and is asked each time as before', async () => {
    const { cards, read, mail, charges } = await shop.member('4242424242424242', { agreed: false })
    expect(await cards()).toEqual([])
    expect(peer.sessions(shop.account.theirs.id)[0]).toMatchObject({ customer: null })
    platform.pass((await read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    expect(lastTo(mail)?.text).toContain('If not, do nothing: it ends, and nothing is taken.')
    expect(await charges()).toEqual([])
    // The page of an order that was asked for days ago opens all the same.
    platform.pass(3 * DAY)
    peer.pay(await shop.openPage((await read()).openOrder ?? ''))
    await shop.told()
    expect((await read()).openOrder).toBeNull()
  })

  test('told of it a week before, their card is charged on the day, once, and the time goes on from there', async () => {
    const { read, mail, charges } = await shop.member()
    const { paidUntil } = await read()
    platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    expect(lastTo(mail)?.subject).toMatch(/^The kitchen: €6\.00 on \d/)
    expect(lastTo(mail)?.text).toContain('we charge €6.00 to the Visa card ending 4242')
    expect(lastTo(mail)?.text).toMatch(/\/member\//)
    await shop.days(5)
    expect(shop.charged()).toEqual([])
    await shop.days(2)
    expect(shop.charged()).toHaveLength(1)
    expect(await charges()).toMatchObject([{ nth: 1, state: 'asked', problem: null }])
    expect((await read()).paidUntil > paidUntil).toBe(true)
    expect(lastTo(mail)?.subject).toContain('Receipt')
    const keys = peer.requests.filter(({ method, path }) => method === 'POST' && path === '/v1/payment_intents')
    expect(keys.every(({ key }) => /^charge:[0-9a-f-]{36}:1$/.test(key ?? ''))).toBe(true)
    const before = await standing(platform.db, shop.sellerId)
    expect(before.accounts['clearing stripe EUR']).toBe(peer.balance(shop.account.theirs.id))
    // Told by all its events, and asked for: nothing happens again.
    await shop.told()
    await shop.reconcile()
    expect(await standing(platform.db, shop.sellerId)).toEqual(before)
    const [row] = await membersOf(platform.db, shop.artistId, platform.now())
    expect(row).toMatchObject({ last4: '4242', paid: 1200, problem: null, dueAt: null })
  })

  test('a card that somebody gives with an order in their name takes the place of none: it is forgotten, and theirs pays on', async () => {
    const { cards, read, ...order } = await shop.member()
    const [theirs] = await cards()
    const { paidUntil } = await read()
    platform.pass(DAY)
    const other = await shop.ordered({ again: order })
    peer.pay(other.session, 'card', '4000000000009995')
    await shop.told()
    await shop.work()
    expect((await read()).paidUntil > paidUntil).toBe(true)
    expect(await cards()).toMatchObject([
      { id: theirs?.id, last4: '4242', forgottenAt: null },
      { forgottenAt: expect.any(Date), method: '' },
    ])
    const kept = peer.methods(shop.account.theirs.id).filter(({ customer }) => customer !== null)
    expect(kept).toMatchObject([{ id: theirs?.method }])
    // Told again, it is the same.
    for (const { id } of peer.events(shop.account.theirs.id)) await peer.send(id)
    expect((await cards()).filter(({ forgottenAt }) => !forgottenAt)).toMatchObject([{ id: theirs?.id }])
  })

  test('nothing is charged of which its member was not told', async () => {
    const { read, charges } = await shop.member()
    platform.pass((await read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    await platform.db
      .updateTable('memberCharges')
      .set({ toldAt: null })
      .where('membershipId', '=', (await read()).id)
      .execute()
    platform.pass(7 * DAY)
    const [charge] = await charges()
    await chargeCard(platform, charge?.id ?? '')
    expect(shop.charged()).toEqual([])
    // The mail is sent after all, with a later day.
    await shop.hour()
    expect(shop.charged()).toEqual([])
    await shop.days(3)
    expect(shop.charged()).toHaveLength(1)
  })
})

/** A member whose card was charged, and refused, on the day. */
async function refused(number: Parameters<typeof shop.member>[0]) {
  const member = await shop.member(number)
  const { paidUntil } = await member.read()
  platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  platform.pass(6 * DAY)
  await shop.hour()
  return { ...member, paidUntil }
}

describe('when the bank says no', () => {
  test('it is said with the way to pay by hand, and tried again on the first, the third and the sixth day; then it rests', async () => {
    const { read, mail, charges, paidUntil, cards } = await refused('4000000000009995')
    expect(lastTo(mail)?.subject).toContain('did not go through')
    expect(lastTo(mail)?.text).toContain('not enough on the card')
    expect(lastTo(mail)?.text).toMatch(/tried again on .*\n.*\/order\//)
    await shop.days(9)
    const all = await charges()
    expect(all.map(({ state, problem }) => [state, problem])).toEqual(Array(4).fill(['refused', 'insufficient_funds']))
    expect(all.map(({ dueAt }) => day(dueAt))).toEqual([0, 1, 3, 6].map((n) => later(paidUntil, n)))
    expect(await read()).toMatchObject({ state: 'resting', paidUntil, openOrder: null })
    expect(shop.charged()).toEqual([])
    expect((await cards()).filter(({ forgottenAt }) => !forgottenAt)).toHaveLength(1)
    await shop.told()
    expect(await charges()).toEqual(all)
  })

  test('and yes the next day, the time goes on as if nothing had been', async () => {
    const { read, paidUntil } = await refused('4000000000000341')
    const [row] = await membersOf(platform.db, shop.artistId, platform.now())
    expect(row).toMatchObject({ problem: 'generic_decline', dueAt: expect.any(Date), refusedAt: expect.any(Date) })
    peer.methods(shop.account.theirs.id).forEach((method) => {
      Object.assign(method, { number: '4242424242424242' })
    })
    await shop.days(1)
    expect(shop.charged()).toHaveLength(1)
    expect((await read()).paidUntil > paidUntil).toBe(true)
  })

  test('for good, it is not tried again, and that card is never asked again', async () => {
    const { mail, charges, cards, read } = await refused('4000000000009987')
    expect(lastTo(mail)?.text).toContain('It is not tried again by itself')
    await shop.days(5)
    expect(await charges()).toHaveLength(1)
    expect(await cards()).toMatchObject([{ forgottenAt: expect.any(Date), method: '', last4: '' }])
    expect(peer.methods(shop.account.theirs.id)).toMatchObject([{ customer: null }])
    // They pay by hand, and stay.
    peer.pay(await shop.openPage((await read()).openOrder ?? ''))
    await shop.told()
    expect((await read()).state).toBe('active')
  })

  test('until its owner confirms, they do by hand; the card stays', async () => {
    const { mail, charges, cards, read } = await refused('4000002760003184')
    expect(lastTo(mail)?.text).toContain('your bank wanted you to confirm')
    await shop.days(3)
    expect(await charges()).toMatchObject([{ state: 'refused', problem: 'authentication_required' }])
    peer.pay(await shop.openPage((await read()).openOrder ?? ''), 'card', '4000002760003184')
    await shop.told()
    expect((await read()).openOrder).toBeNull()
    expect(await cards()).toMatchObject([{ forgottenAt: null }])
  })

  test('whose customer was deleted at Stripe is told, and may give another card, which pays what is waited for', async () => {
    const member = await shop.member()
    const [card] = await member.cards()
    peer.deleteCustomer(card?.customer ?? '')
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    platform.pass(6 * DAY)
    await shop.hour()
    expect(lastTo(member.mail)?.text).toContain('the card was not known to Stripe any more')
    peer.giveCard(await askFor(member.id))
    await shop.told()
    expect((await member.cards()).filter(({ forgottenAt }) => !forgottenAt)).toMatchObject([{ last4: '4242' }])
    // Told of this card as of the first, and no sooner charged.
    await shop.hour()
    expect(lastTo(member.mail)?.text).toContain('we charge €6.00 to the Visa card ending 4242')
    expect(lastTo(member.mail)?.text).not.toContain('nothing is taken')
    const mails = mailsTo(member.mail).length
    await shop.days(2)
    expect(shop.charged()).toEqual([])
    expect(mailsTo(member.mail)).toHaveLength(mails)
    await shop.days(1)
    expect(shop.charged()).toHaveLength(1)
    expect((await member.read()).openOrder).toBeNull()
  })

  test('when Stripe is not there it is asked again every hour, and said after a day', async () => {
    const member = await shop.member()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    platform.pass(6 * DAY)
    for (let n = 0; n < 3; n++) peer.trouble(/GET \/v1\/payment_intents/, 500)
    await shop.hour()
    expect(await member.charges()).toMatchObject([{ state: 'due', problem: null }])
    platform.pass(DAY + 3_600_000)
    for (let n = 0; n < 3; n++) peer.trouble(/GET \/v1\/payment_intents/, 'dropped')
    await shop.hour()
    expect(lastTo(member.mail)?.text).toContain('Stripe could not be reached')
    await shop.hour()
    expect(shop.charged()).toHaveLength(1)
    expect((await member.read()).openOrder).toBeNull()
  })
})

test.each([
  ['killed before it was noted', /GET \/v1\/payment_intents\/pi_/],
  ['without hearing the answer', /POST \/v1\/payment_intents$/],
])('what was asked, and %s, is found and not asked again', async (_, where) => {
  const member = await shop.member()
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  platform.pass(6 * DAY)
  for (let n = 0; n < 3; n++) peer.trouble(where, 'lost')
  await shop.hour()
  expect(shop.charged()).toHaveLength(1)
  expect((await member.read()).openOrder).not.toBeNull()
  // Long after its key was forgotten.
  await shop.days(2)
  expect(shop.charged()).toHaveLength(1)
  expect((await member.read()).openOrder).toBeNull()
})

test('charged, killed, and left before it was noted: what came goes back by itself', async () => {
  const member = await shop.member()
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  platform.pass(6 * DAY)
  for (let n = 0; n < 3; n++) peer.trouble(/GET \/v1\/payment_intents\/pi_/, 'lost')
  await shop.hour()
  await stopMembership(platform, member.id, 'left')
  await shop.told()
  await shop.work()
  expect(peer.refunds(shop.account.theirs.id)).toMatchObject([{ amount: 600, status: 'succeeded' }])
  await shop.told()
  expect((await standing(platform.db, shop.sellerId)).accounts['customers EUR']).toBeUndefined()
  expect(await member.read()).toMatchObject({ state: 'left' })
})

test('a dispute that is lost ends the membership it paid for; won after all, what was paid is theirs until its end, and nothing is asked', async () => {
  const member = await shop.member()
  const { paidUntil } = await member.read()
  const dispute = peer.dispute(member.session)
  await shop.told()
  expect(await member.read()).toMatchObject({ state: 'active', paidUntil })
  peer.closeDispute(dispute, false)
  await shop.told()
  const lost = await member.read()
  expect(lost.state).toBe('left')
  expect(lost.paidUntil < paidUntil).toBe(true)
  expect((await member.cards()).filter(({ forgottenAt }) => !forgottenAt)).toEqual([])
  peer.closeDispute(dispute, true)
  await shop.told()
  expect(await member.read()).toMatchObject({ state: 'left', paidUntil })
  await shop.days(40)
  expect(shop.charged()).toEqual([])
})

test('a dispute that was opened months ago and is lost now leaves what the month that runs gave as well', async () => {
  const { db } = platform
  const release = newId()
  await sql`insert into releases (id, artist_id, slug, title, visibility, published_at)
    values (${release}, ${shop.artistId}, ${release}, 'Early', 'public', ${platform.now()})`.execute(db)
  const member = await shop.member()
  await shop.paidByAnybody(member)
  await db.updateTable('members').set({ givesAll: true }).where('id', '=', member.id).execute()
  await renewMemberships(platform)
  const held = () =>
    db
      .selectFrom('holdings')
      .select(['orderId', 'revokedAt'])
      .where('mailKey', '=', member.mail)
      .where('subject', '=', `release:${release}`)
      .execute()
  expect(await held()).toEqual([{ orderId: member.orderId, revokedAt: null }])
  const dispute = peer.dispute(member.session)
  await shop.told()
  platform.pass(40 * DAY)
  peer.closeDispute(dispute, false)
  await shop.told()
  const { state, periods } = await member.read()
  expect([state, periods.map(({ closedAt }) => closedAt !== null)]).toEqual(['left', [false, true]])
  expect(await held()).toEqual([{ orderId: periods[0]?.orderId, revokedAt: null }])
})

test('charged, killed, and paid by hand before it was noted: what came twice goes back by itself, and they stay', async () => {
  const member = await shop.member()
  const { paidUntil } = await member.read()
  platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  platform.pass(6 * DAY)
  for (let n = 0; n < 3; n++) peer.trouble(/GET \/v1\/payment_intents\/pi_/, 'lost')
  await shop.hour()
  const orderId = (await member.read()).openOrder ?? ''
  const transfer = { orderId, provider: 'manual', reference: orderId, amount: 600, currency: 'EUR' }
  expect(await shop.inTx((tx) => settleOrder(tx, { ...transfer, at: platform.now() }))).toBe('paid')
  const paid = await member.read()
  await shop.told()
  await shop.work()
  expect(peer.refunds(shop.account.theirs.id)).toMatchObject([{ amount: 600, status: 'succeeded' }])
  await shop.told()
  await shop.work()
  expect((await standing(platform.db, shop.sellerId)).accounts['customers EUR']).toBeUndefined()
  expect(peer.refunds(shop.account.theirs.id)).toHaveLength(1)
  expect(await member.read()).toMatchObject({ state: 'active', paidUntil: paid.paidUntil, openOrder: null })
  expect((await member.cards()).filter(({ forgottenAt }) => !forgottenAt)).toHaveLength(1)
})

test('a card waits while its seller tries another account, and nobody is told that a bank said no', async () => {
  const member = await shop.member()
  const { paidUntil } = await member.read()
  platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  await givenAccount(platform, peer, at, { sellerId: shop.sellerId })
  await shop.days(7)
  expect(shop.charged()).toEqual([])
  expect((await member.cards()).filter(({ forgottenAt }) => forgottenAt)).toEqual([])
  expect(mailsTo(member.mail).some(({ text }) => text.includes('the bank said'))).toBe(false)
  const { theirs } = shop.account
  const facts = { name: theirs.name, country: theirs.country, currency: 'EUR', charges: true }
  await shop.inTx((tx) =>
    useAccount(tx, platform.sealer, {
      ...{ sellerId: shop.sellerId, account: theirs.id, isLive: true, at: platform.now(), via: null, facts },
      secrets: { key: theirs.key, hooks: [shop.account.secret] },
    }),
  )
  await shop.hour()
  expect(shop.charged()).toHaveLength(1)
  expect((await member.read()).paidUntil > paidUntil).toBe(true)
})

describe('nothing more is charged, ever,', () => {
  test.each(['paused', 'left', 'forgotten', 'refunded', 'disputed'] as const)(
    'of who has %s, even when the job already runs',
    async (how) => {
      const member = await shop.member()
      platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
      await shop.hour()
      const [charge] = await member.charges()
      platform.pass(6 * DAY)
      if (how === 'forgotten') await forgetCard(platform, member.id)
      else if (how === 'refunded') {
        peer.refundThere(member.session, 600)
        await shop.told()
      } else if (how === 'disputed') {
        peer.dispute(member.session)
        await shop.told()
      } else await stopMembership(platform, member.id, how)
      await chargeCard(platform, charge?.id ?? '')
      await shop.days(40)
      expect(shop.charged()).toEqual([])
      const cards = await member.cards()
      expect(cards.every(({ forgottenAt }) => forgottenAt !== null)).toBe(how !== 'paused' && how !== 'disputed')
      if (how === 'left' || how === 'forgotten') {
        expect(peer.methods(shop.account.theirs.id)).toMatchObject([{ customer: null }])
        // The page on which it was given, told again, does not bring it back.
        for (const { id } of peer.events(shop.account.theirs.id)) await peer.send(id)
        expect((await member.cards()).filter(({ forgottenAt }) => !forgottenAt)).toEqual([])
      }
    },
  )

  test('while it is asked, whoever leaves waits until what came of it is known', async () => {
    const member = await shop.member()
    const { paidUntil } = await member.read()
    platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    const [charge] = await member.charges()
    platform.pass(6 * DAY)
    const [, left] = await Promise.all([
      chargeCard(platform, charge?.id ?? ''),
      stopMembership(platform, member.id, 'left'),
    ])
    expect(left).toBe(true)
    const after = await member.read()
    const wasCharged = shop.charged().length === 1
    expect(after.state).toBe('left')
    expect(after.paidUntil > paidUntil).toBe(wasCharged)
    expect((await standing(platform.db, shop.sellerId)).accounts['customers EUR']).toBeUndefined()
  })

  test('than what is waited for, when it is about to be paid by hand', async () => {
    const member = await shop.member()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    platform.pass(6 * DAY)
    const page = await shop.openPage((await member.read()).openOrder ?? '')
    peer.pay(page)
    await shop.hour()
    expect(shop.charged()).toEqual([])
    expect((await member.read()).openOrder).toBeNull()
  })
})

test('a key that may keep no cards takes the money all the same, and the next time is paid by hand', async () => {
  peer.trouble(/POST \/v1\/customers$/, 403)
  const member = await shop.member()
  expect(await member.cards()).toEqual([])
  expect((await member.read()).state).toBe('active')
})

test('of an artist on their label’s platform the card is kept, charged and forgotten in their name', async () => {
  const { db } = platform
  const quay = await shop.inTx(async (tx) => {
    const { id: labelId } = await createLabel(tx, { name: 'Quay Records', ownerId: null })
    const by = { grantedBy: null, revokedAt: null, revokedBy: null }
    const may = ['shop.edit', 'orders.handle'] as const
    await tx
      .insertInto('mandates')
      .values({ ...{ id: newId(), artistId: shop.artistId, labelId, permissions: [...may] }, ...by })
      .execute()
    return labelId
  })
  const holder = await givenAccount(platform, peer, at, { sellerId: await givenSeller(db, { labelId: quay }) })
  await db.updateTable('paymentAccounts').set({ forArtists: true }).where('id', '=', holder.id).execute()
  Object.assign(shop.account.theirs, { platform: holder.theirs.id, key: '' })
  await db
    .updateTable('paymentAccounts')
    .set({ via: holder.id, secrets: null })
    .where('id', '=', shop.account.id)
    .execute()
  const order = await shop.ordered()
  peer.pay(order.session)
  await shop.reconcile()
  const { id } = await db.selectFrom('members').select('id').where('mailKey', '=', order.mail).executeTakeFirstOrThrow()
  const member = shop.of(id)
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  await shop.days(7)
  expect(shop.charged()).toHaveLength(1)
  const asked = peer.requests.filter(({ path }) => path === '/v1/payment_intents' || path === '/v1/customers')
  expect(asked.slice(-3).every(({ account: on }) => on === shop.account.theirs.id)).toBe(true)
  // The label leaves, and with it the keys: the cards of its artists' members are forgotten with them.
  const owner = { kind: 'label' as const, id: quay, name: 'Quay Records', slug: 'quay', language: 'en' as const }
  const removing = { leave: async () => undefined, hiddenSince: platform.now() }
  await shopBelongings.remove?.(platform, owner, removing as never)
  expect(await member.cards()).toMatchObject([{ method: '', forgottenAt: expect.any(Date) }])
  expect(peer.methods(shop.account.theirs.id).filter(({ customer }) => customer !== null)).toEqual([])
})

test('of a plan that is gone nothing more is charged, and its card is forgotten at the end of what is paid', async () => {
  const [asked, early] = [await shop.member(), await shop.member()]
  await platform.db.deleteFrom('products').where('id', '=', early.productId).execute()
  platform.pass((await asked.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  expect(await asked.charges()).toHaveLength(1)
  await platform.db.deleteFrom('products').where('id', '=', asked.productId).execute()
  await shop.days(20)
  expect(shop.charged()).toEqual([])
  expect((await early.read()).state).toBe('left')
  expect(await early.cards()).toMatchObject([{ method: '', forgottenAt: expect.any(Date) }])
})

describe('who pays for the same time in the shop', () => {
  test.each([false, true])('is not charged for it again, the box there ticked: %s', async (agreed) => {
    const member = await shop.member()
    const { paidUntil } = await member.read()
    platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    expect(await member.charges()).toMatchObject([{ state: 'due' }])
    peer.pay((await shop.ordered({ agreed, again: member })).session)
    await shop.told()
    const after = await member.read()
    expect(after.paidUntil > paidUntil).toBe(true)
    await shop.days(14)
    expect(shop.charged()).toEqual([])
    expect(await member.charges()).toMatchObject([{ state: 'off' }])
    expect((await member.read()).paidUntil).toEqual(after.paidUntil)
    // The next period is charged as ever.
    platform.pass(after.paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    await shop.days(7)
    expect(shop.charged()).toHaveLength(1)
  })

  test('a charge that is found there still is not made', async () => {
    const member = await shop.member()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    const [charge] = await member.charges()
    peer.pay((await shop.ordered({ agreed: false, again: member })).session)
    await shop.told()
    // As a backup from before would have it.
    const due = platform.db.updateTable('memberCharges').set({ state: 'due' })
    await due.where('id', '=', charge?.id ?? '').execute()
    platform.pass(6 * DAY)
    await chargeCard(platform, charge?.id ?? '')
    expect(shop.charged()).toEqual([])
  })

  test('twice in one moment, becomes a member once', async () => {
    const first = await shop.ordered()
    const second = await shop.ordered({ again: first })
    peer.pay(first.session)
    peer.pay(second.session)
    const events = peer.events(shop.account.theirs.id)
    await Promise.all(events.map(({ id }) => peer.send(id)))
    await shop.told()
    const members = await platform.db.selectFrom('members').selectAll().where('mailKey', '=', first.mail).execute()
    expect(members).toHaveLength(1)
    expect(await shop.of(members[0]?.id ?? '').read()).toMatchObject({ periods: [{}, {}] })
  })
})

test('of another sum than was agreed to nothing is promised: it is asked for by hand', async () => {
  const member = await shop.member()
  const page = async () => (await fetch(`${at}${memberPath(platform.signer, member.id)}?lang=en`)).text()
  expect(await page()).toMatch(/On [^<]*, €6\.00 will be taken from it/)
  // The price of what is offered does not change theirs.
  await platform.db.updateTable('products').set({ price: 900 }).where('id', '=', member.productId).execute()
  expect(await page()).toMatch(/On [^<]*, €6\.00 will be taken from it/)
  await platform.db.updateTable('members').set({ price: 500 }).where('id', '=', member.id).execute()
  expect(await page()).toContain('You agreed that €6.00 may be taken from it, and the next period costs €5.00.')
  expect(await page()).not.toContain('will be taken')
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  expect(await member.charges()).toEqual([])
  expect(lastTo(member.mail)?.text).toContain('If not, do nothing: it ends, and nothing is taken.')
  await shop.days(7)
  expect(shop.charged()).toEqual([])
})

describe('whose membership rested, since their card was refused', () => {
  /** At rest, with its card: the bank said no four times, for that day. */
  async function resting() {
    const member = await refused('4000000000009995')
    await shop.days(10)
    expect((await member.read()).state).toBe('resting')
    expect((await member.cards()).filter(({ forgottenAt }) => !forgottenAt)).toHaveLength(1)
    // From now on the bank would say yes.
    for (const method of peer.methods(shop.account.theirs.id)) Object.assign(method, { number: '4242424242424242' })
    return member
  }
  const page = async (id: string, lang = 'en') =>
    (await fetch(`${at}${memberPath(platform.signer, id)}?lang=${lang}`)).text()
  const agree = (id: string, keep: string) =>
    fetch(`${at}${memberPath(platform.signer, id)}/again`, {
      ...{ method: 'POST', redirect: 'manual' as const, body: new URLSearchParams({ keep }) },
      headers: { origin: platform.config.baseUrl },
    })
  const toNext = async (member: Awaited<ReturnType<typeof resting>>) => {
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
  }

  test('is asked by hand once somebody else has paid, told so at once, and charged by nobody', async () => {
    const member = await resting()
    peer.pay((await shop.ordered({ again: member })).session)
    await shop.told()
    await shop.work()
    expect((await member.read()).state).toBe('active')
    expect(lastTo(member.mail)?.text).toContain('The Visa card ending 9995 is still kept, and nothing is taken from it')
    expect(await page(member.id)).toContain('Nothing is taken from this card for that')
    expect(await page(member.id)).not.toContain('will be taken')
    expect((await membersOf(platform.db, shop.artistId, platform.now()))[0]?.last4).toBeNull()
    await toNext(member)
    expect(await member.charges()).not.toContainEqual(expect.objectContaining({ state: 'due' }))
    // A card from which nothing is taken is not said to pay, when it is about to expire either.
    const soon = { expMonth: platform.now().getUTCMonth() + 1, expYear: platform.now().getUTCFullYear() }
    await platform.db.updateTable('keptCards').set(soon).where('membershipId', '=', member.id).execute()
    await shop.hour()
    expect(mailsTo(member.mail).filter(({ subject }) => subject.startsWith('Your card expires'))).toEqual([])
    expect(lastTo(member.mail)?.text).toContain('If not, do nothing: it ends, and nothing is taken.')
    // Nor of a charge that a backup has as due.
    const orderId = (await member.read()).openOrder ?? ''
    const said = { dueAt: platform.now(), toldAt: platform.now(), changedAt: platform.now(), problem: null }
    const late = { id: newId(), orderId, membershipId: member.id, nth: 1, state: 'due' as const, ...said }
    await platform.db.insertInto('memberCharges').values(late).execute()
    await chargeCard(platform, late.id)
    await shop.days(14)
    expect(shop.charged()).toEqual([])
    expect((await member.read()).state).toBe('resting')
  })

  test('and who agrees anew is told of each charge and charged as before, for what is asked for already too; the box sent twice, or of another sum, does nothing more', async () => {
    const member = await resting()
    const [before] = await member.cards()
    await shop.paidByAnybody(member)
    await toNext(member)
    expect((await agree(member.id, '500')).status).toBe(422)
    expect((await agree(member.id, '')).status).toBe(422)
    expect((await member.cards())[0]?.waitsSince).not.toBeNull()
    const sent = await Promise.all([agree(member.id, '600'), agree(member.id, '600')])
    expect(sent.map(({ status }) => status)).toEqual([303, 303])
    const agreements = await platform.db
      .selectFrom('chargeAgreements')
      .selectAll()
      .where('membershipId', '=', member.id)
      .execute()
    expect(agreements).toMatchObject([{ agreed: true, amount: 600, currency: 'EUR' }])
    expect(agreements[0]?.words).toContain('€6.00 may be taken from this card each month')
    expect(await member.cards()).toMatchObject([
      { agreementId: before?.agreementId, renewedId: agreements[0]?.id, waitsSince: null, method: before?.method },
    ])
    await shop.work()
    expect(lastTo(member.mail)?.text).toContain('we charge €6.00 to the Visa card ending 9995')
    expect(await page(member.id)).toContain('will be taken from it')
    expect((await membersOf(platform.db, shop.artistId, platform.now()))[0]?.last4).toBe('9995')
    const personId = newId()
    await platform.db.updateTable('members').set({ personId }).where('id', '=', member.id).execute()
    const known = await shopPersonalData.know(platform.db, { personIds: [personId], addressIds: [] } as never)
    expect(known['cards']).toMatchObject([{ last4: '9995' }, { last4: '9995', words: agreements[0]?.words }])
    await shop.days(7)
    expect(shop.charged()).toHaveLength(1)
    // Told again, the card is the one that it was.
    for (const { id } of peer.events(shop.account.theirs.id)) await peer.send(id)
    expect(await member.cards()).toHaveLength(1)
  })

  test('or was about to rest: what was asked for is over, and somebody else pays before it is seen', async () => {
    const member = await refused('4000000000009995')
    await shop.days(6)
    platform.pass(3 * DAY)
    expect(await expireOrders(platform)).toBe(1)
    expect((await member.read()).state).toBe('active')
    await shop.paidByAnybody(member)
    expect((await member.read()).state).toBe('active')
    expect((await member.cards())[0]?.waitsSince).not.toBeNull()
  })

  test('goes on with its card by paying what they are asked for themselves', async () => {
    const member = await resting()
    const orderId = (await resumeMembership(platform, member.id)) ?? ''
    peer.pay(await shop.openPage(orderId))
    await shop.told()
    expect(await member.read()).toMatchObject({ state: 'active' })
    expect((await member.cards())[0]?.waitsSince).toBeNull()
    await toNext(member)
    expect((await member.charges()).at(-1)).toMatchObject({ state: 'due' })
  })

  test('and has paused when somebody else pays, is not begun again by it', async () => {
    const member = await resting()
    await stopMembership(platform, member.id, 'paused')
    await shop.paidByAnybody(member)
    expect(await member.read()).toMatchObject({ state: 'paused' })
    await toNext(member)
    expect(await member.charges()).not.toContainEqual(expect.objectContaining({ state: 'due' }))
  })
})

test('what is said before is what is taken: the sum of the order that waits, whatever the membership costs by then', async () => {
  const member = await shop.member()
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await renewMemberships(platform)
  await platform.db.updateTable('members').set({ price: 500 }).where('id', '=', member.id).execute()
  await shop.work()
  expect(lastTo(member.mail)?.subject).toContain('€6.00')
  expect(lastTo(member.mail)?.text).toContain('we charge €6.00')
  expect(await member.read()).toMatchObject({ price: 500, openTotal: 600 })
  expect((await membersOf(platform.db, shop.artistId, platform.now()))[0]).toMatchObject({ price: 500, dueTotal: 600 })
  const page = await (await fetch(`${at}${memberPath(platform.signer, member.id)}?lang=en`)).text()
  expect(page).toContain('Pay the next one: €6.00')
  peer.how.bank = { code: 'card_declined', decline_code: 'insufficient_funds' }
  platform.pass(6 * DAY)
  await shop.hour()
  expect(lastTo(member.mail)?.text).toContain('€6.00 was to be taken')
  peer.how.bank = null
  await shop.days(1)
  expect(shop.charged()).toMatchObject([{ amount: 600 }])
})

test('the same card agrees to another sum, and pays it', async () => {
  const member = await shop.member()
  await platform.db.updateTable('members').set({ price: 500 }).where('id', '=', member.id).execute()
  expect((await agreeAnew(platform, member.id, { amount: 600, lang: 'en' })).ok).toBe(false)
  expect((await agreeAnew(platform, member.id, { amount: 500, lang: 'en' })).ok).toBe(true)
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  await shop.days(7)
  expect(shop.charged()).toMatchObject([{ amount: 500 }])
  await stopMembership(platform, member.id, 'left')
  expect(await agreeAnew(platform, member.id, { amount: 500, lang: 'en' })).toEqual({ ok: false, error: 'over' })
})

test('who ticked the box, turned back, and pays without it has no card kept', async () => {
  const member = await shop.member('4242424242424242', { agreed: false })
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  const orderId = (await member.read()).openOrder ?? ''
  const terms = { title: 'The kitchen', amount: 600, currency: 'EUR', every: 'month' as const }
  await agreeWithOrder(platform.db, orderId, { terms, lang: 'en', at: platform.now() })
  const keeping = await shop.openPage(orderId)
  platform.pass(60_000)
  await payWithoutAgreeing(platform.db, orderId, platform.now())
  const page = await shop.openPage(orderId)
  expect(page).not.toBe(keeping)
  const pages = peer.sessions(shop.account.theirs.id)
  expect(pages.find(({ id }) => id === keeping)).toMatchObject({ status: 'expired' })
  expect(pages.find(({ id }) => id === page)).toMatchObject({ status: 'open', customer: null })
  // Pressed again, it is the same page.
  platform.pass(60_000)
  expect(await shop.openPage(orderId)).toBe(page)
  peer.pay(page)
  await shop.told()
  expect((await member.read()).openOrder).toBeNull()
  expect(await member.cards()).toEqual([])
})

describe('who has their card forgotten before it pays', () => {
  test('is asked by hand, once', async () => {
    const member = await shop.member()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    await forgetCard(platform, member.id)
    expect(await member.charges()).toMatchObject([{ state: 'off' }])
    const before = mailsTo(member.mail).length
    await shop.hour()
    await shop.days(2)
    expect(mailsTo(member.mail)).toHaveLength(before + 1)
    expect(lastTo(member.mail)?.text).toContain('If not, do nothing: it ends, and nothing is taken.')
  })

  test('and of which a backup says that it is due untold, is asked by hand once and not each hour', async () => {
    const member = await shop.member()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    await forgetCard(platform, member.id)
    await shop.work()
    const due = platform.db.updateTable('memberCharges').set({ state: 'due', toldAt: null })
    await due.where('membershipId', '=', member.id).execute()
    const before = mailsTo(member.mail).length
    for (let n = 0; n < 3; n++) await shop.hour()
    expect(mailsTo(member.mail)).toHaveLength(before + 1)
    expect(await member.charges()).toMatchObject([{ state: 'off' }])
  })
})

describe('another card', () => {
  test('is given on a page of its own, agreed to anew, and the one before is forgotten at Stripe too', async () => {
    const member = await shop.member('4000000000000341')
    const page = await askFor(member.id)
    expect(peer.sessions(shop.account.theirs.id).find(({ id }) => id === page)).toMatchObject({ mode: 'setup' })
    peer.giveCard(page)
    // Back from there, before anybody told us.
    await lookForCard(platform, member.id)
    await shop.told()
    await shop.work()
    expect(await member.cards()).toMatchObject([
      { last4: '', method: '', forgottenAt: expect.any(Date) },
      { last4: '4242', forgottenAt: null },
    ])
    expect(await openSetup(platform, member.id)).toBeUndefined()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    expect(lastTo(member.mail)?.text).toContain('ending 4242')
    await shop.days(7)
    expect(shop.charged()).toHaveLength(1)
  })

  test('of who paid by hand until now pays what is asked for already, once they were told', async () => {
    const member = await shop.member('4242424242424242', { agreed: false })
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    peer.giveCard(await askFor(member.id))
    await shop.reconcile()
    await shop.work()
    expect(lastTo(member.mail)?.text).toContain('we charge €6.00 to the Visa card ending 4242')
    await shop.days(7)
    expect(shop.charged()).toHaveLength(1)
  })

  test('is asked for where the one that pays expires soon, once', async () => {
    const { member } = await expiring()
    await shop.told()
    await shop.hour()
    await shop.hour()
    expect(warnedOf(member.mail)).toHaveLength(1)
    expect(warnedOf(member.mail)[0]?.text).toMatch(/\/member\//)
  })
})

const warnedOf = (mail: string) => mailsTo(mail).filter(({ subject }) => subject.startsWith('Your card expires soon'))

/** A member whose card is good until the end of this month, which is near; Stripe has not told it yet. */
async function expiring() {
  platform.pass(Math.max(0, 20 - platform.now().getUTCDate()) * DAY)
  const member = await shop.member()
  const method = (await member.cards())[0]?.method ?? ''
  platform.pass(1000)
  const now = platform.now()
  const renew = (years: number, last4 = '4242') =>
    peer.renewCard(method, { exp_month: now.getUTCMonth() + 1, exp_year: now.getUTCFullYear() + years, last4 })
  renew(0)
  return { member, method, renew, year: now.getUTCFullYear(), month: now.getUTCMonth() + 1 }
}

describe('a card that its bank renews', () => {
  const card = async (member: { cards: () => Promise<unknown[]> }) => (await member.cards())[0]
  const latest = () => peer.events(shop.account.theirs.id).at(-1)?.id ?? ''

  test('is known by its new date and number as soon as Stripe tells of it, its owner is told of the new date when that is near, and it pays on', async () => {
    const { member, renew, year, month } = await expiring()
    await shop.told()
    await shop.hour()
    expect(warnedOf(member.mail)).toHaveLength(1)
    platform.pass(1000)
    renew(2, '1881')
    await shop.told()
    expect(await card(member)).toMatchObject({ last4: '1881', expYear: year + 2, warnedAt: null })
    const page = await (await fetch(`${at}${memberPath(platform.signer, member.id)}?lang=en`)).text()
    expect(page).toContain('Visa card ending 1881')
    await shop.days(25)
    expect(warnedOf(member.mail)).toHaveLength(1)
    await shop.days(10)
    expect(shop.charged()).toHaveLength(1)
    // Two years later they are a member still, and paid for.
    const end = new Date(Date.UTC(year + 2, month, 1))
    platform.pass(end.getTime() - platform.now().getTime() - 40 * DAY)
    const paidUntil = new Date(end.getTime() + 30 * DAY)
    await platform.db.updateTable('members').set({ state: 'active', paidUntil }).where('id', '=', member.id).execute()
    await shop.hour()
    expect(warnedOf(member.mail)).toHaveLength(1)
    platform.pass(20 * DAY)
    await shop.hour()
    await shop.hour()
    expect(warnedOf(member.mail)).toHaveLength(2)
  })

  test('and of which nobody told is asked of Stripe before its owner is told that it expires; where Stripe does not answer, they are told', async () => {
    const { member, renew } = await expiring()
    await shop.told()
    platform.pass(1000)
    renew(3)
    await shop.hour()
    expect(warnedOf(member.mail)).toEqual([])
    expect(await card(member)).toMatchObject({ warnedAt: null })

    platform.pass(1000)
    renew(0)
    await shop.told()
    for (let n = 0; n < 3; n++) peer.trouble(/GET \/v1\/payment_methods/, 500)
    await shop.hour()
    await shop.hour()
    expect(warnedOf(member.mail)).toHaveLength(1)
  })

  test('in the moment in which its owner is told of the old date, is one of which they were not told', async () => {
    const { member, renew } = await expiring()
    await shop.told()
    const { mailer } = platform
    const sent = { n: 0 }
    const meanwhile = {
      ...platform,
      mailer: {
        ...mailer,
        send: async (mail: Parameters<typeof mailer.send>[0]) => {
          sent.n++
          platform.pass(1000)
          renew(1)
          await shop.told()
          return mailer.send(mail)
        },
      },
    }
    await mailExpiry(meanwhile, (await member.cards())[0]?.id ?? '')
    expect(sent.n).toBe(1)
    expect(await card(member)).toMatchObject({ warnedAt: null })
  })

  test('told twice, late, in another order, and by a charge from before, is the one that it is now', async () => {
    const { member, method, renew, year } = await expiring()
    const older = latest()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    await shop.days(7)
    const [charged] = shop.charged()
    const provider = await providerAt(platform, shop.account.id)
    const told = await provider.lookUp({ reference: charged?.id ?? '' })
    platform.pass(1000)
    renew(3, '0005')
    const newer = latest()
    await Promise.all([peer.send(newer), peer.send(newer), peer.send(older)])
    const now = { last4: '0005', expYear: year + 3 }
    expect(await card(member)).toMatchObject(now)
    // What it was when it was charged is older than what was seen since.
    expect(told?.card).toMatchObject({ method, expYear: year })
    const teller = { id: shop.account.id, sellerId: shop.sellerId }
    if (told) await shop.inTx((tx) => takeInPayment(tx, teller, told, platform.now()))
    await shop.told()
    await shop.reconcile()
    expect(await card(member)).toMatchObject(now)
    const heard = await platform.db
      .selectFrom('providerEvents')
      .select('payload')
      .where('accountId', '=', shop.account.id)
      .where('kind', '=', 'payment_method.automatically_updated')
      .execute()
    expect(heard.map(({ payload }) => payload)).toEqual([{ method }, { method }])
  })

  test('that nobody told of is found when Stripe is asked what was missed', async () => {
    const { member, year } = await expiring()
    await shop.reconcile()
    expect(await card(member)).toMatchObject({ expYear: year })
    expect(
      await platform.db.selectFrom('paymentRepairs').selectAll().where('accountId', '=', shop.account.id).execute(),
    ).toEqual([])
  })

  test('and that was forgotten here, or is another seller’s, changes nothing', async () => {
    const { member, renew } = await expiring()
    await shop.told()
    const other = await givenMembers(platform, peer, at)
    const before = await card(member)
    platform.pass(1000)
    renew(4)
    // Told by another account, as nobody can: it is asked there, where it is not known.
    const theirs = await providerAt(platform, other.account.id)
    expect(await theirs.keptCard((await member.cards())[0]?.method ?? '')).toBeNull()
    expect(await learnRenewal(platform, other.account, theirs, (await member.cards())[0]?.method ?? '')).toBe(false)
    expect(await card(member)).toEqual(before)
    await forgetCard(platform, member.id)
    await shop.told()
    expect(await card(member)).toMatchObject({ last4: '', expMonth: 0 })
  })
})

test('who pauses and goes on is charged as before, and told before', async () => {
  const member = await shop.member()
  const { paidUntil } = await member.read()
  platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  await stopMembership(platform, member.id, 'paused')
  await resumeMembership(platform, member.id)
  await shop.work()
  expect(lastTo(member.mail)?.text).toContain('we charge €6.00')
  await shop.days(8)
  expect(shop.charged()).toHaveLength(1)
  expect((await member.read()).paidUntil > paidUntil).toBe(true)
})

describe('an artist who is leaving', () => {
  const leaves = (goesAt: Date | null) =>
    platform.db.updateTable('artists').set({ goesAt }).where('id', '=', shop.artistId).execute()

  test('charges nobody and asks nobody while they are out of sight, and goes on when they come back', async () => {
    const [asked, early] = [await shop.member(), await shop.member()]
    platform.pass((await asked.read()).paidUntil.getTime() - platform.now().getTime() - 8 * DAY)
    await platform.db
      .updateTable('members')
      .set((row) => ({ paidUntil: row('paidUntil', '-', sql<Date>`interval '2 days'`) }))
      .where('id', '=', asked.id)
      .execute()
    await shop.hour()
    expect([(await asked.charges()).length, (await early.charges()).length]).toEqual([1, 0])
    await leaves(new Date(platform.now().getTime() + 14 * DAY))
    await shop.days(9)
    expect(shop.charged()).toEqual([])
    expect(await asked.charges()).toMatchObject([{ state: 'due' }])
    expect(await early.charges()).toEqual([])
    await leaves(null)
    await shop.hour()
    expect(shop.charged()).toHaveLength(1)
    expect(await early.charges()).toHaveLength(1)
  })

  test('is gone with their keys after every card was forgotten at Stripe, and not before', async () => {
    const member = await shop.member()
    const owner = { kind: 'artist' as const, id: shop.artistId, name: 'Ana', slug: 'ana', language: 'en' as const }
    const removing = { leave: async () => undefined, hiddenSince: new Date(platform.now().getTime() - 14 * DAY) }
    for (let n = 0; n < 3; n++) peer.trouble(/detach/, 500)
    await expect(shopBelongings.remove?.(platform, owner, removing as never)).rejects.toThrow()
    await shopBelongings.remove?.(platform, owner, removing as never)
    expect(peer.methods(shop.account.theirs.id)).toMatchObject([{ customer: null }])
    expect(await member.cards()).toMatchObject([{ method: '', forgottenAt: expect.any(Date) }])
    await shop.days(40)
    expect(shop.charged()).toEqual([])
    expect((await member.read()).state).toBe('left')
  })
})

test('of a plan that is gone after it was asked for, the card is forgotten when its time is over', async () => {
  const member = await shop.member()
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  await platform.db.deleteFrom('products').where('id', '=', member.productId).execute()
  await shop.days(16)
  expect((await member.read()).state).toBe('left')
  expect(await member.cards()).toMatchObject([{ method: '', forgottenAt: expect.any(Date) }])
})

describe('who has all erased', () => {
  const erase = (mail: string) =>
    shop.inTx(async (tx) => {
      const personId = newId()
      await tx.updateTable('members').set({ personId }).where('mailKey', '=', mail).execute()
      await shopPersonalData.erase(tx, { personIds: [personId], addressIds: [], addressHashes: [], fanId: newId() })
    })

  test('can pay no page that was open, and Stripe deletes whose card it was', async () => {
    const member = await shop.member()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    const page = await shop.openPage((await member.read()).openOrder ?? '')
    await erase(member.mail)
    await shop.work()
    expect(() => peer.pay(page)).toThrow('the session is not open')
    expect(peer.customers(shop.account.theirs.id)).toEqual([])
    expect(await member.cards()).toMatchObject([{ customer: '', method: '', last4: '' }])
    await shop.days(20)
    expect(shop.charged()).toEqual([])
  })

  test('and gives a card on a page that was open, has nothing of it kept', async () => {
    const member = await shop.member()
    const page = await askFor(member.id)
    await erase(member.mail)
    peer.giveCard(page)
    await shop.told()
    await shop.work()
    const gone = { customer: '', method: '', brand: '', last4: '', expMonth: 0, forgottenAt: expect.any(Date) }
    expect(await member.cards()).toMatchObject([gone, gone])
    expect(peer.customers(shop.account.theirs.id)).toEqual([])
  })

  test('while their card was charged, has back what it paid', async () => {
    const member = await shop.member()
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    platform.pass(6 * DAY)
    for (let n = 0; n < 3; n++) peer.trouble(/GET \/v1\/payment_intents\/pi_/, 'lost')
    await shop.hour()
    expect(shop.charged()).toHaveLength(1)
    await erase(member.mail)
    await shop.told()
    await shop.work()
    expect(peer.refunds(shop.account.theirs.id)).toMatchObject([{ amount: 600, status: 'succeeded' }])
  })
})

test('of a time in which this place was down nobody pays: it begins anew, and is charged once', async () => {
  const member = await shop.member()
  const { paidUntil } = await member.read()
  platform.pass(paidUntil.getTime() - platform.now().getTime() + 40 * DAY)
  await shop.hour()
  await shop.days(8)
  expect(shop.charged()).toHaveLength(1)
  const after = (await member.read()).paidUntil
  expect(after.getTime()).toBeGreaterThan(platform.now().getTime() + 14 * DAY)
})

test('asked for before a day on which this place was down, its time to pay is over: nothing is charged for it', async () => {
  const member = await shop.member()
  platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  const [charge] = await member.charges()
  platform.pass(30 * DAY)
  await chargeCard(platform, charge?.id ?? '')
  expect(shop.charged()).toEqual([])
  expect(await member.charges()).toMatchObject([{ state: 'off' }])
})

test('charged after a backup that is restored, the same period is found and not charged again', async () => {
  const member = await shop.member()
  const { paidUntil } = await member.read()
  platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
  await shop.hour()
  const [first] = await member.charges()
  const provider = await providerAt(platform, shop.account.id)
  const [card] = await member.cards()
  const order = await platform.db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', first?.orderId ?? '')
    .executeTakeFirstOrThrow()
  if (!card) throw new Error('no card')
  const period = `${member.id} ${paidUntil.toISOString()}`
  // The order that it had before, of which the backup knows nothing.
  const lost = { ...order, id: newId() } as typeof order
  const charge = { id: newId(), nth: 1, card, customers: [card.customer], period, noted: [] }
  expect((await provider.charge({ ...charge, order: lost as never })).ok).toBe(true)
  await shop.days(8)
  expect(shop.charged()).toHaveLength(1)
  expect(await member.read()).toMatchObject({ state: 'active', openOrder: null })
  expect((await member.read()).paidUntil > paidUntil).toBe(true)
  // And what Stripe tells of it from then on is of the order that it pays here.
  peer.refundThere(shop.charged()[0]?.id ?? '', 600)
  await shop.told()
  expect((await standing(platform.db, shop.sellerId)).accounts['clearing stripe EUR']).toBe(
    peer.balance(shop.account.theirs.id),
  )
  expect((await member.read()).state).toBe('left')
})
