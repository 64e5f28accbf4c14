import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { emptied, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { type Browser, browser, person } from '../identity.fixtures.ts'
import { authenticator } from './authenticator.fixtures.ts'
import { passkeysPossible } from './passkeys.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(() => emptied(platform, 'accounts, rate_limits, passkey_challenges'))

const device = (origin = 'http://ritornello.test') => authenticator('ritornello.test', origin)
type Device = ReturnType<typeof device>
type Offer = { id: string; options: { challenge: string } & Record<string, unknown> }

const offer = async (who: Browser, path: string) => (await (await who.json(path, {})).json()) as Offer

async function register(who: Browser, key: Device, counter = 0) {
  const { id, options } = await offer(who, '/studio/account/passkeys/options')
  return who.json('/studio/account/passkeys', { id, response: key.register(options.challenge, counter) })
}

async function signIn(who: Browser, key: Device, counter = 0, next = '/studio/account') {
  const { id, options } = await offer(who, '/studio/sign-in/passkey/options')
  return who.json('/studio/sign-in/passkey', { id, response: key.answer(options.challenge, counter), next })
}

test('a passkey is added, then opens the studio without a name being typed', async () => {
  const lea = await person(platform, 'Léa')
  const key = device()
  const { options } = await offer(lea, '/studio/account/passkeys/options')
  expect(options).toMatchObject({
    rp: { id: 'ritornello.test' },
    authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
  })
  expect((await register(lea, key)).status).toBe(200)
  const elsewhere = browser(platform)
  const answer = await signIn(elsewhere, key)
  expect(await answer.json()).toEqual({ href: '/studio/account' })
  expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/)
  expect((await elsewhere.get('/studio/account')).status).toBe(200)
  expect(await (await signIn(browser(platform), key, 0, 'https://evil.example')).json()).toEqual({ href: '/studio' })
})

test('a counter that does not rise is a copy, and is refused', async () => {
  const lea = await person(platform, 'Léa')
  const key = device()
  await register(lea, key, 3)
  expect((await signIn(browser(platform), key, 4)).status).toBe(200)
  expect((await signIn(browser(platform), key, 4)).status).toBe(400)
  expect((await signIn(browser(platform), key, 2)).status).toBe(400)
  expect((await signIn(browser(platform), key, 0)).status).toBe(400)
  expect((await signIn(browser(platform), key, 5)).status).toBe(200)
})

test('an answer works once, in time, and for the challenge that was put', async () => {
  const lea = await person(platform, 'Léa')
  const key = device()
  await register(lea, key)
  const who = browser(platform)
  const { id, options } = await offer(who, '/studio/sign-in/passkey/options')
  const answer = { id, response: key.answer(options.challenge) }
  const both = await Promise.all([
    who.json('/studio/sign-in/passkey', answer),
    who.json('/studio/sign-in/passkey', answer),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
  const late = await offer(who, '/studio/sign-in/passkey/options')
  platform.pass(6 * 60_000)
  const answered = { id: late.id, response: key.answer(late.options.challenge) }
  expect((await who.json('/studio/sign-in/passkey', answered)).status).toBe(400)
  const other = await offer(who, '/studio/sign-in/passkey/options')
  const wrong = { id: other.id, response: key.answer(Buffer.from('another challenge').toString('base64url')) }
  expect((await who.json('/studio/sign-in/passkey', wrong)).status).toBe(400)
})

test('one made for another site, an unknown one, or one of a closed account opens nothing', async () => {
  const lea = await person(platform, 'Léa')
  expect((await register(lea, device('https://phishing.example'))).status).toBe(400)
  expect((await signIn(browser(platform), device())).status).toBe(400)
  const key = device()
  await register(lea, key)
  await platform.db.updateTable('accounts').set({ disabledAt: new Date() }).execute()
  expect((await signIn(browser(platform), key)).status).toBe(400)
})

test('a registration that one person began is not another’s to end', async () => {
  const lea = await person(platform, 'Léa')
  const noe = await person(platform, 'Noé')
  const { id, options } = await offer(lea, '/studio/account/passkeys/options')
  const key = device()
  const body = { id, response: key.register(options.challenge) }
  expect((await noe.json('/studio/account/passkeys', body)).status).toBe(400)
  expect((await browser(platform).json('/studio/account/passkeys', body)).status).toBe(401)
  expect((await lea.json('/studio/account/passkeys', body)).status).toBe(200)
  expect((await lea.json('/studio/account/passkeys', { nonsense: true })).status).toBe(400)
})

test('passkeys are offered where browsers allow them', () => {
  const at = (baseUrl: string) => passkeysPossible({ baseUrl })
  expect(['http://localhost:4000', 'https://music.example'].map(at)).toEqual([true, true])
  expect(['http://music.example', 'https://192.0.2.1', 'https://[::1]'].map(at)).toEqual([false, false, false])
})
