import { buildApp, frontOf } from '../app.ts'
import { setUpLink } from '../domains/identity/index.ts'
import type { Config } from '../platform/config.ts'
import { drained, frontServer, readAssets } from '../platform/http/index.ts'
import { openPlatform } from '../platform/open-platform.ts'
import { whenAskedToStop } from '../platform/processes/children.ts'
import { Sentence } from '../platform/sentence.ts'
import { onDatabase } from './on-database.ts'

/** How long whoever is being answered when the program stops may take. */
const PATIENCE_MS = 10_000

/** One web process. */
export const web = (config: Config): Promise<number> =>
  onDatabase(config, async (url) => {
    const platform = await openPlatform(config, url, { name: 'web', connections: 12 })
    const front = frontOf(platform)
    const app = buildApp(platform, readAssets(), front)
    const server = frontServer(front, app.fetch, { requestTimeout: 0, keepAliveTimeout: 65_000 })
    const stopped = Promise.withResolvers<void>()
    const drain = drained(server)
    whenAskedToStop(() => void drain(PATIENCE_MS).then(stopped.resolve))
    server.once('error', (error) =>
      stopped.reject(new Sentence(`The web server cannot listen: ${error.message}.`, { cause: error })),
    )
    const setUp = await setUpLink(platform)
    server.listen(config.port, config.host, () => void process.send?.({ setUp }))
    await stopped.promise
    await platform.close()
    return 0
  })
