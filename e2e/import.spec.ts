import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HARBOUR, WINDOWS, writeAlbum } from './support/album.ts'
import { expect, test } from './support/journey.ts'
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
  await program.stop()
  forgetPlace(dataDir)
})
