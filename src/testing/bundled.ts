import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from '../platform/root.ts'

/**
 * A program of the tests as one file that Node runs as it is: read from its sources, it starts three times as slowly. Packages stay where they are, so
 * it lies among them.
 * @param entry its path from the root
 */
export async function bundled(entry: string): Promise<string> {
  const outfile = join(
    ROOT,
    'node_modules/.cache/ritornello-testing',
    `${process.pid}-${entry.replaceAll('/', '-')}.mjs`,
  )
  await build({
    ...{ absWorkingDir: ROOT, entryPoints: [entry], outfile, bundle: true, packages: 'external' },
    ...{ platform: 'node', format: 'esm', target: 'node24', jsx: 'automatic', jsxImportSource: '#jsx' },
    logLevel: 'warning',
  })
  return outfile
}
