import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { forgetPlace, newPlace, startProgram } from './program.ts'

const LAID_OUT = 'RITORNELLO_E2E_LAID_OUT'

/** Before all journeys: the data of a program that was started once and stopped. To make a database and its two hundred tables takes most of a first start. */
// biome-ignore lint/style/noDefaultExport: Playwright wants one
export default async function layOut(): Promise<() => void> {
  const { dataDir, stop } = await startProgram()
  await stop()
  process.env[LAID_OUT] = dataDir
  return () => forgetPlace(dataDir)
}

/** A copy of it, for journeys that are not about a first start: nobody has been there yet. With its owners, since the database is another user's for root. */
export function laidOut(): string {
  const from = process.env[LAID_OUT]
  if (!from) throw new Error('Nothing was laid out before the journeys.')
  const dataDir = join(newPlace(), 'data')
  execFileSync('cp', ['-a', from, dataDir])
  return dataDir
}
