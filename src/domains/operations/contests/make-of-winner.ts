import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tx } from '../../../platform/database/index.ts'
import { newToken } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { setMaster } from '../../audio/index.ts'
import { audit } from '../../identity/index.ts'
import { addVideo, createPost, setCaptions } from '../../journal/index.ts'
import { addTrack, createRelease } from '../../music/index.ts'
import { lockOperation } from '../operation.store.ts'
import { words } from '../words.ts'
import type { Contest } from './contest.views.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'paths'>
type Of = { contest: Contest; by: string }

/** `missing`: nothing won, or its file is gone. */
export type MakeProblem = 'missing'

async function winnerOf(db: Deps['db'], { id, winnerId }: Contest) {
  return db
    .selectFrom('contestEntries as e')
    .innerJoin('entryFiles as f', 'f.id', 'e.fileId')
    .select([
      'e.name',
      'e.title',
      'e.text',
      'f.kind',
      'f.fileName',
      'f.storageKey',
      'f.sha256',
      'f.size',
      'f.facts',
      'f.captions',
      'e.language',
    ])
    .where('e.id', '=', winnerId)
    .where('e.operationId', '=', id)
    .where('e.state', '=', 'shown')
    .where('f.state', '=', 'ready')
    .executeTakeFirst()
}

/** What was made before, as long as it is there. */
async function draftOf(tx: Tx, operationId: string, table: 'releases' | 'posts'): Promise<string | null> {
  const { made } = await tx
    .selectFrom('contests')
    .select('made')
    .where('operationId', '=', operationId)
    .executeTakeFirstOrThrow()
  const [, id] = made?.split(':') ?? []
  if (!id) return null
  const there = await tx
    .selectFrom(table)
    .select('id')
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  return there ? made : null
}

/**
 * Makes a draft release of the remix that won: its sound as it came, under the title that its author gave it or that of the contest's release, with their name in the
 * credits. Once: the second time it is the same draft, as long as that is there. Answers with the subject of the draft.
 */
export async function makeReleaseOfWinner({ db }: Deps, { contest, by }: Of): Promise<Result<string, MakeProblem>> {
  const winner = await winnerOf(db, contest)
  const { facts } = winner ?? {}
  if (winner?.kind !== 'sound' || !facts) return fail('missing')
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, contest.id)
    if (!operation) return fail('missing')
    const before = await draftOf(tx, contest.id, 'releases')
    if (before) return ok(before)
    const { artistId, language } = operation
    const version = words(language)('made_version', { name: winner.name })
    const title = winner.title || contest.releaseTitle || contest.title
    const of = contest.releaseId
      ? await tx.selectFrom('releases').select('coverImageId').where('id', '=', contest.releaseId).executeTakeFirst()
      : undefined
    const release = await createRelease(tx, {
      ...{ artistId, title: `${title} (${version})`, kind: 'single' },
      coverImageId: of?.coverImageId ?? null,
    })
    const artist = await tx.selectFrom('artists').select('name').where('id', '=', artistId).executeTakeFirstOrThrow()
    const { recordingId } = await addTrack(tx, {
      ...{ artistId, releaseId: release.id, disc: 1, position: 1, title, version },
      artists: [{ name: artist.name }],
      credits: [{ role: 'remixer', name: winner.name }],
    })
    const { storageKey, sha256, size, fileName } = winner
    await setMaster(tx, { storageKey, sha256, size: Number(size), recordingId, artistId, fileName, facts })
    const made = `release:${release.id}`
    await tx.updateTable('contests').set({ made }).where('operationId', '=', contest.id).execute()
    const details = { release: release.id, credit: winner.name }
    await audit(tx, { accountId: by, action: 'operation.release', artistId, subject: title, details })
    return ok(made)
  })
}

/** Makes a draft post with the film that won, and says whose it is. Once, as {@link makeReleaseOfWinner}. */
export async function makePostOfWinner(deps: Deps, { contest, by }: Of): Promise<Result<string, MakeProblem>> {
  const { db, storage, paths } = deps
  const winner = await winnerOf(db, contest)
  if (winner?.kind !== 'film') return fail('missing')
  const made = await db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, contest.id)
    if (!operation) return null
    const before = await draftOf(tx, contest.id, 'posts')
    if (before) return { subject: before, postId: null }
    const { artistId, language } = operation
    const title = winner.title || contest.title
    const body = words(language)('made_post_words', { name: winner.name, title: contest.title })
    const { id: postId } = await createPost(tx, { artistId, title, body, language })
    const subject = `post:${postId}`
    await tx.updateTable('contests').set({ made: subject }).where('operationId', '=', contest.id).execute()
    const details = { post: postId, credit: winner.name }
    await audit(tx, { accountId: by, action: 'operation.post', artistId, subject: title, details })
    return { subject, postId }
  })
  if (!made) return fail('missing')
  if (!made.postId) return ok(made.subject)
  // Whoever dies here finds a post without its film, and the film among the entries: nothing is lost, and it can be sent there by hand.
  const path = join(paths.work, `winner-${newToken(9)}`)
  try {
    await storage.withLocal(winner.storageKey, (local) => copyFile(local, path))
    const { fileName } = winner
    const film = await addVideo(deps, { postId: made.postId, path, fileName, title: winner.title || winner.name })
    if (film.ok && winner.captions)
      await setCaptions(deps, { videoId: film.value.id, language: winner.language, vtt: winner.captions })
  } finally {
    await rm(path, { force: true })
  }
  return ok(made.subject)
}
