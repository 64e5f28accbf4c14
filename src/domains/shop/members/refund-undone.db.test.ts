import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import type { StripePeer, TestPlatform } from '../../../testing/index.ts'
import { DAY, givenMembers } from '../cards/cards.fixtures.ts'
import { openPlace, providerAt, standing } from '../payments/payments.fixtures.ts'
import { takeInPayment } from '../payments/take-in-payment.ts'
import { shopPersonalData } from '../personal-data.ts'
import { withdraw } from '../withdraw.ts'
import { resumeMembership, stopMembership } from './change-membership.ts'

let platform: TestPlatform
let peer: StripePeer
let at: string
let close: () => Promise<void>
let shop: Awaited<ReturnType<typeof givenMembers>>
type Member = Awaited<ReturnType<typeof shop.member>>
beforeAll(async () => {
  ;({ platform, peer, at, close } = await openPlace())
})
afterAll(() => close())
beforeEach(async () => {
  Object.assign(peer.how, { sends: false, bank: null })
  // Whoever was a member in another story is none in this one.
  await platform.db.updateTable('members').set({ state: 'left' }).execute()
  shop = await givenMembers(platform, peer, at)
})

const mailsTo = ({ mail }: { mail: string }) => platform.mails.filter(({ to }) => to === mail)
const goesOn = (member: Member) => mailsTo(member).filter(({ subject }) => subject.startsWith('The kitchen goes on'))

/** All that was paid on a page, or with a card, goes back; at Stripe, by whoever sells. */
async function givenBack(session: string, amount = 600): Promise<string> {
  const refund = peer.refundThere(session, amount)
  await shop.told()
  await shop.work()
  return refund
}
/** And does not arrive. */
async function failed(...refunds: string[]): Promise<void> {
  for (const refund of refunds) peer.failRefund(refund)
  await shop.told()
  await shop.work()
}
/** Whatever came of it, the books are what Stripe has. */
const inOrder = async () => {
  const { accounts, sum } = await standing(platform.db, shop.sellerId)
  expect([sum, accounts['clearing stripe EUR'], accounts['customers EUR']]).toEqual([
    0,
    peer.balance(shop.account.theirs.id),
    undefined,
  ])
}

