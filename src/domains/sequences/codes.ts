import './tables.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { NewLetter } from '../reach/index.ts'
import { type Batch, batchesOf, codePath, handOutCode } from '../shop/index.ts'
import { givesOf } from './plan.rules.ts'
import { planOf } from './sequence.store.ts'
import { DAY_MS, type Given } from './walk.rules.ts'

type Give = Given['give']

/** How long the link of a letter leads to a code of a batch without a last day. */
const LONG_DAYS = 3650

const leftIn = ({ state, left }: Pick<Batch, 'state' | 'left'>): number => (state === 'open' ? left : 0)

/** What there is to give these people of an artist's batches of codes: one a person and step, the same however often they come to it. */
export async function codesFor(tx: Tx, artistId: string, fanIds: string[], at: Date) {
  const batches = new Map((await batchesOf(tx, artistId, at)).map((batch) => [batch.id, batch]))
  const left = new Map([...batches].map(([id, batch]) => [id, leftIn(batch)]))
  const rows = batches.size
    ? await tx.selectFrom('sequenceCodes').select(['giveId', 'fanId', 'code']).where('fanId', 'in', fanIds).execute()
    : []
  const held = new Map(rows.map(({ giveId, fanId, code }) => [`${giveId} ${fanId}`, code]))
  const mine = (fanId: string, { giveId }: Give) => held.get(`${giveId} ${fanId}`)
  return {
    has(fanId: string, give: Give, given: readonly Given[]): boolean {
      if (!give.batch || mine(fanId, give)) return true
      const taken = given.filter((one) => one.give.batch === give.batch && !mine(fanId, one.give)).length
      return (left.get(give.batch) ?? 0) > taken
    },
    /** The way to somebody's own code, taken out of the batch for them. Throws where another was faster: it is looked at anew the next time. */
    async give(tx: Tx, deps: Pick<Platform, 'now'>, fanId: string, give: Give): Promise<NonNullable<NewLetter['own']>> {
      const batch = give.batch ?? ''
      const code = mine(fanId, give) ?? (await handOutCode(tx, deps, batch))
      if (!code) throw new Error(`No code of the batch ${batch} could be taken.`)
      if (!mine(fanId, give)) {
        await tx.insertInto('sequenceCodes').values({ giveId: give.giveId, fanId, code, givenAt: at }).execute()
        held.set(`${give.giveId} ${fanId}`, code)
        left.set(batch, (left.get(batch) ?? 0) - 1)
      }
      const last = batches.get(batch)?.until
      const until = last ? Date.parse(`${last}T00:00:00Z`) + 2 * DAY_MS : at.getTime() + LONG_DAYS * DAY_MS
      return { href: codePath(code), until: new Date(until) }
    },
  }
}

/** A step that nobody is given any more, since its codes have run out, or may be used no longer. */
export type Dry = { sequenceId: string; sequence: string; batch: string }

/** Those of an artist's sequences that are on. */
export async function dryGives(db: Db, artistId: string, now: Date): Promise<Dry[]> {
  const on = await db
    .selectFrom('sequences')
    .select(['id', 'name', 'version'])
    .where('artistId', '=', artistId)
    .where('state', '=', 'on')
    .orderBy('id')
    .execute()
  const plans = await Promise.all(on.map(async (one) => ({ ...one, plan: await planOf(db, one.id, one.version ?? 0) })))
  const asked = plans.flatMap(({ id, name, plan }) =>
    givesOf(plan).flatMap(({ batch }) => (batch ? [{ sequenceId: id, sequence: name, batch }] : [])),
  )
  if (!asked.length) return []
  const batches = new Map((await batchesOf(db, artistId, now)).map((batch) => [batch.id, batch]))
  return asked.flatMap((one) => {
    const batch = batches.get(one.batch)
    return batch && leftIn(batch) > 0 ? [] : [{ ...one, batch: batch?.name ?? '' }]
  })
}
