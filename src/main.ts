import { run } from './commands/run.ts'
import { traceSources } from './platform/stacks.ts'

traceSources()
process.exitCode = await run(process.argv.slice(2), process.env, process.cwd())
// A child's channel to its parent would keep it alive.
if (process.connected) process.disconnect()
