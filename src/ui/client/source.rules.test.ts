import { expect, test } from 'vitest'
import { playableSources } from './source.rules.ts'

const opus = { src: '/a.opus', type: 'audio/ogg; codecs=opus' }
const aac = { src: '/a.m4a', type: 'audio/mp4' }
const mp3 = { src: '/a.mp3', type: 'audio/mpeg' }

test('a browser that is sure of a format gets it before one that it hopes to play', () => {
  const canPlay = (type: string) => ({ [opus.type]: 'maybe', [aac.type]: '', [mp3.type]: 'probably' })[type] ?? ''
  expect(playableSources([opus, aac, mp3], canPlay)).toEqual([mp3, opus])
})

test('among equals the order of the page stands', () => {
  expect(playableSources([opus, aac, mp3], () => 'maybe')).toEqual([opus, aac, mp3])
})

test('nothing playable is an empty answer, not a guess', () => {
  expect(playableSources([opus], () => '')).toEqual([])
})
