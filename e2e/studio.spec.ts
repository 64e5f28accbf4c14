import { HARBOUR } from './support/album.ts'
import { expect, PHONE } from './support/journey.ts'
import { type Label, test } from './support/label.ts'

/** A draft of one's own to work on, opened in the studio. */
const open = async (page: import('@playwright/test').Page, label: Label, title: string) => {
  await label.bring({ ...HARBOUR, title }, 'draft')
  await page.goto('/studio?desk=ana-marsh')
  await page.goto('/studio/music')
  await page.getByRole('link', { name: title }).click()
}

test('what one writes is saved as one goes, taken back, and never over somebody else’s words', async ({
  page,
  label,
  signIn,
}) => {
  await signIn(page)
  await open(page, label, 'As One Goes')
  await page.getByRole('link', { name: 'Details' }).click()
  const main = page.getByRole('main')
  const title = main.getByLabel('Title', { exact: true })
  const said = main.getByRole('status')
  await expect(said).toHaveText('Saved as you go.')

  await test.step('leaving a field saves it', async () => {
    await title.fill('As One Went')
    await title.press('Tab')
    await expect(said).toContainText('Saved.')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('As One Went')
    await page.reload()
    await expect(title).toHaveValue('As One Went')
  })

  await test.step('who writes before the script has come loses nothing', async () => {
    let come: () => void = () => undefined
    const held = new Promise<void>((done) => {
      come = done
    })
    await page.route(/\/islands\/saving/, async (route) => {
      await held
      await route.continue()
    })
    await page.reload({ waitUntil: 'commit' })
    await title.fill('As One Came')
    await title.press('Tab')
    come()
    await expect(said).toContainText('Saved.')
    await page.unroute(/\/islands\/saving/)
    await page.reload()
    await expect(title).toHaveValue('As One Came')
  })

  await test.step('what is refused says so beside its field, and the rest waits for it', async () => {
    const date = main.getByLabel('Release date')
    await date.fill('2024-02-31')
    await date.press('Tab')
    await expect(said).toContainText('Not saved yet')
    await expect(date).toHaveAttribute('aria-invalid', 'true')
    await expect(main.getByText('This is not a date that exists')).toBeVisible()
    await date.fill('2024-02-29')
    await date.press('Tab')
    await expect(said).toContainText('Saved.')
    await expect(date).not.toHaveAttribute('aria-invalid', 'true')
  })

  await test.step('the last change is taken back', async () => {
    await said.getByRole('button', { name: 'Undo' }).click()
    await expect(main.getByLabel('Release date')).toHaveValue('2024')
    await expect(said).toContainText('Saved.')
    await page.reload()
    await expect(main.getByLabel('Release date')).toHaveValue('2024')
  })

  await test.step('a page that is left with the cursor still in a field has kept it', async () => {
    await main.getByLabel('Genres').fill('Sea song')
    await page.goto('/studio/music')
    await page.goBack()
    await expect(main.getByLabel('Genres')).toHaveValue('Sea song')
  })

  await test.step('somebody else’s save stops it, and the button decides', async () => {
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.getByLabel('Title', { exact: true }).fill('Theirs')
    await other.getByRole('button', { name: 'Save' }).click()
    await expect(other.getByRole('main').getByRole('status')).toContainText('Saved.')
    await title.fill('Mine')
    await title.press('Tab')
    await expect(main.getByRole('alert')).toContainText('Somebody saved this form')
    await expect(title).toHaveAccessibleDescription(/Theirs/)
    await expect(title).toHaveValue('Mine')
    await other.reload()
    await expect(other.getByLabel('Title', { exact: true })).toHaveValue('Theirs')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mine')
  })
})

