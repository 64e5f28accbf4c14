import type { Hono } from 'hono'
import { buildApp } from '../app.ts'
import type { WebEnv } from '../domains/identity/index.ts'
import type { Platform } from '../platform/platform.ts'

/** The app in memory, with built files known by their logical names. Ask it with `app.request('/path')`. */
export const testApp = (platform: Platform): Hono<WebEnv> =>
  buildApp(platform, { build: 'test', href: (name) => `/assets/${name}` })

/** The headers of a form sent from our own pages, as a browser sets them. */
export const FORM = {
  'content-type': 'application/x-www-form-urlencoded',
  origin: 'http://ritornello.test',
  'sec-fetch-site': 'same-origin',
}
