import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { guidOfFeed, uuid5 } from './guid.rules.ts'

const sha1 = (bytes: Uint8Array) => new Uint8Array(createHash('sha1').update(bytes).digest())

test('the example of RFC 9562 comes out', () => {
  expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com', sha1)).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  )
})

test('the example of the podcast namespace comes out, whatever the scheme and the slash at the end', () => {
  const expected = '917393e3-1b1e-5cef-ace4-edaa54e1f810'
  expect(guidOfFeed('https://mp3s.nashownotes.com/pc20rss.xml', sha1)).toBe(expected)
  expect(guidOfFeed('http://mp3s.nashownotes.com/pc20rss.xml/', sha1)).toBe(expected)
})
