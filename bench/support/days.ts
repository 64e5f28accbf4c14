import type { Pool } from 'pg'

/** What somebody holds in their hands while days pass: it would have been renewed in between. */
const KEPT = ['sessions']
/** Days; nothing lies so far apart. */
const FAR = 100_000

type Row = { name: string; moments: string[]; dates: string[]; unique: boolean }

/**
 * Lets time pass in a database: every moment and every day that is written in it, jobs included, lies that much further back. For whoever reads it
 * afterwards it is as if so much later; nothing is done meanwhile that would have been done. Rules of single tables (what may only be added to) rest.
 */
export async function letPass(pool: Pool, interval: { days?: number; minutes?: number }): Promise<void> {
  const { days = 0, minutes = 0 } = interval
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(`set local session_replication_role = 'replica'`)
    // The spine lies in months, and those before it began have none.
    await client.query(`select ensure_spine_partitions(now() - make_interval(days => ${days + 400}), now())`)
    const { rows } = await client.query<Row>(
      `
      select format('%I.%I', n.nspname, c.relname) as name,
        coalesce(array_agg(quote_ident(a.attname)) filter (where t.typname in ('timestamptz', 'timestamp')), '{}')::text[] as moments,
        coalesce(array_agg(quote_ident(a.attname)) filter (where t.typname = 'date'), '{}')::text[] as dates,
        bool_or(c.relkind = 'r' and exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any(i.indkey))) as unique
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        join pg_type t on t.oid = a.atttypid and t.typname in ('timestamptz', 'timestamp', 'date')
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' and not a.attisdropped
        and a.attgenerated = '' and a.attidentity = '' and c.relname <> all($1)
      group by 1`,
      [KEPT],
    )
    for (const { name, moments, dates, unique } of rows) {
      // Where a moment makes a row the only one of its kind, all go far away first: none may meet another that has not moved yet.
      const [away, back] = unique ? [FAR, -FAR] : [0, 0]
      await client.query(`update ${name} set ${moved(moments, dates, { days: days + away, minutes })}`)
      if (back) await client.query(`update ${name} set ${moved(moments, dates, { days: back, minutes: 0 })}`)
    }
    // The rhythm of a series is a day and an hour on the wall.
    await client.query(
      `update series s set first_day = to_char(m.at, 'YYYY-MM-DD'), hour = to_char(m.at, 'HH24:MI')
       from (select operation_id, (first_day || ' ' || hour)::timestamp - make_interval(days => ${days}, mins => ${minutes}) as at from series) m
       where m.operation_id = s.operation_id`,
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

const moved = (moments: string[], dates: string[], { days, minutes }: { days: number; minutes: number }): string =>
  [
    ...moments.map((column) => `${column} = ${column} - make_interval(days => ${days}, mins => ${minutes})`),
    ...dates.map((column) => `${column} = ${column} - ${days}`),
  ].join(', ')
