import { expect, test } from 'vitest'
import { EmbedPlayer, Player } from './player.tsx'

test('the bar is there, out of sight, until something plays', () => {
  expect(String(<Player lang="en" />)).toMatch(/<div id="player"[^>]* hidden/)
  expect(String(<EmbedPlayer lang="en" />)).not.toMatch(/<div id="player"[^>]* hidden/)
})

test('the script finds every sentence that it says, in both languages, with the places that it fills in', () => {
  for (const lang of ['en', 'fr'] as const) {
    const json = /data-words="([^"]*)"/.exec(String(<Player lang={lang} />))?.[1]?.replaceAll('&quot;', '"') ?? ''
    const words = JSON.parse(json) as Record<string, string>
    expect(words.at).toMatch(/\{at\}.*\{length\}/)
    expect(words.offline).toContain('{at}')
    for (const key of ['upcoming', 'missing', 'unplayable']) expect(words[key]).toContain('{title}')
  }
})

test('both languages mark the same parts, so that one can be written over the other', () => {
  const marks = (html: unknown) => String(html).match(/data-t=""/g)?.length
  expect(marks(<Player lang="fr" />)).toBe(marks(<Player lang="en" />))
})

test('links of an embedded player leave the frame', () => {
  const links = String(<EmbedPlayer lang="en" />).match(/<a [^>]*>/g) ?? []
  expect(links).toHaveLength(2)
  for (const link of links) expect(link).toContain('target="_blank"')
})
