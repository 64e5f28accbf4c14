import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { readConfig } from '../platform/config.ts'
import { restOfEnvironment } from '../platform/processes/children.ts'
import { ROOT } from '../platform/root.ts'
import { Sentence } from '../platform/sentence.ts'
import { COMMANDS } from './index.ts'

/** Runs one command line. Resolves with the exit code: 0 done, 1 a reason that was said, 2 a bug. */
export async function run(args: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<number> {
  const [name = 'all', ...rest] = args
  const command = COMMANDS[name]
  if (!command) {
    console.error(`There is no command "${name}". These exist: ${Object.keys(COMMANDS).join(', ')}.`)
    return 1
  }
  keepCompiled(env)
  try {
    const told = restOfEnvironment(env)
    const load = await command()
    await told
    return await load(readConfig(env, cwd), rest)
  } catch (error) {
    if (error instanceof Sentence) {
      console.error(error.message)
      return 1
    }
    console.error(error)
    return 2
  }
}

/** What was compiled once is read at the next start, here and in the processes that come from here. Where it cannot be written, nothing changes. */
function keepCompiled(env: NodeJS.ProcessEnv): void {
  env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/ritornello-compiled')
  enableCompileCache(env['NODE_COMPILE_CACHE'])
}
