import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findCycle, hears, mayCall } from './edges.mjs'
import { checkImports, findImports } from './imports.mjs'
import { makeRules } from './rules.mjs'

/** A small house in which every arrow that is allowed is drawn once, and no other. */
const HOUSE = {
  'package.json': JSON.stringify({
    name: 'house',
    type: 'module',
    dependencies: { hono: '*', preact: '*', kysely: '*', 'node-av': '*', '@aws-sdk/client-s3': '*', stripe: '*' },
    devDependencies: { vitest: '*', 'fast-check': '*' },
  }),
  'src/main.ts': `import { web } from './commands/web.ts'\nimport { demo } from './demo/index.ts'\ndemo(web)`,
  'src/commands/web.ts': `import { app } from '../app.ts'\nexport const web = app`,
  'src/app.ts': `import { identity } from './domains/identity/index.ts'
    import { music } from './domains/music/index.ts'
    import { home } from './site/home.tsx'
    import { desk } from './studio/desk.tsx'
    import { feeds } from './protocols/feeds/index.ts'
    export type App = { stop(): void }
    export const app = { identity, music, home, desk, feeds, stop() {} }`,
  'src/domains/identity/index.ts': `export const identity = 1`,
  'src/domains/identity/can.ts': `export const can = 1`,
  'src/domains/exchange/index.ts': `export const exchange = 1`,
  'src/domains/music/index.ts': `import { identity } from '../identity/index.ts'
    import { title } from './title.rules.ts'
    export const music = [identity, title]`,
  'src/domains/music/title.rules.ts': `import { ok } from '../../platform/result.ts'
    import type { Db } from '../../platform/database/index.ts'
    export const title = (db: Db) => ok(db)`,
  'src/domains/music/title.rules.test.ts': `import { test } from 'vitest'
    import fc from 'fast-check'
    import { factory } from '../../testing/factory.ts'
    import { tune } from './fixtures.ts'
    import { title } from './title.rules.ts'
    test('title', () => [title, tune, factory, fc])`,
  'src/domains/music/events.ts': `export type Published = { id: string }\nexport const published = 'published'`,
  'src/domains/music/islands/player.tsx': `import { render } from 'preact'
    import { tick } from '../../../ui/client/tick.ts'
    import { title } from '../title.rules.ts'
    import type { Published } from '../events.ts'
    import { part } from './part.ts'
    export const player = (p: Published) => [render, tick, title, part, p]`,
  'src/domains/music/islands/part.ts': `export const part = 1`,
  'src/domains/music/store.ts': `import { sql } from 'kysely'\nexport const store = sql`,
  'src/domains/audio/index.ts': `import { engine } from './engine/index.ts'\nexport const audio = engine`,
  'src/domains/audio/engine/index.ts': `import { Decoder } from 'node-av'\nexport const engine = Decoder`,
  'src/domains/reach/index.ts': `export { hear } from './jobs.ts'`,
  'src/domains/reach/jobs.ts': `import type { Published } from '../music/events.ts'\nexport const hear = (e: Published) => e`,
  'src/domains/reach/other.ts': `export const other = 1`,
  'src/domains/music/client.ts': `export const client = 1`,
  'src/platform/result.ts': `export const ok = (value: unknown) => value`,
  'src/platform/database/index.ts': `export type Db = 1\nexport const db = 1`,
  'src/platform/storage/index.ts': `import { S3Client } from '@aws-sdk/client-s3'\nexport const storage = S3Client`,
  'src/platform/result.test.ts': `import { factory } from '../testing/factory.ts'\nimport { ok } from './result.ts'\nok(factory)`,
  'src/platform/i18n/index.ts': `export const catalog = 1`,
  'src/ui/button.tsx': `import { catalog } from '../platform/i18n/index.ts'\nexport const button = catalog`,
  'src/ui/client/tick.ts': `export const tick = 1`,
  'src/site/home.tsx': `import { music } from '../domains/music/index.ts'\nexport const home = music`,
  'src/studio/desk.tsx': `import { music } from '../domains/music/index.ts'\nexport const desk = music`,
  'src/protocols/feeds/index.ts': `import { music } from '../../domains/music/index.ts'\nexport const feeds = music`,
  'src/protocols/oembed/index.ts': `export const oembed = 1`,
  'src/testing/factory.ts': `import { app } from '../app.ts'\nexport const factory = app`,
  'src/domains/music/fixtures.ts': `import { vi } from 'vitest'\nexport const tune = vi`,
  'src/testing/clock.ts': `export const clock = 1`,
  'src/demo/index.ts': `import type { App } from '../app.ts'
    import { music } from '../domains/music/index.ts'
    export const demo = (app: App) => [app, music]`,
  'src/site/locales/en.json': '{}',
  'bench/pages.ts': `import { app } from '../src/app.ts'\napp.stop()`,
  'e2e/start.spec.ts': `import words from '../src/site/locales/en.json' with { type: 'json' }\nexport default words`,
  'scripts/tool.mjs': `export const tool = 1`,
}

