import { HARBOUR, WINDOWS } from './support/album.ts'
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
    ])
  })
})

test('an artist without scripts signs in by link, sends music, edits it and publishes it', async ({ page, label }) => {
  await page.goto(await askForLink(page, label))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/\/studio$/)
})
