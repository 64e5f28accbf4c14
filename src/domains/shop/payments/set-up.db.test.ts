import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import {
  FORM,
  givenSeller,
  type SignedIn,
  type StripePeer,
  signedIn,
  type TestPlatform,
  testApp,
} from '../../../testing/index.ts'
import { createArtist, createLabel } from '../../identity/index.ts'
import { shopBelongings } from '../belongings.ts'
import { placeOrder } from '../place-order.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { accountOf, openAccount } from './accounts.store.ts'
import { beginPayment, CARD_HOLD_SECONDS } from './begin-payment.ts'
import { givenAccount, openPlace, standing } from './payments.fixtures.ts'
import { openFor } from './providers.ts'

let platform: TestPlatform
let peer: StripePeer
let at: string
let close: () => Promise<void>
let artistId: string
let sellerId: string
let slug: string
let ana: SignedIn

beforeAll(async () => {
  ;({ platform, peer, at, close } = await openPlace())
  peer.how.sends = false
})
afterAll(() => close())
beforeEach(async () => {
  const artist = await platform.db.transaction().execute((tx) => createArtist(tx, { name: `Ana ${newId()}` }))
  artistId = artist.id
  slug = artist.slug
  sellerId = await givenSeller(platform.db, { artistId })
  ana = await signedIn(platform, { artistIds: [artistId] })
})

async function ask(path: string, fields?: Record<string, string>, who: SignedIn = ana, desk = slug) {
  const answer = await testApp(platform).request(`/studio/shop/payments${path}?desk=${desk}`, {
    headers: { ...who.headers, ...(fields && FORM) },
    ...(fields && { method: 'POST', body: new URLSearchParams(fields).toString() }),
  })
  return { status: answer.status, text: await answer.text(), to: answer.headers.get('location') ?? '' }
}

async function ordered() {
  const { variantId } = await givenProduct(platform.db, { artistId, sellerId })
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
  const placed = await placeOrder(
    platform,
    anOrder({ basketId, artistId, provider: 'stripe', hold: { seconds: CARD_HOLD_SECONDS } }),
  )
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  return placed.value.orderId
}
const sessionOf = (url: string | null) => new URL(url ?? '').pathname.split('/').at(-1) ?? ''

test('a key is sealed, shown to nobody, and neither in the history nor anywhere else in the database', async () => {
  const { key, id } = peer.addAccount()
  expect((await ask('', { key })).to).toContain('done=used')
  expect((await ask('/hooks', { hooks: 'whsec_abcdefgh whsec_ijklmnop' })).to).toContain('done=hooks')
  const shown = await ask('')
  expect(shown.text).toContain(id)
  for (const secret of [key, 'whsec_abcdefgh']) expect(shown.text).not.toContain(secret)
  const { rows } = await platform.pool.query<{ text: string }>(
    `select (select json_agg(a)::text from audit_log a) || (select json_agg(p)::text from payment_accounts p) as text`,
  )
  expect(rows[0]?.text).toContain(id)
  for (const plain of [key, Buffer.from(key).toString('hex')]) expect(rows[0]?.text).not.toContain(plain)
  const account = await accountOf(platform.db, sellerId)
  expect(account && (await openAccount(platform, account))).toMatchObject({ key, on: null, account: id })
  // Another key of the same account is told of by the same signatures, and is the same account.
  expect((await ask('', { key })).to).toContain('done=used')
  expect((await accountOf(platform.db, sellerId))?.id).toBe(account?.id)
})

test('what is no key, or not known at Stripe, is refused, and changes nothing', async () => {
  for (const key of ['pk_live_12345678', 'sk_live_', 'sk_live_12345678 x', 'sk_live_0000000000000000'])
    expect((await ask('', { key })).status).toBe(422)
  expect(await accountOf(platform.db, sellerId)).toBeNull()
})

test('where money goes is said by who answers for the artist: an editor, a label with a mandate to sell, and a stranger may not', async () => {
  const { key } = peer.addAccount()
  const labelId = await givenLabel()
  for (const who of [
    await signedIn(platform, { artistIds: [artistId], role: 'editor' }),
    await signedIn(platform, { labelIds: [labelId] }),
    await signedIn(platform),
  ]) {
    const answer = await ask('', { key }, who)
    expect([403, 404]).toContain(answer.status)
  }
  expect(await accountOf(platform.db, sellerId)).toBeNull()
})

async function givenLabel(): Promise<string> {
  return platform.db.transaction().execute(async (tx) => {
    const { id: labelId } = await createLabel(tx, { name: 'Quay Records', ownerId: null })
    await tx
      .insertInto('mandates')
      .values({
        ...{ id: newId(), artistId, labelId, permissions: ['shop.edit', 'orders.handle'], grantedBy: null },
        ...{ revokedAt: null, revokedBy: null },
      })
      .execute()
    return labelId
  })
}

