import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addDays, dayIn } from '../../../platform/days.ts'
import { emptied, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { presenceOf } from '../actor.views.ts'
import { createArtist, createLabel } from '../artists.store.ts'
import { labelRoster, lendingTo } from '../artists.views.ts'
import { type Browser, browser, person, runJobs } from '../identity.fixtures.ts'
import { type Action, type Actor, can, MANDATE_PERMISSIONS } from '../rights.rules.ts'
import { zoneOf } from '../zones.ts'
import { endMandates, grantMandate, lastDayOf, revokeMandate } from './mandates.ts'

let platform: TestPlatform
let lea: Browser & { accountId: string }
let max: Browser & { accountId: string; email: string }
let moss: { id: string; slug: string }
let fern: { id: string; slug: string }
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(async () => {
  await emptied(platform, 'accounts, sign_in_links, artists, labels, slugs, rate_limits, audit_log')
  platform.mails.length = 0
  lea = await person(platform, 'Léa')
  max = await person(platform, 'Max')
  moss = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Moss', ownerId: lea.accountId }))
  fern = await platform.db.transaction().execute((tx) => createLabel(tx, { name: 'Fern', ownerId: max.accountId }))
})

const today = () => dayIn(platform.now(), zoneOf({ timeZone: null, language: 'en' }))
const people = () => `/studio/artists/${moss.id}/people`
const give = (more: Record<string, string | string[]> = {}) =>
  lea.post(`${people()}/mandates`, { labelId: fern.id, permissions: 'music.edit', lastDay: '', ...more })
const mandate = () =>
  platform.db.selectFrom('mandates').selectAll().where('revokedAt', 'is', null).executeTakeFirstOrThrow()
const actorBehind = async (who: Browser): Promise<Actor | null> =>
  (await presenceOf(platform.db, who.cookies.get('session') ?? '', platform.now()))?.actor ?? null
/** As if its last day were over. */
const runOut = () =>
  platform.db
    .updateTable('mandates')
    .set({ grantedAt: new Date(Date.now() - 9_000_000), endsAt: new Date(Date.now() - 1000) })
    .where('revokedAt', 'is', null)
    .execute()
const history = async () =>
  (await platform.db.selectFrom('auditLog').select(['action', 'accountId']).orderBy('id').execute()).map((one) => one)

describe('a mandate with an end', () => {
  test('lets the label in through its last day, and the next request after that finds nothing', async () => {
    const lastDay = addDays(today(), 30)
    expect((await give({ lastDay })).status).toBe(303)
    const { endsAt } = await mandate()
    expect(lastDayOf(endsAt as Date, { timeZone: null, language: 'en' })).toBe(lastDay)
    expect(await (await lea.get(people())).text()).toContain('until')
    const music = `/studio/music?desk=${moss.slug}`
    expect(can(await actorBehind(max), 'music.edit', { kind: 'artist', artistId: moss.id })).toBe(true)
    expect((await max.get(music)).status).toBe(200)
    expect(await labelRoster(platform.db, fern.id)).toHaveLength(1)

    await runOut()
    expect(can(await actorBehind(max), 'music.edit', { kind: 'artist', artistId: moss.id })).toBe(false)
    expect(await (await max.get(music)).text()).not.toContain('>Moss<')
    expect((await max.get(`/studio/artists/${moss.id}`)).status).toBe(404)
    expect(await labelRoster(platform.db, fern.id)).toEqual([])
    expect(await lendingTo(platform.db, fern.id, 'music.edit')).toEqual([])
  })

  test('is written down as ended by itself, once, at the moment that was chosen', async () => {
    await give({ lastDay: today() })
    expect(await endMandates(platform)).toBe(0)
    await runOut()
    const { id, endsAt } = await mandate()
    await runJobs(platform)
    expect(await endMandates(platform)).toBe(0)
    const ended = await platform.db.selectFrom('mandates').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(ended.revokedAt).toEqual(endsAt)
    expect((await history()).at(-1)).toEqual({ action: 'mandate.end', accountId: null })
    // Nothing is in the way of the next one.
    expect((await give()).status).toBe(303)
    expect((await mandate()).endsAt).toBeNull()
  })

  test('does not begin in the past, and keeps what was chosen when the day is wrong', async () => {
    for (const lastDay of ['2020-01-01', 'soon', '2026-02-30']) {
      const answer = await give({ lastDay })
      expect(answer.status).toBe(422)
      const text = await answer.text()
      expect(text).toContain(`value="${lastDay}"`)
      expect(text).toMatch(/<input[^>]*value="music.edit"[^>]*checked/)
    }
    expect(await platform.db.selectFrom('mandates').select('id').execute()).toEqual([])
  })

  test('ended by its artist in one press, it comes back with its day by one more', async () => {
    const lastDay = addDays(today(), 5)
    await give({ lastDay })
    const { id } = await mandate()
    const gone = await lea.post(`${people()}/mandates/${id}/revoke`)
    expect(can(await actorBehind(max), 'music.edit', { kind: 'artist', artistId: moss.id })).toBe(false)
    const notice = await (await lea.get(gone.headers.get('location') ?? '')).text()
    expect(notice).toContain(`name="lastDay" value="${lastDay}"`)
    expect((await history()).at(-1)?.action).toBe('mandate.revoke')
  })
})

describe('a label asks', () => {
  const ask = (more: Record<string, string | string[]> = {}) =>
    max.post(`/studio/labels/${fern.id}/ask`, {
      artist: `http://ritornello.test/${moss.slug}`,
      permissions: ['music.edit', 'returns.see'],
      lastDay: addDays(today(), 90),
      message: 'For the winter record.',
      ...more,
    })
  const request = () =>
    platform.db.selectFrom('mandateRequests').selectAll().orderBy('askedAt', 'desc').executeTakeFirstOrThrow()

  test('and may nothing until the artist, who hears of it by mail, says yes', async () => {
    expect((await ask()).status).toBe(303)
    await runJobs(platform)
    expect(platform.mails[0]).toMatchObject({ to: 'l.a@example.org' })
    expect(platform.mails[0]?.text).toContain('For the winter record.')
    expect(platform.mails[0]?.text).toContain(people())
    expect(can(await actorBehind(max), 'music.edit', { kind: 'artist', artistId: moss.id })).toBe(false)
    const page = await (await lea.get(people())).text()
    expect(page).toContain('For the winter record.')
    const { permissions, lastDay } = await request()
    await give({ permissions, lastDay: lastDay ?? '' })
    expect(can(await actorBehind(max), 'returns.see', { kind: 'artist', artistId: moss.id })).toBe(true)
    expect(can(await actorBehind(max), 'music.publish', { kind: 'artist', artistId: moss.id })).toBe(false)
    expect((await request()).outcome).toBe('given')
  })

  test('hears a no, and does not ask again at once', async () => {
    await ask()
    const { id } = await request()
    expect((await max.post(`${people()}/requests/${id}/decline`)).status).toBe(404)
    expect((await lea.post(`${people()}/requests/${id}/decline`)).status).toBe(303)
    expect((await request()).outcome).toBe('declined')
    const again = await ask()
    expect(again.status).toBe(422)
    expect(await again.text()).toContain('less than a month ago')
  })

  test('once at a time, and may take the question back', async () => {
    await ask()
    await ask({ permissions: 'books.see' })
    const open = await platform.db.selectFrom('mandateRequests').selectAll().where('settledAt', 'is', null).execute()
    expect(open.map(({ permissions }) => permissions)).toEqual([['books.see']])
    const back = `/studio/labels/${fern.id}/requests/${open[0]?.id}/withdraw`
    expect((await lea.post(back)).status).toBe(404)
    expect((await max.post(back)).status).toBe(303)
    expect(await (await lea.get(people())).text()).not.toContain('For the winter record.')
  })

  test('is told when there is nobody of that address, or nobody to answer', async () => {
    expect(await (await ask({ artist: 'nobody-here' })).text()).toContain('No artist has this address here.')
    await platform.db.deleteFrom('memberships').where('artistId', '=', moss.id).execute()
    expect(await (await ask()).text()).toContain('Nobody answers for Moss yet')
    expect((await browser(platform).get(`/studio/labels/${fern.id}/ask`)).status).toBe(302)
    expect((await lea.get(`/studio/labels/${fern.id}/ask`)).status).toBe(404)
  })
})

type Step =
  | { do: 'give'; label: 0 | 1; permissions: (typeof MANDATE_PERMISSIONS)[number][]; days: number | null }
  | { do: 'end'; label: 0 | 1; by: 'artist' | 'label' }
  | { do: 'run-out'; label: 0 | 1 }
  | { do: 'sweep' }
  | { do: 'join' | 'leave'; label: 0 | 1 }

const label = fc.constantFrom(0 as const, 1 as const)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('give' as const),
    label,
    permissions: fc.subarray([...MANDATE_PERMISSIONS], { minLength: 1 }),
    days: fc.option(fc.integer({ min: 0, max: 400 })),
  }),
  fc.record({ do: fc.constant('end' as const), label, by: fc.constantFrom('artist' as const, 'label' as const) }),
  fc.record({ do: fc.constant('run-out' as const), label }),
  fc.record({ do: fc.constant('sweep' as const) }),
  fc.record({ do: fc.constantFrom('join' as const, 'leave' as const), label }),
)
const ON_ARTIST: Action[] = [...MANDATE_PERMISSIONS, 'artist.people', 'artist.mandate', 'channels.edit', 'books.edit']

