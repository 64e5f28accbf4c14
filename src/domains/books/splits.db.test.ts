import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import {
  FORM,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../testing/index.ts'
import { createArtist } from '../identity/index.ts'
import { answerSplit } from './answer-split.ts'
import { givenPayee } from './books.fixtures.ts'
import { proposeSplit } from './propose-split.ts'
import { type Seller, sellerOf } from './seller.views.ts'
import { holdingOn, splitsOf } from './split.views.ts'

let platform: TestPlatform
let artistId: string
let owner: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  artistId = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana Marsh' }))).id
  owner = await signedIn(platform, { artistIds: [artistId] })
})
afterAll(() => platform.close())

const ask = (path: string, fields?: Record<string, string>, who: Partial<SignedIn> = owner) =>
  testApp(platform).request(path, {
    headers: { ...(fields ? FORM : {}), ...who.headers },
    ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
  })
const SELLER = {
  legalName: 'Ana Ribeiro',
  lines: '3 rue du Port',
  postcode: '29900',
  city: 'Concarneau',
  country: 'FR',
  registerNumber: '732829320',
  vatRegime: 'small',
  vatNumber: '',
  currency: 'EUR',
  yearBegins: '1',
}
const theSeller = async () => (await sellerOf(platform.db, { artistId })) as Seller

test('an artist says who sells, an editor of theirs cannot, and the books appear in the rail', async () => {
  expect(await (await ask('/studio')).text()).not.toContain('href="/studio/books"')
  const wrong = await ask('/studio/books/seller', { ...SELLER, registerNumber: '732829321' })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('This is no SIREN')
  expect((await ask('/studio/books/seller', SELLER)).status).toBe(303)
  expect(await theSeller()).toMatchObject({ legalName: 'Ana Ribeiro', registerNumber: '732829320', currency: 'EUR' })
  expect(await (await ask('/studio')).text()).toContain('href="/studio/books"')
  const editor = await signedIn(platform, { artistIds: [artistId], role: 'editor' })
  for (const path of ['/studio/books', '/studio/books/seller', '/studio/books/people'])
    expect((await ask(path, undefined, editor)).status).toBe(404)
})

test('the first split holds at once; a change waits until all whom it concerns have agreed by their link', async () => {
  const seller = await theSeller()
  const { db } = platform
  const [ana, noe] = [
    await givenPayee(db, seller.id, { name: 'Ana', email: 'ana@people.example' }),
    await givenPayee(db, seller.id, { name: 'Noé', email: 'noe@people.example', language: 'fr' }),
  ]
  const subject = `release:${newId()}`
  const actor = { accountId: owner.accountId } as Parameters<typeof proposeSplit>[1]
  const propose = (parts: { payeeId: string | null; share: number }[], from = '2026-01-01') =>
    proposeSplit(platform, actor, seller, {
      ...{ subject, title: 'Harbour', parts, recoupsCosts: true, from, note: '', today: '2026-11-25' },
    })
  expect(await propose([{ payeeId: ana, share: 10_000 }])).toMatchObject({ ok: true })
  const holding = async (day: string) => holdingOn(await splitsOf(db, seller.id, subject), day)
  expect((await holding('2026-03-01'))?.parts).toMatchObject([{ name: 'Ana', share: 10_000 }])
  expect(await propose([{ payeeId: ana, share: 10_000 }])).toEqual({ ok: false, error: 'same' })

  const halves = [
    { payeeId: ana, share: 5000 },
    { payeeId: noe, share: 5000 },
  ]
  expect(await propose(halves)).toMatchObject({ ok: true })
  expect(await propose(halves)).toEqual({ ok: false, error: 'asked-already' })
  await workOff(platform, ['books.ask-split'])
  expect(platform.mails.map(({ to }) => to).sort()).toEqual(['ana@people.example', 'noe@people.example'])
  const link = (to: string) => {
    const { text } = platform.mails.findLast((mail) => mail.to === to) ?? { text: '' }
    return /http:\/\/ritornello\.test(\/books\/split\/\S+)/.exec(text)?.[1] ?? ''
  }
  const theirs = link('noe@people.example')
  // Who looks has said nothing yet: scanners follow links.
  expect(await (await ask(theirs, undefined, {})).text()).toContain('J’accepte')
  expect((await ask(theirs.replace(/...\?/, 'xyz?'), undefined, {})).status).toBe(404)
  expect((await ask(theirs, { answer: 'agreed' }, {})).status).toBe(303)
  expect((await holding('2099-01-01'))?.parts).toHaveLength(1)
  expect((await ask(link('ana@people.example'), { answer: 'agreed' }, {})).status).toBe(303)
  expect((await holding('2099-01-01'))?.parts).toHaveLength(2)
  // Agreed today: it does not reach back to the day that was meant.
  expect((await holding('2026-11-24'))?.parts).toHaveLength(1)
  expect(await (await ask(theirs, undefined, {})).text()).toContain('Vous avez accepté')
})

