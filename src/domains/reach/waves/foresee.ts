import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import { detectable, tailsOf } from '../../exchange/index.ts'
import { type Aim, drawable } from '../announce/freeze.store.ts'
import { currencyOf, IN_WHOSE_BOOKS, whatTheyDid } from './did.views.ts'
import { drawn } from './draw.store.ts'
import type { Figure } from './figure.types.ts'
import { figuresOf } from './read-waves.ts'

/** `least` is the difference a fan that such waves show 80 times in 100; null where nothing could be told. */
export type Foreseen = Figure & { least: number | null }

/**
 * What waves of these people could show, before anything is sent: the same draw, read over as many days that have just passed, in which none of them was told. What the
 * groups are drawn by includes those days, which the real comparison cannot know: here all count as one group, so that the promise is rather too small than too large.
 */
export async function foresee(tx: Tx, aim: Aim): Promise<Foreseen[]> {
  const { announcementId, waves, now } = aim
  const { rows } = await sql<{ artistIds: string[] }>`
    select ${IN_WHOSE_BOOKS} as "artistIds" from announcements a where a.id = ${announcementId}`.execute(tx)
  const artistIds = rows[0]?.artistIds ?? []
  const currency = await currencyOf(tx, artistIds)
  const samples = await whatTheyDid(tx, {
    whom: sql`select fan_id, wave, 0 as stratum from (${drawn(drawable(aim), { seed: announcementId, waves: waves.count })}) d`,
    artistIds,
    from: new Date(now.getTime() - waves.days * 24 * 3_600_000),
    until: now,
    currency,
  })
  const figures = figuresOf(samples, { looks: 1, currency })
  const told = figures.filter((figure) => !('tooFew' in figure)).length
  const tails = tailsOf({ outcomes: Math.max(1, told), looks: 1 })
  return figures.map((figure) => ({ ...figure, least: 'tooFew' in figure ? null : detectable(figure, tails) }))
}