test('whatever was given, ended, run out, joined and left: who has no living mandate passes nowhere', async () => {
  const { db } = platform
  const oak = await db.transaction().execute((tx) => createLabel(tx, { name: 'Oak', ownerId: null }))
  const labels = [fern.id, oak.id]
  const artist = (await actorBehind(lea)) as Actor
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      await db.deleteFrom('mandates').execute()
      await db.deleteFrom('memberships').where('labelId', 'is not', null).execute()
      /** What each label may do, and whether Max works for it. */
      const allowed: Set<string>[] = [new Set(), new Set()]
      const works = [false, false]
      for (const one of steps) {
        if (one.do === 'sweep') {
          await endMandates(platform)
          continue
        }
        const labelId = labels[one.label] as string
        const living = () =>
          db.selectFrom('mandates').select('id').where('labelId', '=', labelId).where('revokedAt', 'is', null)
        if (one.do === 'give') {
          const lastDay = one.days === null ? null : addDays(today(), one.days)
          await grantMandate(platform, artist, { artistId: moss.id, labelId, permissions: one.permissions, lastDay })
          allowed[one.label] = new Set(one.permissions)
        } else if (one.do === 'end') {
          const open = await living().executeTakeFirst()
          const of = one.by === 'artist' ? { artistId: moss.id } : { labelId }
          if (open) await revokeMandate(platform, artist, of, open.id)
          allowed[one.label] = new Set()
        } else if (one.do === 'run-out') {
          await db
            .updateTable('mandates')
            .set({ grantedAt: new Date(Date.now() - 9_000_000), endsAt: new Date(Date.now() - 1000) })
            .where('labelId', '=', labelId)
            .where('revokedAt', 'is', null)
            .execute()
          allowed[one.label] = new Set()
        } else {
          works[one.label] = one.do === 'join'
          await db.deleteFrom('memberships').where('labelId', '=', labelId).execute()
          if (works[one.label])
            await db
              .insertInto('memberships')
              .values({
                id: crypto.randomUUID(),
                accountId: max.accountId,
                artistId: null,
                labelId,
                role: 'label_manager',
              })
              .execute()
        }
      }
      const actor = await actorBehind(max)
      const may = ON_ARTIST.filter((action) => can(actor, action, { kind: 'artist', artistId: moss.id }))
      const should = ON_ARTIST.filter((action) => allowed.some((set, n) => works[n] && set.has(action)))
      expect(may).toEqual(should)
      for (const [n, labelId] of labels.entries())
        expect(await lendingTo(db, labelId, 'announce.send')).toEqual(allowed[n]?.has('announce.send') ? [moss.id] : [])
    }),
    { numRuns: 40 },
  )
})
