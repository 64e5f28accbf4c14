import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import { type Belongings, ownerColumn } from '../identity/index.ts'
import { words } from './words.ts'

type Packed = Record<string, unknown>

/** Tasks. They go with the row of whose they are. */
export const labelBelongings: Belongings = {
  tables: ['tasks'],

  async goes(db, { kind, id }, lang) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from tasks where removed_at is null and ${ownerColumn({ kind })} = ${id}`.execute(db)
    return rows[0]?.n ? [words(lang)('goes', { n: rows[0].n })] : []
  },

  async *pack(db, { kind, id }) {
    const { rows } = await sql<Packed>`
      select t.title, t.due_on as "dueOn", p.name as who, a.name as artist, r.title as release, t.created_at as "createdAt", t.done_at as "doneAt"
      from tasks t left join accounts p on p.id = t.assigned_to left join artists a on a.id = t.about_artist_id
        left join releases r on r.id = t.release_id
      where t.removed_at is null and ${kind === 'artist' ? sql`t.artist_id` : sql`t.label_id`} = ${id}
      order by t.created_at, t.id`.execute(db)
    if (!rows.length) return
    const columns = ['title', 'dueOn', 'who', 'artist', 'release', 'createdAt', 'doneAt']
    yield { path: 'tasks.csv', text: csvTable(columns, inOne(rows)) }
  },

  explain: (_, { lang }) => [['tasks.csv', words(lang)('readme')]],
}

async function* inOne(rows: Packed[]): AsyncGenerator<Packed[]> {
  yield rows
}
