import type { Page } from '@playwright/test'
import { HARBOUR } from './support/album.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'
import { expectSound, heard, listenIn } from './support/sound.ts'

type Stop = { name: string; role: string; visible: boolean }

/** What has the focus, and whether one can see that it has. */
const focused = (page: Page): Promise<Stop> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    const within = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    return {
      name: element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '',
      role: element.tagName.toLowerCase(),
      visible: within && outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1,
    }
  })

/** Walks on with a key until something of this name has the focus; every stop on the way must be seen. */
async function walkTo(page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let steps = 0; steps < 60; steps++) {
    await page.keyboard.press(key)
    const stop = await focused(page)
    expect(stop, `${stop.name}, after ${passed.join(', ')}`).toMatchObject({ visible: true })
    if (stop.name === name) return
    passed.push(stop.name)
  }
  throw new Error(`“${name}” was not reached: ${passed.join(', ')}`)
}

test('with a keyboard alone one plays, seeks, is louder or softer, and sees what follows', async ({
  page,
  label,
  isMobile,
}) => {
  const bar = page.getByRole('region', { name: 'Player' })
  const elapsed = async () => (await heard(page)).at ?? -1
  await listenIn(page)
  await page.goto(label.harbour.url)

  await page.keyboard.press('Tab')
  expect(await focused(page)).toMatchObject({ name: 'Skip to the content', visible: true })
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()

  await test.step('plays and pauses', async () => {
    await walkTo(page, `Play ${HARBOUR.title}`)
    await page.keyboard.press('Enter')
    await expectSound(page)
    await page.keyboard.press('k')
    await expect(bar.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
    expect((await heard(page)).at).toBeNull()
    await page.keyboard.press('k')
    await expectSound(page)
  })

  await test.step('seeks, by keys and by the slider', async () => {
    const before = await elapsed()
    await page.keyboard.press('l')
    await expect.poll(elapsed).toBeGreaterThan(before + 9.9)
    const here = await elapsed()
    await walkTo(page, 'Place in the track')
    await page.keyboard.press('ArrowRight')
    await expect.poll(elapsed).toBeGreaterThan(here + 4.9)
    await page.keyboard.press('ArrowLeft')
  })

  await test.step('opens the list of what follows, leaves it, and is where one was', async () => {
    await walkTo(page, 'Next: Salt & Rope')
    await page.keyboard.press('Enter')
    const list = page.getByRole('region', { name: 'What plays and what follows' })
    await expect(list.getByRole('button', { name: /Salt & Rope/ })).toBeVisible()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Escape')
    await expect(list).toBeHidden()
    await expect(bar.getByRole('button', { name: 'Next: Salt & Rope' })).toBeFocused()
  })

  await test.step('sets the volume: beside the rest of the bar, or on a telephone above what follows', async () => {
    if (isMobile) await page.keyboard.press('Enter')
    await walkTo(page, 'Volume')
    for (const _ of [1, 2, 3, 4]) await page.keyboard.press('ArrowLeft')
    await expect(page.getByRole('slider', { name: 'Volume' })).toHaveValue('0.8')
    await page.keyboard.press('m')
    await expect(page.getByRole('button', { name: 'Sound on' })).toBeVisible()
    await page.keyboard.press('m')
    if (isMobile) await page.keyboard.press('Escape')
  })

  await test.step('goes to the next track, and is told all the keys', async () => {
    await page.keyboard.press('Shift+N')
    await expect(bar.getByRole('link', { name: 'Salt & Rope' })).toBeVisible()
    await page.keyboard.press('?')
    await expect(page.getByText('Ten seconds back')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByText('Ten seconds back')).toBeHidden()
  })

  await test.step('follows a link, and stands at the top of what came', async () => {
    await walkTo(page, 'Salt & Rope', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Salt & Rope' })).toBeFocused()
  })
})

test('with a keyboard alone one fills a form, is led to what is wrong, and sends it', async ({
  page,
  label,
  signIn,
}) => {
  await page.goto(`${label.url}/report`)
  await walkTo(page, 'Skip to the content')
  await page.keyboard.press('Enter')
  const send = page.getByRole('main').getByRole('button')
  await walkTo(page, (await send.textContent()) ?? '')
  await page.keyboard.press('Enter')
  const summary = page.getByRole('alert')
  await expect(summary).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main').getByRole('textbox').first()).toBeFocused()

  await signIn(page)
  await page.goto('/studio?desk=ana-marsh')
  await walkTo(page, 'Skip to the content')
  await page.keyboard.press('Enter')
  await walkTo(page, 'Give music')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Bring music in' })).toBeVisible()
  await page.keyboard.press('Tab')
  await walkTo(page, 'Choose a folder')
  await walkTo(page, 'Choose files')
})
