import { test as base, expect } from '@playwright/test'
import { forgetPlace, type Program, startProgram } from './program.ts'

type Fixtures = {
  /** The program on new data, for this test alone; stopped after it, and no process of it may be left. */
  program: Program
  /** Complaints of the browser that this journey provokes on purpose; any other fails it. */
  tolerated: RegExp[]
  /** Hosts besides localhost that this journey may ask; none by default. */
  strangers: string[]
}

/**
 * A journey: the real program, a real browser, and nothing that went wrong behind its back: no error in the console, no refusal by
 * the content security policy, no answer of 500 and more, no request to anybody else.
 */
export const test = base.extend<Fixtures & { watch: undefined }>({
  program: async ({ browserName: _ }, use) => {
    const program = await startProgram()
    await use(program)
    await program.stop()
    forgetPlace(program.dataDir)
  },
  baseURL: ({ program }, use) => use(program.url),
  tolerated: [[], { option: true }],
  strangers: [[], { option: true }],
  watch: [
    async ({ context, tolerated, strangers }, use) => {
      const complaints: string[] = []
      const complain = (words: string) => {
        if (!tolerated.some((pattern) => pattern.test(words))) complaints.push(words)
      }
      context.on('weberror', (error) => complain(`${error.page()?.url()}: ${error.error().message}`))
      context.on('console', (message) => {
        if (message.type() === 'error') complain(`${message.location().url}: ${message.text()}`)
      })
      context.on('response', (response) => {
        if (response.status() >= 500) complain(`${response.url()} answered ${response.status()}`)
      })
      context.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url())
        const ours = hostname === 'localhost' || hostname === '127.0.0.1' || strangers.includes(hostname)
        if (protocol.startsWith('http') && !ours) complain(`a request to ${request.url()}`)
      })
      await use(undefined)
      expect(complaints, 'what the browser complained of').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
