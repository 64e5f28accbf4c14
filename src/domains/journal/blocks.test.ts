import { expect, test } from 'vitest'
import { blockLine, blockOf, embedOf, idsIn, pictureLine, withoutBlock } from './blocks.rules.ts'

const ID = '01935b0a-7c1e-7d3b-9a55-0123456789ab'

test('a track stands on a line of its own, with what it is called for whoever edits', () => {
  const line = blockLine('track', ID, 'Rain [live] | take 2')
  expect(line).toBe(`[[track:${ID}|Rain live take 2]]`)
  expect(blockOf(` ${line} `)).toEqual({ kind: 'track', id: ID })
  expect(blockOf(`[[track:${ID}]]`)).toEqual({ kind: 'track', id: ID })
  expect(blockOf(`listen to [[track:${ID}]]`)).toBeNull()
  expect(blockOf('[[track:nonsense]]')).toBeNull()
  expect(idsIn([line, pictureLine(ID, 'a [b]')], 'picture')).toEqual([ID])
})

test('videos elsewhere are told by their addresses, and nothing else is', () => {
  expect(embedOf('https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3')).toMatchObject({
    provider: 'youtube',
    id: 'dQw4w9WgXcQ',
  })
  expect(embedOf('https://youtu.be/dQw4w9WgXcQ?si=x')).toMatchObject({ provider: 'youtube', id: 'dQw4w9WgXcQ' })
  expect(embedOf('https://www.youtube.com/shorts/dQw4w9WgXcQ')).toMatchObject({ provider: 'youtube' })
  expect(embedOf('https://vimeo.com/76979871')).toMatchObject({ provider: 'vimeo', id: '76979871' })
  expect(embedOf('https://www.dailymotion.com/video/x8abcd1')).toMatchObject({ provider: 'dailymotion', id: 'x8abcd1' })
  expect(embedOf('https://framatube.org/w/kkGMgK9ZtnKfYAgnEtQxbv')).toMatchObject({
    provider: 'peertube',
    host: 'framatube.org',
  })
  for (const other of [
    'http://youtu.be/dQw4w9WgXcQ',
    'https://youtu.be/"><script>',
    'https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ',
    'https://user:pass@youtu.be/dQw4w9WgXcQ',
    'https://example.org/about',
    'https://youtu.be/dQw4w9WgXcQ and words',
  ])
    expect(embedOf(other), other).toBeNull()
})

test('a line is taken out with the empty one that it leaves behind, and nothing else', () => {
  const line = blockLine('video', ID, 'Kitchen')
  expect(withoutBlock(`One.\n\n${line}\n\nTwo.\n`, ID)).toBe('One.\n\nTwo.\n')
  expect(withoutBlock(`One.\n${line}\nTwo.\n\n\nThree.`, ID)).toBe('One.\nTwo.\n\n\nThree.')
  expect(withoutBlock(`${line}\n`, ID)).toBe('')
  expect(withoutBlock(`See [[video:${ID}]] here`, ID)).toBe(`See [[video:${ID}]] here`)
})