const TABLES = { mayCall, hears: { 'src/domains/reach/jobs.ts': ['music'] } }

/**
 * One violation a line: the rule that must bite, the file, and what is planted at its end.
 * Two files are given where one cannot break the rule alone.
 */
const VIOLATIONS = [
  [
    'no-cycles',
    'src/domains/music/title.rules.ts',
    `import './loop.rules.ts'`,
    { 'src/domains/music/loop.rules.ts': `import './title.rules.ts'` },
  ],
  [
    'no-cycles',
    'src/domains/music/store.ts',
    `import type { L } from './loop.ts'`,
    { 'src/domains/music/loop.ts': `import type { store } from './store.ts'\nexport type L = typeof store` },
  ],
  ['every-import-resolves', 'src/domains/music/store.ts', `import './nowhere.ts'`],
  ['platform-knows-no-one', 'src/platform/result.ts', `import '../domains/identity/index.ts'`],
  ['platform-knows-no-one', 'src/platform/result.ts', `import type { identity } from '../domains/identity/index.ts'`],
  ['platform-knows-no-one', 'src/platform/result.ts', `import '../ui/button.tsx'`],
  ['platform-tests-know-no-one', 'src/platform/result.test.ts', `import '../domains/identity/index.ts'`],
  ['ui-knows-no-domain', 'src/ui/button.tsx', `import '../domains/identity/index.ts'`],
  ['ui-knows-no-domain', 'src/ui/button.tsx', `import '../platform/database/index.ts'`],
  ['app-is-composed-once', 'src/site/other.ts', `import type { App } from '../app.ts'`],
  ['app-is-composed-once', 'src/domains/music/store.ts', `import type { App } from '../../app.ts'`],
  ['demo-names-the-app-only', 'src/demo/index.ts', `import { app } from '../app.ts'`],
  ['nobody-imports-main', 'bench/pages.ts', `import '../src/main.ts'`],
  ['nobody-imports-main', 'src/site/home.tsx', `import '../commands/web.ts'`, {}, ['no-cycles']],
  ['doors-from-outside', 'src/commands/web.ts', `import '../domains/identity/can.ts'`],
  ['identity-calls-its-own', 'src/domains/identity/can.ts', `import '../exchange/index.ts'`],
  ['music-calls-its-own', 'src/domains/music/store.ts', `const late = () => import('../audio/index.ts')`],
  [
    'music-calls-its-own',
    'src/domains/music/store.ts',
    `async function f() { await using a = await import('../audio/index.ts') }`,
  ],
  [
    'music-calls-its-own',
    'src/domains/music/store.ts',
    `function f() { for (using a of b) { import('../audio/index.ts') } }`,
  ],
  ['domains-know-no-shell', 'src/domains/audio/index.ts', `import '../../site/home.tsx'`],
  ['domains-know-no-shell', 'src/domains/audio/index.ts', `import '../../protocols/feeds/index.ts'`],
  ['doors-between-domains', 'src/domains/music/store.ts', `import '../identity/can.ts'`],
  ['doors-between-domains', 'src/domains/music/store.ts', `export type { can } from '../identity/can.ts'`],
  ['doors-from-outside', 'src/site/home.tsx', `import '../domains/music/store.ts'`],
  ['doors-from-outside', 'src/studio/desk.tsx', `import '../domains/music/events.ts'`],
  ['doors-from-outside', 'src/protocols/feeds/index.ts', `import '../../domains/music/store.ts'`],
  ['doors-from-outside', 'src/demo/index.ts', `import '../domains/music/store.ts'`],
  ['hears-are-listed', 'src/domains/reach/other.ts', `import type { Published } from '../music/events.ts'`],
  [
    'hears-are-listed',
    'src/domains/reach/jobs.ts',
    `import type { Heard } from '../audio/events.ts'`,
    { 'src/domains/audio/events.ts': 'export type Heard = 1' },
  ],
  ['hears-are-types', 'src/domains/reach/jobs.ts', `import { published } from '../music/events.ts'`],
  ['shells-do-not-meet', 'src/site/home.tsx', `import '../studio/desk.tsx'`],
  ['shells-do-not-meet', 'src/studio/desk.tsx', `import '../protocols/oembed/index.ts'`],
  ['protocols-do-not-meet', 'src/protocols/feeds/index.ts', `import '../oembed/index.ts'`],
  ['protocols-do-not-meet', 'src/protocols/feeds/index.ts', `import '../../site/home.tsx'`],
  ['browser-code-is-for-browsers', 'src/domains/music/islands/player.tsx', `import '../client.ts'`],
  ['browser-code-is-for-browsers', 'src/ui/client/tick.ts', `import '../button.tsx'`],
  ['browser-packages-are-few', 'src/ui/client/tick.ts', `import 'hono'`],
  ['browser-packages-are-few', 'src/domains/music/islands/part.ts', `import 'node:fs'`],
  ['rules-are-pure', 'src/domains/music/title.rules.ts', `import { db } from '../../platform/database/index.ts'`],
  ['rules-need-no-node', 'src/domains/music/title.rules.ts', `import 'node:crypto'`],
  ['node-av-stays-behind-its-port', 'src/domains/audio/index.ts', `import 'node-av'`],
  ['@aws-sdk/client-s3-stays-behind-its-port', 'src/domains/audio/index.ts', `import '@aws-sdk/client-s3'`],
  ['stripe-stays-behind-its-port', 'src/domains/audio/index.ts', `import 'stripe'`],
  [
    'only-tests-use-testing',
    'src/platform/database/index.ts',
    `import '../../testing/clock.ts'`,
    {},
    ['platform-knows-no-one'],
  ],
  ['only-tests-use-testing', 'src/domains/music/store.ts', `import './fixtures.ts'`],
  ['only-tests-use-testing', 'src/domains/music/store.ts', `import '../../testing/clock.ts'`],
  [
    'nobody-imports-a-test',
    'src/domains/audio/index.ts',
    `import './audio.test.ts'`,
    { 'src/domains/audio/audio.test.ts': `export const t = 1` },
  ],
  ['shipped-code-uses-shipped-packages', 'src/domains/music/store.ts', `import 'fast-check'`],
  [
    'journeys-stay-outside',
    'e2e/start.spec.ts',
    `import type { App } from '../src/app.ts'`,
    {},
    ['app-is-composed-once'],
  ],
  ['journeys-stay-outside', 'e2e/start.spec.ts', `import '../src/platform/result.ts'`],
  ['scripts-stay-outside', 'scripts/tool.mjs', `import '../src/platform/result.ts'`],
  ['source-stays-inside', 'src/platform/result.ts', `import '../../scripts/tool.mjs'`],
  ['domains-are-in-the-table', 'src/domains/astrology/index.ts', `export const stars = 1`],
  ['imports-are-written-out', 'src/domains/music/store.ts', 'const load = (name: string) => import(name)'],
  [
    'every-import-is-seen',
    'src/domains/music/store.ts',
    `type Hidden = { list: Array<import('../audio/index.ts').Audio> }`,
  ],
]

