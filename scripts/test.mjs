/**
 * `npm test`: everything that must hold, from a fresh clone, as root or not.
 *
 * types, lint, imports, words, dead code and unit tests; the database tests on the embedded Postgres 18, then on a Postgres 15;
 * the journeys in a real browser. All of it runs, whatever fails. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname ?? '.', '..')
process.chdir(root)

// Plain Node 20 until here: what is imported below needs the packages, and the pinned Node.
const prepared = spawnSync(process.execPath, [join(root, 'scripts/prepare.mjs'), '--dev'], { stdio: ['ignore', 2, 2] })
if (prepared.status !== 0) {
  console.log('\nFailed: prepare. What it said is above.\n\n0 passed, 1 failed')
  process.exit(1)
}
if (Number(process.versions.node.split('.')[0]) < 24) {
  const pinned = spawnSync(join(root, 'node_modules/.bin/node'), process.argv.slice(1), { stdio: 'inherit' })
  process.exit(pinned.status ?? 1)
}

const { runSections, summarise } = await import('./sections.mjs')
const { ensureChromium } = await import('./chromium.mjs')
const { startPostgres15 } = await import('./postgres15.mjs')
const { folderInMemory } = await import('./in-memory.mjs')
const began = performance.now()
console.log(`Node ${process.version}, ${process.platform}, ${availableParallelism()} cores\n`)

// Every section, and the servers below, ask the environment where what is temporary lies.
const inMemory = process.env.TMPDIR ? null : folderInMemory()
if (inMemory) {
  process.env.TMPDIR = inMemory
  process.once('exit', () => rmSync(inMemory, { recursive: true, force: true, maxRetries: 3 }))
}

const outcomes = await runSections(
  [
    { name: 'unit', command: ['vitest', 'run', '--project', 'unit'], reporter: 'vitest' },
    { name: 'types', command: ['tsc', '-p', '.', '--noEmit'] },
    { name: 'lint and format', command: ['biome', 'check', '--error-on-warnings', '--diagnostic-level=warn'] },
    { name: 'imports', command: ['node', 'scripts/checks/imports.mjs'] },
    { name: 'lock file', command: ['node', 'scripts/checks/lock.mjs'] },
    { name: 'words', command: ['node', 'scripts/checks/locales.mjs'] },
    { name: 'dead code', command: ['knip'] },
  ],
  2,
)

const integration = ['vitest', 'run', '--project', 'integration']
/** Five where nothing else is done; what hangs is ended all the same, and a slow machine is no fault of a test. */
const minutes = 25
outcomes.push(
  ...(await runSections([{ name: 'integration, Postgres 18', command: integration, reporter: 'vitest', minutes }], 1)),
)

let old
outcomes.push(
  ...(await runSections(
    [
      {
        name: 'integration, Postgres 15',
        reporter: 'vitest',
        minutes,
        command: async () => {
          old = await startPostgres15()
          return ['env', `TEST_DATABASE_URL=${old.url}`, ...integration]
        },
      },
    ],
    1,
  )),
)
await old?.stop()

outcomes.push(
  ...(await runSections(
    [
      {
        name: 'journeys',
        reporter: 'playwright',
        minutes: 56,
        command: () => ['env', `CHROMIUM_PATH=${ensureChromium()}`, 'playwright', 'test'],
      },
    ],
    1,
  )),
)

console.log(`\n${((performance.now() - began) / 60_000).toFixed(1)} minutes`)
process.exitCode = summarise(outcomes) ? 0 : 1
