import { expect, test } from '@playwright/test'
import { forgetPlace, startProgram } from './support/program.ts'

test('killed, it starts again on the same data; stopped, it leaves no process', async () => {
  const first = await startProgram()
  const { dataDir, port } = first
  expect(first.setUpLink).toContain(first.url)
  expect(first.processes().length).toBeGreaterThanOrEqual(4)
  await first.kill()
  expect(first.processes()).toEqual([])

  const second = await startProgram({ dataDir, port })
  expect((await fetch(`${second.url}/healthz`)).status).toBe(200)
  await second.stop()
  expect(second.processes()).toEqual([])
  forgetPlace(dataDir)
})
