// Builds `dist/`: the server (its packages bundled, but for those below) and what browsers load (hashed names, listed in manifest.json).
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build as esbuild } from 'esbuild'

/** esbuild has printed what is wrong by the time it throws. */
const build = (options) => esbuild(options).catch(() => process.exit(1))

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const out = join(root, 'dist')
const draft = join(root, `dist/.draft-${process.pid}`)
rmSync(draft, { recursive: true, force: true })
mkdirSync(join(draft, 'assets'), { recursive: true })

/**
 * Packages that stay in node_modules: they bring native code or WebAssembly, or load what most installations never need. All others are bundled,
 * because opening a thousand small files is most of what a start costs: docs/decisions/0041-a-quick-start.md.
 */
const external = ['sharp', 'pdfkit', 'node-av', 'taglib-wasm', '@aws-sdk/client-s3', 'pg-native']

await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/main.ts', out: 'main' },
    // The child that each audio job runs in is started by path, so it is an entry of its own.
    ...globSync('src/domains/audio/engine/process-child.ts', { cwd: root }).map((file) => ({
      in: file,
      out: 'audio-child',
    })),
    // And so is the thread that signs mail.
    { in: 'src/domains/reach/mail/signing-thread.ts', out: 'signing-thread' },
  ],
  outdir: join(draft, 'server'),
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  external,
  // What a bundled CommonJS package asks of Node.
  banner: {
    js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`,
  },
  jsx: 'automatic',
  jsxImportSource: '#jsx',
  sourcemap: 'linked',
  // The sources lie beside it.
  sourcesContent: false,
  logLevel: 'warning',
})

const forBrowsers = {
  absWorkingDir: root,
  outdir: join(draft, 'assets'),
  entryNames: '[dir]/[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  platform: 'browser',
  format: 'esm',
  target: ['es2022', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.woff2': 'file' },
  metafile: true,
  logLevel: 'warning',
}
const entries = (pattern, suffix, folder = '') =>
  globSync(pattern, { cwd: root })
    .filter((file) => !file.includes('.test.'))
    .map((file) => ({ in: file, out: folder + basename(file, suffix) }))
// What every page loads is one file each: a shared chunk would be a second request in a chain.
const whole = [
  ...entries('src/ui/client/{main,embed,tabs}.ts', '.ts'),
  ...entries('src/ui/styles/*.entry.css', '.entry.css'),
]
const alone = (entry) => build({ ...forBrowsers, entryPoints: [entry] })
const islands = entries('src/**/islands/*.tsx', '.tsx', 'islands/')
// An island that uses no package is one file as well: it would fetch what others share for nothing.
const tries = await Promise.all(islands.map((entry) => esbuild({ ...forBrowsers, entryPoints: [entry], write: false })))
const usesPackage = ({ metafile }) => Object.keys(metafile.inputs).some((file) => file.includes('node_modules/'))
const sharing = islands.filter((_, i) => usesPackage(tries[i]))
const builds = [
  ...(await Promise.all([...whole, ...islands.filter((entry) => !sharing.includes(entry))].map(alone))),
  await build({ ...forBrowsers, entryPoints: sharing, splitting: true }),
]

const manifest = {}
for (const [path, output] of builds.flatMap(({ metafile }) => Object.entries(metafile.outputs))) {
  const file = path.slice(path.indexOf('assets/') + 'assets/'.length)
  if (output.entryPoint) manifest[logicalName(output.entryPoint)] = file
}
for (const font of globSync('src/ui/fonts/*.woff2', { cwd: root })) {
  const bytes = readFileSync(join(root, font))
  const file = `${basename(font, '.woff2')}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.woff2`
  writeFileSync(join(draft, 'assets', file), bytes)
  manifest[`fonts/${basename(font)}`] = file
}
for (const file of globSync('**/*.{js,css,svg}', { cwd: join(draft, 'assets') })) {
  const bytes = readFileSync(join(draft, 'assets', file))
  writeFileSync(join(draft, 'assets', `${file}.gz`), gzipSync(bytes, { level: 9 }))
  writeFileSync(
    join(draft, 'assets', `${file}.br`),
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  )
}
writeFileSync(join(draft, 'manifest.json'), JSON.stringify(manifest, null, 2))

for (const part of ['assets', 'manifest.json']) {
  rmSync(join(out, part), { recursive: true, force: true })
  renameSync(join(draft, part), join(out, part))
}
const server = replaceServer()
rmSync(draft, { recursive: true, force: true })
const id = createHash('sha256').update(JSON.stringify(manifest)).digest('hex').slice(0, 12)
writeFileSync(join(out, 'built.json'), JSON.stringify({ id, server }))

/**
 * Puts the new server in the place of the old, whose pieces stay until the build after this one: a program that still runs loads
 * some of them only when it needs them. What is started by name comes last. Returns the names of the new files.
 */
function replaceServer() {
  const [from, to] = [join(draft, 'server'), join(out, 'server')]
  mkdirSync(to, { recursive: true })
  const files = readdirSync(from)
  const isEntry = (file) => /^(?:main|audio-child)\.js/.test(file)
  for (const file of [...files.filter((file) => !isEntry(file)), ...files.filter(isEntry)])
    renameSync(join(from, file), join(to, file))
  const kept = new Set([...files, ...filesOfLastBuild()])
  for (const file of readdirSync(to)) if (!kept.has(file)) rmSync(join(to, file))
  return files
}

function filesOfLastBuild() {
  try {
    return JSON.parse(readFileSync(join(out, 'built.json'), 'utf8')).server ?? []
  } catch {
    return []
  }
}

/** `main.js`, `site.css`, `islands/upload.js`: how pages ask for a built file. */
function logicalName(entry) {
  if (entry.endsWith('.entry.css')) return basename(entry, '.entry.css').concat('.css')
  if (entry.includes('/islands/')) return `islands/${basename(entry, '.tsx')}.js`
  return `${basename(entry, '.ts')}.js`
}
