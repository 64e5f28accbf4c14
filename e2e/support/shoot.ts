import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'

const FOLDER = resolve(import.meta.dirname, '../../screenshots')
const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
]

/**
 * Pictures of a page for people to look at: phone and desktop, light and dark, French and English, whole height,
 * as `screenshots/NAME-390-dark-fr.png`. The page is opened anew for each.
 * @param arrange brings the opened page into the state that the picture is of
 */
export async function shoot(
  page: Page,
  address: string,
  name: string,
  arrange: (page: Page) => Promise<void> = async () => undefined,
): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  for (const lang of ['fr', 'en']) {
    for (const size of SIZES) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const url = new URL(address, page.url().startsWith('http') ? page.url() : undefined)
        url.searchParams.set('lang', lang)
        await page.goto(url.href)
        await arrange(page)
        await page.evaluate(() => document.fonts.ready)
        await page.screenshot({
          path: join(FOLDER, `${name}-${size.width}-${colorScheme}-${lang}.png`),
          fullPage: true,
        })
      }
    }
  }
}
