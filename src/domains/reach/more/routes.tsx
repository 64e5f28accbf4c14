import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { MORE } from '../../exchange/index.ts'
import { senderAtDesk, senderHere, type WebEnv, zoneAt } from '../../identity/index.ts'
import { moreOf } from './more.views.ts'
import { MorePage, moreCsv } from './page.tsx'

/** Whether more comes back for more given, beside what came back. */
export function moreStudio({ db, now }: Pick<Platform, 'db' | 'now'>): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get(MORE, senderAtDesk('returns.see'), async (c) => {
      const { sender, id } = senderHere(c)
      const zone = zoneAt(c, id)
      return c.html(<MorePage c={c} sender={sender} zone={zone} more={await moreOf(db, sender, zone, now())} />)
    })
    .get(`${MORE}.csv`, senderAtDesk('returns.see'), async (c) => {
      const { sender, id } = senderHere(c)
      c.header('Content-Disposition', 'attachment; filename="more-given.csv"')
      return c.body(moreCsv(await moreOf(db, sender, zoneAt(c, id), now())), 200, {
        'Content-Type': 'text/csv; charset=utf-8',
      })
    })
}
