import type { Context } from 'hono'
import { dayIn } from '../../platform/days.ts'
import type { Platform } from '../../platform/platform.ts'
import { actorOf, leavingFor, type SenderAtDesk, type WebEnv, zoneAt } from '../identity/index.ts'
import { dayOf } from './day.views.ts'
import { DayPage } from './pages/day-page.tsx'

/** The home of the label at the desk: all that waits there today. */
export async function labelDay({ db, now }: Pick<Platform, 'db' | 'now'>, c: Context<WebEnv>, own: SenderAtDesk) {
  const [at, zone] = [now(), zoneAt(c, own.id)]
  const asked = {
    lang: c.get('page').lang,
    actor: actorOf(c),
    labelId: own.id,
    label: { name: own.name, slug: own.slug },
    now: at,
    zone,
  }
  const [day, leaving] = await Promise.all([dayOf(db, asked), leavingFor(db, c)])
  return c.html(<DayPage {...{ c, own, day, leaving, now: at, today: dayIn(at, zone) }} />)
}
