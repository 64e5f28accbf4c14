/**
 * `npm run quick`: the inner loop. Types, lint, imports, words, and the unit tests of what changed since the last commit
 * (or, with a clean tree, in it). The whole is `npm test`.
 */
import { execFileSync } from 'node:child_process'
import { ROOT, runSections, summarise } from './sections.mjs'

const dirty = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' }).trim() !== ''
const since = dirty ? [] : ['HEAD~1']
const began = performance.now()
const outcomes = await runSections(
  [
    { name: 'types', command: ['tsc', '-p', '.', '--noEmit'] },
    { name: 'lint and format', command: ['biome', 'check', '--error-on-warnings', '--diagnostic-level=warn'] },
    { name: 'imports', command: ['node', 'scripts/checks/imports.mjs'] },
    { name: 'lock file', command: ['node', 'scripts/checks/lock.mjs'] },
    { name: 'words', command: ['node', 'scripts/checks/locales.mjs'] },
    {
      name: 'unit tests of what changed',
      command: ['vitest', 'run', '--project', 'unit', '--passWithNoTests', '--changed', ...since],
      reporter: 'vitest',
      mayBeEmpty: true,
    },
  ],
  3,
)
console.log(`\n${((performance.now() - began) / 1000).toFixed(1)} s`)
process.exitCode = summarise(outcomes) ? 0 : 1
