import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../e2e/support/program.ts'
import { residentBytes, treeOf } from './processes.ts'
import type { Scene } from './scene.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
export const NODE = join(ROOT, 'node_modules/.bin/node')

/** A program for `started`: Hono with nothing around it, answering at `/healthz` by `handler`, the text of a function that takes its context. */
export function bareHono({ atEnd }: Pick<Scene, 'atEnd'>, handler: string): string {
  // Beside our sources, or it would not find its packages.
  const folder = join(ROOT, 'node_modules/.cache/ritornello-bench')
  const path = join(folder, 'bare-hono.mjs')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    path,
    `import { readFileSync } from 'node:fs'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
const app = new Hono().get('/healthz', ${handler})
createAdaptorServer({ fetch: app.fetch }).listen(Number(process.env.PORT), '127.0.0.1')
`,
  )
  atEnd(() => rmSync(path))
  return path
}

export type Started = { ms: number; url: string; processes: () => number[]; stop: () => Promise<void> }

/** Runs a server with a `PORT` of its own and waits until its `/healthz` answers 200. */
export async function started(
  cwd: string,
  command: string,
  args: string[],
  more: Record<string, string>,
): Promise<Started> {
  const port = await freePort()
  const { PATH = '', HOME = '' } = process.env
  const began = performance.now()
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...more, PORT: String(port) },
    stdio: 'ignore',
  })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}`)
    if (performance.now() - began > 60_000) throw new Error(`${command} ${args.join(' ')} does not answer`)
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } }).catch(
      () => null,
    )
    if (answer?.status === 200) break
    await sleep(5)
  }
  return {
    ms: performance.now() - began,
    url: `http://127.0.0.1:${port}`,
    processes: () => treeOf(child.pid ?? 0),
    stop: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const tree = treeOf(child.pid ?? 0)
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  child.kill('SIGTERM')
  await ended
  while (tree.some((pid) => residentBytes(pid) > 0)) await sleep(10)
}
