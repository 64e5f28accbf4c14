import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  FORM,
  givenSeller,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { placeOrder, recordRefund, settleOrder } from '../index.ts'
import { orderPath } from '../links.ts'
import { anOrder, givenBasket, givenProduct } from '../shop.fixtures.ts'
import { freezeTerms } from './terms.store.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let artistId: string
let owner: SignedIn
let sellerId: string

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  owner = await signedIn(platform, { artistIds: [artistId] })
  sellerId = await givenSeller(platform.db, { artistId })
})
afterAll(() => platform.close())

const seen = async (path: string, who?: SignedIn) =>
  (await (await app.request(path, { headers: { 'accept-language': 'en', ...who?.headers } })).text()).replace(
    /\s+/g,
    ' ',
  )
async function send(path: string, fields: [string, string][], who?: SignedIn) {
  const answer = await app.request(path, {
    method: 'POST',
    headers: { ...FORM, 'accept-language': 'en', ...who?.headers },
    body: new URLSearchParams(fields),
  })
  return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
}
async function bought(lines: { variantId: string }[], waiver: string | null, mail = 'lea@buyers.example') {
  const version = String(await freezeTerms(platform, sellerId, 'en', platform.now()))
  const basketId = await givenBasket(platform.db, sellerId, lines)
  const terms = { version, language: 'en', waiver }
  const placed = await placeOrder(platform, anOrder({ basketId, artistId, mail, mailKey: mail, language: 'en', terms }))
  if (!placed.ok) throw new Error(JSON.stringify(placed.error))
  const { orderId, total: amount, currency } = placed.value
  const paid = { orderId, provider: 'manual', reference: orderId, amount, currency, at: platform.now() }
  await platform.db.transaction().execute((tx) => settleOrder(tx, paid))
  await workOff(platform, ['shop.mail-order'])
  return orderId
}
const product = (said: Partial<Parameters<typeof givenProduct>[1]>) =>
  givenProduct(platform.db, { artistId, sellerId, ...said })
const OWN = '# Ours\n\nWe shake hands.'
const said: [string, string][] = [
  ['contactMail', 'ana@label.example'],
  ['contactPhone', ''],
  ['mediator', 'A mediator,\nParis'],
  ['termsFr', ''],
]

test('the template is filled with what is known of the seller, and says what is missing', async () => {
  const page = await seen(`/terms/${sellerId}`)
  expect(page).toContain('Who sells')
  expect(page).toContain('L221-28')
  expect(page).toContain('Prices are in euros')
  expect(await seen(`/terms/${sellerId}?lang=fr`)).toContain('Les prix sont en euros')
  expect(page).not.toContain('you may then turn, at no cost')
  const studio = await seen('/studio/shop/terms', owner)
  expect(studio).toContain('It is no legal advice')
  expect(studio).toContain('must name a mediator')
  const wrong = await send(
    '/studio/shop/terms',
    [
      ['contactMail', 'ana'],
      ['termsEn', OWN],
    ],
    owner,
  )
  expect(wrong.status).toBe(422)
  expect(wrong.html).toContain('This is no mail address.')
  expect(wrong.html).toContain('We shake hands.')

  expect((await send('/studio/shop/terms', [...said, ['termsEn', '']], owner)).to).toContain('done=saved')
  const named = await seen(`/terms/${sellerId}`)
  expect(named).toContain('ana@label.example')
  expect(named).toContain('A mediator, Paris')
  expect(await seen('/studio/shop/terms', owner)).not.toContain('must name a mediator')
  // Nobody accepted any of it yet.
  expect(await platform.db.selectFrom('termsVersions').selectAll().execute()).toEqual([])
})

