import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createArtist } from '../../src/domains/identity/index.ts'
import { addProvider } from '../../src/domains/reach/index.ts'
import { newId } from '../../src/platform/ids.ts'
import { addJob } from '../../src/platform/jobs/index.ts'
import type { Platform } from '../../src/platform/platform.ts'
import type { Scene } from './scene.ts'
import type { SmscCounts } from './smsc-child.ts'

/** So many messages without an answer at once. */
export const WINDOW = 50

/** A network in a process of its own, until the end of the scene. */
export async function startSmsc({ atEnd }: Scene) {
  const child: ChildProcess = fork(new URL('./smsc-child.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  atEnd(() => child.kill('SIGKILL'))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    pid: child.pid as number,
    async counts(): Promise<SmscCounts> {
      const answer = once(child, 'message')
      child.send('count')
      return ((await answer) as [SmscCounts])[0]
    },
    /** So often was each number written to. */
    async times(): Promise<[number: string, times: number][]> {
      const answer = once(child, 'message')
      child.send('times')
      return ((await answer) as [[string, number][]])[0]
    },
    forget: () => new Promise<void>((done) => child.send('forget', () => done())),
  }
}

/** So many fans with a telephone, and an announcement frozen for all of them. */
export async function textsReady({ db, pool, sealer, now }: Platform, count: number, port: number) {
  const { id: artistId } = await db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' }))
  const providerId = await addProvider(db, sealer, {
    artistId,
    channel: 'sms',
    kind: 'smpp',
    name: 'The network',
    settings: { host: '127.0.0.1', port, systemId: 'bench', from: '+33700000000', window: WINDOW },
    secrets: { password: 'secret' },
  })
  const [announcementId, giftId] = [newId(), newId()]
  await pool.query('select ensure_spine_partitions($1, $1)', [now()])
  await pool.query(
    `insert into gifts (id, artist_id, kind, subject, at) values ($1, $2, 'announcement', 'announcement:' || $3::text, now())`,
    [giftId, artistId, announcementId],
  )
  await pool.query(
    `insert into announcements (id, artist_id, state, leaves_at, frozen_at, gift_id) values ($1, $2, 'paused', now(), now(), $3)`,
    [announcementId, artistId, giftId],
  )
  await pool.query(
    `insert into announcement_texts (announcement_id, language, channel, title, body) values ($1, 'en', '', 'A song for you, tonight', 'A song for you, tonight.')`,
    [announcementId],
  )
  await pool.query(
    `with made as (
       select gen_random_uuid() as fan, gen_random_uuid() as person, gen_random_uuid() as address, '+33600' || lpad(n::text, 6, '0') as phone, n
       from generate_series(1, $2::int) n
     ), fan as (insert into fans (id, person_id, name) select fan, person, 'Fan ' || n from made),
     address as (insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash)
       select address, fan, 'sms', phone, phone, md5(phone) from made),
     subscription as (insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
       select gen_random_uuid(), fan, address, $1, 'sms', 'active', now(), now() from made)
     insert into deliveries (kind, announcement_id, artist_id, fan_id, address_id, address, channel, language, due_at, domain)
     select 'announcement', $3, $1, fan, address, phone, 'sms', 'en', now(), 'FR' from made order by n`,
    [artistId, count, announcementId],
  )
  await pool.query('analyze deliveries, fans, fan_addresses, subscriptions')
  return {
    announcementId,
    async letGo({ db, pool }: Platform) {
      await pool.query(`update announcements set state = 'leaving' where id = $1`, [announcementId])
      await addJob(
        db,
        'reach.deliver',
        { providerId },
        { key: `reach.deliver:${providerId}`, queue: `reach.deliver:${providerId}` },
      )
    },
    async settled({ pool }: Platform): Promise<{ states: Record<string, number>; settledAt: number }> {
      // Ends at the first row that still waits: to count them all each time would be work of its own.
      for (;;) {
        const { rowCount } = await pool.query(
          `select from deliveries where announcement_id = $1 and state in ('queued', 'handing', 'handed') limit 1`,
          [announcementId],
        )
        if (rowCount === 0) break
        await sleep(100)
      }
      const settledAt = Date.now()
      const { rows } = await pool.query<{ state: string; count: number }>(
        'select state, count(*)::int as count from deliveries where announcement_id = $1 group by state',
        [announcementId],
      )
      return { states: Object.fromEntries(rows.map((row) => [row.state, row.count])), settledAt }
    },
  }
}
