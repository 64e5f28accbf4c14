import type { Lang } from '../platform/i18n/index.ts'

/**
 * What every page knows of the request that it answers.
 * `url` is the full address asked for, `path` its path and query, `base` the site's origin without a final slash.
 * `assets` turns the logical name of a built file ('site.css', 'fonts/grotesk.woff2') into the address that serves it.
 */
export type Page = {
  lang: Lang
  url: string
  path: string
  base: string
  csrf: string
  actor: { name: string } | null
  assets: (name: string) => string
  /** Which build serves this page: another one than before is loaded whole. */
  build?: string
}

/** The same page in another language: the address with `?lang=` set, everything else kept. */
export function inLanguage(url: string, lang: string): string {
  const address = new URL(url)
  address.searchParams.set('lang', lang)
  return address.href
}

/** Every language's address of a page, for `hreflang` links, with the unmarked one as `x-default`. */
export function alternatesOf(canonical: string, languages: readonly string[]): Alternate[] {
  return [
    ...languages.map((lang) => ({ lang, href: inLanguage(canonical, lang) })),
    { lang: 'x-default', href: canonical },
  ]
}

export type Alternate = { lang: string; href: string }
