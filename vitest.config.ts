import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** `x.db.test.ts` speaks to a real Postgres; every other test speaks to nothing. */
const WITH_DATABASE = ['{src,bench}/**/*.db.test.{ts,tsx}']
const SETUP = './src/testing/vitest-setup.ts'

// As in the program itself: each sound is worked on by a process of its own, and what was compiled for one is there for the next.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/ritornello-compiled')

export default defineConfig({
  test: {
    // A test that nobody can fail is no test: an empty project is an error, and so is one that asserts nothing.
    passWithNoTests: false,
    expect: { requireAssertions: true },
    // What `--changed` runs whole for: by default also package.json, which says nothing about most tests.
    forceRerunTriggers: ['**/vitest.config.ts', '**/package-lock.json'],
    // By default a core is left idle, of two: a whole run then takes half as long again.
    maxWorkers: '100%',
    // Loading the program anew for each of two hundred files takes as long as its tests. So no test may leave anything in a module.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,bench,scripts}/**/*.test.{ts,tsx,mjs}'],
          exclude: ['**/node_modules/**', ...WITH_DATABASE],
          // What hangs is ended; a film that is made smaller takes a slow machine longer than twenty seconds.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: WITH_DATABASE,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: existsSync(SETUP) ? [SETUP] : [],
          setupFiles: ['./src/testing/one-connection.ts', './src/testing/properties.ts'],
        },
      },
    ],
  },
})
