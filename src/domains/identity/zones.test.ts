import type { Context } from 'hono'
import { expect, test } from 'vitest'
import type { Desk } from './actor.views.ts'
import type { WebEnv } from './guard.ts'
import { clockAt, zoneAt } from './zones.ts'

const summary = (id: string, timeZone: string | null) => ({
  ...{ id, slug: id, name: id, sortName: id, portraitImageId: null },
  ...{ language: 'fr' as const, timeZone },
})
const [tokyo, lima, unsaid] = [summary('tokyo', 'Asia/Tokyo'), summary('lima', 'America/Lima'), summary('unsaid', null)]

/** A page of the studio, in French, of whoever works for these and is at the desk of one of them. */
const pageOf = (current: Desk['current']) => {
  const desk: Desk = { current, artists: [tokyo, unsaid], labels: [lima] }
  const known = { desk, page: { lang: 'fr' } }
  return { get: (key: keyof typeof known) => known[key] } as unknown as Context<WebEnv>
}
const AT = new Date('2026-04-30T15:01:00Z')

test('a moment is written as the clocks of whom it concerns show it, whoever one works for just now', () => {
  const c = pageOf({ kind: 'label', label: lima })
  expect(clockAt(c, 'tokyo')(AT)).toBe('1er mai 2026 à 00:01')
  expect(clockAt(c, 'lima')(AT)).toBe('30 avril 2026 à 10:01')
  expect(zoneAt(c, 'unsaid')).not.toBe('America/Lima')
})

test('what concerns nobody in particular is written as the clocks of the desk one is at show it', () => {
  expect(clockAt(pageOf({ kind: 'label', label: lima }), null)(AT)).toBe('30 avril 2026 à 10:01')
  expect(clockAt(pageOf({ kind: 'artist', artist: tokyo }), 'somebody-else')(AT)).toBe('1er mai 2026 à 00:01')
  expect(zoneAt(pageOf(null), '')).toBe(zoneAt(pageOf({ kind: 'artist', artist: unsaid }), ''))
})
