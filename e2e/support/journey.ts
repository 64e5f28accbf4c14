import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test'
import { laidOut } from './laid-out.ts'
import { forgetPlace, type Program, startProgram } from './program.ts'

type Fixtures = {
  /** The program on new data, for this test alone; stopped after it, and no process of it may be left. */
  program: Program
  /** Complaints of the browser that this journey provokes on purpose; any other fails it. */
  tolerated: RegExp[]
  /** Hosts besides localhost that this journey may ask; none by default. */
  strangers: string[]
  /** Another browser, of somebody else or on another device, watched as the first one is. */
  another: (options?: BrowserContextOptions) => Promise<Page>
}

/**
 * What Chromium complains of and nobody suffers from: an animation between two pages that came late and was given up, and the
 * status of a form that is shown again with its errors.
 */
const HARMLESS = [/Transition was (aborted|skipped)/, /the server responded with a status of 422/]

/** A small telephone, held upright. */
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

/**
 * A journey: the real program, a real browser, and nothing that went wrong behind its back: no error in the console, no refusal by
 * the content security policy, no answer of 500 and more, no request to anybody else.
 */
export const test = base.extend<Fixtures & { watch: (context: BrowserContext) => void }>({
  program: async ({ browserName: _ }, use) => {
    const program = await startProgram({ dataDir: laidOut() })
    await use(program)
    await program.stop()
    forgetPlace(program.dataDir)
  },
  baseURL: ({ program }, use) => use(program.url),
  // "HeadlessChrome" is a robot to whoever counts people.
  userAgent: ({ browser }, use) =>
    use(
      `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36`,
    ),
  another: async ({ browser, watch, baseURL }, use) => {
    const opened: BrowserContext[] = []
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...(baseURL ? { baseURL } : {}), ...options })
      opened.push(context)
      watch(context)
      return context.newPage()
    })
    for (const context of opened) await context.close()
  },
  tolerated: [[], { option: true }],
  strangers: [[], { option: true }],
  watch: [
    async ({ context, tolerated, strangers }, use) => {
      const complaints: string[] = []
      const complain = (words: string) => {
        if (![...tolerated, ...HARMLESS].some((pattern) => pattern.test(words))) complaints.push(words)
      }
      const watch = (watched: BrowserContext) => {
        watched.on('weberror', (error) => complain(`${error.page()?.url()}: ${error.error().message}`))
        watched.on('console', (message) => {
          if (message.type() === 'error') complain(`${message.location().url}: ${message.text()}`)
        })
        watched.on('response', (response) => {
          if (response.status() >= 500) complain(`${response.url()} answered ${response.status()}`)
        })
        watched.on('request', (request) => {
          const { protocol, hostname } = new URL(request.url())
          const ours = hostname === 'localhost' || hostname === '127.0.0.1' || strangers.includes(hostname)
          if (protocol.startsWith('http') && !ours) complain(`a request to ${request.url()}`)
        })
      }
      watch(context)
      await use(watch)
      expect(complaints, 'what the browser complained of').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
