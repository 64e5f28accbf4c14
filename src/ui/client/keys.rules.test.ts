import { expect, test } from 'vitest'
import { type Action, actionOf, type Focus, type Key } from './keys.rules.ts'

const key = (name: string, some: Partial<Key> = {}): Action | null =>
  actionOf({ key: name, shift: false, modified: false, focus: 'page', ...some })

test('on the page, keys work the player', () => {
  expect([' ', 'k', 'j', 'l', 'ArrowLeft', 'ArrowRight', 'm'].map((name) => key(name))).toEqual([
    'toggle',
    'toggle',
    'back',
    'forward',
    'back',
    'forward',
    'mute',
  ])
  expect(key('N', { shift: true })).toBe('next')
  expect(key('P', { shift: true })).toBe('previous')
  expect(key('?', { shift: true })).toBe('help')
})

test('in a field every key writes', () => {
  for (const name of [' ', 'k', 'ArrowLeft', '?', 'N']) expect(key(name, { focus: 'field' })).toBeNull()
})

test('on a button or a slider, Space and the arrows are its own; letters still work', () => {
  const focus: Focus = 'control'
  expect(key(' ', { focus })).toBeNull()
  expect(key('ArrowRight', { focus })).toBeNull()
  expect(key('k', { focus })).toBe('toggle')
})

test('with a modifier keys belong to the browser, and a capital letter alone does nothing', () => {
  expect(key('l', { modified: true })).toBeNull()
  expect(key('n')).toBeNull()
  expect(key('K', { shift: true })).toBeNull()
  expect(key(' ', { shift: true })).toBeNull()
})

test('with caps lock on, letters mean the same', () => {
  expect(key('K')).toBe('toggle')
})
