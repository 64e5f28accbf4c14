import './tables.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { NewLetter } from '../reach/index.ts'
import { batchesOf, codePath, codesBeforeErased, codesGivenTo, handOutCode } from '../shop/index.ts'
import { givesOf } from './plan.rules.ts'
import { planOf } from './sequence.store.ts'
import { type CodeState, DAY_MS, type Given } from './walk.rules.ts'

type Give = Given['give']

/** How long the link of a letter leads to a code of a batch without a last day. */
const LONG_DAYS = 3650

/**
 * What there is to give these people of an artist's batches of codes: one a person and batch, the same whichever steps give of it and however often they
 * come. Where the batch of their own version has none, it is asked of the batch that the step has in the version that is on.
 */
export async function codesFor(tx: Tx, artistId: string, fanIds: string[], at: Date) {
  const batches = new Map((await batchesOf(tx, artistId, at)).map((batch) => [batch.id, batch]))
  const left = new Map([...batches].map(([id, { left }]) => [id, left]))
  const isOpen = (batch: string) => batches.get(batch)?.state === 'open'
  const rows = await codesGivenTo(tx, fanIds)
  const held = new Map(rows.map(({ batchId, fanId, code }) => [`${batchId} ${fanId}`, code]))
  const were = await codesBeforeErased(tx, { artistId, fanIds })
  const claimed = new Set<string>()
  const now = await batchesNow(tx, artistId)

  const mine = (fanId: string, batch: string) => held.get(`${batch} ${fanId}`)
  /** What was theirs before they were erased, while nobody else has it. */
  const before = (fanId: string, batch: string) =>
    were.find((one) => one.fanId === fanId && one.batchId === batch && !claimed.has(one.code))

  const newest = (give: Give) => now.get(give.giveId) ?? null
  /** The batch that somebody's code is of, or would be: that of their own version, or else of the one that is on. Null where neither has one for them. */
  const batchFor = (fanId: string, give: Give, inSameBreath: ReadonlySet<string>): string | null =>
    [give.batch, newest(give)].find((batch): batch is string => {
      if (!batch || !isOpen(batch)) return false
      if (mine(fanId, batch) || inSameBreath.has(batch)) return true
      const was = before(fanId, batch)
      return was ? !was.redeemed : (left.get(batch) ?? 0) > 0
    }) ?? null

  /** The code that they get; out of the batch where they have none. Null where another was faster. */
  async function take(tx: Tx, deps: Pick<Platform, 'now'>, fanId: string, batch: string) {
    const handed = await handOutCode(tx, deps, { batchId: batch, fanId })
    if (handed.is !== 'given') return null
    const { code } = handed
    if (were.some((one) => one.code === code)) claimed.add(code)
    else left.set(batch, (left.get(batch) ?? 0) - 1)
    return code
  }

  return {
    stateOf(fanId: string, give: Give, given: readonly Given[]): CodeState {
      const inSameBreath = new Set<string>()
      for (const one of given) {
        const batch = one.give.batch && batchFor(fanId, one.give, inSameBreath)
        if (batch) inSameBreath.add(batch)
      }
      if (batchFor(fanId, give, inSameBreath)) return 'here'
      const next = newest(give)
      return next && !mine(fanId, next) && !before(fanId, next) ? 'later' : 'never'
    },
    /** The way to somebody's own code. Throws where another was faster: it is looked at anew the next time. */
    async give(tx: Tx, deps: Pick<Platform, 'now'>, fanId: string, give: Give): Promise<NonNullable<NewLetter['own']>> {
      const batch = batchFor(fanId, give, new Set())
      const code = batch && (mine(fanId, batch) ?? (await take(tx, deps, fanId, batch)))
      if (!code) throw new Error(`No code of the batch ${batch} could be taken.`)
      held.set(`${batch} ${fanId}`, code)
      const last = batches.get(batch)?.until
      const until = last ? Date.parse(`${last}T00:00:00Z`) + 2 * DAY_MS : at.getTime() + LONG_DAYS * DAY_MS
      return { href: codePath(code), until: new Date(until) }
    },
  }
}

/** The batch that each give has in the version of its sequence that is on. */
async function batchesNow(tx: Tx, artistId: string): Promise<Map<string, string | null>> {
  const on = await tx
    .selectFrom('sequences')
    .select(['id', 'version'])
    .where('artistId', '=', artistId)
    .where('state', '=', 'on')
    .execute()
  const plans = []
  for (const { id, version } of on) plans.push(await planOf(tx, id, version ?? 0))
  return new Map(plans.flatMap((plan) => givesOf(plan).map(({ giveId, batch }) => [giveId, batch ?? null] as const)))
}
