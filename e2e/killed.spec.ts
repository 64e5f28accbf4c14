import { dirname } from 'node:path'
import { type Album, HARBOUR, writeAlbum } from './support/album.ts'
import { dropOn } from './support/drop.ts'
import { expect, test } from './support/journey.ts'
import { becomeOwner, openArtist } from './support/owner.ts'
import { forgetPlace, startProgram } from './support/program.ts'
import { expectSound, listenIn } from './support/sound.ts'

test.use({
  // What the browser says of a program that does not answer while it is dead.
  tolerated: [/ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/],
  baseURL: undefined,
})

/** Enough files that reading them lasts. */
const ALBUM: Album = {
  ...HARBOUR,
  tracks: Array.from({ length: 8 }, (_, i) => ({ title: `Crossing ${i + 1}`, seconds: i ? 3 : 30 })),
}

test('all is killed while files come in, while they are read, while they are kept: it goes on, and nothing is there twice', async ({
  page,
}) => {
  let program = await startProgram()
  const { dataDir, port, url } = program
  const killAndStart = async () => {
    await program.kill()
    expect(program.processes()).toEqual([])
    program = await startProgram({ dataDir, port })
  }
  const heading = (name: string) => page.getByRole('heading', { level: 1, name })
  const folder = await writeAlbum(dirname(dataDir), ALBUM)
  const offsets: number[] = []
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']))
  })
  await listenIn(page)
  await becomeOwner(page, program)
  await openArtist(page, ALBUM.artist, url)

  await test.step('while files come in', async () => {
    const line = await page.context().newCDPSession(page)
    const speed = (bytes: number) =>
      line.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: bytes,
      })
    await line.send('Network.enable')
    await page.getByRole('link', { name: 'Give music' }).click()
    await speed(1_000_000)
    await dropOn(page.getByText('Drop a folder or files here'), [folder])
    await expect(page.getByText(/[1-8] of 9 files arrived/)).toBeVisible()
    await program.kill()
    await speed(-1)
    await expect(page.getByText('The connection is lost. Sending goes on by itself')).toBeVisible()
    const sent = offsets.length
    program = await startProgram({ dataDir, port })
    await expect(heading('Listening to what you sent')).toBeVisible({ timeout: 60_000 })
    expect(Math.max(...offsets.slice(sent)), 'one went on where it had stopped').toBeGreaterThan(0)
  })

  await test.step('while they are read', async () => {
    await killAndStart()
    await expect(heading('What was understood')).toBeVisible({ timeout: 90_000 })
    for (const { title } of ALBUM.tracks)
      await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: title })).toHaveCount(1)
  })

  await test.step('while they are kept, and then the worker alone while it prepares them', async () => {
    await page.getByRole('button', { name: 'Make a draft release of it' }).click()
    await killAndStart()
    await expect(page.getByText('Draft. Only the people who work on it see it.')).toBeVisible({ timeout: 90_000 })
    await expect(page.getByText('being prepared').first()).toBeVisible()
    await program.kill(/main\.js work/)
    await expect(page.getByText('being prepared')).toHaveCount(0, { timeout: 90_000 })
    await expect(page.getByText('could not be prepared')).toHaveCount(0)
  })

  await test.step('it is there once, whole, and each track sounds', async () => {
    await page.goto(`${url}/studio/music`)
    await expect(page.getByRole('link', { name: ALBUM.title })).toHaveCount(1)
    await page.getByRole('link', { name: ALBUM.title }).click()
    await page.getByRole('link', { name: 'Who may hear it' }).click()
    await page.getByRole('button', { name: 'Publish now' }).click()
    await page.getByRole('status').getByRole('link').click()
    for (const { title } of ALBUM.tracks) {
      await page
        .getByRole('main')
        .getByRole('button', { name: `Play ${title}`, exact: true })
        .click()
      await expectSound(page)
    }
  })
  await page.close()
  await program.stop()
  forgetPlace(dataDir)
})
