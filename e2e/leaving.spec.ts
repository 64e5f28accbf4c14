import { expectAccessible } from './support/accessible.ts'
import { expect, test } from './support/journey.ts'
import { becomeOwner, openArtist } from './support/owner.ts'
import { bytesOf } from './support/tags.ts'
import { unzip } from './support/unzip.ts'

// A page that was deleted answers 410, a form that is refused 422: Chromium reports both as failed loads.
test.use({ tolerated: async ({ browserName: _ }, use) => use([/status of (410|422)/]) })

for (const scripts of [true, false])
  test(`an artist takes everything away, is deleted, brought back, and deleted again${scripts ? '' : ', without scripts'}`, async ({
    page: first,
    browser,
    program,
  }) => {
    await becomeOwner(first, program)
    await openArtist(first, 'Moss')
    const context = await browser.newContext({
      baseURL: program.url,
      javaScriptEnabled: scripts,
      viewport: first.viewportSize(),
      storageState: await first.context().storageState(),
    })
    const page = await context.newPage()
    // What looks at a page is a script.
    const look = async () => scripts && (await expectAccessible(page))
    const statusOf = async () => (await fetch(new URL('/moss', program.url))).status
    const remove = async () => {
      await page.goto('/studio/artist?desk=moss')
      await page.getByRole('link', { name: 'Delete…' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Delete Moss')
      await page.getByLabel('To confirm, write Moss').fill('moss')
      await page.getByRole('button', { name: 'Delete Moss' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Moss is being deleted')
      await expect.poll(statusOf).toBe(410)
    }

    await test.step('everything comes in one archive', async () => {
      await page.goto('/studio/artist?desk=moss')
      await page.getByRole('link', { name: 'Take everything away…' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Take everything away')
      await look()
      const downloading = page.waitForEvent('download')
      await page.getByRole('link', { name: 'Download everything' }).click()
      const names = unzip(await bytesOf(await downloading)).map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining(['moss/README.txt', 'moss/artist.json', 'moss/fans/fans.csv']))
    })

    await test.step('another name deletes nothing', async () => {
      await page.goto('/studio/artist?desk=moss')
      await page.getByRole('link', { name: 'Delete…' }).click()
      await page.getByLabel('To confirm, write Moss').fill('Fern')
      await page.getByRole('button', { name: 'Delete Moss' }).click()
      await expect(page.getByRole('alert')).toContainText('This is not the name')
      await look()
      expect(await statusOf()).toBe(200)
    })

    await test.step('it is gone at once, and says so', async () => {
      await remove()
      await look()
      await page.goto('/moss')
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('This was deleted')
      await look()
    })

    await test.step('it comes back from the studio’s home', async () => {
      await page.goto('/studio')
      await page.getByRole('link', { name: 'Moss: bring back, or take away' }).click()
      await page.getByRole('button', { name: 'Bring it back' }).click()
      await expect(page.getByText('Everything is back, as it was.')).toBeVisible()
      await expect.poll(statusOf).toBe(200)
    })

    await remove()
    await context.close()
  })
