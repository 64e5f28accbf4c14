import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HARBOUR, WINDOWS, writeAlbum } from './support/album.ts'
import { dropOn } from './support/drop.ts'
import { expect, test } from './support/journey.ts'
import { becomeOwner, openArtist } from './support/owner.ts'
import { forgetPlace, newPlace, runCommand, startProgram } from './support/program.ts'

type Printed = {
  artist: { url: string }
  release: { url: string; tracks: { title: string; url: string; stream_url: string; duration_ms: number }[] }
  problems: { file: string; message: string }[]
}

/** Exactly these keys, in whatever order: scripts outside rely on them. */
const shapeOf = (printed: Printed) => ({
  whole: Object.keys(printed).sort(),
  artist: Object.keys(printed.artist),
  release: Object.keys(printed.release).sort(),
  track: Object.keys(printed.release.tracks[0] ?? {}).sort(),
})
const CONTRACT = {
  whole: ['artist', 'problems', 'release'],
  artist: ['url'],
  release: ['tracks', 'url'],
  track: ['duration_ms', 'stream_url', 'title', 'url'],
}

test('a folder is imported by a command, with the program running and without, and serves either way', async ({
  page,
  program,
}) => {
  const place = dirname(program.dataDir)
  const running = { DATA_DIR: program.dataDir }

  await test.step('while it runs: nothing but the agreed JSON, with addresses where it is served', async () => {
    const folder = await writeAlbum(place, WINDOWS)
    const { code, stdout, stderr } = await runCommand(['import', folder, '--publish', '--json'], running)
    expect([code, stderr]).toEqual([0, ''])
    const printed = JSON.parse(stdout) as Printed
    expect(shapeOf(printed)).toEqual(CONTRACT)
    expect(printed.problems).toEqual([])
    expect(printed.artist.url).toBe(`${program.url}/les-quatre-fenetres`)
    expect(printed.release.tracks.map(({ title, duration_ms }) => [title, duration_ms])).toEqual(
      WINDOWS.tracks.map(({ title, seconds }) => [title, seconds * 1000]),
    )
    for (const { url, stream_url } of printed.release.tracks) {
      expect((await fetch(url)).status, url).toBe(200)
      const sound = await fetch(stream_url, { headers: { range: 'bytes=0-1' } })
      expect([sound.status, (await sound.arrayBuffer()).byteLength]).toEqual([206, 2])
    }
    await page.goto(printed.release.url)
    await expect(page.getByRole('heading', { level: 1 })).toContainText(WINDOWS.title)

    const again = await runCommand(['import', folder, '--json'], running)
    expect(JSON.parse(again.stdout), 'the same folder again is the same release').toEqual(printed)
  })

  await test.step('a file that is no music is named with a sentence, and does not stop the others', async () => {
    const folder = await writeAlbum(place, { ...HARBOUR, tracks: HARBOUR.tracks.slice(1, 3) })
    writeFileSync(join(folder, '03 Notes.wav'), 'ffconcat version 1.0\nfile /etc/passwd\n')
    const { code, stdout } = await runCommand(['import', folder, '--json'], running)
    expect(code).toBe(0)
    const { release, problems } = JSON.parse(stdout) as Printed
    expect(release.tracks).toHaveLength(2)
    expect(problems.map(({ file }) => file)).toEqual(['03 Notes.wav'])
    expect(problems[0]?.message).toMatch(/\.$/)
  })
})

test('a folder is imported where nothing runs yet, and is there once something does', async ({ page }) => {
  const dataDir = join(newPlace(), 'data')
  const folder = await writeAlbum(dirname(dataDir), WINDOWS)
  const { code, stdout } = await runCommand(['import', folder, '--publish', '--json'], { DATA_DIR: dataDir })
  expect(code).toBe(0)
  const printed = JSON.parse(stdout) as Printed
  expect(shapeOf(printed)).toEqual(CONTRACT)

  const program = await startProgram({ dataDir })
  await page.goto(program.url + new URL(printed.release.url).pathname)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(WINDOWS.title)
  // What it has still to fetch would find nobody.
  await page.close()
  await program.stop()
  forgetPlace(dataDir)
})

test('what is being sent goes on while one works elsewhere in the studio, and says so in a tray', async ({
  page,
  program,
}) => {
  const folder = await writeAlbum(dirname(program.dataDir), HARBOUR)
  await becomeOwner(page, program)
  await openArtist(page, HARBOUR.artist)
  // A slow line: what is sent waits here until it is let through.
  let letThrough: () => void = () => undefined
  const held = new Promise<void>((done) => {
    letThrough = done
  })
  await page.route(/\/studio\/uploads\/[^/]+\/[^/]+$/, async (route) => {
    await held
    await route.continue()
  })
  await page.getByRole('link', { name: 'Give music' }).click()
  await dropOn(page.getByText('Drop a folder or files here'), [folder])
  await expect(page).toHaveURL(/\/studio\/music\/new\/[0-9a-f-]{36}/)
  const batch = page.url()
  const tray = page.getByRole('complementary', { name: 'Work in progress' })

  await test.step('on its own page there is no tray; elsewhere there is, in the same document', async () => {
    await expect(tray).toBeHidden()
    await page.evaluate(() => Object.assign(window, { sameDocument: true }))
    await page.getByRole('link', { name: 'Music', exact: true }).first().click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Music')
    await expect(tray).toContainText('0 of 5 files arrived')
    await expect(page.getByRole('navigation').getByRole('link', { name: 'Music' })).toHaveAttribute(
      'aria-current',
      'page',
    )
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)
  })

  await test.step('what one writes meanwhile is saved as one goes, twice on the same page', async () => {
    for (const title of ['Other Songs', 'More Songs']) {
      await page.getByLabel('Title').fill(title)
      await page.getByRole('button', { name: 'Make the draft' }).click()
      const field = page.getByRole('main').getByLabel('Genres')
      await field.fill('Folk')
      await field.press('Tab')
      await expect(page.getByRole('main').getByRole('status')).toContainText('Saved.')
      await page.getByRole('navigation').getByRole('link', { name: 'Music' }).click()
      await expect(page.getByRole('main').getByRole('link', { name: title })).toBeVisible()
    }
  })

  await test.step('its own page shows it again, once', async () => {
    await tray.getByRole('link', { name: 'See it' }).click()
    await expect(page).toHaveURL(batch)
    await expect(tray).toBeHidden()
    await expect(page.getByRole('main').locator('.sending li')).toHaveCount(5)
    await page.getByRole('link', { name: 'Returns' }).click()
    await expect(tray).toBeVisible()
  })

  await test.step('everything arrives, nobody is led away, and the tray leads to what was understood', async () => {
    letThrough()
    await expect(tray).toContainText('Everything is here.', { timeout: 60_000 })
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Returns')
    await tray.getByRole('link', { name: 'See it' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'What was understood' })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByRole('heading', { name: HARBOUR.title })).toBeVisible()
    expect(await page.evaluate(() => 'sameDocument' in window), 'the page that waits asked for itself anew').toBe(false)
  })
})
