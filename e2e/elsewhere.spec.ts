import { dirname, join } from 'node:path'
import { HARBOUR } from './support/album.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'
import { askForLink } from './support/owner.ts'
import { forgetPlace, newPlace, runCommand, startProgram } from './support/program.ts'
import { expectSound, listenIn } from './support/sound.ts'

test('all of it is saved while it runs, restored elsewhere, plays there and knows its owner', async ({
  label,
  another,
}) => {
  const file = join(dirname(label.dataDir), 'everything.tar')
  const saved = await runCommand(['backup', file, '--json'], { DATA_DIR: label.dataDir })
  expect([saved.code, JSON.parse(saved.stdout).missing]).toEqual([0, []])

  const dataDir = join(newPlace(), 'data')
  const restored = await runCommand(['restore', file, '--json'], { DATA_DIR: dataDir })
  expect([restored.code, restored.stderr]).toEqual([0, ''])
  const there = await startProgram({ dataDir })
  expect(there.setUpLink, 'it has an owner already').toBeNull()

  const visitor = await another({ baseURL: there.url })
  await listenIn(visitor)
  await visitor.goto(new URL(label.harbour.url).pathname)
  const sleeve = visitor.getByRole('img', { name: `Sleeve of ${HARBOUR.title}` })
  await expect.poll(() => sleeve.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100)
  await visitor
    .getByRole('main')
    .getByRole('button', { name: `Play ${HARBOUR.title}` })
    .click()
  await expectSound(visitor)

  await visitor.goto(await askForLink(visitor, there))
  await visitor.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(visitor).toHaveURL(/\/studio$/)
  await visitor.close()
  await there.stop()
  forgetPlace(dataDir)
})
