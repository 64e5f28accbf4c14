/**
 * The rules of dependency-cruiser, made from the tables in edges.mjs.
 * Paths are relative to the root of the repository. A test beside a file obeys that file's rules, and may use src/testing besides.
 */
import { browserPackages, hears, keptBehind, mayCall, platformForUi, purePlatform } from './edges.mjs'
import './swc-using.mjs'

/** Tests, and the fixtures that they share beside the code: `fixtures.ts`, `tags.fixtures.ts`. */
const FIXTURES = '(/|\\.)fixtures\\.tsx?$'
const TEST = '(\\.test|/fixtures|\\.fixtures)\\.tsx?$'
const BROWSER = '^src/(ui/client/|.*/islands/)'
const RULES_FILE = '\\.rules\\.ts$'
const MAIN = '^src/(main\\.ts$|commands/)'
const LOCALE = '/locales/[a-z]+\\.json$'

const literally = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
const oneOf = (names) => `(${names.map(literally).join('|')})`
const platformPart = (names) => `^src/platform/${oneOf(names)}(/|\\.tsx?$)`
const npm = (names) => `(^|/)node_modules/${oneOf(names)}/`

/**
 * @param {{ mayCall: Record<string, string[]>, hears: Record<string, string[]> }} [tables] the house's own, unless a test gives others
 */