test('one who refuses ends it, and two who answer at once are both heard', async () => {
  const seller = await theSeller()
  const { db } = platform
  const people = await Promise.all(['A', 'B', 'C'].map((name) => givenPayee(db, seller.id, { name })))
  const subject = `track:${newId()}`
  const actor = { accountId: owner.accountId } as Parameters<typeof proposeSplit>[1]
  const parts = (...shares: number[]) => shares.map((share, n) => ({ payeeId: people[n] as string, share }))
  const propose = (shares: { payeeId: string; share: number }[], from: string) =>
    proposeSplit(platform, actor, seller, {
      ...{ subject, title: 'One', parts: shares, recoupsCosts: false, from, note: '', today: '2026-11-25' },
    })
  const answer = (splitId: string, payeeId: string, says: 'agreed' | 'refused') =>
    answerSplit(platform, { splitId, payeeId, answer: says, by: 'seller', words: 'On the phone', today: '2026-11-25' })
  await propose(parts(5000, 3000, 2000), '2026-01-01')
  const refused = await propose(parts(4000, 3000, 3000), '2026-12-01')
  if (!refused.ok) throw new Error(refused.error)
  const [asked] = (await splitsOf(db, seller.id, subject)).filter(({ state }) => state === 'asked')
  expect(asked?.answers.map(({ name }) => name)).toEqual(['A', 'C'])
  expect(await answer(refused.value, people[0] as string, 'refused')).toBe('kept')
  expect(await answer(refused.value, people[2] as string, 'agreed')).toBe('over')

  const changed = await propose(parts(3000, 3000, 4000), '2026-12-01')
  if (!changed.ok) throw new Error(changed.error)
  await Promise.all([0, 2, 0].map((n) => answer(changed.value, people[n] as string, 'agreed')))
  const holding = (day: string) => splitsOf(db, seller.id, subject).then((all) => holdingOn(all, day)?.parts[0]?.share)
  expect([await holding('2026-11-30'), await holding('2026-12-01')]).toEqual([5000, 3000])
})

test('splits are made in the studio: parts that do not make a whole are told', async () => {
  const seller = await theSeller()
  const ana = await givenPayee(platform.db, seller.id, { name: 'Ana M.' })
  const { releaseId } = await givenRelease(platform, {
    artist: 'Ana Marsh',
    prepare: false,
    publish: false,
    tracks: ['One'],
    seconds: 1,
  })
  const path = `/studio/books/splits/release:${releaseId}`
  expect(await (await ask('/studio/books/splits')).text()).toContain('Test Album')
  const wrong = await ask(path, { [`share_${ana}`]: '33.3', share_seller: '33', from: '2026-01-01', recoups: 'on' })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('make 66.3')
  const fields = { [`share_${ana}`]: '33,34', share_seller: '66.66', from: '2026-01-01', recoups: 'on' }
  expect((await ask(path, fields)).status).toBe(303)
  expect(await (await ask(path)).text()).toContain('Ana M. 33.34')
  expect((await ask(`/studio/books/splits/release:${newId()}`)).status).toBe(404)
})
