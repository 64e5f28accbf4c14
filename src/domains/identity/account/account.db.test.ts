import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { emptied, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../artists.store.ts'
import { audit } from '../audit.ts'
import { browser, linkInMail, owner, person, runJobs } from '../identity.fixtures.ts'
import { openSession } from '../sessions.store.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(async () => {
  await emptied(platform, 'accounts, sign_in_links, artists, labels, slugs, rate_limits, audit_log')
  platform.mails.length = 0
})

test('name and language are changed, and what is wrong is said beside the field with what was typed', async () => {
  const lea = await person(platform, 'Léa')
  const wrong = await lea.post('/studio/account', { name: 'x'.repeat(130), language: 'fr' })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain('x'.repeat(130))
  await lea.post('/studio/account', { name: 'Léa M.', language: 'fr' })
  const page = await (await lea.get('/studio/account')).text()
  expect(page).toContain('Votre compte')
  expect(page).toContain('Léa M.')
})

test('the mail address changes when the new one has proven itself, and the old one is told', async () => {
  const lea = await person(platform, 'Lea')
  await lea.post('/studio/account/mail', { email: 'new@example.org' })
  await runJobs(platform)
  expect(platform.mails.map((mail) => mail.to)).toEqual(['new@example.org', lea.email])
  const link = /http:\/\/ritornello\.test(\/\S+)/.exec(platform.mails[0]?.text ?? '')?.[1] ?? ''
  await browser(platform).get(link)
  const mailNow = async () =>
    (await platform.db.selectFrom('accounts').select('email').where('id', '=', lea.accountId).executeTakeFirstOrThrow())
      .email
  expect(await mailNow()).toBe(lea.email)
  await browser(platform).post(link)
  expect(await mailNow()).toBe('new@example.org')
  expect((await lea.get('/studio/account')).status).toBe(200)
})

test('nobody takes an address that is somebody else’s', async () => {
  const lea = await person(platform, 'Lea')
  await person(platform, 'Noe')
  await lea.post('/studio/account/mail', { email: 'NOE@example.org' })
  await runJobs(platform)
  const link = /http:\/\/ritornello\.test(\/\S+)/.exec(platform.mails[0]?.text ?? '')?.[1] ?? ''
  const answer = await browser(platform).post(link)
  expect(answer.status).toBe(409)
})

test('sessions are listed and ended, one or all the others, and nobody ends another’s', async () => {
  const lea = await person(platform, 'Léa')
  const phone = browser(platform)
  phone.cookies.set('session', await openSession(platform.db, lea.accountId, 'Safari, iPhone', platform.now()))
  const tablet = browser(platform)
  tablet.cookies.set('session', await openSession(platform.db, lea.accountId, 'Firefox, Android', platform.now()))
  expect(await (await lea.get('/studio/account')).text()).toContain('Safari, iPhone')
  const { id } = await platform.db
    .selectFrom('sessions')
    .select('id')
    .where('device', '=', 'Safari, iPhone')
    .executeTakeFirstOrThrow()
  const stranger = await person(platform, 'Stranger')
  await stranger.post(`/studio/account/sessions/${id}/end`)
  expect((await phone.get('/studio/account')).status).toBe(200)
  await lea.post(`/studio/account/sessions/${id}/end`)
  expect((await phone.get('/studio/account')).status).toBe(302)
  await lea.post('/studio/account/sessions/end-others')
  expect((await tablet.get('/studio/account')).status).toBe(302)
  expect((await lea.get('/studio/account')).status).toBe(200)
  expect((await stranger.get('/studio/account')).status).toBe(200)
})

test('an account is deleted with its name, once somebody else answers for what it answered for', async () => {
  const lea = await person(platform, 'Léa Unique')
  const noe = await person(platform, 'Noé')
  const moss = await platform.db
    .transaction()
    .execute((tx) => createArtist(tx, { name: 'Moss', ownerId: lea.accountId }))
  expect(await (await lea.get('/studio/account/delete')).text()).toContain('Moss')
  expect((await lea.post('/studio/account/delete', { email: lea.email })).status).toBe(409)
  await lea.post(`/studio/artists/${moss.id}/people/invite`, { email: 'third@example.org', role: 'artist' })
  await runJobs(platform)
  await noe.post(linkInMail(platform), { as: 'me' })
  await audit(platform.db, {
    accountId: noe.accountId,
    action: 'people.role',
    artistId: moss.id,
    subject: 'Léa Unique',
    details: { accountId: lea.accountId },
  })
  const host = await owner(platform)
  for (const change of ['host', 'unhost'])
    expect((await host.post(`/studio/accounts/${lea.accountId}/${change}`)).status).toBe(303)
  expect((await lea.post('/studio/account/delete', { email: 'wrong@example.org' })).status).toBe(422)
  expect((await lea.post('/studio/account/delete', { email: lea.email })).status).toBe(200)
  expect((await lea.get('/studio/account')).status).toBe(302)
  const { rows } = await platform.pool.query(`select coalesce(subject, '') || details::text as said from audit_log`)
  expect(rows.map((row) => row.said).join()).not.toContain('Unique')
})

test('the only owner of the place stays until there is another', async () => {
  const host = await owner(platform)
  expect(await (await host.get('/studio/account/delete')).text()).toContain('You are the only owner')
  expect((await host.post('/studio/account/delete', { email: 'host@example.org' })).status).toBe(409)
})

test('the address of another’s passkey opens nothing', async () => {
  const lea = await person(platform, 'Léa')
  const noe = await person(platform, 'Noé')
  await platform.db
    .insertInto('passkeys')
    .values({
      id: 'key',
      accountId: lea.accountId,
      publicKey: Buffer.from('x'),
      counter: 0,
      name: 'Phone',
      lastUsedAt: null,
    })
    .execute()
  await noe.post('/studio/account/passkeys/key/remove')
  await noe.post('/studio/account/passkeys/key', { name: 'Stolen' })
  const names = () => platform.db.selectFrom('passkeys').select('name').execute()
  expect(await names()).toEqual([{ name: 'Phone' }])
  await lea.post('/studio/account/passkeys/key', { name: 'Pocket' })
  expect(await names()).toEqual([{ name: 'Pocket' }])
  await lea.post('/studio/account/passkeys/key/remove')
  expect(await names()).toEqual([])
})
