import { type Context, Hono } from 'hono'
import type { WebEnv } from '../domains/identity/index.ts'
import { type Front, type Gauge, open } from '../platform/http/index.ts'
import { jobCounts } from '../platform/jobs/index.ts'
import type { Platform } from '../platform/platform.ts'

/** `GET /metrics` for Prometheus, answered to this machine alone: a caller that came through a proxy is not on it. */
export const metricsRoutes = ({ db }: Pick<Platform, 'db'>, { metrics, pages }: Front): Hono<WebEnv> =>
  new Hono<WebEnv>().get('/metrics', open, async (c) => {
    if (!isLocal(c)) return c.notFound()
    const jobs = await jobCounts(db)
    const { hits, misses, pages: held, bytes, hearing } = pages.facts()
    const gauges: Gauge[] = [
      {
        name: 'ritornello_jobs',
        help: 'Jobs of the whole installation, by how they stand.',
        values: Object.entries(jobs).map(([state, value]) => ({ labels: { state }, value })),
      },
      {
        name: 'ritornello_page_cache_requests_total',
        help: 'Public pages answered from memory, and rendered.',
        counter: true,
        values: [
          { labels: { result: 'hit' }, value: hits },
          { labels: { result: 'miss' }, value: misses },
        ],
      },
      { name: 'ritornello_page_cache_pages', help: 'Pages kept in memory.', values: [{ value: held }] },
      { name: 'ritornello_page_cache_bytes', help: 'Memory that they take.', values: [{ value: bytes }] },
      {
        name: 'ritornello_page_cache_hearing',
        help: '1 while changes are heard from the database; without that no page is kept.',
        values: [{ value: hearing ? 1 : 0 }],
      },
    ]
    c.header('Cache-Control', 'no-store')
    c.header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
    return c.body(metrics.text(gauges))
  })

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/
const THROUGH_A_PROXY = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via']
/** The names by which a machine calls itself. A proxy on it that says nothing of the caller still passes on the name that was asked for. */
const OWN_NAME = /^(localhost|127(\.\d+){3}|\[::1\])$/

function isLocal(c: Context): boolean {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } }
  return (
    LOOPBACK.test(incoming?.socket?.remoteAddress ?? '') &&
    OWN_NAME.test(new URL(c.req.url).hostname) &&
    !THROUGH_A_PROXY.some((name) => c.req.header(name) !== undefined)
  )
}
