import { expect, test } from 'vitest'
import { leaseSeconds, topicPath } from './topics.rules.ts'

const base = 'https://music.example'

test('a topic is a feed of this place, and nothing else', () => {
  expect(topicPath(`${base}/ana/feed.xml`, base)).toBe('/ana/feed.xml')
  expect(topicPath(`${base}/ana/journal/feed.json`, base)).toBe('/ana/journal/feed.json')
  expect(topicPath(`${base}/ana/harbour/feed.xml`, base)).toBe('/ana/harbour/feed.xml')
  for (const other of [
    'https://elsewhere.example/ana/feed.xml',
    `${base}/ana`,
    `${base}/studio/fans.csv`,
    `${base}/ana/feed.xml?before=1`,
    'https://user:word@music.example/ana/feed.xml',
    'javascript:alert(1)',
    '',
  ])
    expect(topicPath(other, base), other).toBeNull()
})

test('a lease is what was wished, within an hour and thirty days', () => {
  expect(leaseSeconds('864000')).toBe(864_000)
  expect(leaseSeconds('1')).toBe(3600)
  expect(leaseSeconds('99999999')).toBe(30 * 86_400)
  expect(leaseSeconds(undefined)).toBe(10 * 86_400)
  expect(leaseSeconds('soon')).toBe(10 * 86_400)
})
