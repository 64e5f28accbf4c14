import { expect, test } from './support/journey.ts'
import { askForLink, becomeOwner, OWNER } from './support/owner.ts'
import { givePasskeyDevice } from './support/passkey.ts'
import { runCommand } from './support/program.ts'

const at = (path: string) => new RegExp(`${path}$`)

test('one comes back by passkey, by a mailed link that works once, and ends a session left open elsewhere', async ({
  page,
  browser,
  program,
}) => {
  const device = await givePasskeyDevice(page)
  await becomeOwner(page, program)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByText('The passkey was added')).toBeVisible()
  expect(await device.passkeys()).toHaveLength(1)

  await test.step('signs out, and comes back with the passkey to where one was going', async () => {
    await page.goto('/studio')
    // On a phone it waits behind one word of the rail.
    const more = page.getByText('More', { exact: true })
    if (await more.isVisible()) await more.click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(at('/studio/sign-in'))
    await page.goto('/studio/account')
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Your account' })).toBeVisible()
  })

  const elsewhere = await browser.newContext({ baseURL: program.url })
  const other = await elsewhere.newPage()
  await test.step('on another device, a mailed link: opened by a mail scanner it does nothing, pressed it signs in', async () => {
    const link = await askForLink(other, program)
    for (const scanner of [1, 2]) {
      const opened = await fetch(link)
      expect([opened.status, opened.headers.get('set-cookie'), scanner]).toEqual([200, null, scanner])
    }
    await other.goto(link)
    await expect(other.getByText(`You are about to sign in as ${OWNER.email}.`)).toBeVisible()
    await other.goto('/studio')
    await expect(other).toHaveURL(/\/studio\/sign-in/)
    await other.goto(link)
    await other.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(other).toHaveURL(at('/studio'))

    const again = await fetch(link, { method: 'POST', headers: { origin: program.url }, redirect: 'manual' })
    expect(again.status).toBe(410)
    expect(await again.text()).toContain('It was used already')
  })

  await test.step('the first device ends the session of the other', async () => {
    await page.goto('/studio/account')
    const ends = page.getByRole('button', { name: /^End (?!all)/ })
    await expect(ends).toHaveCount(1)
    await ends.click()
    await expect(page.getByText('That session is over.')).toBeVisible()
    await other.goto('/studio')
    await expect(other).toHaveURL(/\/studio\/sign-in/)
  })
  await elsewhere.close()
})

test('who lost everything gets back in with a link that the host asks of the program', async ({ page, program }) => {
  await becomeOwner(page, program)
  await page.context().clearCookies()
  await page.goto('/studio')
  await expect(page).toHaveURL(/\/studio\/sign-in/)

  const { code, stdout } = await runCommand(['owner', OWNER.email, '--json'], { DATA_DIR: program.dataDir })
  expect(code).toBe(0)
  await page.goto((JSON.parse(stdout) as { url: string }).url)
  await page.getByRole('button', { name: 'Come in' }).click()
  // To the account, where the passkeys are to be looked at.
  await expect(page).toHaveURL(/\/studio\/account\?done=recovered/)
  await expect(page.getByText('Check the passkeys below')).toBeVisible()
})
