import { expect, test } from 'vitest'
import { linkAtSecond, readDeepLink, readSeconds } from './deep-link.rules.ts'

test('a second of a track, however people write it', () => {
  for (const hash of ['#t=83', '#t=83s', '#t=1:23', '#t=1m23s', '#time=83', 't=0:01:23'])
    expect(readDeepLink(hash)).toEqual({ track: null, seconds: 83 })
  expect(readSeconds('1h2m3s')).toBe(3723)
  expect(readSeconds('12.5')).toBe(12.5)
})

test('a track of a release, with or without a place in it', () => {
  expect(readDeepLink('#track=3')).toEqual({ track: 3, seconds: 0 })
  expect(readDeepLink('#track=3&time=20s')).toEqual({ track: 3, seconds: 20 })
})

test('an ordinary anchor, or a time that is none, asks for nothing', () => {
  for (const hash of ['', '#', '#credits', '#t', '#t=', '#t=soon', '#t=-5', '#track=0', '#track=two', '#t=1e9'])
    expect(readDeepLink(hash), hash).toBeNull()
})

test('the link to this second is whole, keeps its query and replaces an older second', () => {
  expect(linkAtSecond('/a/b/song?lang=fr#t=2', 83.9, 'https://music.example/elsewhere')).toBe(
    'https://music.example/a/b/song?lang=fr#t=83',
  )
})