test('each order keeps the text that it was placed under, whatever is written afterwards; the receipt holds it whole', async () => {
  const { variantId } = await product({ price: 900 })
  const first = await bought([{ variantId }], 'I would like it at once.')
  const again = await Promise.all([1, 2, 3].map(() => freezeTerms(platform, sellerId, 'en', platform.now())))
  expect(again).toEqual([1, 1, 1])
  await send('/studio/shop/terms', [...said, ['termsEn', OWN]], owner)
  const second = await bought([{ variantId }], 'I would like it at once.')

  const versionOf = async (orderId: string) =>
    (await platform.db.selectFrom('orders').select('terms').where('id', '=', orderId).executeTakeFirstOrThrow()).terms
  expect(await versionOf(first)).toMatchObject({ version: '1', waiver: 'I would like it at once.' })
  expect(await versionOf(second)).toMatchObject({ version: '2' })
  expect(await seen(orderPath(platform.signer, first))).toContain(`/terms/${sellerId}/en-1`)
  const old = await seen(`/terms/${sellerId}/en-1`)
  expect(old).toContain('L221-28')
  expect(old).toContain('This is version 1')
  expect(await seen(`/terms/${sellerId}/en-2`)).toContain('We shake hands.')
  expect((await app.request(`/terms/${sellerId}/en-3`)).status).toBe(404)

  const receipts = platform.mails.filter(({ subject }) => subject.startsWith('Receipt'))
  const [receipt, later] = [receipts[0], receipts.at(-1)]
  expect(receipt?.text).toContain('> I would like it at once.')
  expect(receipt?.text).toContain('# Withdrawal form')
  expect(later?.text).toContain('We shake hands.')
})

test('a buyer withdraws from a record, not from a download that began; it is acknowledged once, and the artist sees it', async () => {
  const record = await product({ title: 'The record', price: 2000, weight: 200 })
  const download = await product({ title: 'The songs', price: 900 })
  const orderId = await bought([record, download], 'I would like it at once.', 'max@buyers.example')
  const path = orderPath(platform.signer, orderId)
  const page = await seen(path)
  expect(page).toContain('Withdraw from this purchase')
  const lines = await platform.db.selectFrom('orderLines').selectAll().where('orderId', '=', orderId).execute()
  const positionOf = (title: string) => String(lines.find((line) => line.title === title)?.position)

  const nothing = await send(`${path}/withdraw`, [['line', positionOf('The songs')]])
  expect(nothing.status).toBe(422)
  expect(nothing.html).toContain('Choose what you take back.')
  const said = await send(`${path}/withdraw`, [['line', positionOf('The record')]])
  await send(`${path}/withdraw`, [['line', positionOf('The record')]])
  expect(await seen(said.to)).toContain('Your withdrawal is written down.')
  await workOff(platform, ['shop.mail-withdrawal'])
  const told = platform.mails.filter(({ subject }) => subject.startsWith('Withdrawal'))
  expect(told.map(({ to }) => to).toSorted()).toEqual(['ana@label.example', 'max@buyers.example'])
  expect(told[0]?.text).toContain('The record')
  expect(await seen('/studio/shop', owner)).toContain('Withdrawn')
  expect(await seen(`/studio/orders/${orderId}`, owner)).toContain('The buyer withdraws')

  // By when it is to be given back is said by the clock by which it was said.
  await platform.db.updateTable('artists').set({ timeZone: 'Pacific/Auckland' }).where('id', '=', artistId).execute()
  const saidAt = new Date('2027-03-01T20:00:00Z')
  await platform.db.updateTable('withdrawals').set({ saidAt }).where('orderId', '=', orderId).execute()
  const there = await seen(`/studio/orders/${orderId}`, owner)
  expect(there).toContain('2 March 2027')
  expect(there).toContain('16 March 2027')

  const back = { orderId, key: 'all', amount: 2900 + 450, reason: '', by: null, at: platform.now(), from: 'manual' }
  await platform.db.transaction().execute((tx) => recordRefund(tx, back))
  expect(await seen(path)).not.toContain('Withdraw from this purchase')
})
