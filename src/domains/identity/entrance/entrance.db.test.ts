import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emptied, FORM, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { browser, count, linkInMail, OWNER, owner, person, runJobs } from '../identity.fixtures.ts'
import { issueLink, recoveryLink, setUpLink } from '../links.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(async () => {
  await emptied(platform, 'accounts, sign_in_links, artists, labels, slugs, rate_limits')
  platform.mails.length = 0
})

const pathOf = (link: string | null) => new URL(link ?? '').pathname
const MINUTE = 60_000

describe('the set-up link', () => {
  test('shows a form however often it is opened, and makes an owner once', async () => {
    const link = pathOf(await setUpLink(platform))
    for (let scan = 0; scan < 3; scan++) expect((await browser(platform).get(link)).status).toBe(200)
    expect(await count(platform, 'accounts')).toBe(0)

    const who = browser(platform)
    const answer = await who.post(link, OWNER)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/studio/welcome')
    expect(await (await who.get('/studio/welcome')).text()).toContain('passkey')

    expect((await browser(platform).get(link)).status).toBe(410)
    expect((await browser(platform).post(link, { ...OWNER, email: 'thief@example.org' })).status).toBe(410)
    expect(await count(platform, 'accounts')).toBe(1)
    expect(await setUpLink(platform)).toBeNull()
  })

  test('tried by two at once, it has one winner', async () => {
    const link = pathOf(await setUpLink(platform))
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) => browser(platform).post(link, { ...OWNER, email: `${name}@example.org` })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 410, 410])
    expect(await count(platform, 'accounts')).toBe(1)
    expect(await count(platform, 'sessions')).toBe(1)
  })

  test('says what is missing beside the field, keeps what was typed, and is still good', async () => {
    const link = pathOf(await setUpLink(platform))
    const answer = await browser(platform).post(link, { name: '', email: 'not a mail', language: 'fr' })
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain('aria-invalid="true"')
    expect(html).toContain('value="not a mail"')
    expect(html).toContain('autofocus')
    expect((await browser(platform).post(link, OWNER)).status).toBe(303)
  })

  test('a newer one makes the earlier void', async () => {
    const first = pathOf(await setUpLink(platform))
    const second = pathOf(await setUpLink(platform))
    expect((await browser(platform).get(first)).status).toBe(410)
    expect((await browser(platform).get(second)).status).toBe(200)
  })

  test('the owner takes up what commands imported before there was anybody', async () => {
    const { createArtist } = await import('../artists.store.ts')
    await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Early' }))
    const who = await owner(platform)
    const { artistId } = await platform.db.selectFrom('memberships').select('artistId').executeTakeFirstOrThrow()
    expect(artistId).not.toBeNull()
    expect(who.cookies.size).toBe(1)
  })
})

