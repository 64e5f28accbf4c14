import { sql } from 'kysely'
import { type Belongings, type Owner, ownerColumn, type Sender } from '../identity/index.ts'
import { stopAllOf } from './switch-sequence.ts'
import { words } from './words.ts'

const senderIn = ({ kind, id }: Owner): Sender => (kind === 'artist' ? { artistId: id } : { labelId: id })

/** Sequences, as they are laid down. Who was in them is known to who knows the fans. */
export const sequencesBelongings: Belongings = {
  tables: ['sequences', 'sequence_settings'],

  async goes(db, owner, lang) {
    const { rows } = await sql<{ n: number; running: number }>`
      select count(*)::int as n, (count(*) filter (where state = 'on'))::int as running from sequences
      where ${ownerColumn(owner)} = ${owner.id}`.execute(db)
    const [{ n, running } = { n: 0, running: 0 }] = rows
    return n ? [words(lang)('goes', { n, running })] : []
  },

  async *pack(db, owner) {
    const { rows } = await sql<{ facts: Record<string, unknown> }>`
      select json_build_object('name', s.name, 'state', s.state, 'onAt', s.on_at, 'version', s.version,
        'versions', (select json_agg(json_build_object('number', v.number, 'fixedAt', v.fixed_at, 'plan', v.plan) order by v.number)
          from sequence_versions v where v.sequence_id = s.id),
        'people', (select coalesce(json_object_agg(r.state, r.n), '{}') from
          (select state, count(*) as n from sequence_runs where sequence_id = s.id group by 1) r)) as facts
      from sequences s where s.${ownerColumn(owner)} = ${owner.id} order by s.created_at, s.id`.execute(db)
    if (rows.length)
      yield {
        path: 'sequences.json',
        text: `${JSON.stringify(
          rows.map(({ facts }) => facts),
          null,
          2,
        )}\n`,
      }
  },

  explain: (_, { lang }) => [['sequences.json', words(lang)('readme')]],

  /** None goes on by itself when all is brought back. */
  async hide(tx, owner) {
    await stopAllOf(tx, senderIn(owner), new Date())
    return undefined
  },

  async remove({ db }, owner) {
    await sql`delete from sequences where ${ownerColumn(owner)} = ${owner.id}`.execute(db)
  },
}
