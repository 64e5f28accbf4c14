import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'

const place = mkdtempSync(join(tmpdir(), 'ritornello-stacks-'))
afterAll(() => rmSync(place, { recursive: true }))

const STACKS = pathToFileURL(join(import.meta.dirname, 'stacks.ts')).href

/** Bundles a source as the program is. */
async function bundle(name: string, source: string): Promise<string> {
  writeFileSync(join(place, `${name}.ts`), source)
  const outfile = join(place, 'out', `${name}.mjs`)
  const options = { bundle: true, sourcesContent: false, platform: 'node', format: 'esm', sourcemap: 'linked' } as const
  await build({ ...options, entryPoints: [join(place, `${name}.ts`)], outfile })
  return outfile
}

/** The trace of what a bundle throws when it is loaded. */
function traceOf(file: string): string {
  const script = `
    import { traceSources } from ${JSON.stringify(STACKS)}
    traceSources()
    await import(${JSON.stringify(pathToFileURL(file).href)}).catch((error) => console.log(error.stack))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(stdout, stderr).not.toBe('')
  return stdout
}

test('a trace names the file and line that somebody wrote, and the function', async () => {
  const source = `type Long = { gone: string }\n\n\nfunction breaks(): Long {\n  throw new TypeError('what is wrong')\n}\nbreaks()\n`
  const trace = traceOf(await bundle('thrown', source))
  expect(trace).toMatch(/^TypeError: what is wrong\n/)
  expect(trace).toContain(`at breaks (${join(place, 'thrown.ts')}:5:9)`)
  expect(trace).toContain(`${join(place, 'thrown.ts')}:7:1`)
  expect(trace).not.toContain('/out/')
})

test('without its map, it names the bundle', async () => {
  const file = await bundle('bare', `throw new Error('bare')\n`)
  rmSync(`${file}.map`)
  expect(traceOf(file)).toContain(`${pathToFileURL(file).href}:`)
})