describe('signing in by mail', () => {
  test('answers the same whether the address is known or not, and mails only the known', async () => {
    await person(platform, 'Known One')
    const ask = async (email: string) => {
      const answer = await browser(platform).post('/studio/sign-in', { email })
      return { status: answer.status, html: (await answer.text()).replaceAll(email, 'X') }
    }
    expect(await ask('known.one@example.org')).toEqual(await ask('nobody@example.org'))
    expect(await runJobs(platform)).toHaveLength(2)
    expect(platform.mails.map((mail) => mail.to)).toEqual(['known.one@example.org'])
  })

  test('the link signs in on POST, once, and leads where one was going', async () => {
    await person(platform, 'Known One')
    const who = browser(platform)
    await who.post('/studio/sign-in', { email: 'KNOWN.one@example.org', next: '/studio/music' })
    await runJobs(platform)
    const link = linkInMail(platform)
    const before = await count(platform, 'sessions')
    for (let scan = 0; scan < 3; scan++) expect((await browser(platform).get(link)).status).toBe(200)
    expect(await count(platform, 'sessions')).toBe(before)
    expect(who.cookies.size).toBe(0)

    const answer = await who.post(link)
    expect(answer.headers.get('location')).toBe('/studio/music')
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/)
    expect((await who.get('/studio/welcome')).status).toBe(200)

    const second = browser(platform)
    expect((await second.post(link)).status).toBe(410)
    expect(second.cookies.size).toBe(0)
  })

  test('two that press at once: one comes in', async () => {
    await person(platform, 'Known One')
    await browser(platform).post('/studio/sign-in', { email: 'known.one@example.org' })
    await runJobs(platform)
    const link = linkInMail(platform)
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser(platform).post(link)))
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1)
  })

  test('after half an hour it is no longer good', async () => {
    await person(platform, 'Known One')
    await browser(platform).post('/studio/sign-in', { email: 'known.one@example.org' })
    await runJobs(platform)
    platform.pass(31 * MINUTE)
    const answer = await browser(platform).post(linkInMail(platform))
    expect(answer.status).toBe(410)
    expect(await answer.text()).toContain('Its time is over')
  })

  test('it leads to no other site', async () => {
    await person(platform, 'Known One')
    for (const next of ['https://evil.example/studio', '//evil.example', '/studio\\@evil', '/other', '/studiox']) {
      await platform.pool.query('truncate rate_limits')
      const who = browser(platform)
      await who.post('/studio/sign-in', { email: 'known.one@example.org', next })
      await runJobs(platform)
      expect((await who.post(linkInMail(platform))).headers.get('location')).toBe('/studio')
    }
  })

  test('asking is limited, by mail address and by network', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 7; n++)
      statuses.push((await browser(platform).post('/studio/sign-in', { email: 'victim@example.org' })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    const one = browser(platform)
    const last = []
    for (let n = 0; n < 22; n++) last.push((await one.post('/studio/sign-in', { email: `n${n}@example.org` })).status)
    expect(last.slice(0, 20).every((status) => status === 200)).toBe(true)
    expect(last.slice(20)).toEqual([429, 429])
    platform.pass(16 * MINUTE)
    expect((await one.post('/studio/sign-in', { email: 'victim@example.org' })).status).toBe(200)
  })

  test('a closed account gets no mail, and a link sent before is refused', async () => {
    const { accountId } = await person(platform, 'Known One')
    await browser(platform).post('/studio/sign-in', { email: 'known.one@example.org' })
    await runJobs(platform)
    const link = linkInMail(platform)
    await platform.db.updateTable('accounts').set({ disabledAt: new Date() }).where('id', '=', accountId).execute()
    expect((await browser(platform).post(link)).status).toBe(403)
    await browser(platform).post('/studio/sign-in', { email: 'known.one@example.org' })
    await runJobs(platform)
    expect(platform.mails).toHaveLength(1)
  })
})

