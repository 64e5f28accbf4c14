import { expectAccessible } from './support/accessible.ts'
import { by } from './support/everything.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'

const DAY_MS = 86_400_000
const inParis = (at: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(at)

test('a post goes to another day by the keyboard, with a mouse and without scripts', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  // In the middle of a month, so that the days around it are seen with it.
  const soon = new Date(Date.now() + 35 * DAY_MS)
  const month = soon.toISOString().slice(0, 7)
  const [first, after, down] = ['10', '11', '18'].map((day) => `${month}-${day}`) as [string, string, string]
  const main = page.getByRole('main')
  const owner = by(label.url, label.session)
  const post = await owner.send('/studio/journal?desk=ana-marsh', {})
  const seen = (await owner.page(post)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
  await owner.send(post, { seen, title: 'The kitchen demos', body: 'Four songs.', language: 'en', comments: '' })
  await owner.send(`${post}/access/schedule`, { at: `${first}T12:00`, zone: 'Europe/Paris' })

  await page.goto(`/studio/calendar?desk=ana-marsh&month=${month}`)
  const on = (day: string) => page.locator(`[data-day="${day}"]`)
  const link = { name: 'The kitchen demos', exact: true }
  await expect(on(first).getByRole('link', link)).toBeVisible()
  await expectAccessible(page, { soft: true })

  await test.step('with the arrow keys, which say where it would stand', async () => {
    const grip = page.getByRole('button', { name: /^Move “The kitchen demos”: arrow keys/ })
    const said = page.locator('[data-said]')
    // In a full month what moves an entry shows once one has come to it.
    await expect(grip).toHaveCSS('opacity', '0')
    await grip.focus()
    await expect(grip).toHaveCSS('opacity', '1')
    await page.keyboard.press('ArrowRight')
    await expect(said).toContainText('Enter puts it there')
    await page.keyboard.press('Escape')
    await expect(said).toHaveText('It stays where it was.')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(on(after).getByRole('link', link)).toBeVisible()
    await expect(said).toContainText(/now stands on .* at \d\d:00/)
    await expect(grip).toBeFocused()
  })

  await test.step('with a mouse, and back with one press', async () => {
    await page.getByRole('button', { name: /arrow keys/ }).hover()
    await page.mouse.down()
    const box = await on(down).boundingBox()
    await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20, { steps: 5 })
    await page.mouse.up()
    await expect(on(down).getByRole('link', link)).toBeVisible()
    await main.getByRole('button', { name: /^Back to/ }).click()
    await expect(on(after).getByRole('link', link)).toBeVisible()
  })

  await test.step('on a telephone without scripts, where a day that is over is refused', async () => {
    const plain = await another({ ...PHONE, javaScriptEnabled: false, locale: 'en-GB' })
    await signIn(plain)
    await plain.goto(`/studio/calendar?desk=ana-marsh&month=${month}`)
    const move = async (day: string) => {
      const entry = plain.locator('.entry', { hasText: 'The kitchen demos' })
      if (!(await entry.getByLabel('To which day').isVisible())) await entry.locator('summary').click()
      await entry.getByLabel('To which day').fill(day)
      await entry.getByRole('button', { name: 'Move' }).click()
    }
    await move(inParis(Date.now() - 3 * DAY_MS))
    await expect(plain.getByRole('alert')).toContainText('is over: “The kitchen demos” stays on')
    await move(first)
    await expect(plain.getByRole('status').filter({ hasText: 'now stands on' })).toBeVisible()
  })

  await test.step('and another program reads it, until the address is ended', async () => {
    await main.getByRole('button', { name: 'Make an address' }).click()
    const address = await main.getByLabel('Address of your calendar').inputValue()
    const read = async () => {
      const answer = await fetch(address)
      return { status: answer.status, text: await answer.text() }
    }
    expect((await read()).text).toContain('SUMMARY:Ana Marsh – Post: The kitchen demos')
    await main.getByRole('button', { name: 'End the address' }).click()
    await expect(main.getByRole('button', { name: 'Make an address' })).toBeVisible()
    expect((await read()).status).toBe(404)
  })
})
