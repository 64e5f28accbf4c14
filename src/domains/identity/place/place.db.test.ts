import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import { emptied, FORM, type TestPlatform, testApp, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../artists.store.ts'
import { browser, owner, person, runJobs } from '../identity.fixtures.ts'
import { DEFAULT_SETTINGS } from '../site-settings.ts'
import { legalBlocks, readBlocks } from './legal-text.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(async () => {
  await emptied(
    platform,
    'accounts, sign_in_links, artists, labels, slugs, rate_limits, audit_log, site_settings, abuse_reports',
  )
  await platform.pool.query('delete from graphile_worker._private_jobs')
})

describe('what the place says of itself', () => {
  test('the templates are filled in from the settings, in both languages', async () => {
    const host = await owner(platform)
    expect(await (await browser(platform).get('/legal')).text()).toContain('the host has not said it yet')
    await host.post('/studio/settings', {
      name: 'Moss House',
      hostName: 'Léa Moss',
      hostAddress: '1 rue Haute\n69001 Lyon',
      hostContact: 'lea@example.org',
    })
    const legal = await (await browser(platform).get('/legal?lang=fr')).text()
    expect(legal).toContain('Mentions légales')
    expect(legal).toContain('Moss House est publié par Léa Moss, 1 rue Haute, 69001 Lyon.')
    expect(legal).not.toContain('pas encore indiqué')
    const privacy = await (await browser(platform).get('/privacy')).text()
    expect(privacy).toContain('lea@example.org')
    expect(privacy).toContain('hreflang="fr"')
  })

  test('the host’s own text replaces the template, and is text', async () => {
    const host = await owner(platform)
    await host.post('/studio/settings', { legalEn: '# Us\nWe are <b>us</b>.\n\nSee https://example.org/a.' })
    const legal = await (await browser(platform).get('/legal')).text()
    expect(legal).toContain('<h2>Us</h2>')
    expect(legal).toContain('We are &lt;b&gt;us&lt;/b&gt;.')
    expect(legal).toContain('<a href="https://example.org/a">https://example.org/a</a>.')
  })

  test('headings and paragraphs are told apart', () => {
    expect(readBlocks('# A\nb\nc\n\nd\n# E')).toEqual([
      { kind: 'heading', text: 'A' },
      { kind: 'paragraph', text: 'b\nc' },
      { kind: 'paragraph', text: 'd' },
      { kind: 'heading', text: 'E' },
    ])
    for (const lang of ['en', 'fr'] as const)
      for (const kind of ['legal', 'privacy'] as const)
        expect(
          legalBlocks(kind, DEFAULT_SETTINGS, lang, { baseUrl: 'https://a.example', keepReceivedDays: 90 }).length,
        ).toBeGreaterThan(6)
  })
})

