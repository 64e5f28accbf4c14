import { comesOf } from '../bench/support/fan-list.ts'
import { listHouse } from '../bench/support/list-house.ts'
import { scene } from '../bench/support/scene.ts'
import { expect, test } from './support/journey.ts'

test.use({ baseURL: undefined })

const LINES = 12_000

test('worker, database and both are killed while a list is tried and brought in: it goes on, and counts each line once', async () => {
  await scene(async (place) => {
    const house = await listHouse(place, LINES)
    const { addresses, fans, refused } = comesOf(LINES)
    const lines = Object.values(refused).reduce((sum, n) => sum + n, 0)
    const counts = { new: addresses, known: 0, left: 0, suppressed: 0, refused: lines }

    const tried = await house.read('try', ['worker'], () => 1)
    expect(tried).toMatchObject({ counts, refused, fans: 0, active: 0, consents: 0 })
    const brought = await house.read('bring', ['worker', 'database', 'everything'], () => 1)
    expect(brought).toMatchObject({ counts, refused, fans, active: addresses, consents: addresses })
    // In the middle of it.
    expect(brought.killedAt).toHaveLength(3)
    for (const line of brought.killedAt) expect(line).toBeLessThan(LINES)
  })
})
