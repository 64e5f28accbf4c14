import { type Made, shareOut, standing, type Version } from './share.rules.ts'

/** What was sold of a subject in a country while a version held, and what it cost, since ever. Minor units of the currency of the books. */
export type SoldRow = {
  subject: string
  /** Null before the first version. */
  versionId: string | null
  /** '' where it is not known, and for costs. */
  country: string
  quantity: number
  /** Tax included. */
  gross: number
  tax: number
  fees: number
  costs: number
}

export type PoolRow = {
  subject: string
  versionId: string | null
  earned: number
  lossTaken: number
  costsTaken: number
  pool: number
  parts: { payeeId: string; share: number; amount: number }[]
}

/** Where one person stands: `earned` in shares, `paid` out to them, `advances` paid to them, `recouped` of those. */
export type PersonRow = { payeeId: string; earned: number; paid: number; advances: number; recouped: number }

/** All that was earned, shared and paid until a day. */
export type State = { sold: SoldRow[]; pools: PoolRow[]; people: PersonRow[] }

export const NOTHING: State = { sold: [], pools: [], people: [] }

/** Shares what was sold, by each subject's versions in the order in which they begin, and says where each person stands. */
export function stateOf(
  sold: SoldRow[],
  splits: ReadonlyMap<string, Version[]>,
  money: { payeeId: string; paid: number; advances: number }[],
): State {
  const pools: PoolRow[] = []
  const bySubject = Map.groupBy(sold, ({ subject }) => subject)
  for (const [subject, versions] of [...splits].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const rows = bySubject.get(subject) ?? []
    const made = [null, ...versions.map(({ id }) => id)].map((versionId): Made => {
      const own = rows.filter((row) => row.versionId === versionId)
      return {
        earned: own.reduce((sum, { gross, tax, fees }) => sum + gross - tax - fees, 0),
        costs: own.reduce((sum, { costs }) => sum + costs, 0),
      }
    })
    pools.push(...shareOut(versions, made).pools.map((pool) => ({ subject, ...pool })))
  }
  const earned = new Map<string, number>()
  for (const { parts } of pools)
    for (const { payeeId, amount } of parts) earned.set(payeeId, (earned.get(payeeId) ?? 0) + amount)
  const paidTo = new Map(money.map((row) => [row.payeeId, row]))
  const people = [...new Set([...earned.keys(), ...paidTo.keys()])].toSorted().map((payeeId) => {
    const { paid = 0, advances = 0 } = paidTo.get(payeeId) ?? {}
    const own = { earned: earned.get(payeeId) ?? 0, paid, advances }
    return { payeeId, ...own, recouped: standing(own).recouped }
  })
  return { sold, pools, people }
}

export type SubjectChange = {
  subject: string
  versionId: string
  share: number
  sold: { country: string; quantity: number; gross: number; tax: number; fees: number }[]
  earned: number
  lossTaken: number
  costsTaken: number
  pool: number
  part: number
}

export type PersonChange = {
  payeeId: string
  subjects: SubjectChange[]
  earned: number
  recouped: number
  paid: number
  advances: number
  balanceBefore: number
  balanceAfter: number
  /** Of their advances, what is still to be paid back. */
  advancesOpen: number
}

const balanceOf = ({ earned, paid, recouped }: PersonRow) => earned - paid - recouped
const at = (payeeId: string): PersonRow => ({ payeeId, earned: 0, paid: 0, advances: 0, recouped: 0 })

/** What is more in `now` than in `before`, by person: what a distribution gives, and a statement tells. */
export function changesBetween(before: State, now: State): PersonChange[] {
  const poolKey = ({ subject, versionId }: { subject: string; versionId: string | null }) => `${subject} ${versionId}`
  const soldKey = (row: SoldRow) => `${poolKey(row)} ${row.country}`
  const earlierPools = new Map(before.pools.map((pool) => [poolKey(pool), pool]))
  const earlierSold = new Map(before.sold.map((row) => [soldKey(row), row]))
  const nowSold = new Map(now.sold.map((row) => [soldKey(row), row]))
  const soldEver = Map.groupBy([...now.sold, ...before.sold.filter((row) => !nowSold.has(soldKey(row)))], poolKey)

  const soldIn = (pool: PoolRow) =>
    (soldEver.get(poolKey(pool)) ?? [])
      .map((row) => {
        const [a, b] = [earlierSold.get(soldKey(row)), nowSold.get(soldKey(row))]
        const more = (name: 'quantity' | 'gross' | 'tax' | 'fees') => (b?.[name] ?? 0) - (a?.[name] ?? 0)
        return {
          country: row.country,
          quantity: more('quantity'),
          gross: more('gross'),
          tax: more('tax'),
          fees: more('fees'),
        }
      })
      .filter(({ quantity, gross, tax, fees }) => quantity || gross || tax || fees)

  const subjectsOf = new Map<string, SubjectChange[]>()
  // A version of which nothing is known any more cannot be: versions that were agreed stay.
  for (const pool of now.pools) {
    const earlier = earlierPools.get(poolKey(pool))
    const sold = soldIn(pool)
    for (const { payeeId, share, amount } of pool.parts) {
      const change: SubjectChange = {
        subject: pool.subject,
        versionId: pool.versionId as string,
        share,
        sold,
        earned: pool.earned - (earlier?.earned ?? 0),
        lossTaken: pool.lossTaken - (earlier?.lossTaken ?? 0),
        costsTaken: pool.costsTaken - (earlier?.costsTaken ?? 0),
        pool: pool.pool - (earlier?.pool ?? 0),
        part: amount - (earlier?.parts.find((part) => part.payeeId === payeeId)?.amount ?? 0),
      }
      if (sold.length || change.earned || change.costsTaken || change.lossTaken || change.part)
        subjectsOf.set(payeeId, [...(subjectsOf.get(payeeId) ?? []), change])
    }
  }
  const earlierPeople = new Map(before.people.map((row) => [row.payeeId, row]))
  return now.people.map((row) => {
    const earlier = earlierPeople.get(row.payeeId) ?? at(row.payeeId)
    return {
      payeeId: row.payeeId,
      subjects: subjectsOf.get(row.payeeId) ?? [],
      earned: row.earned - earlier.earned,
      recouped: row.recouped - earlier.recouped,
      paid: row.paid - earlier.paid,
      advances: row.advances - earlier.advances,
      balanceBefore: balanceOf(earlier),
      balanceAfter: balanceOf(row),
      advancesOpen: row.advances - row.recouped,
    }
  })
}
