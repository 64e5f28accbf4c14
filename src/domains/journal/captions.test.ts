import { expect, test } from 'vitest'
import { readCaptions } from './captions.rules.ts'

test('captions are read from WebVTT and from SubRip, and nothing else is', () => {
  const vtt =
    'WEBVTT - made elsewhere\n\nSTYLE\n::cue { color: red }\n\nNOTE hello\n\n1\n00:01.500 --> 00:03.000 align:start\nIt rains\nstill\n'
  expect(readCaptions(vtt)).toBe('WEBVTT\n\n00:00:01.500 --> 00:00:03.000\nIt rains\nstill\n')
  const srt =
    '\ufeff1\r\n00:00:01,500 --> 00:00:03,000\r\nIl pleut\r\n\r\n2\r\n00:00:04,000 --> 00:00:05,000\r\n<i>encore</i>\r\n'
  expect(readCaptions(srt)).toBe(
    'WEBVTT\n\n00:00:01.500 --> 00:00:03.000\nIl pleut\n\n00:00:04.000 --> 00:00:05.000\n<i>encore</i>\n',
  )
  for (const other of ['', 'WEBVTT', 'Just words.', '<script>alert(1)</script>', 'x'.repeat(700_000)])
    expect(readCaptions(other)).toBeNull()
})
