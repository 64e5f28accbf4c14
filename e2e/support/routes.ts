import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Hono } from 'hono'
import { databaseIn } from './servers.ts'

export type Routes = {
  /** Every address at which the app answers GET, as it is written in the code: `/studio/returns/:gift`. */
  all: string[]
  /** Which of them answers to this path; null when none does. */
  of(path: string): Promise<string | null>
}

/** The addresses of the app, asked of its own code on the database of a program that runs: what was added a minute ago is among them. */
export async function readRoutes(dataDir: string): Promise<Routes> {
  const root = resolve(import.meta.dirname, '../..')
  const script = join(root, 'src/testing/print-routes.ts')
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, databaseIn(dataDir)], {
    cwd: root,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
  })
  const all = JSON.parse(stdout) as string[]
  // The app's own router: of two that fit, the same one answers.
  const router = new Hono()
  for (const route of all) router.get(route, (c) => c.text(route))
  return {
    all,
    async of(path) {
      const answer = await router.request(path)
      return answer.ok ? answer.text() : null
    },
  }
}
