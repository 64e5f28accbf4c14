/** Runs named commands beside each other, keeps what they print, and says how each went. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '..')
const BIN = join(ROOT, 'node_modules/.bin')
const REPORTS = join(ROOT, 'test-results/reports')

/** What an installation's configuration would change in the tests, if the shell that runs them carries it. */
const NOT_OURS =
  /^(DATABASE_URL|TEST_DATABASE_URL|DATA_DIR|BASE_URL|HOST|PORT|SECRET_KEY|MAIL_FROM|SMTP_URL|TRUSTED_PROXIES|NODE_ENV|NODE_OPTIONS|S3_.*|RITORNELLO_.*)$/

/** The environment of every command: the caller's, without its configuration, and the pinned Node first. */
export function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !NOT_OURS.test(name))
  return { ...Object.fromEntries(kept), PATH: `${BIN}${delimiter}${process.env.PATH}`, FORCE_COLOR: '0', NO_COLOR: '1' }
}

/**
 * @typedef {object} Section
 * @property {string} name what is checked
 * @property {string[] | (() => Promise<string[]> | string[])} command argv; the first is looked for in node_modules/.bin
 * @property {'vitest' | 'playwright'} [reporter] whose JSON report counts its tests
 * @property {boolean} [mayBeEmpty] no test at all is fine
 * @property {number} [minutes] after which it is ended, 10 unless told
 */

/**
 * @typedef {object} Outcome
 * @property {string} name
 * @property {boolean} ok
 * @property {number} seconds
 * @property {string} output
 * @property {{ passed: number, failed: number, skipped: number } | null} tests null where nothing is counted
 */

/** Runs one section; it never throws. @returns {Promise<Outcome>} */
export async function runSection(section) {
  const began = performance.now()
  const report = join(REPORTS, `${section.name.replaceAll(/[^\w]+/g, '-')}.json`)
  rmSync(report, { force: true })
  mkdirSync(REPORTS, { recursive: true })
  let result
  try {
    const command = typeof section.command === 'function' ? await section.command() : section.command
    result = await run(command, section, report)
  } catch (error) {
    result = { code: 1, output: error.message }
  }
  const tests = section.reporter ? count(section.reporter, report) : null
  // A suite that could not be loaded has no failed test, and a run without a report counted nothing.
  const counted = tests !== null && tests.failed === 0 && (tests.passed > 0 || section.mayBeEmpty === true)
  const ok = result.code === 0 && (!section.reporter || counted)
  return { name: section.name, ok, seconds: (performance.now() - began) / 1000, output: result.output, tests }
}

function run([command, ...args], section, report) {
  const reporting = {
    vitest: ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    playwright: ['--reporter=list,json'],
  }
  const child = spawn(command, [...args, ...(reporting[section.reporter] ?? [])], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  running.add(child)
  let output = ''
  const keep = (chunk) => {
    output += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((done) => {
    const minutes = section.minutes ?? 10
    const late = setTimeout(() => {
      output += `\nEnded after ${minutes} minutes.`
      end(child, 'SIGKILL')
    }, minutes * 60_000)
    child.once('error', (error) => done({ code: 1, output: `${output}${error.message}` }))
    child.once('close', (code) => {
      clearTimeout(late)
      running.delete(child)
      done({ code: code ?? 1, output })
    })
  })
}

const running = new Set()
const end = (child, signal) => {
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It ended by itself meanwhile.
  }
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) end(child, signal)
    process.exitCode = 130
  })
}

function count(reporter, file) {
  if (!existsSync(file)) return null
  const report = JSON.parse(readFileSync(file, 'utf8'))
  if (reporter === 'vitest') {
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    }
  }
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky, skipped }
}

/** Runs the sections, `width` at a time in their order, and prints a line for each and the output of those that failed. */
export async function runSections(sections, width) {
  const outcomes = []
  const waiting = [...sections]
  const lane = async () => {
    for (let section = waiting.shift(); section; section = waiting.shift()) {
      const outcome = await runSection(section)
      outcomes.push(outcome)
      print(outcome)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  return outcomes
}

function print({ name, ok, seconds, output, tests }) {
  const counted = tests
    ? `  ${tests.passed} passed${tests.failed ? `, ${tests.failed} failed` : ''}${tests.skipped ? `, ${tests.skipped} skipped` : ''}`
    : ''
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s${counted}`)
  if (!ok) console.log(`\n${indent(output.trim() || 'It printed nothing.')}\n`)
}

const indent = (text) => text.replaceAll(/^/gm, '  | ')

/**
 * Prints what failed, then the last line, `N passed, N failed`: the tests that ran, and one failure for each section
 * that failed without a failed test.
 * @param {Outcome[]} outcomes
 * @returns {boolean} whether all is well
 */
export function summarise(outcomes) {
  const failures = outcomes.filter(({ ok }) => !ok)
  if (failures.length > 0)
    console.log(`\nFailed: ${failures.map(({ name }) => name).join(', ')}. What each said is above.`)
  const passed = outcomes.reduce((sum, { tests }) => sum + (tests?.passed ?? 0), 0)
  const failed = outcomes.reduce((sum, { tests, ok }) => sum + (tests?.failed || (ok ? 0 : 1)), 0)
  console.log(`\n${passed} passed, ${failed} failed`)
  return failures.length === 0
}
