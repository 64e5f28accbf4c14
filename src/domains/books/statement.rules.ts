import type { PostalAddress } from './address.types.ts'
import type { PersonChange } from './distribution.rules.ts'

/** What a statement says, frozen when it is made. Amounts are minor units of `currency`. */
export type StatementContent = {
  number: number
  seller: { legalName: string; address: PostalAddress; country: string }
  payee: { name: string }
  currency: string
  /** The first day that it tells of; null: since the beginning. */
  from: string | null
  through: string
  madeOn: string
  subjects: (PersonChange['subjects'][number] & { title: string })[]
  payments: { kind: 'advance' | 'payout'; on: string; amount: number; note: string }[]
} & Omit<PersonChange, 'payeeId' | 'subjects'>
