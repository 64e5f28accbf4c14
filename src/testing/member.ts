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

/** Somebody who is a member by this plan, paid for until then; `page` is where they see it. `givenBack`: all that they paid for the period that runs. */
export async function givenMember(
  { db, signer }: Pick<Platform, 'db' | 'signer'>,
  said: { artistId: string; sellerId: string; plan: string; until: Date; mail?: string; givenBack?: boolean },
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
  if (said.givenBack) {
    const orderId = newId()
    await db
      .insertInto('orders')
      .values({
        ...{ id: orderId, code: orderId, formKey: orderId, sellerId, artistId, state: 'paid', mail, mailKey: mail },
        ...{
          language: 'en',
          country: 'FR',
          currency: 'EUR',
          shippingTaxCountry: 'FR',
          tax: 0,
          total: 600,
          refunded: 600,
        },
        ...{
          evidence: '[]',
          terms: '{"version":"1","language":"en","waiver":null}',
          provider: 'manual',
          personId: null,
        },
        ...{ way: '{}', placedAt: since, paidAt: since },
      })
      .execute()
    await db
      .insertInto('memberPeriods')
      .values({ orderId, membershipId: id, renews: null, fromAt: since, until })
      .execute()
    await db.updateTable('memberPeriods').set({ closedAt: since }).where('orderId', '=', orderId).execute()
  }
  return { membershipId: id, plan, page: `/member/${id}.${signer.sign('shop-member', id)}` }
}
