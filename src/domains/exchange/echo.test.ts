import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Caused, echoOf, milestoneOf } from './echo.rules.ts'

/** People brought: how many listens each has, and whether they came by one's own link or by somebody whom one brought. */
const people = fc.array(fc.record({ direct: fc.boolean(), listens: fc.nat({ max: 60 }) }), { maxLength: 12 })
type Person = { direct: boolean; listens: number }

const causedBy = (all: Person[]): Caused => {
  const sum = (some: Person[]) => some.reduce((total, { listens }) => total + listens, 0)
  const direct = all.filter((one) => one.direct)
  return { directly: direct.length, people: all.length, listensDirectly: sum(direct), listens: sum(all) }
}

test('what one of those whom somebody brought did cannot be read from what is told', () => {
  fc.assert(
    fc.property(people, fc.nat({ max: 60 }), fc.nat(), (all, other, at) => {
      if (!all.length) return
      const told = echoOf(causedBy(all))
      const index = at % all.length
      const change = (listens: number) => echoOf(causedBy(all.with(index, { ...(all[index] as Person), listens })))
      // Of one or two nothing is told at all, whatever they do.
      if (all.length < 3) expect(change(other)).toEqual(told)
      // Who did what among several changes nothing: the same page stands for any order.
      const swap = all.findIndex((one, place) => place !== index && one.direct === all[index]?.direct)
      if (swap >= 0) {
        const swapped = all
          .with(index, { ...(all[index] as Person), listens: all[swap]?.listens ?? 0 })
          .with(swap, { ...(all[swap] as Person), listens: all[index]?.listens ?? 0 })
        expect(echoOf(causedBy(swapped))).toEqual(told)
      }
      // Nor is the sum told: it stands for ten of them.
      const sums = new Set(Array.from({ length: 10 }, (_, more) => change((all[index]?.listens ?? 0) + more).listens))
      expect(sums.size).toBeLessThanOrEqual(2)
    }),
    { numRuns: 500 },
  )
})

test('of one or two people who came by others, not even that they are there', () => {
  fc.assert(
    fc.property(fc.nat({ max: 9 }), fc.nat({ max: 2 }), fc.nat({ max: 99 }), fc.nat({ max: 99 }), (n, few, a, b) => {
      const alone = { directly: n, people: n, listensDirectly: a, listens: a }
      expect(echoOf({ ...alone, people: n + few, listens: a + b })).toEqual(echoOf(alone))
    }),
  )
})

test('what is told is true, and told once there is enough of it', () => {
  expect(echoOf({ directly: 4, people: 4, listensDirectly: 31, listens: 31 })).toEqual({
    directly: 4,
    beyond: null,
    listens: 30,
  })
  expect(echoOf({ directly: 2, people: 6, listensDirectly: 9, listens: 45 })).toEqual({
    directly: 2,
    beyond: 4,
    listens: 40,
  })
  expect(echoOf({ directly: 3, people: 3, listensDirectly: 9, listens: 9 }).listens).toBeNull()
})

test('a milestone is the last that was passed', () => {
  expect([0, 1, 9, 10, 49, 50, 3000].map(milestoneOf)).toEqual([null, 1, 1, 10, 10, 50, 1000])
})
