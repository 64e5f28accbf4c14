import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, migrate, readMigrations } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { emptyDatabase } from '../../testing/index.ts'

let database: Database
beforeAll(async () => {
  database = await emptyDatabase()
})
afterAll(() => database.close())

test('announcements of before they could give several things keep the one they gave, whose it is and its gift', async () => {
  const { pool } = database
  const before = readMigrations().filter(({ name }) => name < '20261129-11')
  await migrate(pool, undefined, before)
  const [artist, label, mine, theirs, alone, release, track, giftOne, giftTwo] = Array.from({ length: 9 }, () =>
    newId(),
  )
  await pool.query(`insert into artists (id, slug, name, sort_name) values ('${artist}', 'ana', 'Ana', 'Ana')`)
  await pool.query(`insert into labels (id, slug, name) values ('${label}', 'fern', 'Fern')`)
  await pool.query(
    `insert into announcements (id, artist_id, label_id, state, subject, given_by, gift_id) values
      ('${mine}', '${artist}', null, 'sent', 'release:${release}', null, '${giftOne}'),
      ('${theirs}', null, '${label}', 'leaving', 'track:${track}', '${artist}', '${giftTwo}'),
      ('${alone}', '${artist}', null, 'draft', null, null, null)`,
  )

  await migrate(pool)
  const { rows } = await pool.query(
    'select announcement_id as id, position, subject, given_by, gift_id, gift from announcement_things order by subject',
  )
  expect(rows).toEqual([
    // What had left leads on to the gift that it always was.
    {
      id: mine,
      position: 0,
      subject: `release:${release}`,
      given_by: null,
      gift_id: giftOne,
      gift: `announcement:${mine}`,
    },
    {
      id: theirs,
      position: 0,
      subject: `track:${track}`,
      given_by: artist,
      gift_id: giftTwo,
      gift: `announcement:${theirs}`,
    },
  ])
  const { rows: kept } = await pool.query('select id, state, plain_letters from announcements order by state')
  expect(kept).toEqual([
    { id: alone, state: 'draft', plain_letters: false },
    { id: theirs, state: 'leaving', plain_letters: false },
    { id: mine, state: 'sent', plain_letters: false },
  ])
  // The label was lent nothing: what was on its way goes no further, words alone and an artist's own do.
  const may = async (id: string | undefined, whose: string | null | undefined) =>
    (await pool.query('select may_still_leave($1, $2) as may', [id, whose])).rows[0].may
  expect([await may(mine, null), await may(theirs, label), await may(alone, label)]).toEqual([true, false, true])
  await expect(
    pool.query(
      `insert into announcement_things (announcement_id, position, subject) values ('${mine}', 1, 'release:${release}')`,
    ),
  ).rejects.toThrow('unique')
})
