import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../../platform/days.ts'
import { isPlan, PLANS, planned } from './plan.rules.ts'
import { MOMENTS, momentOf } from './task.rules.ts'

test('a release plan begins eight weeks before the day, and looks back a month after it', () => {
  const steps = planned('release', '2027-03-05', '2027-01-01')
  expect(steps[0]).toEqual({ step: 'masters', dueOn: '2027-01-08' })
  expect(steps.find(({ step }) => step === 'out')?.dueOn).toBe('2027-03-05')
  expect(steps.at(-1)).toEqual({ step: 'next', dueOn: '2027-04-02' })
})

test('begun late, what should be done already is due today', () => {
  const steps = planned('release', '2027-03-05', '2027-02-20')
  expect(steps.filter(({ dueOn }) => dueOn === '2027-02-20').map(({ step }) => step)).toEqual([
    'masters',
    'sleeve',
    'upload',
    'press',
    'announce',
    'first',
    'letter',
  ])
})

const day = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays('2000-01-01', days))

test('whatever the day, no plan has a step before today, and its steps come in their order', () => {
  fc.assert(
    fc.property(fc.constantFrom('release' as const, 'single' as const), day, day, (plan, on, today) => {
      const days = planned(plan, on, today).map(({ dueOn }) => dueOn)
      expect(days).toHaveLength(Object.keys(PLANS[plan]).length)
      expect(days.every((one) => one >= today)).toBe(true)
      expect([...days].sort()).toEqual(days)
    }),
  )
})

test('every task stands under one moment, and only what is past is overdue', () => {
  fc.assert(
    fc.property(fc.array(fc.option(day)), day, (dues, today) => {
      const groups = [...Map.groupBy(dues, (due) => momentOf(due, today))]
      expect(groups.flatMap(([, rows]) => rows)).toHaveLength(dues.length)
      expect(groups.every(([moment]) => (MOMENTS as readonly string[]).includes(moment))).toBe(true)
      for (const due of dues) expect(momentOf(due, today) === 'overdue').toBe(due !== null && due < today)
    }),
  )
})

test('a plan is known by its own name only', () => {
  expect([isPlan('release'), isPlan('toString'), isPlan('')]).toEqual([true, false, false])
})
