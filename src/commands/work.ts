import { jobHandlers, SCHEDULES } from '../app.ts'
import { keepTallying } from '../domains/exchange/index.ts'
import { listenForMail, listenToNetworks, watchMailboxes } from '../domains/reach/index.ts'
import type { Config } from '../platform/config.ts'
import { startWorker } from '../platform/jobs/index.ts'
import { openPlatform } from '../platform/open-platform.ts'
import { whenAskedToStop } from '../platform/processes/children.ts'
import { CORES, LANES } from './lanes.ts'
import { onDatabase } from './on-database.ts'

/** One worker process: as many jobs at once as there are cores, and those of each lane. */
export const work = (config: Config): Promise<number> =>
  onDatabase(config, async (url) => {
    const platform = await openPlatform(config, url, { name: 'work', connections: 10 + CORES })
    const worker = await startWorker({
      pool: platform.pool,
      handlers: jobHandlers(platform),
      schedules: SCHEDULES,
      concurrency: CORES,
      lanes: LANES,
      log: platform.log,
      alone: process.env['RITORNELLO_EMBEDDED'] === '1',
    })
    const listening = listenToNetworks(platform)
    const watching = watchMailboxes(platform)
    const mail = await listenForMail(platform)
    const tallying = keepTallying(platform)
    const asked = Promise.withResolvers<void>()
    whenAskedToStop(() => asked.resolve())
    process.send?.({ ready: true })
    await asked.promise
    await mail.close()
    await tallying.close()
    await watching.close()
    await worker.stop()
    await listening.close()
    await platform.close()
    return 0
  })
