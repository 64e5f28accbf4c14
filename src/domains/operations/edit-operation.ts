import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { LANGUAGES, type Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { recordGift } from '../exchange/index.ts'
import { audit, siteSettings } from '../identity/index.ts'
import { phaseOf } from './contests/contest.rules.ts'
import { rulesText } from './contests/rules-text.ts'
import { setAsidesOf } from './contests/set-aside.ts'
import type { ContestSort } from './operation.rules.ts'
import { freeSlug, lockOperation } from './operation.store.ts'

type Deps = Pick<Platform, 'db' | 'now'>
type Of = { operationId: string; by: string }
/**
 * Whether they may publish music of this artist: what a contest gives to work with is out for everybody, whatever its release is, and which release it is of is read on its
 * page.
 */
type Giver = { mayGive: boolean }

export type ContestFields = {
  title: string
  words: string
  language: Lang
  timeZone: string
  sort: ContestSort
  releaseId: string | null
  entriesUntil: Date | null
  endsAt: Date | null
  juryWeight: number
  mostEntries: number
  /** Files beside the music of the release that are given to work with; one that lies elsewhere is left out. */
  stems: string[]
}

/** Begins a contest: a draft that nobody sees. Without a release where they may not give music. */
export async function createContest(
  { db }: Deps,
  { artistId, by, mayGive, fields }: Giver & { artistId: string; by: string; fields: ContestFields },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    const id = newId()
    const { title, words, language, timeZone, endsAt, stems, releaseId: asked, ...contest } = fields
    const releaseId = mayGive ? asked : null
    const slug = await freeSlug(tx, artistId, title, { kind: 'contest' })
    await tx
      .insertInto('operations')
      .values({
        ...{ id, artistId, kind: 'contest', slug, title, words, language, timeZone, endsAt, createdBy: by },
        openedAt: null,
        closedAt: null,
        followUp: null,
        followUpSubject: null,
        thanksSubject: null,
        hiddenAt: null,
      })
      .execute()
    await tx
      .insertInto('contests')
      .values({
        ...{ operationId: id, ...contest, releaseId, stems: await besideMusic(tx, releaseId, stems) },
        ...{ winnerId: null, results: null },
      })
      .execute()
    await audit(tx, { accountId: by, action: 'operation.make', artistId, subject: title })
    return id
  })
}

/**
 * Saves what the page says. Once it is open its sort, its weights and its zone stay, since people agreed to them; other dates or a new title make a new
 * version of the rules. Its release and what it gives to work with stay where they may not give music. `past`: a moment that would be over already. `aside`: votes
 * that are set aside would be counted with those that are still to come, by what was seen before.
 */
export async function editContest(
  { db, now }: Deps,
  { operationId, by, mayGive, fields }: Of & Giver & { fields: ContestFields },
): Promise<Result<null, 'missing' | 'closed' | 'past' | 'aside'>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (!operation) return fail('missing')
    if (operation.state === 'closed') return fail('closed')
    const { title, words, language, timeZone, endsAt, releaseId, entriesUntil, sort, juryWeight, mostEntries, stems } =
      fields
    const isOpen = operation.state === 'open'
    if (isOpen && (!endsAt || !entriesUntil || entriesUntil >= endsAt || endsAt <= now())) return fail('past')
    if (isOpen && (await isCountedAside(tx, operation, now()))) return fail('aside')
    await tx
      .updateTable('operations')
      .set({
        title,
        words,
        language,
        endsAt,
        version: sql`version + 1`,
        ...(!isOpen && {
          timeZone,
          slug: await freeSlug(tx, operation.artistId, title, { kind: 'contest', own: operationId }),
        }),
      })
      .where('id', '=', operationId)
      .execute()
    await tx
      .updateTable('contests')
      .set({
        entriesUntil,
        ...(mayGive && { releaseId, stems: await besideMusic(tx, releaseId, stems) }),
        ...(!isOpen && { sort, juryWeight, mostEntries }),
      })
      .where('operationId', '=', operationId)
      .execute()
    if (isOpen) await writeRules(tx, operationId, now())
    await audit(tx, { accountId: by, action: 'operation.edit', artistId: operation.artistId, subject: title })
    return ok(null)
  })
}

type Locked = NonNullable<Awaited<ReturnType<typeof lockOperation>>>

