import { dirname } from 'node:path'
import { expectAccessible } from './support/accessible.ts'
import { HARBOUR, writeAlbum } from './support/album.ts'
import { expect, PHONE, test } from './support/journey.ts'
import { becomeOwner } from './support/owner.ts'
import { runCommand } from './support/program.ts'

test('an artist gives a download for an address: one takes it without a yes, one says yes, one has no scripts', async ({
  page,
  program,
  another,
}) => {
  const folder = await writeAlbum(dirname(program.dataDir), HARBOUR)
  const { stdout } = await runCommand(['import', folder, '--publish', '--json'], { DATA_DIR: program.dataDir })
  const { url } = (JSON.parse(stdout) as { release: { url: string } }).release
  const path = new URL(url).pathname
  const mailed = async (to: string, kind: string, from = 0) =>
    (await program.printed(new RegExp(`Mail to ${to}:[\\s\\S]*?(http\\S+/${kind}/\\S+)`), from))[1] as string
  const main = page.getByRole('main')

  await test.step('the artist asks for an address', async () => {
    await becomeOwner(page, program)
    await page.goto('/studio/music')
    await main
      .getByRole('link', { name: /Harbour Lights/ })
      .first()
      .click()
    await page.waitForURL(/\/studio\/music\/[0-9a-f-]{36}/)
    await page.goto(`${page.url().replace(/\/(?:access|tracks)?$/, '')}/access`)
    await main.getByLabel('For an address').check()
    await main.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(main).toContainText('Nobody has given an address yet.')
    await expectAccessible(page)
  })

  await test.step('Léa takes it on her telephone, in French, without a yes, and again on a computer', async () => {
    const lea = await another({ ...PHONE, locale: 'fr-FR' })
    await lea.goto(path)
    await expect(lea.getByRole('checkbox', { name: /Écrivez-moi/ })).not.toBeChecked()
    await expect(lea.locator('main a[href^="/take/"]')).toHaveCount(0)
    await lea.getByLabel('Votre adresse électronique').first().fill('lea@fans.example')
    await expectAccessible(lea)
    await lea.getByRole('button', { name: 'L’emporter' }).click()
    await expect(lea.getByRole('heading', { level: 1 })).toContainText('est à vous')
    await expectAccessible(lea)
    const download = lea.waitForEvent('download')
    await lea.getByRole('link', { name: /MP3/ }).first().click()
    expect((await download).suggestedFilename()).toMatch(/\.zip$/)
    const computer = await another()
    await computer.goto(await mailed('lea@fans.example', 'take/link'))
    await expect(computer.getByRole('link', { name: /FLAC/ })).toBeVisible()
    expect(program.output()).not.toMatch(/Mail to lea@[\s\S]*?\/confirm\//)
  })

  await test.step('Max errs, has no scripts, says yes, and confirms in one click', async () => {
    const max = await another({ javaScriptEnabled: false })
    await max.goto(path)
    await max.getByLabel('Your mail address').first().fill('max@fans')
    await max.getByRole('checkbox', { name: /Write to me about what Ana Marsh does next/ }).check()
    await max.getByRole('button', { name: 'Take it', exact: true }).click()
    await expect(max.getByLabel('Your mail address').first()).toHaveAttribute('aria-invalid', 'true')
    await expect(max.getByRole('checkbox')).toBeChecked()
    await max.getByLabel('Your mail address').first().fill('max@fans.example')
    await max.getByRole('button', { name: 'Take it', exact: true }).click()
    await expect(max.getByRole('main').getByRole('status')).toContainText('A second mail asks')
    await expect(max.getByRole('link', { name: /FLAC/ })).toBeVisible()
    await max.goto(await mailed('max@fans.example', 'confirm'))
    await max.getByRole('button', { name: 'Yes, write to me' }).click()
    await expect(max.getByRole('heading', { level: 1 })).toHaveText('Welcome')
  })

  await test.step('the studio says how many, and how many said yes', async () => {
    await page.reload()
    await expect(main).toContainText('2 addresses. One asked to be written to, one has confirmed it.')
    await main.getByRole('button', { name: 'Close all links given so far' }).click()
    await expect(main).toContainText('All links given so far are closed.')
  })
})
