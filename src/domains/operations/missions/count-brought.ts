import type { Platform } from '../../../platform/platform.ts'
import { confirmedThrough } from '../../exchange/index.ts'
import { giveOwed, thankIfDue } from './thank.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/**
 * How many people came by the links of those who take part, in every mission that is not closed; whoever brought as many as were asked is thanked. Codes that were owed are given once
 * there are some. Each person in a transaction of their own: killed anywhere, the next turn goes on.
 */
export async function countBrought(deps: Deps): Promise<void> {
  for (const mission of await openMissions(deps)) await countIn(deps, mission)
  await giveWhatIsOwed(deps)
}

/** The same for one mission, before it is closed. */
export async function countMission(deps: Deps, operationId: string): Promise<void> {
  for (const mission of await openMissions(deps, operationId)) await countIn(deps, mission)
}

async function openMissions({ db }: Pick<Deps, 'db'>, id?: string): Promise<Counting[]> {
  const rows = await db
    .selectFrom('operations')
    .select(['id', 'artistId', 'openedAt', 'endsAt'])
    .where('kind', '=', 'mission')
    .where('state', '=', 'open')
    .where('hiddenAt', 'is', null)
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .execute()
  return rows.flatMap(({ openedAt, endsAt, ...of }) =>
    openedAt && endsAt ? [{ ...of, from: openedAt, until: endsAt }] : [],
  )
}

type Counting = { id: string; artistId: string; from: Date; until: Date }

async function countIn({ db, now }: Deps, { id: operationId, artistId, from, until }: Counting): Promise<void> {
  const taking = await db
    .selectFrom('missionContributions as c')
    .innerJoin('missionTasks as t', 't.id', 'c.taskId')
    .innerJoin('fans as f', 'f.id', 'c.fanId')
    .select(['c.id', 'c.people', 'f.id as fanId', 'f.personId'])
    .where('c.operationId', '=', operationId)
    .where('t.kind', '=', 'bring')
    .where('c.state', '=', 'shown')
    .execute()
  if (!taking.length) return
  const people = await confirmedThrough(db, artistId, { from, until })
  for (const { id, people: before, fanId, personId } of taking) {
    const n = people.get(personId) ?? 0
    if (n === before) continue
    await db.transaction().execute(async (tx) => {
      // Closed since: what was counted stays as it was counted.
      const operation = await tx
        .selectFrom('operations')
        .select('id')
        .where('id', '=', operationId)
        .where('state', '=', 'open')
        .forShare()
        .executeTakeFirst()
      if (!operation) return
      await tx.updateTable('missionContributions').set({ people: n }).where('id', '=', id).execute()
      await thankIfDue(tx, { now }, { operationId, fanId })
    })
  }
}

async function giveWhatIsOwed({ db, now }: Deps): Promise<void> {
  const owed = await db
    .selectFrom('missionThanks')
    .select(['operationId', 'fanId'])
    .distinct()
    .where('givenAt', 'is', null)
    .where('fanId', 'is not', null)
    .execute()
  for (const { operationId, fanId } of owed)
    if (fanId) await db.transaction().execute((tx) => giveOwed(tx, { now }, { operationId, fanId }))
}
