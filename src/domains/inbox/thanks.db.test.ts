import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { FORM, type SignedIn, signedIn, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import { recordTouches, shareLink } from '../exchange/index.ts'
import { confirm, eraseFan, join, leave, mergeFans, ownPersonalData, type Proof } from '../fans/index.ts'
import { createArtist } from '../identity/index.ts'
import { inboxPersonalData, thanksDue } from './index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: { id: string; slug: string }
let writer: SignedIn
const PROOF: Proof = { wording: 'Write to me.', language: 'fr', source: 'form' }
const REGISTRY = [ownPersonalData, inboxPersonalData]
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  ana = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))
  writer = await signedIn(platform, { artistIds: [ana.id] })
})
afterAll(() => platform.close())

const subject = () => `artist:${ana.id}` as const
const daysAgo = (n: number) => new Date(platform.now().getTime() - n * 24 * 3_600_000)

async function bringer(name: string, people: number) {
  const made = await platform.db.transaction().execute(async (tx) => {
    const to = { artistId: ana.id }
    const said = { name, language: 'fr' as const }
    const asked = await join(tx, platform, { to, channel: 'mail', address: `${name}@fans.example`, said, ...PROOF })
    if (!asked.ok) throw new Error(asked.error)
    await confirm(tx, platform, { subscriptionId: asked.value.subscriptionId, recognised: false, ...PROOF })
    const { personId } = await tx
      .selectFrom('fans')
      .select('personId')
      .where('id', '=', asked.value.fanId)
      .executeTakeFirstOrThrow()
    return { ...asked.value, personId }
  })
  await shareLink(
    { db: platform.db, now: () => daysAgo(9) },
    { artistId: ana.id, subject: subject(), personId: made.personId },
  )
  for (let n = 0; n < people; n++) await bring(made.personId)
  return made
}

async function bring(by: string): Promise<void> {
  const [personId, at] = [newId(), daysAgo(2)]
  await sql`insert into brought (artist_id, person_id, by_person, at) values (${ana.id}, ${personId}, ${by}, ${at})`.execute(
    platform.db,
  )
  const touch = {
    key: newId(),
    artistId: ana.id,
    subject: subject(),
    givenAs: subject(),
    personId,
    channel: 'start',
    at,
  }
  await recordTouches(platform.db, [{ ...touch, referrer: null, token: null }])
}
const see = async (path: string) => (await app.request(path, writer)).text()
const post = (to: string, fields: Record<string, string> = {}) =>
  app.request(to, {
    method: 'POST',
    headers: { ...FORM, ...writer.headers },
    body: new URLSearchParams(fields).toString(),
  })
const letters = (fanId: string) =>
  platform.db
    .selectFrom('deliveries')
    .select(['address', 'message'])
    .where('fanId', '=', fanId)
    .where('kind', '=', 'answer')
    .execute()
const dueOf = async (fanId: string) => (await thanksDue(platform.db, ana.id)).find((one) => one.fanId === fanId)

test('a fan who brought people is told of in the studio, and thanked in the artist’s own words, once', async () => {
  expect(await see('/studio')).not.toContain('Thank them')
  const lea = await bringer('Lea', 11)
  expect(await see('/studio')).toContain('Lea has brought 10 people.')
  const path = `/studio/inbox/thanks/${lea.fanId}`
  const page = await see(path)
  expect(page).toContain('Lea@fans.example')
  // Nothing is written for them but the subject, in the fan's language.
  expect(page).toMatch(/<textarea[^>]*><\/textarea>/)
  expect(page).toContain('value="Merci"')
  expect(await letters(lea.fanId)).toEqual([])

  const empty = await post(path, { subject: 'Onze', text: ' ' })
  expect(empty.status).toBe(422)
  expect(await empty.text()).toMatch(/Write something first[\s\S]*value="Onze"/)
  const sent = await Promise.all([1, 2].map(() => post(path, { subject: 'Onze', text: 'Onze ! Merci.' })))
  expect(sent.map(({ status }) => status)).toEqual([303, 303])
  expect(await letters(lea.fanId)).toEqual([
    { address: 'Lea@fans.example', message: expect.objectContaining({ text: 'Onze ! Merci.', subject: 'Onze' }) },
  ])
  const conversation = sent.map((answer) => answer.headers.get('location') ?? '').find((to) => to.includes('done=sent'))
  expect(await see(conversation ?? '')).toContain('Onze ! Merci.')
  expect(await see('/studio')).not.toContain('Thank them')
  expect((await post(path, { text: 'Again' })).status).toBe(303)
  expect(await letters(lea.fanId)).toHaveLength(1)
})

test('what was put aside comes back at the next milestone; whoever pauses, left or is no fan is not written to', async () => {
  const max = await bringer('Max', 1)
  expect(await dueOf(max.fanId)).toMatchObject({ people: 1, name: 'Max' })
  await post(`/studio/inbox/thanks/${max.fanId}/aside`)
  expect(await dueOf(max.fanId)).toBeUndefined()
  for (let n = 0; n < 9; n++) await bring(max.personId)
  expect(await dueOf(max.fanId)).toMatchObject({ people: 10 })

  const later = new Date(platform.now().getTime() + 1e9)
  const theirs = platform.db.updateTable('subscriptions').where('id', '=', max.subscriptionId)
  await theirs.set({ pausedUntil: later }).execute()
  expect(await see(`/studio/inbox/thanks/${max.fanId}`)).toContain('They cannot be written to just now')
  expect((await post(`/studio/inbox/thanks/${max.fanId}`, { text: 'Thank you' })).status).toBe(422)
  await theirs.set({ pausedUntil: null }).execute()
  await platform.db
    .transaction()
    .execute((tx) => leave(tx, platform, { subscriptionId: max.subscriptionId, ...PROOF, source: 'link' }))
  expect(await dueOf(max.fanId)).toBeUndefined()
  expect((await post(`/studio/inbox/thanks/${max.fanId}`, { text: 'Thank you' })).status).toBe(303)
  expect(await letters(max.fanId)).toEqual([])

  const bo = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Bo' }))
  const stranger = await signedIn(platform, { artistIds: [bo.id] })
  const answer = await app.request(`/studio/inbox/thanks/${max.fanId}`, stranger)
  expect([303, 403, 404]).toContain(answer.status)
  expect(await answer.text()).not.toContain('Max')
})

test('two who are one are thanked for the sum, not again for what they were thanked for; who is erased is forgotten', async () => {
  const [one, two] = [await bringer('Zoe', 6), await bringer('Zoé', 4)]
  await post(`/studio/inbox/thanks/${one.fanId}`, { text: 'Merci !' })
  await platform.db.transaction().execute((tx) => mergeFans(tx, REGISTRY, { from: one.fanId, into: two.fanId }))
  expect(await dueOf(two.fanId)).toMatchObject({ people: 10 })
  expect(await dueOf(one.fanId)).toBeUndefined()
  await post(`/studio/inbox/thanks/${two.fanId}`, { text: 'Dix !' })
  expect(await dueOf(two.fanId)).toBeUndefined()
  const rows = () =>
    platform.db.selectFrom('thanks').select('people').where('fanId', 'in', [one.fanId, two.fanId]).execute()
  expect((await rows()).map(({ people }) => people).sort()).toEqual([1, 10])
  await platform.db.transaction().execute((tx) => eraseFan(tx, platform, REGISTRY, { fanId: two.fanId, ...PROOF }))
  expect(await rows()).toEqual([])
  expect(await dueOf(two.fanId)).toBeUndefined()
})
