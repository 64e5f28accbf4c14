import type { Kysely, Transaction } from 'kysely'

/**
 * Every table, by name. Each domain adds its own from its `tables.ts`, by declaration merging:
 * `declare module '../../platform/database/tables.ts' { interface Tables { releases: ReleaseTable } }`.
 * Column names are camelCase here and snake_case in SQL.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by each domain
export interface Tables {}

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>
