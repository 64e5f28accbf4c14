import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * Asserts that axe finds nothing against WCAG 2.2 AA on the page as it stands, in light and in dark.
 * @param leaveOut selectors of what is not ours, for example a page of another site that holds an embed
 * @param soft the journey goes on, and fails at its end
 */
export async function expectAccessible(
  page: Page,
  { leaveOut = [], soft = false }: { leaveOut?: string[]; soft?: boolean } = {},
): Promise<void> {
  const problems: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // Colours that fade from one scheme to the other would be measured halfway.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
    let builder = new AxeBuilder({ page }).withTags(WCAG_22_AA)
    for (const selector of leaveOut) builder = builder.exclude(selector)
    const { violations } = await builder.analyze()
    for (const { id, help, nodes } of violations) {
      for (const { target, failureSummary } of nodes) {
        problems.push(`${colorScheme}, ${id} (${help}): ${target.join(' ')}\n${failureSummary ?? ''}`)
      }
    }
  }
  await page.emulateMedia({ colorScheme: null })
  const say = soft ? expect.soft : expect
  say(problems, `accessibility of ${page.url()}`).toEqual([])
}
