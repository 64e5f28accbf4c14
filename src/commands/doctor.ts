import type { Config } from '../platform/config.ts'
import { readArguments } from './arguments.ts'
import { databaseFindings } from './doctor-database.ts'
import { type Finding, installationFindings } from './doctor-installation.ts'

const USAGE = `Usage: ./ritornello doctor [--json]
Looks at this installation and says what is wrong with it and how to mend it. Changes nothing. Ends with 1 when something is wrong.
  --json   prints {"ok","findings":[{"what","state","says","mend"}]} alone`

const SIGNS = { good: ' ok ', warning: 'look', bad: 'BAD ' } as const

/** `./ritornello doctor`. */
export async function doctor(config: Config, args: string[]): Promise<number> {
  const read = readArguments(args, USAGE, { flags: ['json'], positionals: 0 })
  if (!read) return 0
  const findings: Finding[] = [...(await installationFindings(config)), ...(await databaseFindings(config))]
  const ok = findings.every(({ state }) => state !== 'bad')
  if (read.flags.json) console.log(JSON.stringify({ ok, findings }, null, 1))
  else {
    for (const { what, state, says, mend } of findings) {
      console.log(`[${SIGNS[state]}] ${what}: ${says}`)
      if (mend) console.log(`       ${mend}`)
    }
    const looks = findings.filter(({ state }) => state === 'warning').length
    const bad = findings.filter(({ state }) => state === 'bad').length
    if (bad) console.log(`\n${bad} of ${findings.length} things are wrong.`)
    else console.log(looks ? `\nIt works; ${looks} of ${findings.length} things deserve a look.` : '\nAll is well.')
  }
  return ok ? 0 : 1
}
