import { allocate } from '../../platform/money.ts'

/** All shares of a split, in hundredths of a percent. */
export const WHOLE = 10_000

/** One version of how a subject is shared; `payeeId` null is what the seller keeps. */
export type Version = {
  id: string
  beginsOn: string
  recoupsCosts: boolean
  parts: { payeeId: string | null; share: number }[]
}

/** What came of a subject while one version held, since ever: earned without tax, less refunds and fees; and what its project cost. */
export type Made = { earned: number; costs: number }

export type Pool = {
  /** Null: before the first version, all is the seller's. */
  versionId: string | null
  earned: number
  /** Of a loss of earlier versions, what this one made good; of the costs, what was taken first. */
  lossTaken: number
  costsTaken: number
  /** What is shared. */
  pool: number
  parts: { payeeId: string; share: number; amount: number }[]
}

/**
 * Shares all that a subject ever earned. Each version shares what was earned while it held: a loss is made good first, then costs (its own and what
 * earlier ones left open) are taken where the version says so, and what remains is divided by largest remainder. What was earned before the first
 * version is the seller's, and pays for the costs of that time.
 * `made[0]` is from before the first version, `made[n]` that of the n-th. Amounts are minor units of one currency.
 * The answer depends on sums alone, never on their order: whoever subtracts what was given before has what is still to be given.
 */
export function shareOut(versions: Version[], made: Made[]): { pools: Pool[]; lossOpen: number; costsOpen: number } {
  let [lossOpen, costsOpen] = [0, 0]
  const pools = made.map(({ earned, costs }, index): Pool => {
    const version = versions[index - 1]
    const recoups = version?.recoupsCosts ?? true
    if (recoups) costsOpen += costs
    const lossTaken = Math.min(lossOpen, Math.max(0, earned))
    const net = earned - lossTaken
    lossOpen -= lossTaken
    const none = { versionId: version?.id ?? null, earned, lossTaken, costsTaken: 0, pool: 0, parts: [] }
    if (net < 0) {
      // Before anybody shared, a loss is the seller's own.
      if (version) lossOpen -= net
      return { ...none, parts: partsOf(version, 0) }
    }
    const costsTaken = recoups ? Math.min(net, costsOpen) : 0
    costsOpen -= costsTaken
    const pool = net - costsTaken
    return { ...none, costsTaken, pool, parts: partsOf(version, pool) }
  })
  return { pools, lossOpen, costsOpen }
}

function partsOf(version: Version | undefined, pool: number): Pool['parts'] {
  if (!version) return []
  const amounts = allocate(
    pool,
    version.parts.map(({ share }) => share),
  )
  return version.parts.flatMap(({ payeeId, share }, index) =>
    payeeId === null ? [] : [{ payeeId, share, amount: amounts[index] ?? 0 }],
  )
}

/**
 * Where somebody stands: what they earned in shares less what was paid out to them pays back their advances first. Nothing is taken back that was paid
 * out already, and what a late refund takes from them comes out of what was paid back before it makes them owe.
 */
export function standing({ earned, paid, advances }: { earned: number; paid: number; advances: number }): {
  recouped: number
  due: number
} {
  const recouped = Math.max(0, Math.min(earned - paid, advances))
  return { recouped, due: earned - paid - recouped }
}
