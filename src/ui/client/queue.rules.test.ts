import { expect, test } from 'vitest'
import type { PlayerTrack } from '../player.types.ts'
import { currentOf, followingOf, movedTo, previousOf, type Queue, readQueue } from './queue.rules.ts'

const track = (id: string): PlayerTrack => ({
  id,
  title: id,
  artist: 'Marguerite',
  album: 'Orchards',
  url: `/m/orchards/${id}`,
  albumUrl: '/m/orchards',
  durationMs: 200_000,
  sources: [],
  waveform: null,
  gainDb: 0,
  artwork: [],
  subject: `track:${id}`,
})

const at = (index: number): Queue => ({ tracks: ['one', 'two', 'three'].map(track), index })

test('a queue knows what plays and what follows, and ends', () => {
  expect(currentOf(at(0))?.id).toBe('one')
  expect(followingOf(at(0))?.id).toBe('two')
  expect(followingOf(at(2))).toBeNull()
  expect(movedTo(at(2), 3)).toBeNull()
  expect(movedTo(at(0), -1)).toBeNull()
})

test('"previous" goes back one track in its first seconds, and to its own start later', () => {
  expect(previousOf(at(1), 2)?.index).toBe(0)
  expect(previousOf(at(1), 12)).toBeNull()
  expect(previousOf(at(0), 1)).toBeNull()
})

test("a page's queue is read at the place asked for; a broken or empty one is no queue", () => {
  const json = JSON.stringify({ tracks: [track('one'), track('two')] })
  expect(currentOf(readQueue(json, 1) ?? at(0))?.id).toBe('two')
  for (const broken of [null, '', '{', '{}', 'null', '{"tracks":[]}']) expect(readQueue(broken)).toBeNull()
  expect(readQueue(json, 7)).toBeNull()
})
