import { setTimeout as sleep } from 'node:timers/promises'
import { leaveByAddress } from '../../src/domains/fans/index.ts'
import { createArtist } from '../../src/domains/identity/index.ts'
import { makeSendingDomain, wakeDeliveries } from '../../src/domains/reach/index.ts'
import { newId } from '../../src/platform/ids.ts'
import { addJob } from '../../src/platform/jobs/index.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { frozenAnnouncement, letGo } from '../../src/testing/announcement.ts'
import type { Sink } from './mail-sink.ts'

const DOMAINS = Array.from({ length: 50 }, (_, n) => `fans${n}.example`)
const PARAGRAPH =
  'La fenêtre est ouverte, et la chanson revient, comme elle revient toujours, un peu plus lente. We recorded it in one take, with the rain on the roof, and left the rain in. '

/** What a program must be told so that its mail goes into the sink. */
export const mailInto = (sink: Sink): Record<string, string> => ({
  SMTP_URL: sink.url,
  MAIL_FROM: 'Bench <hello@music.example>',
})

/** So many fans, and an announcement of a page's length for all of them that waits to be let go; mail is signed with keys of its own. */
export async function readyToLeave(platform: Platform, count: number) {
  await makeSendingDomain(platform, 'music.example')
  const { id: artistId } = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' }))
  const { announcementId } = await frozenAnnouncement(platform, artistId, count, { domains: DOMAINS, leaves: false })
  await platform.db
    .insertInto('announcementTexts')
    .values({
      announcementId,
      language: 'en',
      channel: '',
      title: 'Un titre « offert », pour vous',
      body: Array.from({ length: 8 }, (_, n) => `${n + 1}. ${PARAGRAPH.repeat(2)}`).join('\n\n'),
    })
    .execute()
  await platform.pool.query('analyze deliveries, fans, fan_addresses, subscriptions')
  return {
    announcementId,
    async letGo({ db }: Pick<Platform, 'db'>) {
      await letGo({ db }, announcementId)
      await wakeDeliveries(db, { channel: 'mail', artistId, labelId: null })
    },
  }
}

/** Waits until the announcement has nothing left that could leave by itself. */
export async function left(platform: Pick<Platform, 'pool'>, announcementId: string): Promise<Record<string, number>> {
  for (;;) {
    const counts = await counted(platform, announcementId).catch(() => null)
    if (counts && !counts['queued'] && !counts['handing']) return counts
    await sleep(500)
  }
}

export async function counted(
  { pool }: Pick<Platform, 'pool'>,
  announcementId: string,
): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from deliveries where announcement_id = $1 group by state',
    [announcementId],
  )
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** `npm run bench -- NAME 5000`: fewer than the whole. */
export const countFromArguments = (whole: number): number => Number(process.argv[3]) || whole

/**
 * Says how long the program takes to freeze an audience, in one statement, beside a bare insert of as many rows into a table with the same indexes; and how long
 * fans who leave meanwhile wait.
 */
export async function sayFreezing(platform: Platform, count: number): Promise<void> {
  const { db, pool, now } = platform
  const { id: artistId } = await db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Freezer' }))
  const { announcementId: rows } = await frozenAnnouncement(platform, artistId, count, { leaves: false })
  await pool.query('analyze deliveries, fans, fan_addresses, subscriptions, standings')
  const bare = async () => {
    await pool.query('drop table if exists bench_rows; create table bench_rows (like deliveries including all)')
    const start = performance.now()
    await pool.query(
      `insert into bench_rows (kind, announcement_id, artist_id, fan_id, address_id, address, channel, language, due_at, domain)
       select kind, announcement_id, artist_id, fan_id, address_id, address, channel, language, due_at, domain from deliveries where announcement_id = $1`,
      [rows],
    )
    return (performance.now() - start) / 1000
  }
  await bare()
  const before = await bare()
  const announcementId = newId()
  // Frozen now, and told the day after: nothing of it leaves.
  const localTime = `${new Date(now().getTime() + 2 * 86_400_000).toISOString().slice(0, 10)}T12:00`
  await pool.query(
    `insert into announcements (id, artist_id, state, leaves_at, local_time, time_zone, channels) values ($1, $2, 'waiting', now(), $3, 'Europe/Paris', '{mail}')`,
    [announcementId, artistId, localTime],
  )
  await pool.query(
    `insert into announcement_texts (announcement_id, language, title, body) values ($1, 'en', 'A song', 'A song for you.')`,
    [announcementId],
  )
  const { rows: addresses } = await pool.query<{ address: string }>(
    'select address from deliveries where announcement_id = $1 order by id desc limit 1000',
    [rows],
  )
  await addJob(db, 'reach.leave', { announcementId }, { key: `reach.leave:${announcementId}` })
  const start = performance.now()
  const waits: number[] = []
  const frozen = async () =>
    (await pool.query('select frozen_at from announcements where id = $1', [announcementId])).rows[0].frozen_at !== null
  for (const { address } of addresses) {
    if (await frozen()) break
    const began = performance.now()
    await db
      .transaction()
      .execute((tx) =>
        leaveByAddress(
          tx,
          { now },
          { channel: 'mail', address, others: [], wording: 'Leave', language: 'en', source: 'link', proof: {} },
        ),
      )
    waits.push(performance.now() - began)
  }
  while (!(await frozen())) await sleep(10)
  const seconds = (performance.now() - start) / 1000
  const after = await bare()
  const { rowCount } = await pool.query('select from deliveries where announcement_id = $1', [announcementId])
  const bareSeconds = (before + after) / 2
  console.log(
    `Freezing ${rowCount} rows: ${seconds.toFixed(1)} s; a bare insert of as many ${bareSeconds.toFixed(1)} s; ratio ${(seconds / bareSeconds).toFixed(1)}`,
  )
  console.log(
    `${waits.length} fans left meanwhile, one after the other: ${Math.max(0, ...waits).toFixed(0)} ms for the slowest`,
  )
  await pool.query('drop table bench_rows')
  await pool.query('delete from announcements where artist_id = $1', [artistId])
}