/** Whether voting is over, and votes are set aside: it was counted as it stands. */
async function isCountedAside(tx: Tx, operation: Locked, at: Date): Promise<boolean> {
  const { entriesUntil } = await tx
    .selectFrom('contests')
    .select('entriesUntil')
    .where('operationId', '=', operation.id)
    .executeTakeFirstOrThrow()
  return phaseOf({ ...operation, entriesUntil }, at) === 'over' && (await setAsidesOf(tx, operation.id)).length > 0
}

async function besideMusic(tx: Tx, releaseId: string | null, stems: string[]): Promise<string[]> {
  if (!releaseId || !stems.length) return []
  const rows = await tx
    .selectFrom('bonusFiles')
    .select('id')
    .where('releaseId', '=', releaseId)
    .where('id', 'in', stems)
    .execute()
  return rows.map(({ id }) => id)
}

/** `gives`: it gives music to work with, and they may not. */
export type OpenProblem = 'missing' | 'untitled' | 'dates' | 'past' | 'gives'

/** Opens it to everybody: its page, its rules as they are from now on, and the gift that it is. */
export async function openOperation(
  { db, now }: Deps,
  { operationId, by, mayGive }: Of & Giver,
): Promise<Result<null, OpenProblem>> {
  return db.transaction().execute(async (tx) => {
    const operation = await lockOperation(tx, operationId)
    if (!operation) return fail('missing')
    if (operation.state !== 'draft') return ok(null)
    const { entriesUntil, stems } = await tx
      .selectFrom('contests')
      .select(['entriesUntil', 'stems'])
      .where('operationId', '=', operationId)
      .executeTakeFirstOrThrow()
    const { title, artistId, endsAt } = operation
    if (!title) return fail('untitled')
    if (!entriesUntil || !endsAt || entriesUntil >= endsAt) return fail('dates')
    if (entriesUntil <= now()) return fail('past')
    if (stems.length && !mayGive) return fail('gives')
    const at = now()
    await tx.updateTable('contests').set({ setsAside: true }).where('operationId', '=', operationId).execute()
    await tx.updateTable('operations').set({ state: 'open', openedAt: at }).where('id', '=', operationId).execute()
    await writeRules(tx, operationId, at)
    await recordGift(tx, { artistId, kind: 'operation', subject: `operation:${operationId}`, at })
    await audit(tx, { accountId: by, action: 'operation.open', artistId, subject: title })
    return ok(null)
  })
}

/** Writes the rules down in every language, as a new version where they say something else than the last. */
async function writeRules(tx: Tx, operationId: string, at: Date): Promise<void> {
  const of = await tx
    .selectFrom('operations')
    .innerJoin('contests', 'contests.operationId', 'operations.id')
    .innerJoin('artists', 'artists.id', 'operations.artistId')
    .select(['artists.name as artist', 'operations.title', 'sort', 'entriesUntil', 'endsAt'])
    .select(['operations.timeZone', 'juryWeight', 'mostEntries', 'setsAside'])
    .where('operations.id', '=', operationId)
    .executeTakeFirstOrThrow()
  const { entriesUntil, endsAt } = of
  if (!entriesUntil || !endsAt) throw new Error('A contest is opened with its dates')
  const place = (await siteSettings(tx)).name
  const texts = LANGUAGES.map((language) => ({
    language,
    text: rulesText({ ...of, entriesUntil, endsAt, place }, language),
  }))
  const last = await tx
    .selectFrom('contestRules')
    .select(['version', 'language', 'text'])
    .where('operationId', '=', operationId)
    .orderBy('version', 'desc')
    .limit(LANGUAGES.length)
    .execute()
  const isSame = texts.every(({ language, text }) => last.find((one) => one.language === language)?.text === text)
  if (isSame) return
  const version = (last[0]?.version ?? 0) + 1
  await tx
    .insertInto('contestRules')
    .values(texts.map((one) => ({ ...one, operationId, version, madeAt: at })))
    .execute()
}

/** Throws a draft away. What was open stays: people took part. */
export async function removeDraft({ db }: Deps, { operationId, by }: Of): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('operations')
      .where('id', '=', operationId)
      .where('state', '=', 'draft')
      .returning(['artistId', 'title'])
      .executeTakeFirst()
    if (gone)
      await audit(tx, { accountId: by, action: 'operation.remove', artistId: gone.artistId, subject: gone.title })
    return gone !== undefined
  })
}
