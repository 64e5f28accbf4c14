import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cleanEnvironment, runSection, runSections, summarise } from './sections.mjs'

let lines
let folder
beforeEach(() => {
  lines = []
  folder = mkdtempSync(join(tmpdir(), 'sections-'))
  vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line))
})
afterEach(() => rmSync(folder, { recursive: true }))

const script = (code) => ['node', '-e', code]
/** A runner that writes the report that it is told to write, and ends with a code. */
const runner = (report, code = 0) => {
  const file = join(folder, 'runner.mjs')
  writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs'
     const to = process.argv.find((a) => a.startsWith('--outputFile'))?.split('=')[1] ?? process.env.PLAYWRIGHT_JSON_OUTPUT_FILE
     const report = ${JSON.stringify(report)}
     if (report) writeFileSync(to, JSON.stringify(report))
     process.exit(${code})`,
  )
  return ['node', file]
}
const vitestReport = (passed, failed = 0) => ({ numPassedTests: passed, numFailedTests: failed, numPendingTests: 0 })

test('a section says how it went and keeps what it printed', async () => {
  const good = await runSection({ name: 'good one', command: script(`console.log('fine')`) })
  expect(good).toMatchObject({ ok: true, output: 'fine\n', tests: null })
  const bad = await runSection({ name: 'bad one', command: script(`console.error('why'); process.exit(3)`) })
  expect(bad).toMatchObject({ ok: false, output: 'why\n' })
  const missing = await runSection({ name: 'missing one', command: ['there-is-no-such-command'] })
  expect(missing.ok).toBe(false)
})

test('a section that hangs is ended, with what it started', async () => {
  const hangs = `require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); setInterval(() => {}, 1000)`
  const outcome = await runSection({ name: 'hanging one', command: script(hangs), minutes: 0.01 })
  expect(outcome.ok).toBe(false)
  expect(outcome.output).toContain('Ended after 0.01 minutes')
  expect(outcome.seconds).toBeLessThan(10)
})

test('tests are counted from the report, and no report, no test or a failed one is a failure', async () => {
  const run = (report, code) => runSection({ name: 'tests', command: runner(report, code), reporter: 'vitest' })
  expect(await run(vitestReport(3))).toMatchObject({ ok: true, tests: { passed: 3, failed: 0 } })
  expect(await run(vitestReport(3, 1))).toMatchObject({ ok: false, tests: { passed: 3, failed: 1 } })
  expect(await run(vitestReport(3), 1)).toMatchObject({ ok: false })
  expect(await run(vitestReport(0))).toMatchObject({ ok: false })
  expect(await run(null)).toMatchObject({ ok: false, tests: null })
})

test('a journey that passed only the second time has failed', async () => {
  const report = { stats: { expected: 4, unexpected: 0, flaky: 1, skipped: 2 } }
  const outcome = await runSection({ name: 'journeys', command: runner(report), reporter: 'playwright' })
  expect(outcome).toMatchObject({ ok: false, tests: { passed: 4, failed: 1, skipped: 2 } })
})

test('the last line is the true count; a section that failed without a failed test counts as one', async () => {
  const outcomes = await runSections(
    [
      { name: 'unit', command: runner(vitestReport(5, 2), 1), reporter: 'vitest' },
      { name: 'types', command: script('process.exit(1)') },
      { name: 'lint', command: script('') },
    ],
    1,
  )
  expect(summarise(outcomes)).toBe(false)
  expect(lines.at(-1)).toBe('\n5 passed, 3 failed')
  expect(lines.join('\n')).toContain('Failed: unit, types')
})

test('an installation’s configuration does not reach the tests', () => {
  vi.stubEnv('DATABASE_URL', 'postgres://elsewhere')
  vi.stubEnv('S3_BUCKET', 'mine')
  vi.stubEnv('NODE_ENV', 'production')
  expect(cleanEnvironment()).not.toHaveProperty('DATABASE_URL')
  expect(cleanEnvironment()).not.toHaveProperty('S3_BUCKET')
  expect(cleanEnvironment()).not.toHaveProperty('NODE_ENV')
})