let root
const write = (file, text) => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'house-'))
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  for (const [file, text] of Object.entries(HOUSE)) write(file, text)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Plants, checks, takes away again. */
async function rulesThatBite(planted, settings) {
  for (const [file, text] of Object.entries(planted)) write(file, text)
  try {
    const { problems } = await checkImports(root, { tables: TABLES, ...settings })
    return [...new Set(problems.map(({ rule }) => rule))]
  } finally {
    for (const file of Object.keys(planted)) {
      if (file in HOUSE) write(file, HOUSE[file])
      else rmSync(join(root, file))
    }
    rmSync(join(root, 'src/domains/astrology'), { recursive: true, force: true })
  }
}

describe('the rules of who may import whom', () => {
  test('say nothing of a house that obeys them', async () => {
    const { problems, modules, imports } = await checkImports(root, { tables: TABLES })
    expect(problems).toEqual([])
    expect(modules).toBe(Object.keys(HOUSE).filter((file) => /\.(tsx?|mjs)$/.test(file)).length)
    expect(imports).toBeGreaterThan(30)
  })

  test.each(VIOLATIONS)('%s bites in %s: %s', async (rule, file, line, beside = {}, alsoBroken = []) => {
    const bitten = await rulesThatBite({ [file]: `${HOUSE[file] ?? ''}\n${line}\n`, ...beside })
    expect(bitten.sort()).toEqual([rule, ...alsoBroken].sort())
  })

  test('each have a violation planted above', () => {
    const planted = new Set(VIOLATIONS.map(([rule]) => rule))
    const calls = /-calls-its-own$/
    expect(makeRules(TABLES).filter(({ name }) => !planted.has(name) && !calls.test(name))).toEqual([])
  })

  test('hold for every domain of the table: each refuses each domain that it may not call', async () => {
    const domains = Object.keys(mayCall)
    for (const from of domains) {
      const strangers = domains.filter((to) => to !== from && !mayCall[from].includes(to))
      if (strangers.length === 0) continue
      const beside = Object.fromEntries(
        strangers
          .filter((to) => !HOUSE[`src/domains/${to}/index.ts`])
          .map((to) => [`src/domains/${to}/index.ts`, 'export const it = 1']),
      )
      const file = `src/domains/${from}/planted.ts`
      const lines = strangers.map((to) => `import '../${to}/index.ts'`).join('\n')
      for (const [path, text] of Object.entries({ ...beside, [file]: lines })) write(path, text)
      const { problems } = await checkImports(root, { tables: TABLES })
      for (const path of [file, ...Object.keys(beside)]) rmSync(join(root, path))
      const refused = problems
        .filter(({ rule }) => rule === `${from}-calls-its-own`)
        .map(({ message }) => message.split('/').at(-2))
      expect(refused.sort(), from).toEqual(strangers.sort())
    }
  })
})

