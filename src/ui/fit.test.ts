import { expect, test } from 'vitest'
import { titleStyle } from './fit.ts'

const fitTitle = (title: string) => Number(/--fit:([\d.]+)/.exec(titleStyle(title) ?? '')?.[1] ?? 1)

test('short titles are set at full size, long ones shrink, none disappears', () => {
  expect(fitTitle('Étude in Wood')).toBe(1)
  expect(fitTitle('Twelve Small Pieces for a Large Room, and One for the Corridor')).toBeCloseTo(0.7, 1)
  expect(fitTitle('Donaudampfschifffahrtsgesellschaft')).toBe(0.55)
  expect(fitTitle('a '.repeat(400))).toBe(0.4)
  expect(fitTitle('')).toBe(1)
})

test('scripts without spaces are not taken for one long word', () => {
  expect(fitTitle('木の練習曲集第四番')).toBe(1)
})

test('a script that joins its letters gets air and no tightening, Latin neither', () => {
  expect(titleStyle('أغاني من الميناء القديم')).toBe('--title-lead:1.3;--title-track:0')
  expect(titleStyle('समुद्र')).toContain('--title-lead')
  expect(titleStyle('Études, 夜の海')).toBeUndefined()
})
