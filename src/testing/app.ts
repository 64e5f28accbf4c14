import type { Hono } from 'hono'
import { buildApp, jobHandlers } from '../app.ts'
import type { WebEnv } from '../domains/identity/index.ts'
import type { JobName, JobPayloads } from '../platform/jobs/index.ts'
import type { Platform } from '../platform/platform.ts'

/** The app in memory, with built files known by their logical names. Ask it with `app.request('/path')`. */
export const testApp = (platform: Platform): Hono<WebEnv> =>
  buildApp(platform, { build: 'test', href: (name) => `/assets/${name}` })

/** The headers of a form sent from our own pages, as a browser sets them. */
export const FORM = {
  'content-type': 'application/x-www-form-urlencoded',
  origin: 'http://ritornello.test',
  'sec-fetch-site': 'same-origin',
}

/** Does what a worker would with the jobs of these names, one after the other in the order in which they were asked for, until none is left. */
export async function workOff(platform: Platform, names: JobName[]): Promise<void> {
  const handlers = jobHandlers(platform) as Record<string, (payload: unknown, context: unknown) => Promise<void>>
  for (;;) {
    const { rows } = await platform.pool.query<{ id: string; name: JobName; payload: JobPayloads[JobName] }>(
      `select j.id, t.identifier as name, j.payload from graphile_worker._private_jobs j
       join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = any($1) order by j.id limit 1`,
      [names],
    )
    const [job] = rows
    if (!job) return
    await handlers[job.name]?.(job.payload, { worker: 'a worker of a test', signal: new AbortController().signal })
    await platform.pool.query('select graphile_worker.complete_jobs(array[$1::bigint])', [job.id])
  }
}
