export { connect, type Database, type Db, type Tx } from './connect.ts'
export { migrate, pendingMigrations, readMigrations } from './migrate.ts'
export { PREPARED, prepared } from './prepared.ts'
export type { Tables } from './tables.ts'
