import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tx } from '../../platform/database/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import {
  FORM,
  givenRelease,
  givenSeller,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../testing/index.ts'
import { givenPayee, givenSale, givenSplit } from './books.fixtures.ts'
import { monthEnd } from './days.rules.ts'

let platform: TestPlatform
let sellerId: string
let owner: SignedIn
let subject: string
beforeAll(async () => {
  platform = await testPlatform()
  const release = await givenRelease(platform, { artist: 'Ana Marsh', prepare: false, tracks: ['One'], seconds: 1 })
  subject = `release:${release.releaseId}`
  owner = await signedIn(platform, { artistIds: [release.artistId] })
  sellerId = await givenSeller(platform.db, { artistId: release.artistId })
})
afterAll(() => platform.close())

const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.db.transaction().execute(work)
const ask = (path: string, fields?: Record<string, string>, who: Partial<SignedIn> = owner) =>
  testApp(platform).request(path, {
    headers: { ...(fields ? FORM : {}), ...who.headers },
    ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
  })
const page = async (path: string, who: Partial<SignedIn> = owner) => (await ask(path, undefined, who)).text()

test('from a sale to a statement in French, sent, read by its link, taken away, and paid with its proof', async () => {
  const lea = await givenPayee(platform.db, sellerId, { name: 'Léa', email: 'lea@people.example', language: 'fr' })
  await givenSplit(platform.db, sellerId, { subject, from: '2026-01-01', parts: { [lea]: 2500, seller: 7500 } })
  const on = monthEnd(platform.now().toISOString().slice(0, 10), 1)
  await inTx((tx) => givenSale(tx, sellerId, { key: 'one', on, subject, gross: 10_000, fee: 321, country: 'DE' }))
  const due = await page('/studio/books')
  expect(due).toContain('Léa')
  expect(due).toContain('€24.20')

  const future = await ask('/studio/books/distribute', { through: '2099-01-01' })
  expect(future.status).toBe(422)
  const to = (await ask('/studio/books/distribute', { through: on })).headers.get('location') ?? ''
  expect(await page(to)).toContain('not sent')
  expect((await ask(`${to}/send`, {})).status).toBe(303)
  await workOff(platform, ['books.mail-statement'])
  const mail = platform.mails.find(({ to }) => to === 'lea@people.example')
  expect(mail?.subject).toContain('Votre relevé')
  const link = /http:\/\/ritornello\.test(\/books\/statement\/\S+)/.exec(mail?.text ?? '')?.[1] ?? ''
  const theirs = await page(link, {})
  expect(theirs).toContain('Allemagne')
  expect(theirs).toContain('24,20')
  expect((await ask(link.replace(/...\?/, 'xyz?'), undefined, {})).status).toBe(404)
  const csv = await page(`${link.split('?')[0]}/statement.csv`, {})
  expect(csv).toContain('Allemagne,1,100.00,0.00,3.21')
  const pdf = await ask(`${link.split('?')[0]}/statement.pdf`, undefined, {})
  expect(pdf.headers.get('content-type')).toBe('application/pdf')
  expect(Buffer.from(await pdf.arrayBuffer()).toString('latin1')).toContain('/Lang (fr-FR)')

  const pay = (fields: Record<string, string | File>) => {
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    const { 'content-type': _, ...headers } = FORM
    return testApp(platform).request(`/studio/books/people/${lea}/payout`, {
      method: 'POST',
      headers: { ...headers, ...owner.headers },
      body,
    })
  }
  const more = await pay({ amount: '30', on, from: 'bank', note: '' })
  expect(more.status).toBe(422)
  expect(await more.text()).toContain('€24.20')
  const proof = new File(['Transfer done'], 'transfer.txt', { type: 'text/plain' })
  expect((await pay({ amount: '24.20', on, from: 'bank', note: '', proof })).status).toBe(303)
  const person = await page(`/studio/books/people/${lea}`)
  expect(person).toContain('€0.00')
  const kept = /\/studio\/books\/proofs\/[0-9a-f-]{36}/.exec(person)?.[0] ?? ''
  expect(await page(kept)).toBe('Transfer done')
  // Nobody else's books are seen.
  const stranger = await signedIn(platform)
  for (const path of [kept, to, `/studio/books/people/${lea}`])
    expect((await ask(path, undefined, stranger)).status).toBe(404)
})

test('a month is told in words, and by mail to whoever wished it, once', async () => {
  const told = await page('/studio/books/month')
  expect(told).toContain('One sale; €96.79 is left after taxes, fees and costs.')
  expect(told).toContain('Test Album')
  expect((await ask('/studio/books/month/mail', { wants: 'on' })).status).toBe(303)
  for (let day = 0; day < 2; day++) {
    await addJob(platform.db, 'books.mail-reports', {})
    await workOff(platform, ['books.mail-reports'])
  }
  const mails = platform.mails.filter(({ subject: about }) => about.includes('how the month went'))
  expect(mails).toHaveLength(1)
  expect(mails[0]?.text).toContain('€96.79 is left')
})
