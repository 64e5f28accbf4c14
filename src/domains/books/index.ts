import './tables.ts'

export type { AccountKind } from './account-plan.rules.ts'
export { booksBelongings } from './belongings.ts'
export type { Account, Line, Rate } from './entry.rules.ts'
export { balances, type NewEntry, record, reverse } from './ledger.store.ts'