describe('sessions', () => {
  test('a token planted beforehand is not the one that gets rights', async () => {
    await person(platform, 'Known One')
    const victim = browser(platform)
    victim.cookies.set('session', 'planted-by-somebody-else')
    await victim.post('/studio/sign-in', { email: 'known.one@example.org' })
    await runJobs(platform)
    await victim.post(linkInMail(platform))
    expect(victim.cookies.get('session')).not.toBe('planted-by-somebody-else')
    const attacker = browser(platform)
    attacker.cookies.set('session', 'planted-by-somebody-else')
    expect((await attacker.get('/studio/welcome')).status).toBe(302)
  })

  test('only the hash of a token is kept', async () => {
    const who = await person(platform, 'Known One')
    const { tokenHash } = await platform.db.selectFrom('sessions').select('tokenHash').executeTakeFirstOrThrow()
    expect(tokenHash).toMatch(/^[0-9a-f]{64}$/)
    expect(tokenHash).not.toContain(who.cookies.get('session'))
  })

  test('they last as long as they are used, and are written at most once an hour', async () => {
    const who = await person(platform, 'Known One')
    const seen = async () =>
      (await platform.db.selectFrom('sessions').select('seenAt').executeTakeFirstOrThrow()).seenAt.getTime()
    const first = await seen()
    platform.pass(30 * MINUTE)
    await who.get('/studio/welcome')
    expect(await seen()).toBe(first)
    for (let day = 0; day < 5; day++) {
      platform.pass(50 * 24 * 60 * MINUTE)
      expect((await who.get('/studio/welcome')).status).toBe(200)
    }
    expect(await seen()).toBeGreaterThan(first)
    platform.pass(61 * 24 * 60 * MINUTE)
    expect((await who.get('/studio/welcome')).status).toBe(302)
  })

  test('signing out ends the session, not only the cookie', async () => {
    const who = await person(platform, 'Known One')
    const token = who.cookies.get('session') ?? ''
    await who.post('/studio/sign-out')
    const copy = browser(platform)
    copy.cookies.set('session', token)
    expect((await copy.get('/studio/welcome')).status).toBe(302)
  })

  test('a form from another site is refused with its cookie', async () => {
    const who = await person(platform, 'Known One')
    const answer = await testApp(platform).request('/studio/sign-out', {
      method: 'POST',
      headers: {
        cookie: `session=${who.cookies.get('session')}`,
        origin: 'https://evil.example',
        'content-type': 'application/x-www-form-urlencoded',
      },
    })
    expect(answer.status).toBe(403)
    expect((await who.get('/studio/welcome')).status).toBe(200)
  })

  test('a form sent after its session ended changes nothing, and says what to do', async () => {
    const answer = await testApp(platform).request('/studio/account', {
      method: 'POST',
      headers: { ...FORM, accept: 'text/html' },
      body: 'name=Late',
    })
    expect(answer.status).toBe(401)
    expect(await answer.text()).toContain('Your session is over')
  })

  test('what stands in the studio is kept by no cache', async () => {
    const who = await person(platform, 'Known One')
    expect((await who.get('/studio/welcome')).headers.get('cache-control')).toBe('private, no-store')
  })
})

test('over https the cookie is bound to the host', async () => {
  const secure = await testPlatform({ BASE_URL: 'https://music.example' })
  const answer = await testApp(secure).request(pathOf(await setUpLink(secure)), {
    method: 'POST',
    headers: { origin: 'https://music.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(OWNER),
  })
  expect(answer.headers.get('set-cookie')).toMatch(/^__Host-session=.*Path=\/.*Secure/)
  await secure.close()
})

test('an owner who lost everything comes back, and earlier sessions end', async () => {
  const before = await owner(platform)
  await platform.db.updateTable('accounts').set({ isHost: false, disabledAt: new Date() }).execute()
  const others = ['recovery', 'sign-in', 'mail-change'] as const
  const account = await platform.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow()
  const left: string[] = []
  for (const purpose of others) {
    const owned =
      purpose === 'mail-change' ? { email: 'thief@example.org', accountId: account.id } : { email: 'HOST@example.org' }
    left.push(pathOf(await issueLink(platform.db, platform, { purpose, ...owned })))
  }
  const elsewhere = pathOf(await issueLink(platform.db, platform, { purpose: 'sign-in', email: 'other@example.org' }))
  await platform.db
    .insertInto('passkeys')
    .values({
      id: 'key',
      accountId: account.id,
      publicKey: Buffer.from('k'),
      counter: 0,
      transports: [],
      name: 'A thief’s',
      createdAt: platform.now(),
      lastUsedAt: null,
    })
    .execute()
  const link = pathOf(await recoveryLink(platform, OWNER.email))
  const who = browser(platform)
  expect((await who.get(link)).status).toBe(200)
  const entered = await who.post(link)
  const landed = await (await who.get(entered.headers.get('location') ?? '')).text()
  expect(landed).toContain('Check the passkeys below')
  expect(landed).toContain('/studio/account/passkeys/key/remove')
  for (const path of left) expect((await browser(platform).post(path)).status).toBe(410)
  expect((await browser(platform).get(elsewhere)).status).toBe(200)
  expect((await before.get('/studio/welcome')).status).toBe(302)
  const again = await platform.db.selectFrom('accounts').selectAll().executeTakeFirstOrThrow()
  expect(again).toMatchObject({ isHost: true, disabledAt: null, name: OWNER.name })
  await expect(recoveryLink(platform, 'nonsense')).rejects.toThrow('is not a mail address')
})
