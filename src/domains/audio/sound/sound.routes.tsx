import { type Context, Hono } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { actorOf, guard, type WebEnv } from '../../identity/index.ts'
import { soundsOf } from '../streams.views.ts'
import { retrySound } from './retry-sound.ts'
import { SoundPage } from './sound-page.tsx'

/** The studio's page about the sound of one track. */
export function soundRoutes(platform: Pick<Platform, 'db'>): Hono<WebEnv> {
  const { db } = platform
  const trackOf = async (c: Context<WebEnv>) => {
    const id = c.req.param('track')
    if (!isId(id)) return undefined
    return db
      .selectFrom('tracks as t')
      .innerJoin('releases as r', 'r.id', 't.releaseId')
      .innerJoin('recordings as x', 'x.id', 't.recordingId')
      .select(['t.id', 't.releaseId', 't.recordingId', 'x.title', 'r.artistId'])
      .where('t.id', '=', id)
      .executeTakeFirst()
  }
  const gate = guard('music.edit', async (c) => {
    const track = await trackOf(c)
    return track ? { kind: 'artist', artistId: track.artistId } : null
  })

  return new Hono<WebEnv>()
    .get('/studio/music/tracks/:track/sound', gate, async (c) => {
      const track = await trackOf(c)
      if (!track) return c.notFound()
      const sound = (await soundsOf(db, [track.recordingId])).get(track.recordingId)
      const prepared =
        sound &&
        (await db.selectFrom('masters').select('preparedAt').where('id', '=', sound.masterId).executeTakeFirst())
      return c.html(
        <SoundPage c={c} track={track} sound={sound ? { ...sound, preparedAt: prepared?.preparedAt ?? null } : null} />,
      )
    })
    .post('/studio/music/tracks/:track/sound/retry', gate, async (c) => {
      const track = await trackOf(c)
      const sound = track && (await soundsOf(db, [track.recordingId])).get(track.recordingId)
      if (sound) await retrySound(platform, { masterId: sound.masterId, by: actorOf(c).accountId })
      return c.redirect(`/studio/music/tracks/${c.req.param('track')}/sound?done=retried`, 303)
    })
}
