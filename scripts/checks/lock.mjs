/**
 * `node scripts/checks/lock.mjs [ROOT]`: package-lock.json asks for what package.json asks for.
 * Where they differ, `npm ci` refuses on a fresh machine, while one that is already installed notices nothing.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies']

/** What differs, in words. */
export function compareLock(manifest, lock) {
  const locked = lock.packages?.[''] ?? {}
  return KINDS.flatMap((kind) => {
    const asked = manifest[kind] ?? {}
    const kept = locked[kind] ?? {}
    return [...new Set([...Object.keys(asked), ...Object.keys(kept)])]
      .filter((name) => asked[name] !== kept[name])
      .map(
        (name) =>
          `${name}: package.json asks for ${asked[name] ?? 'none'}, package-lock.json for ${kept[name] ?? 'none'}`,
      )
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = resolve(process.argv[2] ?? '.')
  const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'))
  const problems = compareLock(read('package.json'), read('package-lock.json'))
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) console.error('Run `npm install` under the pinned Node, and commit both files.')
  process.exitCode = problems.length === 0 ? 0 : 1
}
