import type { Plan } from '../identity/index.ts'
import type { Membership } from './given.rules.ts'

/** What is asked of whoever sells memberships, which neither music nor journal knows. */
export type Members = {
  /** What there is of an artist to be a member of, and what is `chosen` though it is offered no more. */
  plansOf(artistId: string, chosen?: readonly string[]): Promise<Plan[]>
  /** A membership, while it is paid for. */
  byRef(ref: string): Promise<Membership | null>
}

export const noMembers: Members = { plansOf: async () => [], byRef: async () => null }
