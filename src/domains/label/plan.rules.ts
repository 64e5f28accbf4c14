import { addDays } from '../../platform/days.ts'

/** The steps of each plan, and how many days before the release's day each is due; after it when negative. Their words are in locales/. */
export const PLANS = {
  release: {
    masters: 56,
    sleeve: 49,
    upload: 42,
    press: 35,
    announce: 28,
    first: 21,
    letter: 14,
    check: 7,
    ready: 1,
    out: 0,
    thanks: -7,
    next: -28,
  },
  single: { masters: 21, sleeve: 18, upload: 14, announce: 10, check: 3, out: 0, thanks: -7, next: -21 },
} as const
export type PlanName = keyof typeof PLANS
export type PlanStep = keyof (typeof PLANS)['release']

export const isPlan = (text: string): text is PlanName => Object.hasOwn(PLANS, text)

export type Planned = { step: PlanStep; dueOn: string }

/** When each step of a plan is due. What should have been done before today is due today: nothing begins overdue. */
export const planned = (plan: PlanName, day: string, today: string): Planned[] =>
  (Object.entries(PLANS[plan]) as [PlanStep, number][]).map(([step, before]) => {
    const due = addDays(day, -before)
    return { step, dueOn: due < today ? today : due }
  })
