import { recoveryLink } from '../domains/identity/index.ts'
import type { Config } from '../platform/config.ts'
import { prepareDataDir } from '../platform/data-dir.ts'
import { openPlatform } from '../platform/open-platform.ts'
import { bringUpToDate } from './migrate.ts'
import { onDatabase } from './on-database.ts'
import { whereServed } from './where-served.ts'

/** `./ritornello owner MAIL`: prints a link that lets this address in as an owner, once, whatever was lost. */
export async function owner(config: Config, args: string[]): Promise<number> {
  const json = args.includes('--json')
  const [email] = args.filter((arg) => !arg.startsWith('-'))
  if (!email || args.includes('--help')) {
    console.log(
      'Usage: ./ritornello owner MAIL [--json]\nPrints a link that signs MAIL in as an owner, once, within a day.',
    )
    return email ? 0 : 1
  }
  prepareDataDir(config.dataDir)
  return onDatabase(config, async (url) => {
    await bringUpToDate(config, url)
    const platform = await openPlatform(whereServed(config), url, { name: 'owner', connections: 2 })
    try {
      const link = await recoveryLink(platform, email)
      console.log(json ? JSON.stringify({ url: link }) : link)
      return 0
    } finally {
      await platform.close()
    }
  })
}