export function makeRules(tables = { mayCall, hears }) {
  return [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or miss a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-resolves',
      comment: 'An import that leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'platform-knows-no-one',
      comment: 'The platform knows nothing of music: it imports itself and packages.',
      from: { path: '^src/platform/', pathNot: TEST },
      to: { path: '^src/', pathNot: '^src/platform/' },
    },
    {
      name: 'platform-tests-know-no-one',
      comment: 'Tests of the platform use it and src/testing, and no domain.',
      from: { path: `^src/platform/.*${TEST}` },
      to: { path: '^src/', pathNot: ['^src/platform/', '^src/testing/'] },
    },
    {
      name: 'ui-knows-no-domain',
      comment: `Components know no domain; of the platform they use ${platformForUi.join(' and ')}.`,
      from: { path: '^src/ui/' },
      to: { path: '^src/', pathNot: ['^src/ui/', platformPart(platformForUi), '^src/testing/'] },
    },
    {
      name: 'app-is-composed-once',
      comment: 'Only main.ts with its commands, testing/ and bench/ build the app; demo/ may name its types.',
      from: { pathNot: [MAIN, '^src/app\\.test\\.tsx?$', '^src/testing/', '^bench/', '^src/demo/'] },
      to: { path: '^src/app\\.ts$' },
    },
    {
      name: 'demo-names-the-app-only',
      comment: 'The demo is given an app by main.ts; it imports its types.',
      from: { path: '^src/demo/', pathNot: TEST },
      to: { path: '^src/app\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-main',
      comment: 'main.ts starts the program when it is loaded; the commands are its own.',
      from: { pathNot: MAIN },
      to: { path: MAIN },
    },
    ...Object.entries(tables.mayCall).map(([domain, callees]) => ({
      name: `${domain}-calls-its-own`,
      comment: `${domain} may call: ${callees.join(', ') || 'no other domain'} (scripts/checks/edges.mjs).`,
      from: { path: `^src/domains/${domain}/` },
      to: { path: '^src/domains/', pathNot: [`^src/domains/${oneOf([domain, ...callees])}/`, '/events\\.ts$'] },
    })),
    {
      name: 'domains-know-no-shell',
      comment: 'A domain imports the platform, ui, itself, and the doors it may call.',
      from: { path: '^src/domains/' },
      to: { path: '^src/', pathNot: ['^src/(domains|platform|ui|testing)/', '^src/app\\.ts$', MAIN] },
    },
    {
      name: 'doors-between-domains',
      comment: "A domain uses another's index.ts and nothing behind it.",
      from: { path: '^src/domains/([^/]+)/' },
      to: { path: '^src/domains/', pathNot: ['^src/domains/$1/', '^src/domains/[^/]+/(index|events)\\.ts$'] },
    },
    {
      name: 'doors-from-outside',
      comment:
        'Protocols, shells, the demo, the app, testing and benches use the index.ts of a domain and nothing behind it.',
      from: { path: '^(src|bench)/', pathNot: '^src/(domains|platform|ui)/' },
      to: { path: '^src/domains/', pathNot: '^src/domains/[^/]+/index\\.ts$' },
    },
    {
      name: 'hears-are-listed',
      comment: "A handler that hears another domain's events is listed in scripts/checks/edges.mjs.",
      from: { path: '^src/domains/([^/]+)/', pathNot: Object.keys(tables.hears).map((file) => `^${literally(file)}$`) },
      to: { path: '^src/domains/[^/]+/events\\.ts$', pathNot: '^src/domains/$1/' },
    },
    ...Object.entries(tables.hears).map(([file, domains]) => ({
      name: 'hears-are-listed',
      comment: `${file} hears ${domains.join(', ')} (scripts/checks/edges.mjs).`,
      from: { path: `^${literally(file)}$` },
      to: {
        path: '^src/domains/[^/]+/events\\.ts$',
        pathNot: `^src/domains/${oneOf([file.split('/')[2] ?? '', ...domains])}/`,
      },
    })),
    {
      name: 'hears-are-types',
      comment: "Of another domain's events, only the types cross.",
      from: { path: '^src/domains/([^/]+)/' },
      to: {
        path: '^src/domains/[^/]+/events\\.ts$',
        pathNot: '^src/domains/$1/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'shells-do-not-meet',
      comment: 'site and studio never import each other, nor a protocol.',
      from: { path: '^src/(site|studio)/' },
      to: { path: '^src/(site|studio|protocols|demo)/', pathNot: '^src/$1/' },
    },
    {
      name: 'protocols-do-not-meet',
      comment: 'A protocol imports no other protocol, and no shell.',
      from: { path: '^src/protocols/([^/]+)/' },
      to: { path: '^src/(protocols|site|studio|demo)/', pathNot: '^src/protocols/$1/' },
    },
    {
      name: 'browser-code-is-for-browsers',
      comment: 'Islands and ui/client import browser code, *.rules.ts and types only.',
      from: { path: BROWSER, pathNot: TEST },
      to: { path: '^src/', pathNot: [BROWSER, RULES_FILE], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'browser-packages-are-few',
      comment: `Browser code imports no package but ${browserPackages.join(', ')}, and nothing of Node.`,
      from: { path: BROWSER, pathNot: TEST },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
        pathNot: npm(browserPackages),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'rules-are-pure',
      comment: `*.rules.ts: no I/O, no clock, no SQL. Other rules, types, and of the platform ${purePlatform.join(' and ')}.`,
      from: { path: RULES_FILE },
      to: { path: '^src/', pathNot: [RULES_FILE, platformPart(purePlatform)], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'rules-need-no-node',
      comment: '*.rules.ts may run in a browser: nothing of Node in it.',
      from: { path: RULES_FILE },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    ...Object.entries(keptBehind).map(([name, places]) => ({
      name: `${name}-stays-behind-its-port`,
      comment: `${name} is imported in ${places.join(', ')} and nowhere else, so that another can replace it.`,
      from: { path: '^(src|bench|e2e)/', pathNot: places.map((place) => `^${literally(place)}(/|\\.tsx?$)`) },
      to: { path: npm([name]) },
    })),
    {
      name: 'only-tests-use-testing',
      comment: 'The program that people run carries no factory and no fake.',
      from: { path: '^src/', pathNot: [TEST, '^src/testing/'] },
      to: { path: ['^src/testing/', FIXTURES] },
    },
    {
      name: 'nobody-imports-a-test',
      comment: 'What two tests share lives in src/testing.',
      from: {},
      to: { path: '\\.test\\.(tsx?|mjs)$' },
    },
    {
      name: 'shipped-code-uses-shipped-packages',
      comment: 'With NODE_ENV=production the development packages are not there.',
      from: { path: '^src/', pathNot: [TEST, '^src/testing/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'journeys-stay-outside',
      comment:
        'A journey drives the program from outside; it may read the words that people read, play the sounds that tests make, and stand in for Stripe.',
      from: { path: '^e2e/' },
      to: { path: '^src/', pathNot: [LOCALE, '^src/testing/(tone|stripe-peer)[.]ts$'] },
    },
    {
      name: 'scripts-stay-outside',
      comment: 'Plain scripts run before anything is built, under whatever Node there is.',
      from: { path: '^scripts/.*\\.mjs$' },
      to: { path: '^(src|e2e|bench)/' },
    },
    {
      name: 'source-stays-inside',
      comment: 'The program imports nothing from e2e, bench or scripts.',
      from: { path: '^src/' },
      to: { path: '^(e2e|bench|scripts)/' },
    },
  ].map((rule) => ({ severity: 'error', ...rule }))
}

/** Options of dependency-cruiser: TypeScript 7 has no API for it, so @swc/core reads the files. */
export const cruiseOptions = {
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: '(^|/)node_modules/' },
  combinedDependencies: false,
  enhancedResolveOptions: {
    extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'default', 'types'],
  },
}
