import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { fromLocal } from '../../../platform/zones.ts'
import {
  actorOf,
  guard,
  momentRefused,
  plansMissing,
  readForm,
  readMembersChoice,
  readTexts,
  smallBody,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { giveReleaseToMembers } from '../give-to-members.ts'
import { GIVING, givesFrom } from '../given.rules.ts'
import type { Members } from '../members.port.ts'
import { publishRelease } from '../publish-release.ts'
import { scheduleRelease } from '../schedule-release.ts'
import { closeLink, makeLink } from '../secret-links.ts'
import { setGives } from '../set-gives.ts'
import { lastZone, type StudioRelease } from '../studio.views.ts'
import { unlistRelease } from '../unlist-release.ts'
import { withdrawRelease } from '../withdraw-release.ts'
import { words } from '../words.ts'
import { AccessPage, type Asked } from './access-page.tsx'
import type { Addresses } from './addresses.ts'
import { releaseHref } from './release-frame.tsx'
import { noSound, type SoundOf } from './sounds.ts'
import { artistOfRelease, ID, publishes, releaseOf } from './things.ts'

/** Who may hear a release, from when on, by which links, and what it gives. */
export function accessRoutes(
  platform: Platform,
  { soundOf, addresses, members }: { soundOf: SoundOf; addresses: Addresses; members: Members },
): Hono<WebEnv> {
  const { db } = platform
  const ofRelease = artistOfRelease(platform)
  const mayEdit = guard('music.edit', ofRelease)
  const mayPublish = guard('music.publish', ofRelease)
  const path = `/studio/music/:id{${ID}}/access`
  const of = (c: Context<WebEnv>) => ({ releaseId: c.req.param('id') ?? '', by: actorOf(c).accountId })
  const back = (c: Context<WebEnv>, done: string) =>
    c.redirect(`${releaseHref(of(c).releaseId, 'access')}?done=${done}`, 303)

  async function show(c: Context<WebEnv>, asked: Partial<Asked> = {}) {
    const release = await releaseOf(c, platform)
    if (!release) return c.notFound()
    const zone =
      asked.zone ?? release.publishZone ?? (await lastZone(db, release.artist.id)) ?? zoneAt(c, release.artist.id)
    const silent = soundOf === noSound ? 0 : await silentTracks(release)
    return c.html(
      <AccessPage
        c={c}
        release={release}
        silent={silent}
        asked={{ errors: {}, ...asked, zone }}
        addresses={await addresses.count(db, release.id)}
        plans={await members.plansOf(release.artist.id, release.givenTo?.plans)}
      />,
      asked.errors ? 422 : 200,
    )
  }
  async function silentTracks({ tracks }: StudioRelease): Promise<number> {
    const ids = tracks.map((track) => track.recordingId)
    const sounds = await soundOf(db, ids)
    return ids.filter((id) => sounds.get(id)?.state !== 'ready').length
  }
  const refused = (c: Context<WebEnv>, error: 'missing' | 'no-tracks') =>
    error === 'missing' ? c.notFound() : show(c, { errors: { '': words(c.get('page').lang)('error_no_tracks') } })

  return new Hono<WebEnv>()
    .get(path, mayEdit, (c) => show(c))
    .post(`${path}/publish`, mayPublish, async (c) => {
      const done = await publishRelease(platform, of(c))
      return done.ok ? back(c, 'published') : refused(c, done.error)
    })
    .post(`${path}/schedule`, mayPublish, async (c) => {
      const { at = '', zone = 'UTC' } = await readTexts(c)
      const moment = fromLocal(at, zone)
      if (!moment) return show(c, momentRefused(c.get('page').lang, 'none', { at, zone }))
      const done = await scheduleRelease(platform, { ...of(c), at: moment, zone })
      if (done.ok) return back(c, 'scheduled')
      if (done.error === 'missing' || done.error === 'no-tracks') return refused(c, done.error)
      return show(c, momentRefused(c.get('page').lang, done.error, { at, zone }))
    })
    .post(`${path}/members`, mayPublish, smallBody, async (c) => {
      const release = await releaseOf(c, platform)
      if (!release) return c.notFound()
      const known = await members.plansOf(release.artist.id, release.givenTo?.plans)
      const choice = readMembersChoice(await readForm(c), known, release)
      if (!choice) return show(c, { errors: { '': plansMissing(c.get('page').lang) } })
      const done = await giveReleaseToMembers(platform, { ...of(c), ...choice })
      if (done.ok) return back(c, 'members')
      return done.error === 'public' ? c.redirect(releaseHref(release.id, 'access'), 303) : refused(c, done.error)
    })
    .post(`${path}/unlist`, mayPublish, async (c) => {
      const done = await unlistRelease(platform, of(c))
      return done.ok ? back(c, 'unlisted') : c.notFound()
    })
    .post(`${path}/withdraw`, mayPublish, async (c) => {
      const done = await withdrawRelease(platform, of(c))
      return done.ok ? back(c, 'withdrawn') : c.notFound()
    })
    .post(`${path}/gives`, mayEdit, async (c) => {
      const { gives, for: whom } = await readTexts(c)
      const giving = GIVING.find((known) => known === gives)
      if (!giving) return show(c, { errors: { gives: words(c.get('page').lang)('error_choice') } })
      const done = await setGives(platform, {
        ...of(c),
        gives: givesFrom(giving),
        ...((whom === 'everyone' || whom === 'address') && { asksAddress: whom === 'address' }),
        mayPublish: await publishes(c, platform),
      })
      if (done.ok) return back(c, 'gives')
      return done.error === 'missing'
        ? c.notFound()
        : show(c, { errors: { gives: words(c.get('page').lang)('error_gives') } })
    })
    .post(`${path}/close-given`, mayPublish, async (c) => {
      await addresses.close(of(c).releaseId)
      return back(c, 'closed')
    })
    .post(`${path}/links`, mayPublish, async (c) => {
      const { note = '' } = await readTexts(c)
      const done = await makeLink(platform, { ...of(c), note: note.trim().slice(0, 200) })
      return done.ok ? back(c, 'link') : c.notFound()
    })
    .post(`${path}/links/:linkId{${ID}}/revoke`, mayPublish, async (c) => {
      const done = await closeLink(platform, { ...of(c), id: c.req.param('linkId') })
      return done.ok ? back(c, 'revoked') : c.notFound()
    })
}
