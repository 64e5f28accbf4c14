import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emptied, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { createArtist } from '../artists.store.ts'
import { artistById, artistBySlug } from '../artists.views.ts'
import { owner, person } from '../identity.fixtures.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())
beforeEach(async () => {
  await emptied(platform, 'accounts, sign_in_links, artists, labels, slugs, rate_limits, audit_log')
})

const make = (name: string, ownerId: string | null = null) =>
  platform.db.transaction().execute((tx) => createArtist(tx, { name, ownerId }))

describe('addresses', () => {
  test('are unique, readable, and never the program’s own', async () => {
    const slugs = []
    for (const name of ['Études', 'Etudes', 'Studio', '!!!', 'がらくた']) slugs.push((await make(name)).slug)
    expect(slugs).toEqual(['etudes', 'etudes-2', 'studio-2', 'artist-1', 'がらくた'])
  })

  test('taken by ten at once, each gets its own', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => make('Twin')))
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(8)
  })

  test('lead on after a renaming, for ever, and may be taken back by their owner alone', async () => {
    const lea = await person(platform, 'Léa')
    const moss = await make('Moss', lea.accountId)
    const lichen = await make('Lichen', lea.accountId)
    const move = (id: string, slug: string) => lea.post(`/studio/artists/${id}/address`, { slug })
    expect((await move(moss.id, 'Mousse !')).status).toBe(303)
    expect(await artistBySlug(platform.db, 'moss')).toEqual({ kind: 'moved', slug: 'mousse' })
    expect(await artistBySlug(platform.db, 'mousse')).toMatchObject({ kind: 'artist', artist: { id: moss.id } })
    expect(await artistBySlug(platform.db, 'MOUSSE')).toEqual({ kind: 'moved', slug: 'mousse' })
    for (const slug of ['moss', 'mousse', 'studio', '   ', '!!!']) {
      const refused = await move(lichen.id, slug)
      expect(refused.status).toBe(422)
      expect(await refused.text()).toContain('aria-invalid="true"')
    }
    expect((await move(moss.id, 'moss')).status).toBe(303)
    expect(await artistBySlug(platform.db, 'mousse')).toEqual({ kind: 'moved', slug: 'moss' })
    expect(await artistBySlug(platform.db, 'nobody')).toBeNull()
  })
})

