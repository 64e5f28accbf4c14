import { sql } from 'kysely'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { recordGift } from '../../exchange/index.ts'
import { audit } from '../../identity/index.ts'
import { freeSlug, lockOperation } from '../operation.store.ts'
import { dueBy, momentOf, type Rhythm } from './series.rules.ts'
import { rhythmOf, setNext } from './series.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>
type Of = { operationId: string; by: string }

export type SeriesFields = { title: string; words: string; language: Lang; rhythm: Rhythm }

const endOf = (rhythm: Rhythm) => (rhythm.count === null ? null : momentOf(rhythm, rhythm.count))

/** Begins a series: a draft that nobody sees. */
export async function createSeries(
  { db }: Deps,
  { artistId, by, fields }: { artistId: string; by: string; fields: SeriesFields },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    const id = newId()
    const { title, words, language, rhythm } = fields
    const { timeZone, ...kept } = rhythm
    const slug = await freeSlug(tx, artistId, title, { kind: 'series' })
    await tx
      .insertInto('operations')
      .values({
        ...{ id, artistId, kind: 'series', slug, title, words, language, timeZone, endsAt: endOf(rhythm) },
        ...{ createdBy: by, openedAt: null, closedAt: null, hiddenAt: null },
        ...{ followUp: null, followUpSubject: null, thanksSubject: null },
      })
      .execute()
    await tx
      .insertInto('series')
      .values({ operationId: id, ...kept, nextAt: null, notice: 'followers', price: null })
      .execute()
    await audit(tx, { accountId: by, action: 'operation.make', artistId, subject: title })
    return id
  })
}

/** `short`: fewer than have had their hour already. */
export type EditSeriesProblem = 'missing' | 'closed' | 'short'

/** Saves what the page says. Once it is open its rhythm stays, since people count on it; how many there will be may change. */
export async function editSeries(
  { db, now }: Deps,
  { operationId, by, fields }: Of & { fields: SeriesFields },
): Promise<Result<null, EditSeriesProblem>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    const before = operation && (await rhythmOf(tx, operation))
    if (!operation || !before) return fail('missing')
    if (operation.state === 'closed') return fail('closed')
    const isOpen = operation.state === 'open'
    const { title, words, language } = fields
    const rhythm = isOpen ? { ...before, count: fields.rhythm.count } : fields.rhythm
    const { timeZone, ...kept } = rhythm
    if (isOpen && rhythm.count !== null && rhythm.count < dueBy(before, now())) return fail('short')
    const own = { kind: 'series' as const, own: operationId }
    await tx
      .updateTable('operations')
      .set({
        ...{ title, words, language, timeZone, endsAt: endOf(rhythm), version: sql`version + 1` },
        ...(!isOpen && { slug: await freeSlug(tx, operation.artistId, title, own) }),
      })
      .where('id', '=', operationId)
      .execute()
    await tx.updateTable('series').set(kept).where('operationId', '=', operationId).execute()
    if (isOpen) await setNext(tx, operationId, rhythm, now())
    await audit(tx, { accountId: by, action: 'operation.edit', artistId: operation.artistId, subject: title })
    return ok(null)
  })
}

/** `past`: the first would have had its hour already. */
export type OpenSeriesProblem = 'missing' | 'untitled' | 'past'

/** Opens it: its page is public, and the first is given at its hour. */
export async function openSeries({ db, now }: Deps, { operationId, by }: Of): Promise<Result<null, OpenSeriesProblem>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    const rhythm = operation && (await rhythmOf(tx, operation))
    if (!operation || !rhythm) return fail('missing')
    if (operation.state !== 'draft') return ok(null)
    const { artistId, title } = operation
    if (!title) return fail('untitled')
    const at = now()
    if (momentOf(rhythm, 1) <= at) return fail('past')
    await tx.updateTable('operations').set({ state: 'open', openedAt: at }).where('id', '=', operationId).execute()
    await setNext(tx, operationId, rhythm, at)
    await recordGift(tx, { artistId, kind: 'operation', subject: `operation:${operationId}`, at })
    await audit(tx, { accountId: by, action: 'operation.open', artistId, subject: title })
    return ok(null)
  })
}
