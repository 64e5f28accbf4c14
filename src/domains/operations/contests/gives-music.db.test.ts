import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { toLocal } from '../../../platform/zones.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
} from '../../../testing/index.ts'
import { contestById } from './contest.views.ts'

const DAY = 24 * 3_600_000

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: GivenRelease
let stem: string
let owner: SignedIn
let editor: SignedIn
/** Of a label that the artist lets write and publish in the journal, and nothing else. */
let manager: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  ana = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', tracks: ['Ebb'] })
  const { db } = platform
  await db
    .updateTable('releases')
    .set({ visibility: 'draft', publishedAt: null })
    .where('id', '=', ana.releaseId)
    .execute()
  stem = newId()
  await db
    .insertInto('bonusFiles')
    .values({
      ...{ id: stem, releaseId: ana.releaseId, position: 1, fileName: 'stems.zip', type: 'application/zip' },
      ...{ storageKey: 'bonus/aa/stems', sha256: 'a'.repeat(64), size: 5 },
    })
    .execute()
  await platform.storage.put('bonus/aa/stems', Buffer.from('stems'))
  const labelId = newId()
  await db.insertInto('labels').values({ id: labelId, slug: 'both', name: 'Both', imageId: null }).execute()
  await db
    .insertInto('mandates')
    .values({
      ...{ id: newId(), artistId: ana.artistId, labelId, permissions: ['journal.edit', 'journal.publish'] },
      ...{ endsAt: null, grantedBy: null, revokedAt: null, revokedBy: null },
    })
    .execute()
  owner = await signedIn(platform, { artistIds: [ana.artistId] })
  editor = await signedIn(platform, { artistIds: [ana.artistId], role: 'editor' })
  manager = await signedIn(platform, { labelIds: [labelId] })
}, 60_000)
afterAll(() => platform.close())

const page = async (path: string, who?: SignedIn) =>
  (await app.request(path, { headers: { accept: 'text/html', ...who?.headers } })).text()
async function post(path: string, fields: Record<string, string>, who: SignedIn) {
  const body = new URLSearchParams(fields).toString()
  const answer = await app.request(path, { method: 'POST', headers: { ...FORM, ...who.headers }, body })
  return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
}
const at = (days: number) => toLocal(new Date(platform.now().getTime() + days * DAY), 'Europe/Paris')
const typed = () => ({
  ...{ title: 'Taken apart', words: 'Take it apart.', language: 'en', sort: 'remix', zone: 'Europe/Paris' },
  ...{ jury: '0', most: '1', entriesUntil: at(1), endsAt: at(2) },
})
const begin = async (who: SignedIn) => {
  const { to } = await post('/studio/operations/new', { ...typed(), release: ana.releaseId, stems: stem }, who)
  return to.split('?')[0] ?? ''
}
const given = async (studio: string) => {
  const contest = await contestById(platform.db, studio.split('/').at(-1) ?? '')
  return { releaseId: contest?.releaseId, stems: contest?.stems }
}

test('files of a release that is not out are given to nobody by whoever may only write', async () => {
  const none = { releaseId: null, stems: [] }
  const gives = { release: ana.releaseId, stems: stem }
  expect(await page('/studio/operations/new', editor)).not.toContain('Tides')
  const studio = await begin(editor)
  expect(await given(studio)).toEqual(none)
  // Nor once it is open, by anybody who may write, or publish in the journal.
  expect((await post(`${studio}/open`, {}, owner)).to).toContain('done=opened')
  for (const who of [editor, manager]) {
    const form = await page(studio, who)
    expect(form).not.toMatch(/name="(?:release|stems)"/)
    expect(form).not.toContain('stems.zip')
    expect(form).toContain('is chosen by whoever may publish releases')
    expect((await post(studio, { ...typed(), ...gives, words: 'Again.' }, who)).to).toContain('done=saved')
    expect(await given(studio)).toEqual(none)
  }
  // The artist's own choice works, and stays when somebody else writes.
  expect(await page(studio, owner)).toContain('name="release"')
  expect((await post(studio, { ...typed(), ...gives }, owner)).to).toContain('done=saved')
  const chosen = { releaseId: ana.releaseId, stems: [stem] }
  expect(await given(studio)).toEqual(chosen)
  expect(await page(studio, editor)).toContain('It is about “Tides”.')
  for (const fields of [typed(), { ...typed(), release: '' }]) {
    expect((await post(studio, fields, editor)).to).toContain('done=saved')
    expect(await given(studio)).toEqual(chosen)
  }
})

test('a contest that gives files is opened by whoever may publish music', async () => {
  const studio = await begin(owner)
  const refused = await post(`${studio}/open`, {}, manager)
  expect([refused.status, refused.html.includes('whoever may publish releases opens it')]).toEqual([422, true])
  expect((await contestById(platform.db, studio.split('/').at(-1) ?? ''))?.state).toBe('draft')
  expect((await post(`${studio}/open`, {}, owner)).to).toContain('done=opened')
})
