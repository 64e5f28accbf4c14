import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Sentence } from '../src/platform/sentence.ts'

/** `npm run bench -- NAME`: runs `bench/NAME.ts`, which exports `title` and `bench`. Without a name, says which there are. */
type Bench = { title: string; bench: () => Promise<void> }

const here = import.meta.dirname
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort()
const load = (name: string) => import(pathToFileURL(join(here, `${name}.ts`)).href) as Promise<Bench>

const [name] = process.argv.slice(2)
if (name && names.includes(name)) {
  try {
    const { title, bench } = await load(name)
    console.log(`${name}: ${title}\n`)
    await bench()
  } catch (error) {
    console.error(error instanceof Sentence ? error.message : error)
    process.exitCode = 1
  }
} else {
  if (name) console.error(`There is no bench "${name}".\n`)
  for (const each of names) console.log(`npm run bench -- ${each.padEnd(8)} ${(await load(each)).title}`)
  process.exitCode = name ? 1 : 0
}
// What a bench leaves open (a socket kept alive) is nobody's any more.
process.exit()
