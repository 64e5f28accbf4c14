import { createArtist } from '../src/domains/identity/index.ts'
import { countAudience, type Segment } from '../src/domains/reach/index.ts'
import { runProgram } from './support/program.ts'
import { compare, sayNoise, sayRatio } from './support/rounds.ts'
import { scene } from './support/scene.ts'
import { scanOf, takeIndexesOff } from './support/tables.ts'

export const title =
  'how many fans answer to five conditions, of 1,000,000 with 20,000,000 touches and returns, against one sequential count of the fans'

const FANS = 1_000_000
const TOUCHES = 12_000_000
const RETURNS = 8_000_000
const ROUNDS = 7

/** Loaded in one go, without what keeps facts up one by one; they are counted once at the end, by the function that restores them. */
const TRIGGERED = ['fans', 'subscriptions', 'touches', 'returns']

export const bench = () =>
  scene(async (place) => {
    const { platform } = await runProgram(place)
    const { pool, db, now } = platform
    const { id: artistId } = await db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' }))
    const began = performance.now()
    const say = (what: string) => console.log(`${what} (${Math.round((performance.now() - began) / 1000)} s)`)
    const release = `release:${artistId}`
    await pool.query('alter system set synchronous_commit = off; select pg_reload_conf()').catch(() => undefined)
    for (const table of TRIGGERED) await pool.query(`alter table ${table} disable trigger user`)
    await pool.query(`select ensure_spine_partitions(now() - interval '1 year', now())`)
    const putBack = await takeIndexesOff(pool, ['touches', 'returns'])
    await pool.query(
      `create table bench_fans as select n, gen_random_uuid() as fan, gen_random_uuid() as person, gen_random_uuid() as address from generate_series(1, ${FANS}) n`,
    )
    await pool.query(`
      insert into fans (id, person_id, name, language, country, place, time_zone, created_at)
      select fan, person, 'Fan ' || n, case when n % 3 = 0 then 'fr' else 'en' end, (array['FR', 'GB', 'DE', 'US', 'BE'])[1 + n % 5], 'Town ' || n % 1000,
        'Europe/Paris', now() - n % 700 * interval '1 day' from bench_fans`)
    await pool.query(`
      insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash)
      select address, fan, 'mail', 'fan' || n || '@fans.example', 'fan' || n || '@fans.example', md5(n::text) from bench_fans`)
    await pool.query(
      `insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
       select gen_random_uuid(), fan, address, $1, 'mail', 'active', now(), now() - n % 700 * interval '1 day' from bench_fans`,
      [artistId],
    )
    say(`${FANS.toLocaleString('en')} fans`)
    const spread = (count: number) =>
      `generate_series(1, ${count}) i join bench_fans f on f.n = 1 + (i::bigint * 7919) % ${FANS}`
    const month = `now() - (i::bigint * 104729) % 31000000 * interval '1 second'`
    await pool.query(
      `insert into touches (id, artist_id, subject, person_id, channel, at)
       select gen_random_uuid(), $1, $2, person, (array['mail', 'page', 'start', 'page'])[1 + (i + i / 900001) % 4], ${month} from ${spread(TOUCHES)}`,
      [artistId, release],
    )
    say(`${TOUCHES.toLocaleString('en')} touches`)
    await pool.query(
      `insert into returns (id, artist_id, subject, person_id, kind, at)
       select gen_random_uuid(), $1, case when (i + i / 900001) % 40 = 0 then $2 else 'track:' || md5((i % 200)::text)::uuid end, person,
         case when (i + i / 900001) % 8 = 0 then 'download' else 'listen' end, ${month} from ${spread(RETURNS)}`,
      [artistId, release],
    )
    say(`${RETURNS.toLocaleString('en')} returns`)
    await putBack()
    say('Their indexes')
    for (const table of TRIGGERED) await pool.query(`alter table ${table} enable trigger user`)
    await pool.query('analyze')
    await pool.query('select refresh_members(array(select fan from bench_fans))')
    await pool.query('select recount_standings(null)')
    await pool.query('vacuum analyze')
    say('Standing facts')

    const known: Segment['all'] = [
      { is: 'language', language: 'fr' },
      { is: 'joined', beforeDays: 30 },
      { is: 'country', country: 'FR' },
      { is: 'not-told', forDays: 14 },
    ]
    const segments: [string, Segment][] = [
      ['Five conditions', { all: [...known, { is: 'took' }] }],
      [
        'One of them about one release',
        { all: [...known.toSpliced(2, 1, { is: 'listened', atLeast: 3 }), { is: 'took', subject: release }] },
      ],
    ]
    for (const [name, segment] of segments) {
      const count = () =>
        countAudience(db, {
          sender: { artistId },
          segment,
          channels: ['mail', 'sms', 'push'],
          parts: new Map(),
          now: now(),
        })
      console.log(`${name}: ${(await count()).people.toLocaleString('en')} people`)
      const { ms } = await compare(
        ROUNDS,
        timed(count),
        timed(() => scanOf(pool, 'fans')),
      )
      console.log(`  Its size: ${ms.ours.toFixed(0)} ms; one sequential count of the fans: ${ms.theirs.toFixed(0)} ms`)
      sayRatio('  Ratio', ms, { most: 5 })
    }
    sayNoise()
  })

const timed = (act: () => Promise<unknown>) => async () => {
  const start = performance.now()
  await act()
  return { ms: performance.now() - start }
}
