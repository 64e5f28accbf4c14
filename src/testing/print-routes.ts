/**
 * Prints the addresses at which the app answers GET, as a list in JSON, in the order in which it looks for them.
 * `node --import tsx src/testing/print-routes.ts DATABASE_URL`, with DATA_DIR.
 */
import { buildApp } from '../app.ts'
import { readConfig } from '../platform/config.ts'
import { openPlatform } from '../platform/open-platform.ts'
import { ROOT } from '../platform/root.ts'

const platform = await openPlatform(readConfig(process.env, ROOT), process.argv[2] ?? '', {
  name: 'routes',
  connections: 2,
})
const { routes } = buildApp(platform, { build: '', href: (name) => name })
const paths = routes.flatMap(({ method, path }) => (method === 'GET' ? [path] : []))
process.stdout.write(JSON.stringify([...new Set(paths)]))
await platform.close()
