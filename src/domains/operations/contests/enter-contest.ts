import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { recordReturn } from '../../exchange/index.ts'
import { type KnownFan, proveAddress, readAddress } from '../../fans/index.ts'
import { makePlayable } from '../entry-files/keep-file.ts'
import { forgetHeld } from '../held-pictures.ts'
import { forgetSentIn, shareContest, takesPart } from '../operation.store.ts'
import { phaseOf } from './contest.rules.ts'

type Deps = Pick<Platform, 'db' | 'signer' | 'now'>

export type NewEntry = {
  operationId: string
  name: string
  title: string
  text: string
  imageId: string | null
  fileId: string | null
  alt: string
  language: Lang
  /** The rules that they read, and the sentence beside the box. */
  rules: { version: number; language: Lang }
  accepted: string
  mail: string
  fan: KnownFan | null
}

/** `late`: entries are closed. `many`: they sent in as many as the rules allow. `file`: it is of another entry meanwhile, or gone. */
export type EntryProblem = 'late' | 'many' | 'file'

/** Takes an entry in. Until whoever has the address says that it is theirs, nobody sees it, the artist neither. The same of the same a moment ago is the same entry. */
export async function enterContest(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  entry: NewEntry,
): Promise<Result<{ id: string; isConfirmed: boolean }, EntryProblem>> {
  return db.transaction().execute(async (tx) => {
    const contest = await shareContest(tx, entry.operationId)
    const at = now()
    if (!contest || phaseOf(contest, at) !== 'entries') return fail('late')
    const { fan, mail, rules, ...said } = entry
    const whose = fan ? sql<boolean>`fan_id = ${fan.fanId}` : sql<boolean>`(mail = ${mail} and confirmed_at is null)`
    // Two forms that bring the same kept file come one after the other.
    const file = entry.fileId && (await lockFile(tx, entry.fileId))
    const same = await tx
      .selectFrom('contestEntries')
      .select(['id', 'confirmedAt'])
      .where('operationId', '=', entry.operationId)
      .where('name', '=', entry.name)
      .where('title', '=', entry.title)
      .where('text', '=', entry.text)
      .where(sql<boolean>`image_id is not distinct from ${entry.imageId}`)
      .where(sql<boolean>`(select sha256 from entry_files f where f.id = contest_entries.file_id)
        is not distinct from (select sha256 from entry_files f where f.id = ${entry.fileId})`)
      .where(whose)
      .where('at', '>', new Date(at.getTime() - TWICE_MS))
      .executeTakeFirst()
    if (same) return ok({ id: same.id, isConfirmed: same.confirmedAt !== null })
    if (file === 'taken') return fail('file')
    if (fan && (await hasEnough(tx, contest, fan.fanId))) return fail('many')
    const id = newId(at.getTime())
    await tx
      .insertInto('contestEntries')
      .values({
        id,
        ...said,
        at,
        rulesVersion: rules.version,
        rulesLanguage: rules.language,
        fanId: fan?.fanId ?? null,
        mail: fan ? null : mail,
        confirmedAt: fan ? at : null,
        decidedBy: null,
        decidedAt: null,
      })
      .execute()
    if (fan) await cameIn(tx, { ...contest, ...fan, entryId: id, fileId: entry.fileId, language: entry.language, at })
    else await addJob(tx, 'operations.ask', { what: 'entry', id })
    return ok({ id, isConfirmed: fan !== null })
  })
}

/** `taken` as well when it is gone: what comes with a form that nobody finishes is forgotten after a day. */
async function lockFile(tx: Tx, fileId: string): Promise<'free' | 'taken'> {
  const file = await tx.selectFrom('entryFiles').select('id').where('id', '=', fileId).forUpdate().executeTakeFirst()
  const entry = await tx.selectFrom('contestEntries').select('id').where('fileId', '=', fileId).executeTakeFirst()
  return file && !entry ? 'free' : 'taken'
}

const TWICE_MS = 10 * 60_000

export type Confirmed = { addressId: string | null; language: Lang; operationId: string }

