import { startTestPostgres } from './database.ts'

/** Started once for all `*.db.test.ts` files; each then takes a database of its own. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await startTestPostgres()
  process.env['TEST_SERVER_URL'] = server.url
  return () => server.stop()
}
