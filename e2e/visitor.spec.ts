import { HARBOUR } from './support/album.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'
import { expectSound, listenIn } from './support/sound.ts'

test('a visitor sees what is known of them, erases it, and asks not to be counted', async ({
  page,
  context,
  label,
}) => {
  const main = page.getByRole('main')
  const cookies = async () => (await context.cookies()).map(({ name, value }) => `${name}=${value}`)
  const listenTo = async (title: string) => {
    await page.goto(label.harbour.url)
    await main.getByRole('button', { name: `Play ${title}` }).click()
    await expectSound(page)
  }
  const known = (what: string) => main.getByText(what, { exact: true }).locator('xpath=following-sibling::*[1]')
  await listenIn(page)
  await page.goto('/visitor')
  await expect(main.getByText('Nothing. No cookie of ours is on this device')).toBeVisible()
  expect(await cookies(), 'opening pages leaves nothing before something is counted').toEqual([])

  await test.step('sees it', async () => {
    await listenTo('L’été dernier')
    await page.getByRole('link', { name: 'What this site knows of you' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'What this site knows of you' })).toBeVisible()
    await expect(async () => {
      await page.reload()
      await expect(known('Tracks started')).toHaveText('1', { timeout: 1_000 })
    }).toPass({ timeout: 15_000 })
    await expect(known('Pages opened')).toHaveText('1')
    await expect(main.getByRole('link', { name: 'Started L’été dernier' })).toBeVisible()
    const copy = page.waitForEvent('download')
    await main.getByRole('link', { name: 'Take a copy' }).click()
    expect((await copy).suggestedFilename()).toBe('visitor.json')
  })

  await test.step('erases it', async () => {
    await main.getByRole('button', { name: 'Erase all of it' }).click()
    await expect(main.getByText('It is erased. Nothing here leads back to you any more.')).toBeVisible()
    expect(await cookies()).toEqual([])
  })

  await test.step('objects, and is not counted from then on', async () => {
    await main.getByRole('button', { name: 'Do not count me' }).click()
    await expect(main.getByText('You asked not to be counted, and you are not.')).toBeVisible()
    expect(await cookies()).toEqual(['visitor=off'])
    await listenTo('Where Are We Now?')
    await page.goto('/visitor')
    await expect(main.getByText('You asked not to be counted, and you are not.')).toBeVisible()
    await expect(main.getByText(HARBOUR.title)).toHaveCount(0)
    expect(await cookies()).toEqual(['visitor=off'])
    await main.getByRole('button', { name: 'Count me again' }).click()
    await expect(main.getByRole('button', { name: 'Do not count me' })).toBeVisible()
    expect(await cookies()).toEqual([])
  })
})
