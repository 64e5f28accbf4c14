import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from './guard.ts'

export const identityRoutes = (_platform: Platform): Hono<WebEnv> => new Hono<WebEnv>()
