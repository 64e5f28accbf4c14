import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { burstOf } from '../../exchange/index.ts'
import { currentArtist, guard, readForm, smallBody, type WebEnv, zoneAt } from '../../identity/index.ts'
import { setTelling, unfollowPress } from './follow-press.ts'
import { followersOf, lastTold, tellsMomentum } from './followers.views.ts'
import { FollowersPage } from './studio-page.tsx'

const HERE = '/studio/press/followers'

/** Where an artist sees who follows their page for professionals, and says whether they are told of momentum. */
export function followersStudio(platform: Platform): Hono<WebEnv> {
  const { db, now } = platform
  const atDesk = guard('artist.edit', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  return new Hono<WebEnv>()
    .get(HERE, atDesk, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      const at = now()
      const [tells, followers, burst, last] = await Promise.all([
        tellsMomentum(db, artist.id),
        followersOf(db, artist.id, at),
        burstOf(db, artist.id, at, zoneAt(c, artist.id)),
        lastTold(db, artist.id),
      ])
      return c.html(<FollowersPage {...{ c, artist, tells, followers, burst, last }} />)
    })
    .post(HERE, atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      await setTelling(platform, { artistId: artist.id, tells: (await readForm(c)).has('tells') })
      return c.redirect(`${HERE}?done=saved`, 303)
    })
    .post(`${HERE}/:id{[0-9a-f-]{36}}/remove`, atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      const gone = artist && (await unfollowPress(platform, { id: c.req.param('id'), artistId: artist.id }))
      return gone ? c.redirect(`${HERE}?done=removed#followers`, 303) : c.notFound()
    })
}
