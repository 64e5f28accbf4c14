import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { STAYING } from '../../exchange/index.ts'
import { senderAtDesk, senderHere, type WebEnv, zoneAt } from '../../identity/index.ts'
import { StayingPage, stayingCsv } from './page.tsx'
import { cohortsOf } from './staying.views.ts'

/** Who is still there, beside what came back. */
export const stayingStudio = ({ db, now }: Pick<Platform, 'db' | 'now'>): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .get(STAYING, senderAtDesk('returns.see'), async (c) => {
      const own = senderHere(c)
      const zone = zoneAt(c, own.id)
      return c.html(<StayingPage c={c} own={own} zone={zone} cohorts={await cohortsOf(db, own.sender, zone, now())} />)
    })
    .get(`${STAYING}.csv`, senderAtDesk('returns.see'), async (c) => {
      const own = senderHere(c)
      c.header('Content-Disposition', 'attachment; filename="fans-by-month.csv"')
      return c.body(stayingCsv(await cohortsOf(db, own.sender, zoneAt(c, own.id), now())), 200, {
        'Content-Type': 'text/csv; charset=utf-8',
      })
    })