test('a track is dragged to its place, by a mouse and by a finger', async ({ page, label, signIn, another }) => {
  await signIn(page)
  await open(page, label, 'By Hand')
  const titles = (of: typeof page) => of.locator('ol.tracks b')
  const [first, second, third, fourth] = HARBOUR.tracks.map(({ title }) => title)
  await expect(titles(page)).toHaveText([first, second, third, fourth] as string[])

  await test.step('by a mouse', async () => {
    const [held, over] = [page.locator('.grip').nth(3), page.locator('ol.tracks > li').first()]
    // Hovering waits until nothing moves under the pointer any more: letters that arrive late push lines about.
    await held.hover()
    const to = await over.boundingBox()
    if (!to) throw new Error('No place to go.')
    await page.mouse.down()
    await page.mouse.move(to.x + 20, to.y + 4, { steps: 6 })
    await page.mouse.up()
    await expect(page.getByRole('main').getByRole('status')).toHaveText('Moved.')
    await expect(titles(page)).toHaveText([fourth, first, second, third] as string[])
    await page.reload()
    await expect(titles(page)).toHaveText([fourth, first, second, third] as string[])
  })

  await test.step('let go of with Escape, it goes home', async () => {
    const held = page.locator('.grip').first()
    await held.hover()
    const from = await held.boundingBox()
    if (!from) throw new Error('No grip to hold.')
    await page.mouse.down()
    await page.mouse.move(from.x + 5, from.y + 160, { steps: 6 })
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await expect(titles(page)).toHaveText([fourth, first, second, third] as string[])
  })

  await test.step('by a finger', async () => {
    const phone = await another(PHONE)
    await signIn(phone)
    await phone.goto(page.url())
    const held = phone.locator('.grip').first()
    await phone.evaluate(() => document.fonts.ready)
    // A trial waits until it stands still.
    await held.click({ trial: true })
    const from = await held.boundingBox()
    const to = await phone.locator('ol.tracks > li').nth(1).boundingBox()
    if (!from || !to) throw new Error('No grip to hold.')
    const finger = await phone.context().newCDPSession(phone)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
      finger.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: y === undefined ? [] : [{ x: from.x + 10, y }],
      })
    await touch('touchStart', from.y + 20)
    await touch('touchMove', to.y + 20)
    await touch('touchMove', to.y + to.height - 4)
    await touch('touchEnd')
    await expect(phone.getByRole('main').getByRole('status')).toHaveText('Moved.')
    await expect(titles(phone)).toHaveText([first, fourth, second, third] as string[])
    await phone.reload()
    await expect(titles(phone)).toHaveText([first, fourth, second, third] as string[])
  })
})

test('on a telephone the row of sections begins at the one that one is in, by the style sheet or else by a script', async ({
  label,
  another,
}) => {
  const section = async (without: 'the script' | 'the style sheet', path: string) => {
    const page = await another({ ...PHONE, locale: 'en-GB' })
    await page.context().addCookies([{ ...label.session, url: label.url, httpOnly: true, sameSite: 'Lax' }])
    if (without === 'the script')
      await page.route(/\/tabs-\w+\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
    else {
      // As a browser that has not learnt it reads it, and says of itself.
      const unknown = (text: string) => text.replaceAll('scroll-initial-target', 'scroll-unknown-target')
      await page.route(/\/studio-\w+\.css$/, async (route) => {
        const answer = await route.fetch()
        await route.fulfill({ response: answer, body: unknown(await answer.text()) })
      })
      await page.addInitScript(() => {
        CSS.supports = () => false
      })
    }
    await page.goto(`${path}?desk=ana-marsh`)
    const row = page.locator('.rail nav ul')
    const place = () =>
      row.evaluate((list) => {
        const current = list.querySelector('[aria-current]')?.getBoundingClientRect()
        const { left, width } = list.getBoundingClientRect()
        return {
          scrolled: list.scrollLeft,
          most: list.scrollWidth - list.clientWidth,
          // How far the middle of the current one stands from the middle of the row.
          off: Math.abs((current?.left ?? 0) + (current?.width ?? 0) / 2 - (left + width / 2)),
        }
      })
    return { place, close: () => page.close() }
  }
  for (const without of ['the script', 'the style sheet'] as const) {
    const first = await section(without, '/studio')
    expect((await first.place()).scrolled).toBe(0)
    await first.close()

    const inside = await section(without, '/studio/fans')
    await expect.poll(async () => (await inside.place()).off, without).toBeLessThan(2)
    expect((await inside.place()).scrolled).toBeGreaterThan(50)
    await inside.close()

    const late = await section(without, '/studio/operations')
    // In the middle, or as near to it as the row's end lets it come.
    await expect
      .poll(async () => {
        const { off, scrolled, most } = await late.place()
        return Math.min(off, most - scrolled)
      }, without)
      .toBeLessThan(2)
    await late.close()
  }
})
