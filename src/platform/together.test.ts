import fc from 'fast-check'
import { expect, test } from 'vitest'
import { together } from './together.ts'

const soon = () => new Promise<void>((done) => setImmediate(done))

test('whoever comes alone waits for nobody; who comes meanwhile goes together, and two of one key do not', async () => {
  const went: string[][] = []
  const ask = together<string, string>({
    all: async (asks) => {
      went.push(asks)
      await soon()
      return asks.map((one) => one.toUpperCase())
    },
    one: async (one) => {
      went.push([one])
      await soon()
      return one.toUpperCase()
    },
    keyOf: (one) => one,
    lanes: 1,
    most: 3,
  })
  const answers = await Promise.all(['a', 'b', 'c', 'b', 'd', 'e'].map(ask))
  expect(answers).toEqual(['A', 'B', 'C', 'B', 'D', 'E'])
  expect(went).toEqual([['a'], ['b', 'c', 'd'], ['b', 'e']])
})

test('a lane that is held up holds up nobody who comes later', async () => {
  const stuck = Promise.withResolvers<string>()
  const one = (ask: string) => (ask === 'first' ? stuck.promise : Promise.resolve(ask))
  const ask = together({
    ...{ one, all: (asks: string[]) => Promise.all(asks.map(one)), keyOf: (key: string) => key },
    ...{ lanes: 1, patienceMs: 1 },
  })
  const first = ask('first')
  expect(await Promise.all([ask('second'), ask('third')])).toEqual(['second', 'third'])
  expect(await ask('fourth')).toBe('fourth')
  stuck.resolve('at last')
  expect(await first).toBe('at last')
})

test('whatever fails together or alone: each has their own answer, and nobody fails for another’s sake', async () => {
  const asks = fc.array(fc.record({ key: fc.nat(4), fails: fc.boolean() }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(asks, fc.integer({ min: 1, max: 3 }), async (said, lanes) => {
      type Ask = { key: number; fails: boolean; index: number }
      const one = async ({ fails, index }: Ask) => {
        await soon()
        if (fails) throw new Error(String(index))
        return index
      }
      let [atOnce, mostAtOnce, twoOfOne] = [0, 0, false]
      const ask = together<Ask, number>({
        all: async (all) => {
          mostAtOnce = Math.max(mostAtOnce, ++atOnce)
          twoOfOne ||= new Set(all.map(({ key }) => key)).size < all.length
          return Promise.all(all.map(one)).finally(() => {
            atOnce--
          })
        },
        ...{ one, lanes, keyOf: ({ key }: Ask) => String(key) },
      })
      const answers = await Promise.allSettled(said.map((each, index) => ask({ ...each, index })))
      expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason.message))).toEqual(
        said.map(({ fails }, index) => (fails ? String(index) : index)),
      )
      expect(mostAtOnce).toBeLessThanOrEqual(lanes)
      expect(twoOfOne).toBe(false)
    }),
  )
})
