import type { Lift, TooFew } from '../../exchange/index.ts'

/**
 * What is compared. The first three are known by a fan's own address, whether or not a message had reached them. The others are seen on browsers alone: they are compared among
 * fans who had been recognised on a browser before anybody was drawn, and on those browsers only (docs/decisions/0079).
 */
export const OUTCOMES = ['replies', 'downloads', 'signUps', 'listens', 'orders', 'money'] as const
export type Outcome = (typeof OUTCOMES)[number]
export const BY_BROWSER: readonly Outcome[] = ['listens', 'orders', 'money']

/** What was read of one outcome. */
export type Figure = { outcome: Outcome; currency: string | null } & (Lift | TooFew)
