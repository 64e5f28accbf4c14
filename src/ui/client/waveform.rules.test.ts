import { expect, test } from 'vitest'
import { barsOf, wavePath } from './waveform.rules.ts'

test('many peaks become a few bars, each as high as its loudest, the loudest of all full', () => {
  expect(barsOf([10, 50, 0, 100, 25, 25], 3)).toEqual([0.5, 1, 0.25])
})

test('few peaks are stretched, and silence does not divide by zero', () => {
  expect(barsOf([0, 200], 4)).toEqual([0, 0, 1, 1])
  expect(barsOf(new Uint8Array(8), 2)).toEqual([0, 0])
})

test('the drawing has one bar each, centred, with a thread for silence', () => {
  expect(wavePath([1, 0])).toBe('M0 0h.64v100h-.64zM1 48h.64v4h-.64z')
})

test('without a waveform there is still a line to seek on', () => {
  expect(wavePath([])).toMatch(/^M0 46h1/)
})
