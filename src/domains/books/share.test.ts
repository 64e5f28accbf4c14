import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Made, shareOut, standing, type Version, WHOLE } from './share.rules.ts'

const version = (id: string, shares: Record<string, number>, recoupsCosts = true): Version => ({
  id,
  beginsOn: '2026-01-01',
  recoupsCosts,
  parts: Object.entries(shares).map(([payeeId, share]) => ({ payeeId: payeeId === 'seller' ? null : payeeId, share })),
})
const NOTHING: Made = { earned: 0, costs: 0 }
const amounts = (versions: Version[], made: Made[]) =>
  shareOut(versions, made).pools.map(({ parts }) => Object.fromEntries(parts.map((p) => [p.payeeId, p.amount])))

describe('a split', () => {
  test('into thirds gives the cents that remain to the first', () => {
    const thirds = [version('a', { ana: 3334, noe: 3333, seller: 3333 })]
    expect(amounts(thirds, [NOTHING, { earned: 1000, costs: 0 }])).toEqual([{}, { ana: 334, noe: 333 }])
    expect(amounts([version('a', { ana: 5000, noe: 5000 })], [NOTHING, { earned: 1, costs: 0 }])).toEqual([
      {},
      { ana: 1, noe: 0 },
    ])
  })

  test('takes the costs of the project first, where it says so', () => {
    const made = [
      { earned: 0, costs: 500 },
      { earned: 800, costs: 100 },
    ]
    expect(amounts([version('a', { ana: WHOLE })], made)[1]).toEqual({ ana: 200 })
    expect(amounts([version('a', { ana: WHOLE }, false)], made)[1]).toEqual({ ana: 800 })
  })

  test('that changes leaves each version what was earned while it held, and costs that come later to the later one', () => {
    const two = [version('a', { ana: WHOLE }), version('b', { ana: 5000, noe: 5000 })]
    expect(amounts(two, [NOTHING, { earned: 600, costs: 0 }, { earned: 1000, costs: 400 }])).toEqual([
      {},
      { ana: 600 },
      { ana: 300, noe: 300 },
    ])
  })

  test('carries on a loss, and what was earned before anybody shared pays for the costs of that time', () => {
    const two = [version('a', { ana: WHOLE }), version('b', { noe: WHOLE })]
    expect(amounts(two, [NOTHING, { earned: -250, costs: 0 }, { earned: 400, costs: 0 }])).toEqual([
      {},
      { ana: 0 },
      { noe: 150 },
    ])
    expect(
      amounts(
        [version('a', { ana: WHOLE })],
        [
          { earned: 300, costs: 500 },
          { earned: 250, costs: 0 },
        ],
      ),
    ).toEqual([{}, { ana: 50 }])
  })
})

describe('an advance', () => {
  test('is paid back out of one’s own share before anything is due', () => {
    expect(standing({ earned: 300, paid: 0, advances: 500 })).toEqual({ recouped: 300, due: 0 })
    expect(standing({ earned: 900, paid: 0, advances: 500 })).toEqual({ recouped: 500, due: 400 })
  })
  test('that comes after a payout takes nothing back of it', () => {
    expect(standing({ earned: 500, paid: 500, advances: 300 })).toEqual({ recouped: 0, due: 0 })
    expect(standing({ earned: 900, paid: 500, advances: 300 })).toEqual({ recouped: 300, due: 100 })
  })
  test('gives back what it took before a late refund makes somebody owe', () => {
    expect(standing({ earned: 800, paid: 600, advances: 300 })).toEqual({ recouped: 200, due: 0 })
    expect(standing({ earned: 500, paid: 600, advances: 300 })).toEqual({ recouped: 0, due: -100 })
  })
})

/** What happens: a sale, a refund, a fee or a cost, while some version holds. */
type Event = { at: number; earned: number; costs: number }
const split = (id: string) =>
  fc
    .record({
      cuts: fc.array(fc.integer({ min: 0, max: WHOLE }), { minLength: 2, maxLength: 4 }),
      recoups: fc.boolean(),
    })
    .map(({ cuts, recoups }) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), WHOLE]
      const shares = edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0))
      return version(id, Object.fromEntries(shares.map((share, n) => [n ? `p${n}` : 'seller', share])), recoups)
    })
const events = (most: number) =>
  fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: most }),
      earned: fc.integer({ min: -50_000, max: 100_000 }),
      costs: fc.integer({ min: 0, max: 20_000 }),
    }),
    { maxLength: 60 },
  )
const sums = (count: number, list: Event[]): Made[] =>
  Array.from({ length: count + 1 }, (_, index) => ({
    earned: list.filter(({ at }) => at === index).reduce((sum, { earned }) => sum + earned, 0),
    costs: list.filter(({ at }) => at === index).reduce((sum, { costs }) => sum + costs, 0),
  }))

test('never a cent is made or lost: shares, costs and losses are what was earned', () => {
  fc.assert(
    fc.property(fc.tuple(split('a'), split('b'), split('c')), events(3), (versions, list) => {
      const made = sums(3, list)
      const { pools, lossOpen, costsOpen } = shareOut(versions, made)
      for (const [index, pool] of pools.entries()) {
        const net = pool.earned - pool.lossTaken
        expect(pool.pool).toBe(Math.max(0, net) - pool.costsTaken)
        expect(pool.pool).toBeGreaterThanOrEqual(0)
        const kept = versions[index - 1]?.parts.find(({ payeeId }) => payeeId === null)?.share ?? WHOLE
        const given = pool.parts.reduce((sum, { amount }) => sum + amount, 0)
        // The seller's own part is what is left, within a cent of their share.
        expect(Math.abs(pool.pool - given - (pool.pool * kept) / WHOLE)).toBeLessThan(1)
        for (const { amount, share } of pool.parts)
          expect(Math.abs(amount - (pool.pool * share) / WHOLE)).toBeLessThan(1)
      }
      const losses = pools.slice(1).reduce((sum, { earned }) => sum + Math.max(0, -earned), 0)
      expect(lossOpen + pools.reduce((sum, { lossTaken }) => sum + lossTaken, 0)).toBe(losses)
      const recouping = made.filter((_, index) => versions[index - 1]?.recoupsCosts ?? true)
      expect(costsOpen + pools.reduce((sum, { costsTaken }) => sum + costsTaken, 0)).toBe(
        recouping.reduce((sum, { costs }) => sum + costs, 0),
      )
    }),
  )
})

test('the order of sales and costs changes no cent', () => {
  const shuffled = events(2).chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  fc.assert(
    fc.property(split('a'), split('b'), shuffled, (a, b, [list, other]) => {
      expect(shareOut([a, b], sums(2, other))).toEqual(shareOut([a, b], sums(2, list)))
    }),
  )
})

test('one’s own advance is never paid back by more than it was, nor out of what was paid out', () => {
  const amount = fc.integer({ min: 0, max: 1e9 })
  fc.assert(
    fc.property(amount, amount, amount, (earned, paid, advances) => {
      const { recouped, due } = standing({ earned, paid, advances })
      expect(recouped + due).toBe(earned - paid)
      expect(recouped).toBeGreaterThanOrEqual(0)
      expect(recouped).toBeLessThanOrEqual(advances)
      if (due > 0) expect(recouped).toBe(advances)
      if (earned >= paid) expect(due).toBeGreaterThanOrEqual(0)
    }),
  )
})
