import type { Link } from '../tables.ts'

/** A page's links as typed, one a line: `https://example.org Its name`. Names default to the address without its clutter. */
export function readLinks(text: string): { links: Link[] } | { wrong: string } {
  const links: Link[] = []
  for (const line of linesOf(text)) {
    const [, typed = '', name = ''] = /^(\S+)\s*(.*)$/u.exec(line) ?? []
    const url = readUrl(typed)
    if (!url) return { wrong: line }
    links.push({ url, title: name || shortOf(url) })
  }
  return { links }
}

/** Only addresses of the web: a `javascript:` link would run in the page of whoever follows it. */
function readUrl(typed: string): string | null {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`
  if (!URL.canParse(whole)) return null
  const url = new URL(whole)
  return /^https?:$/.test(url.protocol) && url.hostname.includes('.') && !url.username ? url.href : null
}

const shortOf = (url: string) => url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')

export const writeLinks = (links: Link[]): string =>
  links.map(({ url, title }) => (title === shortOf(url) ? url : `${url} ${title}`)).join('\n')

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
