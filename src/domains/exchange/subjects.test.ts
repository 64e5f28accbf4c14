import { expect, test } from 'vitest'
import type { Db } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { describe, isSubject, type Subject } from './subjects.ts'

test('a subject is a kind and an identifier, and nothing that only looks like one', () => {
  expect(isSubject(`release:${newId()}`)).toBe(true)
  expect(isSubject(`release:${'-'.repeat(36)}`)).toBe(false)
  expect(isSubject(`release:${newId()} `)).toBe(false)
  expect(isSubject(null)).toBe(false)
})

test('kinds that nobody describes are absent, whatever they are called', async () => {
  const asked: Subject[] = [`constructor:${newId()}`, `post:${newId()}`]
  expect(await describe({} as Db, {}, asked)).toEqual(new Map())
})
