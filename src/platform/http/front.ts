import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { Platform } from '../platform.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { openPageCache, type PageCache, type PageCacheOptions } from './page-cache.ts'

/** What stands before the router: pages that are kept, and counting. */
export type Front = { pages: PageCache; metrics: Metrics }

export const openFront = (
  platform: Pick<Platform, 'pool' | 'now' | 'beforeClosing'>,
  options: PageCacheOptions,
): Front => ({
  pages: openPageCache(platform, options),
  metrics: createMetrics(),
})

type Fetch = (request: Request, env: never) => Response | Promise<Response>

/** A web server that answers from the kept pages where it can, and asks the app for the rest. */
export function frontServer({ pages, metrics }: Front, fetch: Fetch, serverOptions: ServerOptions): Server {
  const before = (app: RequestListener) => (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const began = performance.now()
    if (pages.answer(incoming, outgoing))
      return metrics.answered(outgoing.statusCode, (performance.now() - began) / 1000)
    outgoing.once('close', () => metrics.answered(outgoing.statusCode, (performance.now() - began) / 1000))
    return app(incoming, outgoing)
  }
  return createAdaptorServer({
    fetch: fetch as Parameters<typeof createAdaptorServer>[0]['fetch'],
    serverOptions,
    createServer: ((options: ServerOptions, app: RequestListener) =>
      createServer(options, before(app))) as typeof createServer,
  }) as Server
}