/** Whoever opened the mail says that the entry is theirs: from now on it waits for the artist. It may be late: it was sent in time. */
export async function confirmEntry(
  { db, signer, now }: Deps,
  entryId: string,
): Promise<Result<Confirmed, 'gone' | 'many'>> {
  return db.transaction().execute(async (tx) => {
    const entry = await tx
      .selectFrom('contestEntries')
      .selectAll()
      .where('id', '=', entryId)
      .forUpdate()
      .executeTakeFirst()
    if (!entry) return fail('gone')
    const { operationId, language } = entry
    if (entry.confirmedAt) return ok({ addressId: null, language, operationId })
    const contest = await shareContest(tx, operationId)
    const read = entry.mail ? readAddress('mail', entry.mail) : null
    if (!read?.ok || contest?.state !== 'open') return fail('gone')
    const proved = await proveAddress(tx, { signer, now }, read.value, { name: entry.name, language })
    if (await hasEnough(tx, contest, proved.fanId)) return fail('many')
    await tx
      .updateTable('contestEntries')
      .set({ fanId: proved.fanId, mail: null, confirmedAt: now() })
      .where('id', '=', entryId)
      .execute()
    await cameIn(tx, { ...contest, ...proved, entryId, fileId: entry.fileId, language, at: entry.at })
    return ok({ addressId: proved.addressId, language, operationId })
  })
}

/** Whoever sent it in takes it back, and its picture or its file goes. Its approvals stay, and are not counted. */
export async function withdrawEntry({ db, now }: Pick<Deps, 'db' | 'now'>, entryId: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const entry = await tx
      .selectFrom('contestEntries')
      .innerJoin('operations', 'operations.id', 'contestEntries.operationId')
      .select(['imageId', 'fileId'])
      .where('contestEntries.id', '=', entryId)
      .where('contestEntries.state', 'not in', ['blocked', 'withdrawn'])
      .where('operations.state', '=', 'open')
      .forUpdate('contestEntries')
      .executeTakeFirst()
    if (!entry) return false
    await tx
      .updateTable('contestEntries')
      .set({ state: 'withdrawn', decidedAt: now(), decidedBy: null, imageId: null, fileId: null })
      .where('id', '=', entryId)
      .execute()
    await forgetSentIn(tx, [entry])
    await forgetHeld(tx, [entryId, ...(entry.fileId ? [entry.fileId] : [])])
    return true
  })
}

/**
 * Whoever sent it in sends another file in the place of one that does not play, while entries come in: it waits for the artist anew. `gone`: its file is being made to play
 * after all, or it does not wait any more.
 */
export async function replaceEntryFile(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  { entryId, fileId }: { entryId: string; fileId: string },
): Promise<Result<null, 'gone' | 'late'>> {
  return db.transaction().execute(async (tx) => {
    const entry = await tx
      .selectFrom('contestEntries')
      .innerJoin('entryFiles', 'entryFiles.id', 'contestEntries.fileId')
      .select(['contestEntries.operationId', 'fileId', 'confirmedAt'])
      .where('contestEntries.id', '=', entryId)
      .where('contestEntries.state', '=', 'waiting')
      .where('entryFiles.state', '=', 'failed')
      .forUpdate()
      .executeTakeFirst()
    const contest = entry && (await shareContest(tx, entry.operationId))
    if (!entry || !contest) return fail('gone')
    if (phaseOf(contest, now()) !== 'entries') return fail('late')
    await tx.updateTable('contestEntries').set({ fileId }).where('id', '=', entryId).execute()
    if (entry.confirmedAt) await makePlayable(tx, fileId)
    await forgetSentIn(tx, [{ imageId: null, fileId: entry.fileId }])
    return ok(null)
  })
}

/** One lock a person and contest: two at once of somebody who may send in one are one. */
async function hasEnough(tx: Tx, { id, mostEntries }: { id: string; mostEntries: number }, fanId: string) {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`contest:${id}:${fanId}`}, 0))`.execute(tx)
  const { n } = await tx
    .selectFrom('contestEntries')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('operationId', '=', id)
    .where('fanId', '=', fanId)
    .where('state', '!=', 'withdrawn')
    .executeTakeFirstOrThrow()
  return Number(n) >= mostEntries
}

type In = {
  id: string
  artistId: string
  entryId: string
  fileId: string | null
  fanId: string
  personId: string
  addressId: string
  language: Lang
  at: Date
}

async function cameIn(tx: Tx, { id, artistId, entryId, fileId, personId, at, ...who }: In): Promise<void> {
  const { fanId, addressId, language } = who
  if (fileId) await makePlayable(tx, fileId)
  await takesPart(tx, { operationId: id, how: 'entry', at, fanId, addressId, language })
  const subject = `operation:${id}` as const
  await recordReturn(tx, { artistId, key: `entry:${entryId}`, kind: 'entry', subject, givenAs: subject, personId, at })
}
