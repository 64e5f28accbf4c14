import { createArtist } from '../../src/domains/identity/index.ts'
import { keepLetter } from '../../src/domains/reach/index.ts'
import { newId } from '../../src/platform/ids.ts'
import { addJob } from '../../src/platform/jobs/index.ts'
import type { Platform } from '../../src/platform/platform.ts'

/** So many people who said yes to an artist just now; answers with the artist. */
export async function joined({ db, pool }: Platform, count: number): Promise<string> {
  const { id: artistId } = await db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))
  await pool.query(
    `with made as (select gen_random_uuid() as fan, gen_random_uuid() as address, 'fan' || n || '@fans' || n % 20 || '.example' as mail, n from generate_series(1, $2::int) n),
     fan as (insert into fans (id, person_id, name) select fan, gen_random_uuid(), 'Fan ' || n from made),
     address as (insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash) select address, fan, 'mail', mail, mail, md5(mail) from made),
     consent as (insert into consents (id, fan_id, address_id, artist_id, channel, event, wording, language, source, at)
       select gen_random_uuid(), fan, address, $1::uuid, 'mail', 'confirmed', 'Yes', 'en', 'form', now() from made)
     insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
     select gen_random_uuid(), fan, address, $1::uuid, 'mail', 'active', now(), now() from made`,
    [artistId, count],
  )
  return artistId
}

/** An announcement to all of them that leaves now in two waves, three days apart. */
export async function inTwoWaves({ db, pool }: Platform, artistId: string): Promise<string> {
  const id = newId()
  await pool.query(
    `insert into announcements (id, artist_id, state, leaves_at, channels, waves, wave_days) values ($1, $2, 'waiting', now(), '{mail}', 2, 3)`,
    [id, artistId],
  )
  await pool.query(
    `insert into announcement_texts (announcement_id, language, title, body) values ($1, 'en', 'Out', 'The record is out.')`,
    [id],
  )
  await addJob(db, 'reach.leave', { announcementId: id }, { key: `reach.leave:${id}` })
  return id
}

/** A sequence that has been switched on for an hour: whoever joins gets one thing, and a day later another. */
export async function welcomed({ db, pool }: Platform, artistId: string): Promise<string> {
  const id = newId()
  const steps = []
  for (const title of ['First', 'Second']) {
    const giveId = newId()
    const texts = { en: { title, body: 'Here it is.' } }
    const letterId = await db
      .transaction()
      .execute((tx) =>
        keepLetter(
          tx,
          { sender: { artistId }, subject: null, gift: `give:${giveId}`, channels: ['mail'], texts },
          new Date(),
        ),
      )
    if (steps.length) steps.push({ id: newId(), kind: 'wait', count: 1, unit: 'day', hour: null })
    steps.push({ id: newId(), kind: 'give', giveId, channels: ['mail'], subject: null, texts, letterId })
  }
  const plan = { when: { is: 'joined' }, again: false, timeZone: 'UTC', steps }
  await pool.query(
    `insert into sequences (id, artist_id, name, created_at) values ($1, $2, 'Welcome', now() - interval '1 hour')`,
    [id, artistId],
  )
  await pool.query(
    `insert into sequence_versions (sequence_id, number, plan, tried_at, fixed_at) values ($1, 1, $2, now(), now())`,
    [id, JSON.stringify(plan)],
  )
  for (const step of steps)
    if ('giveId' in step)
      await pool.query('insert into sequence_gives (id, sequence_id) values ($1, $2)', [step.giveId, id])
  await pool.query(
    `update sequences set state = 'on', version = 1, on_at = now() - interval '1 hour', seen_until = now() - interval '1 hour' where id = $1`,
    [id],
  )
  return id
}

/** Lets the sequences run without waiting for the minute. */
export const askSequences = ({ db }: Platform): Promise<void> =>
  addJob(db, 'sequences.run', {}, { key: 'sequences.run:asked' })
