import { expect, test } from 'vitest'
import type { ImportPlan, Origin } from '../../music/index.ts'
import { planFor } from './artist.rules.ts'

function planOf(artist: string, from: Origin, more: Partial<ImportPlan> = {}): ImportPlan {
  const track = (title: string, names: string[], said: Origin): ImportPlan['tracks'][number] => ({
    path: title,
    file: title,
    bytes: 1,
    durationMs: 1,
    disc: 1,
    number: 1,
    numberFrom: 'guess',
    title: { value: title, from: 'filename' },
    artists: { value: names.map((name, i) => (i > 0 ? { name, featured: true as const } : { name })), from: said },
    credits: [],
  })
  return {
    artist: { name: artist, confidence: 'medium', from },
    albumArtists: [{ name: artist }],
    various: false,
    release: { title: { value: 'Album', from: 'folder' }, kind: { value: 'album', from: 'guess' }, discs: [] },
    cover: null,
    tracks: [track('one', [artist, 'Guest'], from), track('two', ['Somebody'], 'tag')],
    bonus: [],
    ignored: [],
    problems: [{ file: null, code: 'artist-unknown', level: 'notice', values: {} }],
    ...more,
  }
}

test('a folder’s name gives way to the artist who was named, a guest and a tag do not', () => {
  const plan = planFor(planOf('Downloads of May', 'folder'), 'Ada')
  expect(plan.albumArtists).toEqual([{ name: 'Ada' }])
  expect(plan.tracks[0]?.artists.value).toEqual([{ name: 'Ada' }, { name: 'Guest', featured: true }])
  expect(plan.tracks[1]?.artists.value).toEqual([{ name: 'Somebody' }])
  expect(plan.problems).toEqual([])
})

test('what the tags say stands, and so do the artists of a compilation', () => {
  expect(planFor(planOf('The Band', 'tag'), 'Ada').albumArtists).toEqual([{ name: 'The Band' }])
  expect(planFor(planOf('Various', 'folder', { various: true }), 'Ada').albumArtists).toEqual([{ name: 'Various' }])
})
