import type { Context } from 'hono'
import type { Db } from '../../../platform/database/index.ts'
import { formats } from '../../../platform/i18n/index.ts'
import { actorOf, type WebEnv } from '../guard.ts'
import { removePath } from './pages.tsx'
import { words } from './words.ts'

export type Leaving = { kind: 'artist' | 'label'; id: string; name: string; goesAt: Date }

/** What is on its way out and whoever is signed in may bring back; for the host, everything that is. */
export async function leavingFor(db: Db, c: Context<WebEnv>): Promise<Leaving[]> {
  const { leaving, isHost } = actorOf(c)
  const mine = leaving.flatMap(({ artistId, labelId }) => artistId ?? labelId ?? [])
  if (!mine.length && !isHost) return []
  const rows = await db
    .selectFrom('removals')
    .select(['artistId', 'labelId', 'name', 'goesAt'])
    .where('undoneAt', 'is', null)
    .where('doneAt', 'is', null)
    .orderBy('goesAt')
    .execute()
  return rows.flatMap(({ artistId, labelId, name, goesAt }) => {
    const id = artistId ?? labelId ?? ''
    return isHost || mine.includes(id)
      ? [{ kind: artistId ? ('artist' as const) : ('label' as const), id, name, goesAt }]
      : []
  })
}

/** One line each: until when, and where to undo it. Nothing at all when nothing goes. */
export const LeavingList = ({ c, leaving }: { c: Context<WebEnv>; leaving: Leaving[] }) => {
  const { lang } = c.get('page')
  const t = words(lang)
  if (!leaving.length) return null
  return (
    <section class="strip">
      <h2>{t('leaving_list')}</h2>
      <ul class="lines plain">
        {leaving.map((one) => (
          <li>
            <span>
              {one.name}
              <br />
              <small>{t('leaving_until', { date: formats(lang).date(one.goesAt) })}</small>
            </span>
            <a href={removePath(one)} aria-label={t('leaving_see_named', { name: one.name })}>
              {t('leaving_see')}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** After everything was brought back. */
export const backNotice = (c: Context<WebEnv>): string | undefined =>
  c.req.query('done') === 'back' ? words(c.get('page').lang)('done_undone') : undefined
