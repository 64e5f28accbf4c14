import { join } from 'node:path'
import { readConfig } from '../../src/platform/config.ts'
import { openPlatform } from '../../src/platform/open-platform.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { startEmbedded } from '../../src/platform/postgres/embedded.ts'
import { laySchema } from '../../src/testing/database.ts'
import type { Scene } from './scene.ts'

/** The embedded database as the program runs it, with the schema of today and nothing else beside it, until the end of the scene. */
export async function embeddedDatabase({ folder, atEnd }: Scene, connections: number): Promise<Platform> {
  const config = readConfig({ DATA_DIR: folder }, folder)
  const server = await startEmbedded(join(folder, 'postgres'), folder)
  atEnd(() => server.stop())
  await laySchema(server.url)
  const platform = await openPlatform(config, server.url, { name: 'bench', connections })
  atEnd(() => platform.close())
  return platform
}