describe('the check of the check', () => {
  test('fails when dependency-cruiser sees fewer files than there are', async () => {
    const bitten = await rulesThatBite({}, { options: { exclude: { path: '^src/site/' } } })
    expect(bitten).toContain('every-file-is-seen')
  })

  test('fails when dependency-cruiser misses the imports of a file', async () => {
    const bitten = await rulesThatBite({}, { options: { exclude: { path: 'node_modules/hono|platform/i18n' } } })
    expect(bitten).toContain('every-import-is-seen')
  })

  test('fails when a handler is listed that is not there', async () => {
    const tables = { mayCall, hears: { ...TABLES.hears, 'src/domains/reach/gone.ts': ['music'] } }
    expect(await rulesThatBite({}, { tables })).toEqual(['hears-are-listed'])
  })

  test('finds imports wherever they stand', () => {
    const code = `import './a.ts'; import type { B } from './b.ts'; export * from './c.ts'; export type { D } from './d.ts'
      class E { async m() { for (const x of [1]) { await import('./e.ts') } } }
      type F = Map<string, import('./f.ts').F[]>
      const g = <p onClick={() => import('./g.ts')} />
      const h = import(somewhere)`
    expect(findImports(code, 'x.tsx')).toEqual({
      addresses: ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts'],
      unreadable: 1,
    })
  })
})

describe('the table of domains', () => {
  test('holds no cycle', () => {
    expect(findCycle(mayCall)).toBeNull()
  })
  test('would be refused with one', () => {
    expect(findCycle({ ...mayCall, identity: ['shop'] })).toEqual(['identity', 'shop', 'identity'])
  })
  test('names only domains that it has', () => {
    const known = Object.keys(mayCall)
    expect(
      Object.values(mayCall)
        .flat()
        .filter((name) => !known.includes(name)),
    ).toEqual([])
    expect(
      Object.values(hears)
        .flat()
        .filter((name) => !known.includes(name)),
    ).toEqual([])
  })
})