test('an artist is paid on an account of their own on the label’s platform: charged in their name, told by the platform’s webhook, in their books', async () => {
  const labelId = await givenLabel()
  const labelSeller = await givenSeller(platform.db, { labelId })
  const quay = await givenAccount(platform, peer, at, { sellerId: labelSeller })
  // Nobody is let on a platform that its label does not open.
  expect((await ask('/join', { via: quay.id })).status).toBe(422)
  await platform.db.updateTable('paymentAccounts').set({ forArtists: true }).where('id', '=', quay.id).execute()
  expect((await ask('')).text).toContain('Quay Records')
  const joined = await ask('/join', { via: quay.id })
  const onward = joined.text.match(/href="([^"]*\/setup\/[^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''
  expect(await openFor(platform.db, sellerId)).toBeNull()
  // Asked again, it is the same account.
  await ask('/join', { via: quay.id })
  const mine = await accountOf(platform.db, sellerId)
  await fetch(onward, { redirect: 'manual' })
  await testApp(platform).request(`/studio/shop/payments?desk=${slug}&from=stripe`, { headers: ana.headers })
  expect(await openFor(platform.db, sellerId)).toMatchObject({ id: mine?.id, via: quay.id })

  const orderId = await ordered()
  const begun = await beginPayment(platform, orderId, { mayTest: false })
  if (!begun.ok) throw new Error(begun.error)
  expect(peer.requests.at(-1)).toMatchObject({ path: '/v1/checkout/sessions', account: mine?.account })
  expect(peer.sessions(quay.theirs.id)).toEqual([])
  peer.listen({ url: `${at}/hooks/stripe/${quay.id}`, secret: quay.secret, account: quay.theirs.id, connect: true })
  peer.pay(sessionOf(begun.value))
  for (const { id } of peer.events(mine?.account ?? '')) expect(await peer.send(id)).toEqual([204])
  expect(
    (await platform.db.selectFrom('orders').select('state').where('id', '=', orderId).executeTakeFirstOrThrow()).state,
  ).toBe('paid')
  expect((await standing(platform.db, sellerId)).accounts['clearing stripe EUR']).toBe(
    peer.balance(mine?.account ?? ''),
  )
  expect((await standing(platform.db, labelSeller)).accounts).toEqual({})

  // When the mandate ends, nothing new begins on it.
  await platform.db.updateTable('mandates').set({ revokedAt: platform.now() }).where('labelId', '=', labelId).execute()
  expect(await openFor(platform.db, sellerId)).toBeNull()
})

test('a label says so at its own desk, and nobody else says it for the label', async () => {
  const labelId = await givenLabel()
  const { slug: desk } = await platform.db
    .selectFrom('labels')
    .select('slug')
    .where('id', '=', labelId)
    .executeTakeFirstOrThrow()
  const manager = await signedIn(platform, { labelIds: [labelId] })
  expect((await ask('', undefined, manager, desk)).to).toBe('/studio/books/seller')
  const labelSeller = await givenSeller(platform.db, { labelId })
  expect((await ask('', { key: peer.addAccount().key }, manager, desk)).to).toContain('done=used')
  expect((await ask('', undefined, manager, desk)).text).toContain('Stripe Connect')
  expect((await ask('/platform', { open: 'yes' }, ana, desk)).status).toBe(404)
  expect((await ask('/platform', { open: 'yes' }, manager, desk)).to).toContain('done=platform')
  expect((await ask('', undefined, manager, desk)).text).toContain('listens to connected accounts')
  expect((await ask('')).text).toContain('Quay Records')
  expect((await ask('/off', {}, manager, desk)).status).toBe(303)
  expect(await accountOf(platform.db, labelSeller)).toBeNull()
  expect((await ask('')).text).not.toContain('Quay Records')
})

test('a key that moves no money is for those who work on the shop', async () => {
  const { key } = peer.addAccount({ key: 'sk_test_4242424242424242' })
  await ask('', { key })
  expect((await ask('')).text).toContain('This is a test key')
  expect(await beginPayment(platform, await ordered(), { mayTest: false })).toEqual({ ok: false, error: 'unreachable' })
  expect(await beginPayment(platform, await ordered(), { mayTest: true })).toMatchObject({ ok: true })
})

test('who changes accounts is still told of what was paid through the one before, and gives it back there', async () => {
  const before = await givenAccount(platform, peer, at, { sellerId })
  const orderId = await ordered()
  const begun = await beginPayment(platform, orderId, { mayTest: false })
  if (!begun.ok) throw new Error(begun.error)
  await ask('', { key: peer.addAccount().key })
  expect((await accountOf(platform.db, sellerId))?.id).not.toBe(before.id)
  peer.pay(sessionOf(begun.value))
  for (const { id } of peer.events(before.theirs.id)) expect(await peer.send(id)).toEqual([204])
  expect(
    (await platform.db.selectFrom('orders').select('state').where('id', '=', orderId).executeTakeFirstOrThrow()).state,
  ).toBe('paid')
})

test('when the artist is deleted the key is gone, and the books stay', async () => {
  const account = await givenAccount(platform, peer, at, { sellerId })
  const owner = { kind: 'artist' as const, id: artistId, name: 'Ana', slug, language: 'en' as const }
  await shopBelongings.remove?.(platform, owner, { leave: async () => undefined } as never)
  const row = await platform.db
    .selectFrom('paymentAccounts')
    .selectAll()
    .where('id', '=', account.id)
    .executeTakeFirstOrThrow()
  expect([row.isEnabled, row.secrets?.length]).toEqual([false, 0])
  expect(await openAccount(platform, row)).toBeNull()
})
