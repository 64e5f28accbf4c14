import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../testing/index.ts'
import { createLabel } from '../identity/index.ts'
import { confirm, fanByAddress, joinByKeyword } from './index.ts'

let platform: TestPlatform
let given: GivenRelease
let label: string
let manager: SignedIn
let artist: SignedIn
let app: ReturnType<typeof testApp>
beforeAll(async () => {
  platform = await testPlatform()
  given = await givenRelease(platform, { artist: 'Ana', title: 'Tide', tracks: ['One'] })
  label = (await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'Fern', ownerId: null }))).id
  manager = await signedIn(platform, { labelIds: [label] })
  artist = await signedIn(platform, { artistIds: [given.artistId] })
  app = testApp(platform)
})
afterAll(() => platform.close())

const post = (to: string, fields: Record<string, string>, who?: SignedIn) =>
  app.request(to, {
    method: 'POST',
    headers: { ...FORM, ...who?.headers },
    body: new URLSearchParams(fields).toString(),
  })
const see = async (path: string, who?: SignedIn) => (await app.request(path, who)).text()
const lend = () =>
  post(`/studio/artists/${given.artistId}/people/mandates`, { labelId: label, permissions: 'announce.send' }, artist)
const subscription = async (mail: string) => {
  const fan = await fanByAddress(platform.db, 'mail', mail)
  return platform.db
    .selectFrom('subscriptions')
    .selectAll()
    .where('addressId', '=', fan?.addressId ?? '')
    .executeTakeFirstOrThrow()
}

test('a label’s page is joined, and its fans are its own', async () => {
  expect(await see('/fern')).toContain('action="/follow/fern?lang=en"')
  expect((await post('/follow/fern', { mail: 'lea@fans.example', name: 'Léa' })).status).toBe(200)
  const asked = await subscription('lea@fans.example')
  expect(asked).toMatchObject({ labelId: label, artistId: null, state: 'asked' })
  await platform.db.transaction().execute((tx) =>
    confirm(tx, platform, {
      subscriptionId: asked.id,
      recognised: false,
      wording: 'Yes.',
      language: 'en',
      source: 'link',
    }),
  )
  const list = await see('/studio/fans?desk=fern', manager)
  expect(list).toContain('lea@fans.example')
  const sheet = await see(`/studio/fans/${asked.fanId}?desk=fern`, manager)
  expect(sheet).toContain('signed up')
  expect(await see('/studio/fans/export.csv?desk=fern', manager)).toContain('Léa,lea@fans.example,mail,active')
  // The artist of the roster learns nothing of them, mandate or not.
  await lend()
  expect(await see('/studio/fans', artist)).not.toContain('lea@')
  expect((await app.request(`/studio/fans/${asked.fanId}`, artist)).status).toBe(404)
})

test('a label has a keyword, and takes nobody’s', async () => {
  expect((await post('/studio/fans/doors/keyword', { keyword: 'tide' }, artist)).status).toBe(303)
  expect((await post('/studio/fans/doors/keyword?desk=fern', { keyword: 'tide' }, manager)).status).toBe(422)
  expect((await post('/studio/fans/doors/keyword?desk=fern', { keyword: 'fern' }, manager)).status).toBe(303)
  const joined = await platform.db
    .transaction()
    .execute((tx) => joinByKeyword(tx, platform, { from: '+33612345678', text: 'Fern', ref: '1' }))
  expect(joined).toMatchObject({ ok: true, value: { to: { labelId: label }, name: 'Fern' } })
  expect(await see('/studio/fans/doors', artist)).toContain('value="TIDE"')
})

test('a label’s poster gives an artist’s music only while that artist lets it', async () => {
  const subject = `release:${given.releaseId}`
  const made = async () => {
    await post('/studio/fans/doors?desk=fern', { occasion: 'Fair', gives: subject }, manager)
    return platform.db
      .selectFrom('doors')
      .selectAll()
      .where('labelId', '=', label)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
  }
  await lend()
  const door = await made()
  expect(door.gives).toBe(subject)
  expect(await see(`/q/${door.code}`)).toContain('Tide is yours at once.')
  const thanks = await (await post(`/q/${door.code}`, { to: 'max@fans.example', yes: 'on' })).text()
  expect(thanks).toContain(`/take/release/${given.releaseId}`)
  expect((await subscription('max@fans.example')).labelId).toBe(label)
  const mandate = await platform.db
    .selectFrom('mandates')
    .select('id')
    .where('revokedAt', 'is', null)
    .executeTakeFirstOrThrow()
  await post(`/studio/artists/${given.artistId}/people/mandates/${mandate.id}/revoke`, {}, artist)
  expect(await see(`/q/${door.code}`)).not.toContain('Tide')
  expect((await made()).gives).toBeNull()
  expect(await see('/studio/fans/doors?desk=fern', manager)).not.toContain('Tide')
  for (const [path, who] of [
    [`/studio/fans/doors/${door.id}/poster`, artist],
    ['/studio/fans/lists', await signedIn(platform, { artistIds: [given.artistId], role: 'editor' })],
  ] as const)
    expect((await app.request(path, who)).status).toBe(404)
})

test('a label brings a list of its own', async () => {
  const form = new FormData()
  form.set('file', new File(['mail\nold@fans.example\n'], 'list.csv', { type: 'text/csv' }))
  const { 'content-type': _, ...headers } = { ...FORM, ...manager.headers } as Record<string, string>
  const answer = await app.request('/studio/fans/lists?desk=fern', { method: 'POST', headers, body: form })
  expect(answer.status).toBe(303)
  const path = answer.headers.get('location') ?? ''
  expect((await app.request(path, manager)).status).toBe(200)
  expect((await app.request(path, artist)).status).toBe(404)
  const list = await platform.db.selectFrom('fanLists').select(['artistId', 'labelId']).executeTakeFirstOrThrow()
  expect(list).toEqual({ artistId: null, labelId: label })
})