describe('an artist’s page', () => {
  const FIELDS = {
    name: 'Moss',
    sortName: '',
    biography: 'One.\n\nTwo.',
    places: 'Lyon\n\nParis',
    links: 'https://moss.example/ Our shop\nmoss.example/live',
    language: 'fr',
  }
  const form = (fields: Record<string, string>, picture?: Uint8Array, name = 'p.png') => {
    const body = new FormData()
    for (const [key, value] of Object.entries(fields)) body.append(key, value)
    if (picture) body.append('picture', new File([new Uint8Array(picture)], name))
    return body
  }

  test('is saved with its lists, and shown again as it was typed', async () => {
    const lea = await person(platform, 'Léa')
    const { id } = await make('Old', lea.accountId)
    expect((await lea.upload(`/studio/artists/${id}`, form(FIELDS))).status).toBe(303)
    expect(await artistById(platform.db, id)).toMatchObject({
      name: 'Moss',
      sortName: 'Moss',
      places: ['Lyon', 'Paris'],
      links: [
        { url: 'https://moss.example/', title: 'Our shop' },
        { url: 'https://moss.example/live', title: 'moss.example/live' },
      ],
      language: 'fr',
    })
    const page = await (await lea.get(`/studio/artists/${id}`)).text()
    expect(page).toContain('https://moss.example/ Our shop\nhttps://moss.example/live</textarea>')
    expect(await (await lea.get(`/studio/artists/${id}/history`)).text()).toContain('Edited the artist’s page')
  })

  test('keeps what was typed when something is wrong, and runs nobody’s script', async () => {
    const lea = await person(platform, 'Léa')
    const { id } = await make('Old', lea.accountId)
    const wrong = await lea.upload(
      `/studio/artists/${id}`,
      form({ ...FIELDS, name: '', links: 'javascript:alert(1) Click' }),
    )
    const html = await wrong.text()
    expect(wrong.status).toBe(422)
    expect(html).toContain('javascript:alert(1) Click</textarea>')
    expect(html).toContain('One.\n\nTwo.')
    expect((await artistById(platform.db, id))?.links).toEqual([])
  })

  test('is not saved over what somebody else wrote meanwhile, until one has seen it', async () => {
    const lea = await person(platform, 'Léa')
    const { id } = await make('Old', lea.accountId)
    const seenIn = (html: string) => /name="seen" value="([0-9a-f]+)"/.exec(html)?.[1] ?? ''
    const seen = seenIn(await (await lea.get(`/studio/artists/${id}`)).text())
    const save = (fields: Record<string, string>) =>
      lea.upload(`/studio/artists/${id}`, form({ ...FIELDS, timeZone: 'Asia/Tokyo', ...fields }))
    expect((await save({ name: 'First', seen })).status).toBe(303)
    const refused = await save({ name: 'Second', seen })
    expect(refused.status).toBe(422)
    const html = await refused.text()
    expect(html).toContain('Somebody saved this form while you were writing')
    expect(html).toContain('value="Second"')
    expect((await artistById(platform.db, id))?.name).toBe('First')
    expect((await save({ name: 'Second', seen: seenIn(html) })).status).toBe(303)
    expect(await artistById(platform.db, id)).toMatchObject({ name: 'Second', timeZone: 'Asia/Tokyo' })
  })

  test('takes a portrait, refuses what is none, and lets it go', async () => {
    const lea = await person(platform, 'Léa')
    const { id } = await make('Old', lea.accountId)
    const png = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#285' } })
      .png()
      .toBuffer()
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const refused = await lea.upload(`/studio/artists/${id}`, form(FIELDS, svg, 'innocent.png'))
    expect(refused.status).toBe(422)
    expect((await lea.upload(`/studio/artists/${id}`, form(FIELDS, png))).status).toBe(303)
    expect((await artistById(platform.db, id))?.portraitImageId).not.toBeNull()
    const page = await (await lea.get(`/studio/artists/${id}`)).text()
    const src = /src="(\/media\/image\/[^"]+)"/.exec(page)?.[1] ?? ''
    expect((await lea.get(src)).headers.get('content-type')).toBe('image/jpeg')
    await lea.upload(`/studio/artists/${id}`, form({ ...FIELDS, picture_remove: 'on' }))
    expect((await artistById(platform.db, id))?.portraitImageId).toBeNull()
  })

  test('is nobody else’s to edit', async () => {
    const lea = await person(platform, 'Léa')
    const { id } = await make('Old', lea.accountId)
    for (const who of [await person(platform, 'Stranger'), await owner(platform)]) {
      expect((await who.get(`/studio/artists/${id}`)).status).toBe(404)
      expect((await who.upload(`/studio/artists/${id}`, form(FIELDS))).status).toBe(404)
      expect((await who.post(`/studio/artists/${id}/address`, { slug: 'mine' })).status).toBe(404)
      expect((await who.get(`/studio/artists/${id}/history`)).status).toBe(404)
    }
    expect((await artistById(platform.db, id))?.name).toBe('Old')
  })
})

describe('new ones', () => {
  test('the host opens artists and labels, for themself or for somebody invited', async () => {
    const host = await owner(platform)
    expect((await host.post('/studio/artists/new', { name: '', who: 'mail', email: 'x' })).status).toBe(422)
    const mine = await host.post('/studio/artists/new', {
      name: 'Moss',
      language: 'fr',
      who: 'me',
      timeZone: 'America/Sao_Paulo',
    })
    expect(mine.headers.get('location')).toBe('/studio?desk=moss')
    expect(await artistBySlug(platform.db, 'moss')).toMatchObject({ artist: { timeZone: 'America/Sao_Paulo' } })
    await host.post('/studio/labels/new', { name: 'Fern', language: 'fr', who: 'mail', email: 'boss@example.org' })
    const page = await (await host.get('/studio/artists')).text()
    expect(page).toContain('Moss')
    expect(page).toContain('Fern')
    const invitation = await platform.db.selectFrom('invitations').selectAll().executeTakeFirstOrThrow()
    expect(invitation).toMatchObject({ email: 'boss@example.org', role: 'label_manager' })
  })

  test('somebody without the right makes none', async () => {
    const lea = await person(platform, 'Léa')
    expect((await lea.get('/studio/artists')).status).toBe(404)
    expect((await lea.post('/studio/artists/new', { name: 'Moss', who: 'me' })).status).toBe(404)
    expect((await lea.post('/studio/labels/new', { name: 'Fern', who: 'me' })).status).toBe(404)
    expect(await platform.db.selectFrom('artists').selectAll().execute()).toEqual([])
  })

  test('the desk is remembered, and a form that names its own is not disturbed by it', async () => {
    const lea = await person(platform, 'Léa')
    await make('Alder', lea.accountId)
    await make('Birch', lea.accountId)
    const desk = async (path = '/studio/account') => /<summary>([^<]+)</.exec(await (await lea.get(path)).text())?.[1]
    expect(await desk()).toBe('Alder')
    expect(await desk('/studio/account?desk=birch')).toBe('Birch')
    expect(await desk()).toBe('Birch')
    expect(await desk('/studio/account?desk=nobody')).toBe('Birch')
  })
})
