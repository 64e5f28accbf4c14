import type { Context } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { currentArtist, type Thing, type WebEnv } from '../../identity/index.ts'
import { batchById } from './batches.store.ts'

export const ID = '[0-9a-f-]{36}'

/** What a batch is for: new releases of an artist, further tracks of a release, the sound of a track. */
export type Target = {
  artistId: string
  release: { id: string; title: string } | null
  track: { id: string; title: string } | null
}

export const artistThing = (artistId: string | null | undefined): Thing | null =>
  isId(artistId) ? { kind: 'artist', artistId } : null

/** The artist of a batch: who may work on their music may work on it. */
export const artistOfBatch =
  ({ db }: Pick<Platform, 'db'>) =>
  async (c: Context<WebEnv>): Promise<Thing | null> => {
    const id = c.req.param('batch')
    return isId(id) ? artistThing((await batchById(db, id))?.artistId) : null
  }

/** Finds what `?release=`, `?track=` or `?artist=` names, else the artist at the desk. Null when there is no such thing. */
export async function targetOf({ db }: Pick<Platform, 'db'>, c: Context<WebEnv>): Promise<Target | null> {
  const { release, track, artist } = c.req.query()
  return findTarget(db, { release, track, artist: artist ?? currentArtist(c)?.id })
}

export async function findTarget(
  db: Platform['db'],
  asked: { release?: string | null | undefined; track?: string | null | undefined; artist?: string | null | undefined },
): Promise<Target | null> {
  if (asked.track) {
    const found = isId(asked.track) ? await trackTarget(db, asked.track) : null
    return found && { artistId: found.artistId, release: found.release, track: found.track }
  }
  if (asked.release) {
    const found = isId(asked.release)
      ? await db
          .selectFrom('releases')
          .select(['id', 'title', 'artistId'])
          .where('id', '=', asked.release)
          .where('removedAt', 'is', null)
          .executeTakeFirst()
      : undefined
    return found ? { artistId: found.artistId, release: { id: found.id, title: found.title }, track: null } : null
  }
  return isId(asked.artist) ? { artistId: asked.artist, release: null, track: null } : null
}

async function trackTarget(db: Platform['db'], trackId: string) {
  const row = await db
    .selectFrom('tracks as t')
    .innerJoin('releases as r', 'r.id', 't.releaseId')
    .innerJoin('recordings as s', 's.id', 't.recordingId')
    .select(['r.artistId', 'r.id as releaseId', 'r.title as releaseTitle', 's.title'])
    .where('t.id', '=', trackId)
    .where('r.removedAt', 'is', null)
    .executeTakeFirst()
  return row
    ? {
        artistId: row.artistId,
        release: { id: row.releaseId, title: row.releaseTitle },
        track: { id: trackId, title: row.title },
      }
    : null
}

/** A guard's question about {@link targetOf}. */
export const artistOfTarget = (deps: Pick<Platform, 'db'>) => async (c: Context<WebEnv>) =>
  artistThing((await targetOf(deps, c))?.artistId)
