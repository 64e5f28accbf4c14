import { expect, test } from 'vitest'
import { CORES, LANES } from './lanes.ts'

test('what a fan waits for shares its places with nothing, and all encoding together stays near the number of cores', () => {
  const of = (job: string) => LANES.filter(({ jobs }) => jobs.some((name) => name === job))
  const [download, ...others] = of('audio.encode')
  const [prepare] = of('audio.prepare')
  expect(others).toEqual([])
  expect(download?.jobs).toEqual(['audio.encode'])
  expect(download?.concurrency).toBeGreaterThanOrEqual(1)
  expect((download?.concurrency ?? 0) + (prepare?.concurrency ?? 0)).toBeLessThanOrEqual(1.5 * CORES + 0.5)
})
