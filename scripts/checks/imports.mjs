/**
 * `node scripts/checks/imports.mjs [ROOT]`: who may import whom.
 *
 * dependency-cruiser judges the imports; two counts of our own judge dependency-cruiser, which with TypeScript 7 alone
 * would see nothing and be content: every source file on disk must be among its modules, and every import that
 * a plain walk over the syntax tree finds must be among its dependencies.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseSync } from '@swc/core'
import { cruise } from 'dependency-cruiser'
import { findCycle, hears, loadsByName, mayCall } from './edges.mjs'
import { cruiseOptions, makeRules } from './rules.mjs'

const FOLDERS = ['src', 'e2e', 'bench', 'scripts']
const SOURCE = '**/*.{ts,tsx,mts,js,mjs}'

/** Every source file under the root, as paths relative to it. */
export function sourceFiles(root) {
  return FOLDERS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => globSync(`${folder}/${SOURCE}`, { cwd: root, exclude: (name) => name === 'node_modules' }))
    .sort()
}

/**
 * The addresses that a file imports, by a walk over the whole tree, whatever the syntax around them;
 * and the imports whose address is not written out.
 * @returns {{ addresses: string[], unreadable: number }}
 */
export function findImports(code, file) {
  const syntax = /\.[cm]?tsx?$/.test(file)
    ? { syntax: 'typescript', tsx: file.endsWith('x') }
    : { syntax: 'ecmascript', jsx: true }
  const addresses = new Set()
  let unreadable = 0
  const literal = (node) => {
    if (node?.type === 'StringLiteral') return node.value
    if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].cooked
    return null
  }
  const walk = (node) => {
    if (Array.isArray(node)) {
      for (const child of node) walk(child)
      return
    }
    if (!node || typeof node !== 'object') return
    if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && node.source) addresses.add(node.source.value)
    if (node.type === 'TsImportType') addresses.add(node.argument.value)
    if (node.type === 'CallExpression' && node.callee.type === 'Import') {
      const address = literal(node.arguments[0]?.expression)
      if (address === null) unreadable++
      else addresses.add(address)
    }
    for (const key in node) if (key !== 'span') walk(node[key])
  }
  walk(parseSync(code, { ...syntax, target: 'es2024' }).body)
  return { addresses: [...addresses], unreadable }
}

/**
 * Everything that is wrong with the imports of the house at `root`.
 * @param {string} root
 * @param {{ tables?: { mayCall: object, hears: object }, options?: object }} [overrides] for the tests of this check
 * @returns {Promise<{ problems: { rule: string, message: string }[], modules: number, imports: number }>}
 */
export async function checkImports(root, { tables = { mayCall, hears }, options = {} } = {}) {
  const problems = []
  const say = (rule, message) => problems.push({ rule, message })

  const cycle = findCycle(tables.mayCall)
  if (cycle) say('the-table-has-no-cycle', `scripts/checks/edges.mjs: ${cycle.join(' -> ')}`)
  for (const file of Object.keys(tables.hears)) {
    if (!existsSync(join(root, file)))
      say('hears-are-listed', `scripts/checks/edges.mjs lists ${file}, which is not there`)
  }
  const domains = join(root, 'src/domains')
  if (existsSync(domains)) {
    for (const entry of readdirSync(domains, { withFileTypes: true })) {
      if (!(entry.name in tables.mayCall)) {
        say('domains-are-in-the-table', `src/domains/${entry.name} is not in scripts/checks/edges.mjs`)
      }
    }
  }

  const files = sourceFiles(root)
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const { output } = await cruise(folders, {
    ...cruiseOptions,
    ...options,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: makeRules(tables) },
  })
  for (const { rule, from, to, cycle: circle } of output.summary.violations) {
    const way = circle ? [from, ...circle.map(({ name }) => name)].join(' -> ') : `${from} -> ${to}`
    say(rule.name, way)
  }

  const seen = new Map(output.modules.map((module) => [module.source, module]))
  const missing = files.filter((file) => !seen.has(file))
  if (missing.length > 0) {
    say(
      'every-file-is-seen',
      `dependency-cruiser saw ${files.length - missing.length} of ${files.length} files; not ${missing.slice(0, 5).join(', ')}`,
    )
  }
  let imports = 0
  for (const file of files) {
    const known = new Set(
      seen.get(file)?.dependencies.flatMap(({ module, protocol }) => [module, `${protocol}${module}`]),
    )
    const { addresses, unreadable } = findImports(readFileSync(join(root, file), 'utf8'), file)
    imports += addresses.length
    if (unreadable > 0 && file.startsWith('src/') && !loadsByName.includes(file)) {
      say(
        'imports-are-written-out',
        `${file}: import() of an address that is computed; write it out, so that it can be checked`,
      )
    }
    for (const address of addresses) {
      if (!known.has(address))
        say(
          'every-import-is-seen',
          `${file}: dependency-cruiser did not see '${address}'; write it as \`import\` or \`import type\` at the top`,
        )
    }
  }
  return { problems, modules: files.length, imports }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = resolve(process.argv[2] ?? '.')
  const { problems, modules, imports } = await checkImports(root)
  const why = new Map(makeRules().map(({ name, comment }) => [name, comment]))
  for (const { rule, message } of problems)
    console.error(`${rule}: ${message}${why.has(rule) ? `\n    ${why.get(rule)}` : ''}`)
  console.log(
    `${modules} files, ${imports} imports: ${problems.length === 0 ? 'all as the table says' : `${problems.length} problems`}`,
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}