describe('reports of abuse', () => {
  const REPORT = { url: '/moss', reason: 'rights', message: 'That is my song.', contact: 'me@example.org' }

  test('reach the host, who settles them and may open them again', async () => {
    const host = await owner(platform)
    const visitor = browser(platform)
    expect(await (await visitor.get('/report?url=/moss')).text()).toContain('http://ritornello.test/moss')
    expect((await visitor.post('/report', REPORT)).status).toBe(200)
    expect(await (await host.get('/studio/reports')).text()).toContain('That is my song.')
    const { id } = await platform.db.selectFrom('abuseReports').select('id').executeTakeFirstOrThrow()
    expect((await host.post(`/studio/reports/${id}/settle`)).status).toBe(303)
    expect((await host.post(`/studio/reports/${id}/settle`)).status).toBe(404)
    expect((await host.post(`/studio/reports/${id}/reopen`)).status).toBe(303)
    const stranger = await person(platform, 'Stranger')
    expect((await stranger.get('/studio/reports')).status).toBe(404)
    expect((await stranger.post(`/studio/reports/${id}/settle`)).status).toBe(404)
  })

  test('are about a page of this place, and say something', async () => {
    const answer = await browser(platform).post('/report', {
      url: 'https://elsewhere.example/',
      reason: 'nonsense',
      message: '',
      contact: 'not a mail',
    })
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(3)
    expect(html).toContain('Choose what is wrong.')
    expect(html).toContain('value="https://elsewhere.example/"')
    expect(await platform.db.selectFrom('abuseReports').selectAll().execute()).toEqual([])
  })

  test('hold an address that can be opened, and nothing that would run', async () => {
    const url = 'javascript://ritornello.test/%0aalert(1)'
    const answer = await testApp(platform).request('/report', {
      method: 'POST',
      headers: { ...FORM, host: 'ritornello.test' },
      body: new URLSearchParams({ ...REPORT, url }),
    })
    expect(answer.status).toBe(422)
    expect(await platform.db.selectFrom('abuseReports').selectAll().execute()).toEqual([])
  })

  test('come a few at a time from one network', async () => {
    const flood = browser(platform)
    const statuses = []
    for (let n = 0; n < 7; n++) statuses.push((await flood.post('/report', REPORT)).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect((await browser(platform).post('/report', REPORT)).status).toBe(200)
  })

  test('are erased a year after they were settled, as the privacy page says', async () => {
    const host = await owner(platform)
    await browser(platform).post('/report', REPORT)
    const { id } = await platform.db.selectFrom('abuseReports').select('id').executeTakeFirstOrThrow()
    await host.post(`/studio/reports/${id}/settle`)
    platform.pass(364 * 86_400_000)
    await addJob(platform.db, 'identity.tidy', {})
    await runJobs(platform)
    expect(await platform.db.selectFrom('abuseReports').selectAll().execute()).toHaveLength(1)
    platform.pass(2 * 86_400_000)
    await addJob(platform.db, 'identity.tidy', {})
    await runJobs(platform)
    expect(await platform.db.selectFrom('abuseReports').selectAll().execute()).toEqual([])
  })
})

describe('failed jobs', () => {
  const failedJob = async () => {
    await addJob(platform.db, 'identity.mail-sign-in', { email: 'x@example.org', next: null })
    const { rows } = await sql<{ id: string }>`
      update graphile_worker._private_jobs set attempts = max_attempts, last_error = ${'No answer from smtp.example\n at x'}
      returning id::text as id`.execute(platform.db)
    return rows[0]?.id ?? ''
  }
  const jobs = async () =>
    (await sql<{ attempts: number }>`select attempts from graphile_worker._private_jobs`.execute(platform.db)).rows

  test('are shown with their reason, tried again or given up', async () => {
    const host = await owner(platform)
    const id = await failedJob()
    const html = await (await host.get('/studio/jobs')).text()
    expect(html).toContain('No answer from smtp.example')
    expect((await host.post(`/studio/jobs/${id}/retry`)).headers.get('location')).toContain('done=retried')
    expect(await jobs()).toEqual([{ attempts: 0 }])
    expect((await host.post(`/studio/jobs/${id}/give-up`)).headers.get('location')).toContain('done=gone')
    expect(await jobs()).toHaveLength(1)
    await sql`update graphile_worker._private_jobs set attempts = max_attempts`.execute(platform.db)
    expect((await host.post('/studio/jobs/retry-all')).headers.get('location')).toContain('n=1')
    await sql`update graphile_worker._private_jobs set attempts = max_attempts`.execute(platform.db)
    expect((await host.post(`/studio/jobs/${id}/give-up`)).headers.get('location')).toContain('done=given_up')
    expect(await jobs()).toEqual([])
  })

  test('are the host’s alone', async () => {
    const id = await failedJob()
    const lea = await person(platform, 'Léa')
    expect((await lea.get('/studio/jobs')).status).toBe(404)
    expect((await lea.post(`/studio/jobs/${id}/retry`)).status).toBe(404)
    expect((await browser(platform).post(`/studio/jobs/${id}/retry`)).status).toBe(401)
  })
})

describe('accounts', () => {
  test('closed, they lose everything at once; open again, they may sign in', async () => {
    const host = await owner(platform)
    const lea = await person(platform, 'Léa')
    expect((await host.post(`/studio/accounts/${lea.accountId}/close`)).status).toBe(303)
    expect((await lea.get('/studio/account')).status).toBe(302)
    expect((await lea.post('/studio/account', { name: 'Still me', language: 'en' })).status).toBe(401)
    await host.post(`/studio/accounts/${lea.accountId}/open`)
    expect((await lea.get('/studio/account')).status).toBe(302)
    expect(await (await host.get('/studio/history')).text()).toContain('Closed an account: Léa')
  })

  test('what they changed is told by the clocks of whom it was changed for, its days among them', async () => {
    const lea = await person(platform, 'Léa')
    const make = (name: string, timeZone: string) =>
      platform.db.transaction().execute((tx) => createArtist(tx, { name, timeZone, ownerId: lea.accountId }))
    const [tokyo, lima] = [await make('Moss', 'Asia/Tokyo'), await make('Fern', 'America/Lima')]
    for (const at of ['2026-04-30T14:59:00Z', '2026-04-30T15:01:00Z', '2026-05-01T05:30:00Z'])
      for (const { id } of [tokyo, lima])
        await platform.db
          .insertInto('auditLog')
          .values({ id: newId(), accountId: lea.accountId, action: 'artist.edit', artistId: id, at: new Date(at) })
          .execute()
    const told = async (id: string) => {
      const page = await (await lea.get(`/studio/artists/${id}/history?lang=fr`)).text()
      return [...page.matchAll(/<h2>([^<]+)|<time [^>]*>\s*([^<]+?)\s*</g)].map(([, day, hour]) => day ?? hour)
    }
    expect(await told(tokyo.id)).toEqual(['1er mai 2026', '14:30', '00:01', '30 avril 2026', '23:59'])
    expect(await told(lima.id)).toEqual(['1er mai 2026', '00:30', '30 avril 2026', '10:01', '09:59'])
    expect(await (await lea.get(`/studio/artists/${lima.id}/history`)).text()).toContain(
      'Hours are those of America/Lima.',
    )
  })

  test('the place never loses its last owner', async () => {
    const host = await owner(platform)
    const lea = await person(platform, 'Léa')
    const { id } = await platform.db
      .selectFrom('accounts')
      .select('id')
      .where('isHost', '=', true)
      .executeTakeFirstOrThrow()
    expect((await host.post(`/studio/accounts/${id}/unhost`)).status).toBe(422)
    expect((await host.post(`/studio/accounts/${id}/close`)).status).toBe(422)
    await host.post(`/studio/accounts/${lea.accountId}/host`)
    const answers = await Promise.all([
      host.post(`/studio/accounts/${lea.accountId}/close`),
      lea.post(`/studio/accounts/${id}/close`),
    ])
    expect(answers.filter((answer) => answer.headers.get('location')?.includes('closed'))).toHaveLength(1)
    const hosts = await platform.db.selectFrom('accounts').select('id').where('isHost', '=', true).execute()
    expect(hosts).toHaveLength(1)
  })
})
