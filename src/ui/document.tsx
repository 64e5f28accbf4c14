import { html, raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { toHex } from './colour/convert.ts'
import { themeCss } from './colour/css.ts'
import { houseTheme } from './colour/house.ts'
import type { Theme } from './colour/theme.types.ts'
import { fontCss, fontFiles } from './fonts.ts'
import type { Alternate, Page } from './page.ts'
import { words } from './words.ts'

export type DocumentProps = {
  page: Page
  title: string
  description?: string | undefined
  canonical?: string | undefined
  alternates?: Alternate[] | undefined
  theme?: Theme | undefined
  /** Logical names of style sheets and of module scripts, asked of `page.assets`. */
  styles?: string[] | undefined
  scripts?: string[] | undefined
  /** Further elements of the head: cards, JSON-LD, feeds. */
  head?: Child
  noindex?: boolean | undefined
  /** Icons of this page (a sleeve's, or the host's); without any the browser asks for /favicon.ico. */
  icons?: { href: string; type?: string; sizes?: string; rel?: string }[] | undefined
  kind: 'site' | 'studio' | 'embed'
  children?: Child
}

/** A whole HTML page. The body must contain an element with the id `page`: the skip link leads there. */
export function Document(props: DocumentProps) {
  const { page, theme = houseTheme } = props
  const t = words(page.lang)
  return html`<!doctype html>${(
    <html lang={page.lang} dir="ltr" data-scheme={theme.scheme === 'auto' ? undefined : theme.scheme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        {page.build && <meta name="build" content={page.build} />}
        <title>{props.title}</title>
        <Appearance theme={theme} page={page} />
        {(props.styles ?? []).map((name) => (
          <link rel="stylesheet" href={page.assets(name)} />
        ))}
        <noscript>
          <style>{raw('[data-play],.player,.js{display:none!important}')}</style>
        </noscript>
        {(props.scripts ?? []).map((name) => (
          <script type="module" src={page.assets(name)} />
        ))}
        {props.description && <meta name="description" content={props.description} />}
        {props.noindex && <meta name="robots" content="noindex" />}
        {props.canonical && <link rel="canonical" href={props.canonical} />}
        {(props.alternates ?? []).map(({ lang, href }) => (
          <link rel="alternate" hreflang={lang} href={href} />
        ))}
        {(props.icons ?? []).map(({ rel = 'icon', ...icon }) => (
          <link rel={rel} {...icon} />
        ))}
        {props.head}
      </head>
      <body class={props.kind}>
        {props.kind !== 'embed' && (
          <a class="skip" href="#page">
            {t('skip')}
          </a>
        )}
        {props.children}
      </body>
    </html>
  )}`
}

const styles = new WeakMap<Theme, { assets: Page['assets']; css: string }>()

/** A sleeve's theme stays the same object from page to page. */
function styleOf(theme: Theme, assets: Page['assets']): string {
  const known = styles.get(theme)
  if (known?.assets === assets) return known.css
  const css = fontCss(theme.pairing, assets) + themeCss(theme)
  styles.set(theme, { assets, css })
  return css
}

/** Colours and faces, in the head of each page: the only thing that differs from one sleeve to the next. */
const Appearance = ({ theme, page }: { theme: Theme; page: Page }) => (
  <>
    <meta name="color-scheme" content={theme.scheme === 'auto' ? 'light dark' : theme.scheme} />
    {theme.scheme === 'auto' ? (
      <>
        <meta name="theme-color" media="(prefers-color-scheme:light)" content={toHex(theme.light.ground)} />
        <meta name="theme-color" media="(prefers-color-scheme:dark)" content={toHex(theme.dark.ground)} />
      </>
    ) : (
      <meta name="theme-color" content={toHex(theme[theme.scheme].ground)} />
    )}
    {fontFiles(theme.pairing, page.assets).map((href) => (
      <link rel="preload" href={href} as="font" type="font/woff2" crossorigin="" />
    ))}
    <style data-theme="">{raw(styleOf(theme, page.assets))}</style>
  </>
)
