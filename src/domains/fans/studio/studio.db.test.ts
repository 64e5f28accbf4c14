import { afterAll, beforeAll, expect, test } from 'vitest'
import { csvLine } from '../../../platform/csv.ts'
import { newId } from '../../../platform/ids.ts'
import { FORM, type SignedIn, signedIn, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { confirm, fanByAddress, join, type Proof } from '../index.ts'

let platform: TestPlatform
let ana: string
let artist: SignedIn
let app: ReturnType<typeof testApp>
beforeAll(async () => {
  platform = await testPlatform()
  ana = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))).id
  artist = await signedIn(platform, { artistIds: [ana] })
  app = testApp(platform)
})
afterAll(() => platform.close())

const PROOF: Proof = { wording: 'Write to me, please.', language: 'en', source: 'form' }

async function fan(mail: string, { name = '', to = ana, yes = true } = {}): Promise<string> {
  return platform.db.transaction().execute(async (tx) => {
    const asked = { to: { artistId: to }, channel: 'mail' as const, address: mail, said: { name }, ...PROOF }
    const joined = await join(tx, platform, asked)
    if (!joined.ok) throw new Error(joined.error)
    if (yes) await confirm(tx, platform, { subscriptionId: joined.value.subscriptionId, recognised: false, ...PROOF })
    return joined.value.fanId
  })
}
const see = async (path: string, who = artist) => (await app.request(path, who)).text()
const post = (to: string, fields: Record<string, string> = {}, who = artist) =>
  app.request(to, {
    method: 'POST',
    headers: { ...FORM, ...who.headers },
    body: new URLSearchParams(fields).toString(),
  })

test('the list shows who they are, and finds them by name, address, channel and state', async () => {
  expect(await see('/studio/fans')).toContain('Nobody yet')
  await fan('lea@fans.example', { name: 'Léa' })
  await fan('max@fans.example', { yes: false })
  const all = await see('/studio/fans')
  expect(all).toContain('lea@fans.example')
  expect(all).toContain('2 people in all, one is written to.')
  const found = await see('/studio/fans?search=l%C3%A9')
  expect([found.includes('lea@'), found.includes('max@')]).toEqual([true, false])
  const asked = await see('/studio/fans?state=asked&channel=mail')
  expect([asked.includes('lea@'), asked.includes('max@')]).toEqual([false, true])
  expect(await see('/studio/fans?search=%25')).toContain('Nobody of that description')
  expect(await see('/studio')).toContain('href="/studio/fans"')
})

test('a long list is turned page by page', async () => {
  const to = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Many' }))).id
  const owner = await signedIn(platform, { artistIds: [to] })
  for (let i = 0; i < 103; i++) await fan(`many${i}@fans.example`, { to, yes: false })
  const first = await see('/studio/fans', owner)
  const next = /href="(\/studio\/fans\?search[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = await see(next, owner)
  const seen = [first, second].map((html) => html.match(/many\d+@fans/g)?.length)
  expect(seen).toEqual([100, 3])
})

test('a fan’s page says what they agreed to, in the words that they saw, and what they did', async () => {
  const id = await fan('zoe@fans.example', { name: 'Zoé' })
  const page = await see(`/studio/fans/${id}`)
  expect(page).toContain('Write to me, please.')
  expect(page).toContain('said yes, Mail')
  expect(page).toContain('signed up')
  expect(page).toContain('Did not agree to be recognised')
})

test('two become one, one becomes two, and one is erased', async () => {
  const [a, b] = [await fan('a@fans.example'), await fan('b@fans.example')]
  expect((await post(`/studio/fans/${a}/merge`, { address: 'nobody@fans.example' })).status).toBe(422)
  expect((await post(`/studio/fans/${a}/merge`, { address: 'B@fans.example' })).status).toBe(303)
  const both = await see(`/studio/fans/${a}`)
  expect([both.includes('a@fans'), both.includes('b@fans')]).toEqual([true, true])
  expect((await app.request(`/studio/fans/${b}`, artist)).status).toBe(404)
  const address = (await fanByAddress(platform.db, 'mail', 'b@fans.example'))?.addressId ?? ''
  await post(`/studio/fans/${a}/split`, { address })
  expect((await fanByAddress(platform.db, 'mail', 'b@fans.example'))?.fanId).not.toBe(a)
  expect((await post(`/studio/fans/${a}/erase`)).status).toBe(303)
  expect(await fanByAddress(platform.db, 'mail', 'a@fans.example')).toBeNull()
})

test('nobody sees, merges or erases the fans of another artist', async () => {
  const to = (await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ben' }))).id
  const theirs = await fan('theirs@fans.example', { to })
  const mine = await fan('mine@fans.example')
  expect((await app.request(`/studio/fans/${theirs}`, artist)).status).toBe(404)
  expect((await post(`/studio/fans/${theirs}/erase`)).status).toBe(404)
  expect((await post(`/studio/fans/${mine}/merge`, { address: 'theirs@fans.example' })).status).toBe(422)
  expect((await app.request(`/studio/fans/${newId()}`, artist)).status).toBe(404)
  const editor = await signedIn(platform, { artistIds: [ana], role: 'editor' })
  for (const path of ['/studio/fans', '/studio/fans/export.csv', `/studio/fans/${mine}`])
    expect((await app.request(path, editor)).status).toBe(404)
})

test('the list is taken away as CSV, and nothing in it runs in a spreadsheet', async () => {
  await fan('evil@fans.example', { name: '=HYPERLINK("x"),"y"' })
  const answer = await app.request('/studio/fans/export.csv', artist)
  expect(answer.headers.get('content-type')).toContain('text/csv')
  const csv = await answer.text()
  expect(csv).toContain(`"'=HYPERLINK(""x""),""y""",evil@fans.example,mail,active,each,en,,`)
  expect(csv).not.toContain('theirs@fans.example')
  expect(csvLine(['+33612345678', '+1+cmd', '-2', 'a,b', "it's"])).toBe('+33612345678,\'+1+cmd,-2,"a,b",it\'s\r\n')
})
