import { type RawBuilder, sql } from 'kysely'

/** A return that counts, in the table or alias `of`: neither one that was set right since, nor the row that sets it right. */
export const stands = (of: string): RawBuilder<boolean> =>
  sql`(${sql.ref(`${of}.reverses`)} is null and not exists (select from returns undone where undone.reverses = ${sql.ref(`${of}.id`)}))`
