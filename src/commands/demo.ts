import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_MAIL, layOutDemo } from '../demo/lay-out.ts'
import { recoveryLink } from '../domains/identity/index.ts'
import type { Config } from '../platform/config.ts'
import { openPlatform } from '../platform/open-platform.ts'
import { ROOT } from '../platform/root.ts'
import { Sentence } from '../platform/sentence.ts'
import { all } from './all.ts'
import { bringUpToDate } from './migrate.ts'
import { onDatabase } from './on-database.ts'

const MARK_BEGUN = 'demo-unfinished'
const MARK_DONE = 'demo'
const USAGE = `Usage: npm run demo
A label with three invented artists, music composed by this program and a month of visits, in a data folder of its own (./data-demo).`

/** `npm run demo`: lays out the demonstration once, then serves it like any other place. */
export async function demo(given: Config, args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  // Never the artist's own folder, unless it was named.
  const config = process.env['DATA_DIR'] ? given : { ...given, dataDir: join(ROOT, 'data-demo') }
  startOverIfUnfinished(config.dataDir)
  const link = await onDatabase(config, async (url) => {
    await bringUpToDate(config, url)
    const platform = await openPlatform(config, url, { name: 'demo', connections: 4 })
    try {
      console.log('This is a demonstration: the artists are invented and the music is composed by this program.')
      if (!existsSync(join(config.dataDir, MARK_DONE))) {
        writeFileSync(join(config.dataDir, MARK_BEGUN), '')
        await layOutDemo(platform, (line) => console.log(line))
        renameSync(join(config.dataDir, MARK_BEGUN), join(config.dataDir, MARK_DONE))
      }
      return await recoveryLink(platform, DEMO_MAIL)
    } finally {
      await platform.close()
    }
  })
  console.log(`\nTo see the studio, open this link, once:\n${link}\n`)
  return all(config)
}

/** A demonstration that was interrupted is thrown away: only what such a beginning marked, and nothing that somebody made. */
function startOverIfUnfinished(dataDir: string): void {
  if (existsSync(join(dataDir, MARK_BEGUN))) rmSync(dataDir, { recursive: true })
  else if (existsSync(join(dataDir, 'postgres-18')) && !existsSync(join(dataDir, MARK_DONE)))
    throw new Sentence(
      `${dataDir} holds something else than the demonstration. Choose another DATA_DIR for it, or none.`,
    )
}
