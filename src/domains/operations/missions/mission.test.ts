import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Asked, phaseOf, readLink, type Thanks, thanksDue } from './mission.rules.ts'

const nothing: Thanks = { words: '', subject: null, batch: null }
const thanks = fc.constantFrom<Thanks>(nothing, { ...nothing, words: 'Thank you.' }, { ...nothing, batch: 'a batch' })
const tasks = fc
  .array(fc.record({ times: fc.integer({ min: 1, max: 4 }), thanks }), { maxLength: 5 })
  .map((all) => all.map((task, n): Asked => ({ ...task, id: `task ${n}` })))

describe('thanks', () => {
  test('however contributions come in and are looked at again and again: once for each task that is done, once for all, never for what gives nothing', () => {
    fc.assert(
      fc.property(tasks, thanks, fc.array(fc.nat(4), { maxLength: 40 }), (asked, forAll, doings) => {
        const done = new Map<string, number>()
        const given: (string | null)[] = []
        for (const n of doings) {
          const task = asked[n]
          if (task) done.set(task.id, (done.get(task.id) ?? 0) + 1)
          given.push(...thanksDue(asked, forAll, done, new Set(given)))
          expect(thanksDue(asked, forAll, done, new Set(given))).toEqual([])
        }
        expect(new Set(given).size).toBe(given.length)
        for (const { id, times, thanks: its } of asked)
          expect(given.includes(id)).toBe((done.get(id) ?? 0) >= times && its !== nothing)
        const all = asked.length > 0 && asked.every(({ id, times }) => (done.get(id) ?? 0) >= times)
        expect(given.includes(null)).toBe(all && forAll !== nothing)
      }),
    )
  })

  test('what was taken down after it was thanked for is not thanked for again', () => {
    const task = { id: 'a', times: 2, thanks: { ...nothing, words: 'Thanks.' } }
    expect(thanksDue([task], nothing, new Map([['a', 2]]), new Set())).toEqual(['a'])
    expect(thanksDue([task], nothing, new Map([['a', 1]]), new Set(['a']))).toEqual([])
    expect(thanksDue([task], nothing, new Map([['a', 2]]), new Set(['a']))).toEqual([])
  })
})

describe('a link', () => {
  test('is https and of a named host, whatever is typed', () => {
    expect(readLink('example.org/ana?x=1')).toBe('https://example.org/ana?x=1')
    expect(readLink('https://münchen.example/é')).toBe('https://xn--mnchen-3ya.example/%C3%A9')
    for (const wrong of [
      'http://example.org',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://ana:secret@example.org',
      'https://127.0.0.1/x',
      'https://[::1]/',
      'https://localhost/',
      'not a link',
      '',
      `https://example.org/${'x'.repeat(600)}`,
    ])
      expect(readLink(wrong)).toBeNull()
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (typed) => {
        expect(readLink(typed) ?? 'https://').toMatch(/^https:\/\//)
      }),
    )
  })
})

test('it is open until its end, then over until it is closed', () => {
  const endsAt = new Date(1000)
  expect(phaseOf({ state: 'draft', endsAt }, new Date(0))).toBe('draft')
  expect(phaseOf({ state: 'open', endsAt }, new Date(999))).toBe('open')
  expect(phaseOf({ state: 'open', endsAt }, new Date(1000))).toBe('over')
  expect(phaseOf({ state: 'closed', endsAt }, new Date(0))).toBe('closed')
})