describe('a refund that never arrives', () => {
  test('brings back the membership that it had ended, without its card: they are told, and asked by hand', async () => {
    const member = await shop.member()
    const { paidUntil } = await member.read()
    const before = await standing(platform.db, shop.sellerId)
    platform.pass(5 * DAY)
    const refund = await givenBack(member.session)
    expect(await member.read()).toMatchObject({ state: 'left', periods: [{ refunded: 600 }] })
    platform.pass(9 * DAY)
    await failed(refund)
    expect(await member.read()).toMatchObject({ state: 'active', paidUntil, periods: [{ refunded: 0 }] })
    expect(await standing(platform.db, shop.sellerId)).toEqual(before)
    await inOrder()
    expect(goesOn(member)).toHaveLength(1)
    expect(goesOn(member)[0]?.text).toContain('If a card was kept, it is forgotten: nothing is taken by itself.')
    expect(goesOn(member)[0]?.text).toMatch(/\/member\//)
    expect(await member.cards()).toMatchObject([{ forgottenAt: expect.any(Date), method: '' }])
    // Told again by all its events, in the other order, it is the same.
    for (const { id } of peer.events(shop.account.theirs.id).toReversed()) await peer.send(id)
    await shop.work()
    expect(await member.read()).toMatchObject({ state: 'active', paidUntil })
    expect(goesOn(member)).toHaveLength(1)
    // The next period is asked for as of anybody without a card, and charged to nobody.
    platform.pass(paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    expect(mailsTo(member).at(-1)?.text).toContain('If not, do nothing: it ends, and nothing is taken.')
    expect(await member.charges()).toEqual([])
    peer.pay(await shop.openPage((await member.read()).openOrder ?? ''))
    await shop.told()
    expect((await member.read()).paidUntil > paidUntil).toBe(true)
  })

  test('of which nobody had heard that it was made changes nothing, and is told of to nobody', async () => {
    const member = await shop.member()
    const before = await member.read()
    await failed(peer.refundThere(member.session, 600))
    expect(await member.read()).toEqual(before)
    expect((await member.cards()).filter(({ forgottenAt }) => !forgottenAt)).toHaveLength(1)
    expect(goesOn(member)).toEqual([])
    await inOrder()
  })

  test('and is told of in the moment in which an older telling of it comes too, counts once', async () => {
    const member = await shop.member()
    const refund = await givenBack(member.session)
    const provider = await providerAt(platform, shop.account.id)
    const older = await provider.lookUp({ reference: member.session })
    if (!older) throw new Error('nothing told')
    const teller = { id: shop.account.id, sellerId: shop.sellerId }
    peer.failRefund(refund)
    await Promise.all([
      ...peer.events(shop.account.theirs.id).map(({ id }) => peer.send(id)),
      ...[1, 2, 3].map(() => shop.inTx((tx) => takeInPayment(tx, teller, older, platform.now()))),
    ])
    await shop.work()
    expect(await member.read()).toMatchObject({ state: 'active', periods: [{ refunded: 0 }] })
    expect(goesOn(member)).toHaveLength(1)
    await inOrder()
  })

  test('after their time was over finds it at rest: nothing is asked, and they may go on', async () => {
    const member = await shop.member()
    const { paidUntil } = await member.read()
    const refund = await givenBack(member.session)
    platform.pass(45 * DAY)
    await failed(refund)
    expect(await member.read()).toMatchObject({ state: 'resting', paidUntil, openOrder: null })
    const mails = mailsTo(member).length
    await shop.days(10)
    expect((await member.read()).openOrder).toBeNull()
    expect(mailsTo(member)).toHaveLength(mails)
    expect(await resumeMembership(platform, member.id)).not.toBeNull()
  })

  test('leaves who had paused paused, and who had left gone with the time that is paid', async () => {
    for (const how of ['paused', 'left'] as const) {
      const member = await shop.member()
      const { paidUntil } = await member.read()
      await stopMembership(platform, member.id, how)
      const refund = await givenBack(member.session)
      expect((await member.read()).state).toBe('left')
      await failed(refund)
      expect(await member.read()).toMatchObject({ state: how, paidUntil })
      expect(goesOn(member)).toHaveLength(how === 'paused' ? 1 : 0)
    }
    await inOrder()
  })

  test('does not bring back who withdrew, who pressed leave meanwhile, or who had all erased', async () => {
    const { db } = platform
    const [withdrawn, leaving, erased] = [await shop.member(), await shop.member(), await shop.member()]
    const { paidUntil } = await withdrawn.read()
    await db.updateTable('orders').set({ terms: '{"version":"1","language":"en","waiver":null}' }).execute()
    const lines = await db
      .selectFrom('orderLines')
      .select('position')
      .where('orderId', '=', withdrawn.orderId)
      .execute()
    const positions = lines.map(({ position }) => position)
    expect((await withdraw(platform, { orderId: withdrawn.orderId, positions })).ok).toBe(true)
    const refunds = []
    for (const { session } of [withdrawn, leaving, erased]) refunds.push(await givenBack(session))
    await stopMembership(platform, leaving.id, 'left')
    await shop.inTx(async (tx) => {
      const personId = newId()
      await tx.updateTable('members').set({ personId }).where('id', '=', erased.id).execute()
      await shopPersonalData.erase(tx, { personIds: [personId], addressIds: [], addressHashes: [], fanId: newId() })
    })
    await failed(...refunds)
    for (const member of [withdrawn, leaving, erased]) {
      expect((await member.read()).state).toBe('left')
      expect(goesOn(member)).toEqual([])
    }
    expect((await withdrawn.read()).paidUntil).toEqual(paidUntil)
    await inOrder()
    await shop.days(40)
    for (const member of [withdrawn, leaving, erased]) expect((await member.read()).openOrder).toBeNull()
  })

  test('of the earlier of two periods that went back gives its time and brings nobody back; of the later, it brings them back, once', async () => {
    for (const first of [0, 1]) {
      const member = await shop.member()
      const { paidUntil: half } = await member.read()
      platform.pass(DAY)
      const other = await shop.ordered({ agreed: false, again: member })
      peer.pay(other.session)
      await shop.told()
      const { paidUntil } = await member.read()
      const refunds = [await givenBack(member.session), await givenBack(other.session)]
      await failed(refunds[first] ?? '')
      expect(await member.read()).toMatchObject(
        first === 0 ? { state: 'left', paidUntil: half } : { state: 'active', paidUntil },
      )
      expect(goesOn(member)).toHaveLength(first)
      await failed(refunds[1 - first] ?? '')
      expect(await member.read()).toMatchObject({ state: 'active', paidUntil })
      expect(goesOn(member)).toHaveLength(1)
      expect(mailsTo(member).filter(({ subject }) => subject.includes('did not arrive'))).toHaveLength(1)
    }
    await inOrder()
  })

  test('in two halves brings them back with the first that fails, and tells it once', async () => {
    const member = await shop.member()
    const halves = [await givenBack(member.session, 300), await givenBack(member.session, 300)]
    expect((await member.read()).state).toBe('left')
    await failed(halves[0] ?? '')
    expect(await member.read()).toMatchObject({ state: 'active', periods: [{ refunded: 300 }] })
    await failed(halves[1] ?? '')
    expect(await member.read()).toMatchObject({ state: 'active', periods: [{ refunded: 0 }] })
    expect(goesOn(member)).toHaveLength(1)
    await inOrder()
    // Sent once more, and arrived, it ends as it did.
    await givenBack(member.session)
    expect((await member.read()).state).toBe('left')
    await inOrder()
  })

  test('gives who has begun anew meanwhile their paid time, and asks them once', async () => {
    const member = await shop.member()
    const { paidUntil } = await member.read()
    const refund = await givenBack(member.session)
    const anew = await shop.ordered({ agreed: false, again: member })
    peer.failRefund(refund)
    peer.pay(anew.session)
    // Begun anew and brought back in one moment: whichever is first, one of the two is asked.
    await Promise.all(peer.events(shop.account.theirs.id).map(({ id }) => peer.send(id)))
    await shop.work()
    expect((await member.read()).paidUntil.getTime()).toBeGreaterThanOrEqual(paidUntil.getTime())
    const living = await platform.db
      .selectFrom('members')
      .select('id')
      .where('mailKey', '=', member.mail)
      .where('state', '<>', 'left')
      .execute()
    expect(living).toHaveLength(1)
    await inOrder()
  })

  test('changes nothing of who lost the same money to a dispute since', async () => {
    const member = await shop.member()
    platform.pass(DAY)
    const other = await shop.ordered({ agreed: false, again: member })
    peer.pay(other.session)
    await shop.told()
    const refund = await givenBack(member.session)
    peer.closeDispute(peer.dispute(other.session), false)
    await shop.told()
    await failed(refund)
    expect((await member.read()).state).toBe('left')
    expect(goesOn(member)).toEqual([])
  })
})

describe('a period that is given back, or lost, of somebody whose card pays', () => {
  /** Who has paid for two periods, the second ahead. */
  async function ahead() {
    const member = await shop.member()
    platform.pass(DAY)
    const other = await shop.ordered({ agreed: false, again: member })
    peer.pay(other.session)
    await shop.told()
    return { member, other, paidUntil: (await member.read()).paidUntil }
  }
  const kept = async (member: Member) => (await member.cards()).filter(({ forgottenAt }) => !forgottenAt)

  test('leaves the card where a later one is paid, and it pays the next as it was told', async () => {
    const { member, paidUntil } = await ahead()
    await givenBack(member.session)
    expect(await member.read()).toMatchObject({ state: 'active', paidUntil })
    expect(await kept(member)).toHaveLength(1)
    expect(mailsTo(member).filter(({ subject }) => subject.startsWith('The kitchen: given back'))).toHaveLength(1)
    platform.pass(paidUntil.getTime() - platform.now().getTime() - 8 * DAY)
    await shop.days(9)
    await shop.told()
    expect(shop.charged()).toHaveLength(1)
    expect((await member.read()).paidUntil > paidUntil).toBe(true)
    await inOrder()
  })

  test('forgets it where none is, and where it was lost: what else is paid is theirs', async () => {
    const { member, other } = await ahead()
    const end = (await member.read()).periods[1]?.until
    await givenBack(other.session)
    expect(await member.read()).toMatchObject({ state: 'left', paidUntil: end })
    expect(await kept(member)).toEqual([])
    const lost = await ahead()
    const dispute = peer.dispute(lost.member.session)
    await shop.told()
    peer.closeDispute(dispute, false)
    await shop.told()
    await shop.work()
    expect(await lost.member.read()).toMatchObject({ state: 'left', paidUntil: lost.paidUntil })
    expect((await lost.member.read()).periods.map(({ closedAt }) => closedAt !== null)).toEqual([false, true])
    expect(await kept(lost.member)).toEqual([])
    await inOrder()
  })
})
