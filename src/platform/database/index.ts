export { connect, type Database } from './connect.ts'
export { migrate, pendingMigrations, readMigrations } from './migrate.ts'
export { PREPARED, prepared } from './prepared.ts'
export type { Db, Tables, Tx } from './tables.ts'
