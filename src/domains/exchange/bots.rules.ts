import { isbot } from 'isbot'

/**
 * Who is not a person: a client that says so in its User-Agent (the list of the `isbot` package: crawlers, monitors, mail scanners,
 * link previews, libraries of code), one that names no User-Agent, or a browser that only fetches ahead. Nothing of theirs is counted.
 */
export function isBot(headers: { get(name: string): string | null | undefined }): boolean {
  const agent = headers.get('user-agent')
  const purpose = headers.get('sec-purpose') ?? headers.get('purpose') ?? ''
  return !agent || isbot(agent) || /prefetch|prerender|preview/i.test(purpose)
}
