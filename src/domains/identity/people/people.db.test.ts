import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emptied, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { presenceOf } from '../actor.views.ts'
import { addMembership, createArtist, createLabel } from '../artists.store.ts'
import { type Browser, browser, linkInMail, owner, person, runJobs } from '../identity.fixtures.ts'
import { can } from '../rights.rules.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(async () => {
  await emptied(platform, 'accounts, sign_in_links, artists, labels, slugs, rate_limits, audit_log')
  platform.mails.length = 0
})

const artistOf = (accountId: string, name = 'Moss') =>
  platform.db.transaction().execute((tx) => createArtist(tx, { name, ownerId: accountId }))
const labelOf = (accountId: string, name = 'Fern') =>
  platform.db.transaction().execute((tx) => createLabel(tx, { name, ownerId: accountId }))
const addTo = (artistId: string, accountId: string, role: 'artist' | 'editor') =>
  platform.db.transaction().execute((tx) => addMembership(tx, { accountId, artistId, labelId: null, role }))
const actorBehind = async (who: Browser) =>
  (await presenceOf(platform.db, who.cookies.get('session') ?? '', platform.now()))?.actor ?? null
const membershipOf = async (artistId: string, accountId: string) =>
  (await platform.db
    .selectFrom('memberships')
    .select(['id', 'role'])
    .where('artistId', '=', artistId)
    .where('accountId', '=', accountId)
    .executeTakeFirst()) ?? null

async function invited(by: Browser, artistId: string, email: string, role = 'editor'): Promise<string> {
  const answer = await by.post(`/studio/artists/${artistId}/people/invite`, { email, role, language: 'fr' })
  expect(answer.status).toBe(303)
  await runJobs(platform)
  return linkInMail(platform)
}

