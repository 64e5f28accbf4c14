import { type RawBuilder, sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { type Belongings, inLots } from '../identity/index.ts'
import { words } from './words.ts'

const LOT = 5_000

type Row = Record<string, unknown> & { id: string; cursor: string }

/** Rows of one spine table in the order of their time, some at a time. */
async function* rowsOf(db: Db | Tx, artistId: string, read: (where: RawBuilder<unknown>) => RawBuilder<Row>) {
  for (let last: Row | undefined; ; ) {
    const after = last ? sql`and (at, id) > (${last.cursor}::timestamptz, ${last.id}::uuid)` : sql``
    const { rows } = await read(sql`where artist_id = ${artistId} ${after} order by at, id limit ${LOT}`).execute(db)
    if (!rows.length) return
    yield rows
    last = rows.at(-1)
  }
}

/** What was given, whom it reached, what came back. A person is a random id. */
const BY_ARTIST = ['arrivals', 'shares', 'brought', 'tallies', 'gift_people', 'gift_readings', 'tally_zones']

export const exchangeBelongings: Belongings = {
  tables: ['gifts', 'touches', 'returns', 'facts', ...BY_ARTIST],

  async goes(db, { id }, lang) {
    const { rows } = await sql<{ gifts: number; returns: number }>`
      select (select count(*)::int from gifts where artist_id = ${id}) as gifts, (select count(*)::int from returns where artist_id = ${id}) as returns`.execute(
      db,
    )
    const [{ gifts, returns } = { gifts: 0, returns: 0 }] = rows
    return gifts || returns ? [words(lang)('goes', { gifts, returns })] : []
  },

  async *pack(db, { id }) {
    yield {
      path: 'returns/gifts.csv',
      text: csvTable(
        ['id', 'at', 'kind', 'subject', 'audience'],
        rowsOf(
          db,
          id,
          (where) => sql<Row>`select id, at, at::text as cursor, kind, subject, audience from gifts ${where}`,
        ),
      ),
    }
    yield {
      path: 'returns/touches.csv',
      text: csvTable(
        ['id', 'at', 'gift', 'channel', 'subject', 'person', 'referrer', 'token'],
        rowsOf(
          db,
          id,
          (where) =>
            sql<Row>`select id, at, at::text as cursor, gift_id as gift, channel, subject, person_id as person, referrer, token from touches ${where}`,
        ),
      ),
    }
    yield {
      path: 'returns/returns.csv',
      text: csvTable(
        [
          'id',
          'at',
          'gift',
          'kind',
          'subject',
          'person',
          'referrer',
          'token',
          'amount',
          'currency',
          'reverses',
          'details',
        ],
        rowsOf(
          db,
          id,
          (where) =>
            sql<Row>`select id, at, at::text as cursor, gift_id as gift, kind, subject, person_id as person, referrer, token, amount::text as amount, currency, reverses, details from returns ${where}`,
        ),
      ),
    }
    yield {
      path: 'returns/shares.csv',
      text: csvTable(
        ['id', 'at', 'code', 'subject', 'person', 'closed'],
        rowsOf(
          db,
          id,
          (where) =>
            sql<Row>`select id, at, at::text as cursor, code, subject, person_id as person, closed_at as closed
              from (select *, created_at as at from shares) shares ${where}`,
        ),
      ),
    }
    yield {
      path: 'returns/brought.csv',
      text: csvTable(
        ['person', 'at', 'by', 'gift'],
        rowsOf(
          db,
          id,
          (where) =>
            sql<Row>`select id, at, at::text as cursor, id as person, by_person as by, gift_id as gift
              from (select *, person_id as id from brought) brought ${where}`,
        ),
      ),
    }
  },

  explain: (_, { lang }) => [['returns/', words(lang)('readme')]],

  async remove({ db }, { id }) {
    for (const table of ['returns', 'touches', 'gifts'])
      await inLots(db, async (tx) => {
        const { numAffectedRows } = await sql`
          delete from ${sql.table(table)} x using (select id, at from ${sql.table(table)} where artist_id = ${id} limit ${LOT}) few
          where x.id = few.id and x.at = few.at and x.artist_id = ${id}`.execute(tx)
        return Number(numAffectedRows ?? 0)
      })
    for (const table of ['facts', ...BY_ARTIST])
      await inLots(db, async (tx) => {
        const { numAffectedRows } = await sql`
          delete from ${sql.table(table)} where ctid = any(array(select ctid from ${sql.table(table)} where artist_id = ${id} limit ${LOT}))`.execute(
          tx,
        )
        return Number(numAffectedRows ?? 0)
      })
  },
}
