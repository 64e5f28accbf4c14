import { sql } from 'kysely'
import { type Belongings, ownerColumn } from '../../domains/identity/index.ts'

/** Who asked to be told when a feed changes: once it is gone, nobody is. */
export const feedsBelongings: Belongings = {
  tables: ['feed_support'],

  async remove({ db, config }, { kind, id }) {
    const { rows } = await sql<{ slug: string }>`
      select slug from slugs where ${ownerColumn({ kind })} = ${id}`.execute(db)
    for (const { slug } of rows)
      await sql`delete from websub_subscriptions where starts_with(topic, ${`${config.baseUrl}/${encodeURIComponent(slug)}/`})`.execute(
        db,
      )
  },
}
