/** What a click on a link asks for, free of the DOM. `href` and `base` are absolute. */
export type Click = {
  href: string
  base: string
  button: number
  modified: boolean
  prevented: boolean
  target: string
  download: boolean
  reload: boolean
}

/** 'visit' is ours; everything else is the browser's, an anchor on the same page included. */
export function decideLink(click: Click): 'visit' | 'browser' {
  if (click.prevented || click.button !== 0 || click.modified || click.download || click.reload) return 'browser'
  if (!isOwnTarget(click.target) || !isOurs(click.href, click.base)) return 'browser'
  const [to, from] = [new URL(click.href), new URL(click.base)]
  return click.href.includes('#') && samePage(to, from) ? 'browser' : 'visit'
}

export const isOwnTarget = (target: string): boolean => target === '' || target === '_self'

/** Same origin, and not plainly a file: `/media/cover.jpg` is left to the browser without asking the server twice. */
export function isOurs(href: string, base: string): boolean {
  const to = new URL(href, base)
  return to.origin === new URL(base).origin && !/\.(?!html$)[a-z0-9]{2,5}$/i.test(to.pathname)
}

export const samePage = (a: Address, b: Address): boolean => a.pathname === b.pathname && a.search === b.search

type Address = { pathname: string; search: string }