describe('invitations', () => {
  test('arrive by mail in the language chosen, and make a member of who accepts', async () => {
    const lea = await person(platform, 'Léa')
    const moss = await artistOf(lea.accountId)
    const link = await invited(lea, moss.id, 'noe@example.org')
    expect(platform.mails[0]).toMatchObject({ to: 'noe@example.org' })
    expect(platform.mails[0]?.text).toContain('vous invite à travailler pour Moss')

    const noe = browser(platform)
    const page = await (await noe.get(link)).text()
    expect(page).toContain('Moss')
    expect(page).toContain('name="name"')
    expect((await noe.post(link, { name: '' })).status).toBe(422)
    expect((await noe.post(link, { name: 'Noé' })).headers.get('location')).toBe('/studio?desk=moss')
    const actor = await actorBehind(noe)
    expect(can(actor, 'music.edit', { kind: 'artist', artistId: moss.id })).toBe(true)
    expect(can(actor, 'music.publish', { kind: 'artist', artistId: moss.id })).toBe(false)
    expect((await browser(platform).post(link, { name: 'Thief' })).status).toBe(410)
  })

  test('withdrawn, their link is void; sent again, the new one works', async () => {
    const lea = await person(platform, 'Léa')
    const moss = await artistOf(lea.accountId)
    const first = await invited(lea, moss.id, 'noe@example.org')
    const { id } = await platform.db.selectFrom('invitations').select('id').executeTakeFirstOrThrow()
    const base = `/studio/artists/${moss.id}/people/invitations/${id}`
    expect((await lea.post(`${base}/send`)).status).toBe(303)
    await runJobs(platform)
    expect(linkInMail(platform)).not.toBe(first)
    expect((await lea.post(`${base}/withdraw`)).status).toBe(303)
    for (const link of [first, linkInMail(platform)]) {
      expect((await browser(platform).get(link)).status).toBe(410)
      expect((await browser(platform).post(link, { name: 'Noé' })).status).toBe(410)
    }
    expect((await lea.post(`${base}/send`)).status).toBe(404)
  })

  test('two links of one invitation make one member', async () => {
    const lea = await person(platform, 'Léa')
    const moss = await artistOf(lea.accountId)
    const first = await invited(lea, moss.id, 'noe@example.org')
    const { id } = await platform.db.selectFrom('invitations').select('id').executeTakeFirstOrThrow()
    await lea.post(`/studio/artists/${moss.id}/people/invitations/${id}/send`)
    await runJobs(platform)
    const answers = await Promise.all(
      [first, linkInMail(platform)].map((link) => browser(platform).post(link, { name: 'Noé' })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 410])
  })

  test('to an address that has an account, open no session of it: one signs in, and joins after', async () => {
    const lea = await person(platform, 'Léa')
    const sam = await person(platform, 'Sam')
    const moss = await artistOf(lea.accountId)
    const link = await invited(lea, moss.id, 'SAM@example.org')
    const thief = browser(platform)
    expect(await (await thief.get(link)).text()).not.toContain('>Accept<')
    const sent = await thief.post(link, { name: 'Sam' })
    expect(thief.cookies.size).toBe(0)
    expect(await membershipOf(moss.id, sam.accountId)).toBeNull()
    const signIn = new URL(sent.headers.get('location') ?? '', 'http://ritornello.test')
    expect(signIn.pathname).toBe('/studio/sign-in')
    const next = signIn.searchParams.get('next') ?? ''
    expect(next).toMatch(/^\/studio\/invitations\//)

    const other = await person(platform, 'Other')
    expect((await other.get(next)).status).toBe(410)
    expect((await other.post(next)).status).toBe(410)
    expect((await browser(platform).post(next)).status).toBe(401)

    const back = browser(platform)
    await back.post('/studio/sign-in', { email: sam.email, next })
    await runJobs(platform)
    expect((await back.post(linkInMail(platform))).headers.get('location')).toBe(next)
    expect(await (await back.get(next)).text()).toContain('>Accept<')
    expect((await back.post(next)).headers.get('location')).toBe('/studio?desk=moss')
    expect(await membershipOf(moss.id, sam.accountId)).toMatchObject({ role: 'editor' })
    expect((await back.post(next)).status).toBe(410)
    expect((await browser(platform).post(link)).status).toBe(410)
  })

  test('are accepted at once by the person they were mailed to, when signed in', async () => {
    const lea = await person(platform, 'Léa')
    const sam = await person(platform, 'Sam')
    const moss = await artistOf(lea.accountId)
    const link = await invited(lea, moss.id, sam.email)
    const session = sam.cookies.get('session')
    expect((await sam.post(link)).headers.get('location')).toBe('/studio?desk=moss')
    expect(sam.cookies.get('session')).toBe(session)
    expect(await membershipOf(moss.id, sam.accountId)).toMatchObject({ role: 'editor' })
  })

  test('may be taken with the account that is signed in, under another address', async () => {
    const lea = await person(platform, 'Léa')
    const sam = await person(platform, 'Sam')
    const moss = await artistOf(lea.accountId)
    const link = await invited(lea, moss.id, 'sam.elsewhere@example.org')
    expect(await (await sam.get(link)).text()).toContain('Accept as Sam')
    await sam.post(link, { as: 'me' })
    expect(await membershipOf(moss.id, sam.accountId)).toMatchObject({ role: 'editor' })
    const accounts = await platform.db.selectFrom('accounts').select('email').execute()
    expect(accounts).toHaveLength(2)
  })

  test('never lower who answers already', async () => {
    const lea = await person(platform, 'Léa')
    const moss = await artistOf(lea.accountId)
    const answer = await lea.post(`/studio/artists/${moss.id}/people/invite`, { email: lea.email, role: 'editor' })
    expect(answer.status).toBe(422)
    const link = await invited(lea, moss.id, 'other@example.org')
    await lea.post(link, { as: 'me' })
    expect(await membershipOf(moss.id, lea.accountId)).toMatchObject({ role: 'artist' })
  })

  test('an editor, a stranger and another artist’s artist may not invite', async () => {
    const lea = await person(platform, 'Léa')
    const moss = await artistOf(lea.accountId)
    const editor = await person(platform, 'Ed')
    await addTo(moss.id, editor.accountId, 'editor')
    const other = await person(platform, 'Other')
    await artistOf(other.accountId, 'Lichen')
    for (const who of [editor, other, await owner(platform)]) {
      const path = `/studio/artists/${moss.id}/people`
      expect((await who.get(path)).status).toBe(404)
      expect((await who.post(`${path}/invite`, { email: 'x@example.org', role: 'artist' })).status).toBe(404)
    }
    expect(await platform.db.selectFrom('invitations').selectAll().execute()).toEqual([])
  })
})

describe('members', () => {
  test('the last who answers can neither be removed, nor leave, nor become an editor', async () => {
    const lea = await person(platform, 'Léa')
    const moss = await artistOf(lea.accountId)
    const mine = (await membershipOf(moss.id, lea.accountId))?.id
    const path = `/studio/artists/${moss.id}/people/members/${mine}`
    expect((await lea.post(`${path}/remove`)).status).toBe(422)
    expect((await lea.post(`${path}/role`, { role: 'editor' })).status).toBe(422)
    const left = await lea.post(`/studio/account/memberships/${mine}/leave`)
    expect(left.status).toBe(422)
    expect(await left.text()).toContain('You are the only one who answers for Moss')
    expect(await membershipOf(moss.id, lea.accountId)).toMatchObject({ role: 'artist' })
  })

  test('two artists who leave at once do not both get away', async () => {
    const lea = await person(platform, 'Léa')
    const noe = await person(platform, 'Noé')
    const moss = await artistOf(lea.accountId)
    await addTo(moss.id, noe.accountId, 'artist')
    const answers = await Promise.all(
      [lea, noe].map(async (who) =>
        who.post(`/studio/account/memberships/${(await membershipOf(moss.id, who.accountId))?.id}/leave`),
      ),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
  })

  test('who was removed loses the right at once, and one press brings them back', async () => {
    const lea = await person(platform, 'Léa')
    const noe = await person(platform, 'Noé')
    const moss = await artistOf(lea.accountId)
    await addTo(moss.id, noe.accountId, 'editor')
    const path = `/studio/artists/${moss.id}/people`
    const removed = await lea.post(`${path}/members/${(await membershipOf(moss.id, noe.accountId))?.id}/remove`)
    expect((await noe.get(`/studio/artists/${moss.id}`)).status).toBe(404)
    const to = removed.headers.get('location') ?? ''
    expect(await (await lea.get(to)).text()).toContain('Undo')
    const entry = new URL(to, 'http://x').searchParams.get('undo') ?? ''
    const stranger = await person(platform, 'Stranger')
    expect((await stranger.post(`${path}/members/undo`, { entry })).status).toBe(404)
    expect((await lea.post(`${path}/members/undo`, { entry })).status).toBe(303)
    expect((await noe.get(`/studio/artists/${moss.id}`)).status).toBe(200)
  })

  test('an address of another artist’s member opens nothing', async () => {
    const lea = await person(platform, 'Léa')
    const other = await person(platform, 'Other')
    const moss = await artistOf(lea.accountId)
    const lichen = await artistOf(other.accountId, 'Lichen')
    const theirs = (await membershipOf(lichen.id, other.accountId))?.id
    expect((await lea.post(`/studio/artists/${moss.id}/people/members/${theirs}/remove`)).status).toBe(404)
    expect((await lea.post(`/studio/account/memberships/${theirs}/leave`)).status).toBe(404)
  })
})

describe('mandates', () => {
  test('let a label do what they name, until they are taken back, and one press gives them again', async () => {
    const lea = await person(platform, 'Léa')
    const boss = await person(platform, 'Boss')
    const moss = await artistOf(lea.accountId)
    const fern = await labelOf(boss.accountId)
    const path = `/studio/artists/${moss.id}/people`
    const thing = { kind: 'artist', artistId: moss.id } as const
    expect((await lea.post(`${path}/mandates`, { labelId: fern.id })).status).toBe(422)
    expect(
      (await lea.post(`${path}/mandates`, { labelId: fern.id, permissions: ['music.edit', 'site.manage'] })).status,
    ).toBe(303)
    expect(can(await actorBehind(boss), 'music.edit', thing)).toBe(true)
    expect(can(await actorBehind(boss), 'music.publish', thing)).toBe(false)
    expect(can(await actorBehind(boss), 'artist.people', thing)).toBe(false)
    expect(await (await boss.get(`/studio/labels/${fern.id}`)).text()).toContain('Moss')

    const { id } = await platform.db.selectFrom('mandates').select('id').executeTakeFirstOrThrow()
    const gone = await lea.post(`${path}/mandates/${id}/revoke`)
    expect(can(await actorBehind(boss), 'music.edit', thing)).toBe(false)
    expect(await (await boss.get(`/studio/labels/${fern.id}`)).text()).not.toContain('Moss')
    const query = new URL(gone.headers.get('location') ?? '', 'http://x').searchParams
    await lea.post(`${path}/mandates`, { labelId: query.get('back') ?? '', permissions: query.get('may') ?? '' })
    expect(can(await actorBehind(boss), 'music.edit', thing)).toBe(true)
    const kept = await platform.db.selectFrom('mandates').select('revokedAt').execute()
    expect(kept).toHaveLength(2)
  })

  test('a label may give one back, but not touch another label’s', async () => {
    const lea = await person(platform, 'Léa')
    const boss = await person(platform, 'Boss')
    const rival = await person(platform, 'Rival')
    const moss = await artistOf(lea.accountId)
    const fern = await labelOf(boss.accountId)
    const reed = await labelOf(rival.accountId, 'Reed')
    await lea.post(`/studio/artists/${moss.id}/people/mandates`, { labelId: fern.id, permissions: ['music.edit'] })
    const { id } = await platform.db.selectFrom('mandates').select('id').executeTakeFirstOrThrow()
    expect((await rival.post(`/studio/labels/${reed.id}/mandates/${id}/renounce`)).status).toBe(404)
    expect((await boss.post(`/studio/artists/${moss.id}/people/mandates/${id}/revoke`)).status).toBe(404)
    expect((await boss.post(`/studio/labels/${fern.id}/mandates/${id}/renounce`)).status).toBe(303)
  })

  test('what a label made is handed over to the artist, who can take everything back', async () => {
    const boss = await person(platform, 'Boss')
    const fern = await labelOf(boss.accountId)
    await boss.post(`/studio/labels/${fern.id}/artists/new`, {
      name: 'Newcomer',
      language: 'fr',
      who: 'mail',
      email: 'new@example.org',
    })
    await runJobs(platform)
    const artist = await platform.db.selectFrom('artists').selectAll().executeTakeFirstOrThrow()
    const thing = { kind: 'artist', artistId: artist.id } as const
    expect(can(await actorBehind(boss), 'music.publish', thing)).toBe(true)
    expect(can(await actorBehind(boss), 'artist.people', thing)).toBe(true)
    expect(can(await actorBehind(boss), 'artist.mandate', thing)).toBe(false)

    const newcomer = browser(platform)
    await newcomer.post(linkInMail(platform), { name: 'New' })
    expect(can(await actorBehind(boss), 'artist.people', thing)).toBe(false)
    expect(can(await actorBehind(boss), 'music.publish', thing)).toBe(true)
    const { id } = await platform.db.selectFrom('mandates').select('id').executeTakeFirstOrThrow()
    await newcomer.post(`/studio/artists/${artist.id}/people/mandates/${id}/revoke`)
    expect(can(await actorBehind(boss), 'music.publish', thing)).toBe(false)
  })

  test('a label can only invite the artist themself to what nobody answers for', async () => {
    const boss = await person(platform, 'Boss')
    const fern = await labelOf(boss.accountId)
    await boss.post(`/studio/labels/${fern.id}/artists/new`, { name: 'Newcomer', language: 'fr', who: 'me' })
    const artist = await platform.db.selectFrom('artists').selectAll().executeTakeFirstOrThrow()
    await boss.post(`/studio/artists/${artist.id}/people/invite`, { email: 'x@example.org', role: 'editor' })
    const { role } = await platform.db.selectFrom('invitations').select('role').executeTakeFirstOrThrow()
    expect(role).toBe('artist')
    expect((await boss.get(`/studio/artists/${artist.id}/people`)).status).toBe(200)
  })
})
