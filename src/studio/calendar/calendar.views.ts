import { type Dated, firstGiftAt, type Span } from '../../domains/exchange/index.ts'
import { type Action, type Actor, can, type Desk, type Sender, senderThing } from '../../domains/identity/index.ts'
import { datedPosts } from '../../domains/journal/index.ts'
import { datedTasks } from '../../domains/label/index.ts'
import { datedReleases } from '../../domains/music/index.ts'
import { datedOperations } from '../../domains/operations/index.ts'
import { datedAnnouncements } from '../../domains/reach/index.ts'
import type { Db } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'

export type Whose = { id: string; name: string; sender: Sender }

/** All artists and labels whom somebody works for. */
export const everybody = ({ artists, labels }: Pick<Desk, 'artists' | 'labels'>): Whose[] => [
  ...artists.map(({ id, name }) => ({ id, name, sender: { artistId: id } })),
  ...labels.map(({ id, name }) => ({ id, name, sender: { labelId: id } })),
]

/** Everything that has its day in a span, of those alone who let this person see it. */
export async function datedOf(db: Db, actor: Actor, whose: Whose[], span: Span, lang: Lang): Promise<Dated[]> {
  const open = (action: Action) => whose.filter(({ sender }) => can(actor, action, senderThing(sender)))
  const ids = (action: Action) => open(action).map(({ id }) => id)
  const found = await Promise.all([
    datedReleases(db, ids('music.edit'), span),
    datedPosts(db, ids('journal.edit'), span),
    datedAnnouncements(db, ids('announce.edit'), span, lang),
    datedOperations(db, ids('journal.edit'), span),
    ...open('tasks.edit').map(({ sender }) => datedTasks(db, sender, span)),
  ])
  return found.flat()
}

export const firstGiftOf = (db: Db, whose: Whose[]): Promise<Date | null> =>
  firstGiftAt(
    db,
    whose.map(({ id }) => id),
  )
