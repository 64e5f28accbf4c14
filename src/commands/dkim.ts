import { makeSendingDomain } from '../domains/reach/index.ts'
import type { Config } from '../platform/config.ts'
import { prepareDataDir } from '../platform/data-dir.ts'
import { openPlatform } from '../platform/open-platform.ts'
import { Sentence } from '../platform/sentence.ts'
import { bringUpToDate } from './migrate.ts'
import { onDatabase } from './on-database.ts'

const USAGE = `Usage: ./ritornello dkim DOMAIN [--json]
Makes the keys that mail from DOMAIN is signed with, unless there are some, and prints the records that belong into its DNS.`

/** `./ritornello dkim DOMAIN`: from then on, announcements from an address of this domain or one below it are signed. */
export async function dkim(config: Config, args: string[]): Promise<number> {
  const [domain] = args.filter((arg) => !arg.startsWith('-'))
  if (!domain || args.includes('--help')) {
    console.log(USAGE)
    return domain ? 0 : 1
  }
  prepareDataDir(config.dataDir)
  return onDatabase(config, async (url) => {
    await bringUpToDate(config, url)
    const platform = await openPlatform(config, url, { name: 'dkim', connections: 2 })
    try {
      const records = await makeSendingDomain(platform, domain)
      if (!records)
        throw new Sentence(`${domain} is no domain that mail can come from: it should be like music.example.`)
      if (args.includes('--json')) console.log(JSON.stringify(records))
      else
        for (const { name, type, value } of records)
          console.log(`${name}. ${type} "${value.match(/.{1,250}/g)?.join('" "')}"`)
      return 0
    } finally {
      await platform.close()
    }
  })
}
