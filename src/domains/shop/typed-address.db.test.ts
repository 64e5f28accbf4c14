import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import {
  type GivenRelease,
  givenRelease,
  givenSeller,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../testing/index.ts'
import { placeOrder, settleOrder } from './index.ts'
import { libraryPath, memberPath, orderPath } from './links.ts'
import { anOrder, givenBasket, givenProduct } from './shop.fixtures.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let release: GivenRelease
let sellerId: string
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  release = await givenRelease(platform, { artist: 'Ana', title: 'Tides', tracks: ['Ebb'] })
  sellerId = await givenSeller(platform.db, { artistId: release.artistId })
}, 60_000)
afterAll(() => platform.close())

const seen = async (path: string, lang = 'en') =>
  (await app.request(path, { headers: { 'accept-language': lang, accept: 'text/html' } })).text()
/** Where a page leads, with its forms. */
const leadsTo = (html: string) => [...html.matchAll(/(?:href|action)="(\/[^"]*)"/g)].map(([, to = '']) => to)

async function buy(variantId: string, mail: string) {
  const basketId = await givenBasket(platform.db, sellerId, [{ variantId }])
  const said = { mail, mailKey: mail, language: 'en' as const, shipping: 0, address: null }
  const placed = await placeOrder(platform, anOrder({ basketId, artistId: release.artistId, ...said }))
  if (!placed.ok) throw new Error(placed.error.problem)
  const { orderId, total: amount, currency, paid } = placed.value
  const settlement = { orderId, provider: 'manual', reference: orderId, amount, currency, at: platform.now() }
  if (!paid) await platform.db.transaction().execute((tx) => settleOrder(tx, settlement))
  return orderId
}

test('whoever types the address of somebody else reaches what they ordered themselves, and nothing else of it', async () => {
  const { db, signer } = platform
  const { artistId, releaseId } = release
  const offer = (said: Partial<Parameters<typeof givenProduct>[1]>) => givenProduct(db, { artistId, sellerId, ...said })
  const album = await offer({ title: 'Tides' })
  const song = await offer({ subject: `release:${releaseId}`, pricing: 'free', price: 0 })
  const kitchen = await offer({ kind: 'membership', subject: null, title: 'The kitchen', price: 600, every: 'month' })
  const mail = `${newId()}@buyers.example`
  const [bought, began] = [await buy(album.variantId, mail), await buy(kitchen.variantId, mail)]
  const { id } = await db.selectFrom('members').select('id').where('mailKey', '=', mail).executeTakeFirstOrThrow()

  for (const [typed, lang] of [
    [await buy(song.variantId, mail), 'en'],
    [await buy(kitchen.variantId, mail), 'fr'],
  ] as const) {
    // Whatever can be reached from its page without the mail.
    const reached = new Set<string>()
    const next = [orderPath(signer, typed)]
    for (let path = next.pop(); path; path = next.pop()) {
      if (reached.has(path) || !/^\/(order|library|member|present)\b/.test(path)) continue
      reached.add(path)
      next.push(...leadsTo(await seen(path, lang)))
    }
    const whole = [...reached].join('\n')
    expect(whole).toContain(orderPath(signer, typed))
    for (const theirs of [libraryPath(signer, mail), memberPath(signer, id)]) expect(whole).not.toContain(theirs)
    for (const orderId of [bought, began]) expect(whole).not.toContain(orderPath(signer, orderId))
  }

  // What they ordered themselves is there, and the mail has the rest.
  const free = await seen(orderPath(signer, await buy(song.variantId, mail)))
  expect(free).toContain('Tides as FLAC')
  expect(free).toContain('The mail about this order has the link to everything you have here.')
  const again = orderPath(signer, await buy(kitchen.variantId, mail))
  expect(await seen(again)).toContain('The mail about this order has the link to your membership')
  await workOff(platform, ['shop.mail-order'])
  const mailed = platform.mails.filter(({ to }) => to === mail).map(({ text }) => text)
  expect(mailed.every((text) => text.includes(libraryPath(signer, mail)))).toBe(true)
  expect(new Set(mailed.filter((text) => text.includes(memberPath(signer, id)))).size).toBe(3)
  expect(leadsTo(await seen(memberPath(signer, id)))).not.toContain(libraryPath(signer, mail))
})
