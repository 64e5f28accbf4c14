import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { readConfig } from '../platform/config.ts'
import { openPlatform } from '../platform/open-platform.ts'
import { testApp } from './app.ts'

// One web process of the real app, for a test that kills it: told by its environment where database and files are. Says its port to whoever started it.
const config = readConfig(process.env, process.cwd())
if (!config.databaseUrl) throw new Error('DATABASE_URL is missing')
const platform = await openPlatform(config, config.databaseUrl, { name: 'web', connections: 4 })
const server = createAdaptorServer({ fetch: testApp(platform).fetch, createServer })
server.listen(config.port, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.once('disconnect', () => process.exit())
