import type { Context } from 'hono'
import type { WebEnv } from '../domains/identity/index.ts'
import { isLang } from '../platform/i18n/index.ts'
import type { Page } from '../ui/page.ts'

/** One request for a public page: what the page may know of it, and how its links are written. */
export type Visit = {
  page: Page
  /** A path inside the site, with the language that was asked for in the address, and with `more` parameters. */
  to(path: string, more?: Record<string, string | null>): string
  /** The site's own address of a path, without any parameter: for canonical links and cards. */
  full(path: string): string
}

/**
 * Reads a request. Of its parameters the page is told only `lang` and those named in `kept`: a page that is kept for everybody must not
 * hold what one visitor's address carried.
 */
export function visitOf(c: Context<WebEnv>, kept: readonly string[] = []): Visit {
  const page = c.get('page')
  const url = new URL(page.url)
  const asked = url.searchParams.get('lang')
  const lang = isLang(asked) ? asked : null
  const params = new URLSearchParams()
  for (const name of kept) {
    const value = url.searchParams.get(name)
    if (value !== null) params.set(name, value)
  }
  if (lang) params.set('lang', lang)
  const path = url.pathname + (params.size ? `?${params}` : '')
  return {
    page: { ...page, path, url: page.base + path },
    to: (to, more = {}) => withParams(to, { lang, ...more }),
    full: (to) => page.base + to,
  }
}

function withParams(path: string, params: Record<string, string | null>): string {
  const wanted = Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== null)
  if (!wanted.length || !path.startsWith('/')) return path
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(wanted)}`
}
