import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'

/**
 * axe itself, which its binding to Playwright brings along. The binding would send it four times for each page, and open a page more. As it is served to
 * browsers: to read all its comments as well takes half as long again.
 */
const axe = createRequire(fileURLToPath(import.meta.resolve('@axe-core/playwright'))).resolve('axe-core/axe.min.js')
const source = `globalThis.readAxe = () => {${readFileSync(axe, 'utf8')}\n}`
/** Who opens page after page is given it with each, to be read once it is asked for: half the time that it takes to send it to a page that is there. */
const given = new WeakSet<Page>()

type Rules = { type: 'tag' | 'rule'; values: string[] }
type Violation = { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] }

/** WCAG 2.2, level AA. */
const ALL: Rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
/** The rules of these that ask for colours: of the others none can say something else in the dark. */
const COLOURS: Rules = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/**
 * Asserts that axe finds nothing against WCAG 2.2 AA on the page as it stands, in light and in dark.
 * @param leaveOut selectors of what is not ours, for example the words of another page shown in this one
 * @param soft the journey goes on, and fails at its end
 */
export async function expectAccessible(
  page: Page,
  { leaveOut = [], soft = false }: { leaveOut?: string[]; soft?: boolean } = {},
): Promise<void> {
  if (!given.has(page)) {
    given.add(page)
    await page.addInitScript(source)
    await page.evaluate(source)
  }
  const problems: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const found = await page.evaluate(askAxe, { runOnly: colorScheme === 'light' ? ALL : COLOURS, leaveOut })
    problems.push(...found.map((problem) => `${colorScheme}, ${problem}`))
  }
  await page.emulateMedia({ colorScheme: null })
  const say = soft ? expect.soft : expect
  say(problems, `accessibility of ${page.url()}`).toEqual([])
}

/** In the page. What stands in a frame is a page of its own, and looked at as one. */
async function askAxe({ runOnly, leaveOut }: { runOnly: Rules; leaveOut: string[] }): Promise<string[]> {
  // Colours that fade from one scheme to the other would be measured halfway; what turns for ever is not waited for.
  const passing = document
    .getAnimations()
    .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime ?? 0))
  await Promise.allSettled(passing.map(({ finished }) => finished))
  type Axe = { run(what: object, how: object): Promise<{ violations: Violation[] }> }
  const here = globalThis as unknown as { axe?: Axe; readAxe(): void }
  if (!here.axe) here.readAxe()
  if (!here.axe) throw new Error('axe was read and is not there.')
  // Of what may be fetched beforehand none of these rules asks for the styles, which would be read once more for each page.
  const how = { runOnly, resultTypes: ['violations'], iframes: false, preload: { assets: ['media'] } }
  const { violations } = await here.axe.run({ exclude: leaveOut }, how)
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target.join(' ')}\n${failureSummary ?? ''}`),
  )
}
