import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Album, HARBOUR, WINDOWS, writeAlbum } from './support/album.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'
import { askForLink } from './support/owner.ts'
import { bytesOf } from './support/tags.ts'
import { unzip } from './support/unzip.ts'

test.use({ javaScriptEnabled: false })

test('a visitor without scripts browses, finds, plays and takes', async ({ page, label }) => {
  const main = page.getByRole('main')
  await page.goto('/')
  await main.getByRole('link', { name: HARBOUR.title }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(HARBOUR.title)

  await test.step('each track has the browser’s own player, and nothing stands there that would not work', async () => {
    await expect(main.locator('audio[controls]')).toHaveCount(HARBOUR.tracks.length)
    for (const player of await main.locator('audio[controls]').all()) await expect(player).toBeVisible()
    await expect(main.getByRole('button', { name: /^Play/ })).toHaveCount(0)
    await expect(page.getByRole('region', { name: 'Player' })).toHaveCount(0)
    const source = await main.locator('audio source').first().getAttribute('src')
    const sound = await fetch(new URL(source ?? '', label.url), { headers: { range: 'bytes=0-1' } })
    expect([sound.status, sound.headers.get('content-range')?.startsWith('bytes 0-1/')]).toEqual([206, true])
  })

  await test.step('search forgives a slip', async () => {
    await page.getByRole('link', { name: 'Search' }).click()
    await main.getByRole('searchbox').fill('minuit mions')
    await main.getByRole('button', { name: 'Find' }).click()
    await main.getByRole('link', { name: WINDOWS.title }).first().click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Minuit')
  })

  await test.step('an archive is made while the page asks for itself again, and comes', async () => {
    await page.goto(label.windows.url)
    const downloading = page.waitForEvent('download', { timeout: 60_000 })
    await main.getByRole('link', { name: /^FLAC / }).click()
    expect(unzip(await bytesOf(await downloading)).map(({ name }) => name.split('/').at(-1))).toEqual([
      '01 - Minuit moins le quart.flac',
      '02 - Minuit passé.flac',
      'cover.jpg',
      'About this music.txt',
    ])
  })
})

test('an artist without scripts signs in by link, sends music, edits it and publishes it', async ({ page, label }) => {
  const main = page.getByRole('main')
  const sketch: Album = { ...HARBOUR, title: 'Night Sketch', tracks: [{ title: 'Sketch', seconds: 3, as: 'flac' }] }
  const folder = await writeAlbum(dirname(label.dataDir), sketch)
  const files = readdirSync(folder).map((name) => join(folder, name))

  await test.step('signs in', async () => {
    await page.goto(await askForLink(page, label))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page).toHaveURL(/\/studio$/)
  })

  await test.step('sends the files by a plain form; the pages that wait ask for themselves again', async () => {
    await page.goto('/studio?desk=ana-marsh')
    await main.getByRole('link', { name: 'Give music' }).click()
    await main.getByLabel('Choose files').setInputFiles(files)
    await main.getByRole('button', { name: 'Send' }).click()
    await main.getByRole('button', { name: 'That is all' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'What was understood' })).toBeVisible({ timeout: 60_000 })
    await main.getByRole('button', { name: 'Make a draft release of it' }).click()
    await expect(page.getByRole('heading', { level: 1, name: sketch.title })).toBeVisible({ timeout: 60_000 })
  })

  await test.step('an error is named first, and nothing that was typed is lost', async () => {
    await main.getByRole('link', { name: 'Details' }).click()
    await main.getByLabel('Title', { exact: true }).fill('Night Sketch, again')
    await main.getByLabel('Release date').fill('2024-02-31')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.getByRole('alert')).toContainText('This is not a date that exists')
    await expect(main.getByLabel('Title', { exact: true })).toHaveValue('Night Sketch, again')
    await main.getByLabel('Release date').fill('2024-02-29')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
  })

  await test.step('publishes, and sees it as everybody does', async () => {
    await main.getByRole('link', { name: 'Who may hear it' }).click()
    await main.getByRole('button', { name: 'Publish now' }).click()
    await page.getByRole('status').getByRole('link').click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Night Sketch, again')
  })
})
