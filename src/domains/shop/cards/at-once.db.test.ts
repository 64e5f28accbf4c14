import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { bySomebodyElse, untilOneWaits } from '../../../testing/index.ts'
import { stopMembership } from '../members/change-membership.ts'
import { lockMembership } from '../members/take-up.ts'
import { openPlace } from '../payments/payments.fixtures.ts'
import { DAY, givenMembers } from './cards.fixtures.ts'
import { askForCard, openSetup } from './give-card.ts'
import { planWaiting } from './plan-charge.ts'

test('who pauses in the moment in which their new card is taken in has paused: neither stands in the other’s way, and nothing is charged', async () => {
  const { platform, peer, at, close } = await openPlace()
  try {
    peer.how.sends = false
    const shop = await givenMembers(platform, peer, at)
    const member = await shop.member('4242424242424242', { agreed: false })
    platform.pass((await member.read()).paidUntil.getTime() - platform.now().getTime() - 6 * DAY)
    await shop.hour()
    expect((await member.read()).openOrder).not.toBeNull()
    expect((await askForCard(platform, member.id, { lang: 'en', mayTest: false })).ok).toBe(true)
    const setup = (await openSetup(platform, member.id))?.reference ?? ''
    peer.giveCard(setup)
    await shop.told()
    // The moment between the two: the membership is kept by who takes the card in, and the order that waits by who stops it.
    let stopped: Promise<boolean> | undefined
    await shop.inTx(async (tx) => {
      await sql`update member_charges set state = 'off'`.execute(tx)
      const membership = await lockMembership(tx, member.id)
      stopped = bySomebodyElse(() => stopMembership(platform, member.id, 'paused'))
      await untilOneWaits(platform.pool)
      if (membership) await planWaiting(tx, membership, platform.now())
    })
    expect(await stopped).toBe(true)
    expect((await member.read()).state).toBe('paused')
    await shop.days(10)
    expect(shop.charged()).toEqual([])
  } finally {
    await close()
  }
})
