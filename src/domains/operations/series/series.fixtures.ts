import { expect } from 'vitest'
import { toLocal } from '../../../platform/zones.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
} from '../../../testing/index.ts'
import { createPost } from '../../journal/index.ts'
import { momentOf } from './series.rules.ts'
import { itemsOf, seriesById, standingOf } from './series.views.ts'

export const DAY = 24 * 3_600_000

/** An artist with a draft of a release, who opens weekly series in the studio. */
export async function openStudio(platform: TestPlatform) {
  platform.stand()
  const app = testApp(platform)
  const ana: GivenRelease = await givenRelease(platform, {
    ...{ artist: 'Ana Marsh', title: 'Tides', publish: false, prepare: false },
  })
  const owner: SignedIn = await signedIn(platform, { artistIds: [ana.artistId] })
  // The clock goes on for weeks here.
  await platform.pool.query(`update sessions set expires_at = now() + interval '3 years'`)

  const page = async (path: string, who?: { headers: Record<string, string> }) => {
    const answer = await app.request(path, { headers: { accept: 'text/html', ...who?.headers } })
    return { status: answer.status, html: await answer.text() }
  }
  async function post(path: string, fields: Record<string, string>, who: { headers: Record<string, string> } = owner) {
    const body = new URLSearchParams(fields).toString()
    const answer = await app.request(path, { method: 'POST', headers: { ...FORM, ...who.headers }, body })
    return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
  }
  async function draft(title: string, body = 'Words.') {
    const { id } = await createPost(platform.db, { artistId: ana.artistId, title, body, language: 'en' })
    return id
  }
  let made = 0
  /** A weekly series that is open, its first in three days, with posts laid in. */
  async function openSeries(titles: string[], more: Record<string, string> = {}) {
    const first = toLocal(new Date(platform.now().getTime() + 3 * DAY), 'Europe/Paris').slice(0, 10)
    const fields = { title: `Songs ${++made}`, words: 'One a week.', language: 'en', unit: 'week', every: '1' }
    const rhythm = { firstDay: first, hour: '18:00', zone: 'Europe/Paris', count: '', ...more }
    const { to } = await post('/studio/series/new', { ...fields, ...rhythm })
    const studio = to.split('?')[0] ?? ''
    const id = studio.split('/').at(-1) ?? ''
    for (const title of titles) await lay(studio, `post:${await draft(title)}`)
    expect((await post(`${studio}/open`, {})).to).toContain('done=opened')
    const series = await seriesById(platform.db, id)
    if (!series) throw new Error('There is no series')
    const standing = async () => {
      const now = platform.now()
      return standingOf(series, await itemsOf(platform.db, id, now), now)
    }
    const given = async () =>
      (await itemsOf(platform.db, id, platform.now())).given.map(({ title, number }) => [number, title])
    /** To this long after the hour of the number-th. */
    const toHour = (number: number, after = 1000) =>
      platform.pass(momentOf(series, number).getTime() + after - platform.now().getTime())
    return { id, studio, title: series.title, path: `/ana-marsh/take-part/${series.slug}`, given, standing, toHour }
  }
  async function lay(studio: string, draft: string) {
    const done = await post(`${studio}/lay-in`, { draft })
    expect(done.to).toContain('done=laid')
  }
  return { app, ana, owner, page, post, draft, openSeries, lay }
}

export type Studio = Awaited<ReturnType<typeof openStudio>>
