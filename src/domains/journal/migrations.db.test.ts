import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, migrate, readMigrations } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { emptyDatabase } from '../../testing/index.ts'

let database: Database
beforeAll(async () => {
  database = await emptyDatabase()
})
afterAll(() => database.close())

test('journals that were kept before labels had any keep their posts and the addresses that lead on', async () => {
  const { pool } = database
  const before = readMigrations().filter(({ name }) => name < '20261129-20')
  await migrate(pool, undefined, before)
  const [account, artist, label, alone, post, membership] = Array.from({ length: 6 }, () => newId())
  await pool.query(`insert into accounts (id, email, language) values ('${account}', 'ana@marsh.example', 'fr')`)
  await pool.query(
    `insert into artists (id, slug, name, sort_name, language, time_zone) values ('${artist}', 'ana', 'Ana', 'Ana', 'fr', 'Europe/Paris')`,
  )
  await pool.query(
    `insert into labels (id, slug, name) values ('${label}', 'fern', 'Fern'), ('${alone}', 'moss', 'Moss')`,
  )
  await pool.query(
    `insert into memberships (id, account_id, label_id, role) values ('${membership}', '${account}', '${label}', 'label_manager')`,
  )
  await pool.query(
    `insert into posts (id, artist_id, slug, title, visibility, published_at) values ('${post}', '${artist}', 'now', 'Now', 'public', now())`,
  )
  await pool.query(`insert into post_slugs (artist_id, slug, post_id) values ('${artist}', 'then', '${post}')`)

  await migrate(pool)
  const { rows: posts } = await pool.query('select artist_id, label_id, sender_id, slug from posts')
  expect(posts).toEqual([{ artist_id: artist, label_id: null, sender_id: artist, slug: 'now' }])
  const { rows: led } = await pool.query('select sender_id, slug, post_id from post_slugs')
  expect(led).toEqual([{ sender_id: artist, slug: 'then', post_id: post }])
  const { rows: senders } = await pool.query(
    'select slug, language, time_zone, artist_id is null as is_label from senders order by slug',
  )
  expect(senders).toEqual([
    { slug: 'ana', language: 'fr', time_zone: 'Europe/Paris', is_label: false },
    { slug: 'fern', language: 'fr', time_zone: null, is_label: true },
    { slug: 'moss', language: 'en', time_zone: null, is_label: true },
  ])
  await expect(pool.query(`update posts set label_id = '${label}'`)).rejects.toThrow('check constraint')
  await expect(pool.query(`update posts set artist_id = null`)).rejects.toThrow('not-null')
})
