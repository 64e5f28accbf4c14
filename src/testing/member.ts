import { newId } from '../platform/ids.ts'
import type { Platform } from '../platform/platform.ts'

export type GivenMember = { membershipId: string; plan: string; page: string }

/** Something to be a member of. */
export async function givenPlan(
  { db }: Pick<Platform, 'db'>,
  { artistId, sellerId, title = 'The kitchen' }: { artistId: string; sellerId: string; title?: string },
): Promise<string> {
  const id = newId()
  const kind = 'membership' as const
  await db
    .insertInto('products')
    .values({
      ...{
        id,
        artistId,
        sellerId,
        slug: id,
        title,
        kind,
        every: 'month',
        pricing: 'fixed',
        price: 600,
        currency: 'EUR',
      },
      ...{ suggested: null, state: 'offered', releasedAt: null, subject: null },
    })
    .execute()
  return id
}

/** Somebody who is a member by this plan, paid for until then; `page` is where they see it. */
export async function givenMember(
  { db, signer }: Pick<Platform, 'db' | 'signer'>,
  said: { artistId: string; sellerId: string; plan: string; until: Date; mail?: string },
): Promise<GivenMember> {
  const { artistId, sellerId, plan, until, mail = `${newId()}@members.example` } = said
  const id = newId()
  const since = new Date(until.getTime() - 30 * 24 * 3_600_000)
  await db
    .insertInto('members')
    .values({
      ...{ id, productId: plan, sellerId, artistId, mail, mailKey: mail, name: 'Lise', language: 'en' },
      ...{ evidence: '[]', title: 'The kitchen', every: 'month', price: 600, currency: 'EUR', subject: null },
      ...{ givesAll: false, provider: 'manual', personId: null, state: 'active', since, day: 1, paidUntil: until },
      changedAt: since,
    })
    .execute()
  return { membershipId: id, plan, page: `/member/${id}.${signer.sign('shop-member', id)}` }
}
