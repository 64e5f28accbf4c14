import type { Context } from 'hono'
import type { Move, MoveProblem } from '../../domains/exchange/index.ts'
import type { Action, Thing, WebEnv } from '../../domains/identity/index.ts'
import { movePost, whosePost } from '../../domains/journal/index.ts'
import { moveTask, taskById, taskThing } from '../../domains/label/index.ts'
import { artistOfRelease, moveRelease } from '../../domains/music/index.ts'
import { moveAnnouncement, whoseAnnouncement } from '../../domains/reach/index.ts'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Result } from '../../platform/result.ts'

/** By which right each kind is moved: that which planning it asks for. */
export const MOVED_BY = {
  release: 'music.publish',
  post: 'journal.publish',
  announcement: 'announce.send',
  task: 'tasks.edit',
} as const satisfies Record<string, Action>
export type MovedKind = keyof typeof MOVED_BY
export const isMoved = (kind: string): kind is MovedKind => Object.hasOwn(MOVED_BY, kind)

type Movable = {
  /** Whose thing the address names. */
  whose: (c: Context<WebEnv>) => Promise<Thing | null>
  move: (move: Move) => Promise<Result<Date, MoveProblem>>
}

/** What can be moved to another day, each by the domain whose it is. */
export const movables = (platform: Platform): Record<MovedKind, Movable> => ({
  release: {
    whose: artistOfRelease(platform),
    move: (move) => moveRelease(platform, move),
  },
  post: {
    whose: whosePost(platform),
    move: (move) => movePost(platform, move),
  },
  announcement: {
    whose: whoseAnnouncement(platform),
    move: (move) => moveAnnouncement(platform, move),
  },
  task: {
    whose: async (c) => {
      const id = c.req.param('id')
      const task = isId(id) ? await taskById(platform.db, id) : null
      return task && taskThing(task)
    },
    move: (move) => moveTask(platform, move),
  },
})
