import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { currentArtist, guard, type WebEnv } from '../../identity/index.ts'
import { membersOf } from './members.views.ts'
import { MembersPage } from './members-page.tsx'

/** Where an artist sees who is a member. */
export function membersStudio({ db, now }: Pick<Platform, 'db' | 'now'>): Hono<WebEnv> {
  const atDesk = guard('orders.handle', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  return new Hono<WebEnv>().get('/studio/shop/members', atDesk, async (c) => {
    const artist = currentArtist(c)
    if (!artist) return c.notFound()
    return c.html(
      <MembersPage c={c} artistId={artist.id} members={await membersOf(db, artist.id, now())} now={now()} />,
    )
  })
}
