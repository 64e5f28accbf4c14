import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import { imageRoutes } from './image.routes.ts'

/** All that the music domain answers by itself. */
export const musicRoutes = (platform: Platform): Hono<WebEnv> => new Hono<WebEnv>().route('/', imageRoutes(platform))
