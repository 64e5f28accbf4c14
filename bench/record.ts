import { createWriteStream } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { type NewTouch, recordGift, recordTouches, type Subject } from '../src/domains/exchange/index.ts'
import { createArtist } from '../src/domains/identity/index.ts'
import { newId } from '../src/platform/ids.ts'
import type { Platform } from '../src/platform/platform.ts'
import { embeddedDatabase } from './support/database.ts'
import { generator } from './support/random.ts'
import { compare, sayNoise, sayRatio } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title =
  'facts recorded on the spine in batches, each once whatever is sent twice, against a bare COPY of the same rows into the same table'

const ROWS = 100_000
/** What half a second gathers where much is heard, or what one connection to a mail server hands over. */
const BATCH = 1_000
/** So many of each batch had been recorded before: a player that sends again. */
const AGAIN = 20
const PEOPLE = 20_000
const ARTISTS = 20
const GIFTS = 20
const ROUNDS = 5
const GOAL = 0.3

export const bench = () =>
  scene(async (place) => {
    const platform = await embeddedDatabase(place, 4)
    const { pool, db } = platform
    const world = await given(platform)
    const random = generator(5)
    let round = 0
    await pool.query(`select ensure_spine_partitions(now() - interval '2 months', now())`)

    const ours = async () => {
      const rows = facts(world, random, `o${round++}`)
      const repeated = rows.length + Math.floor(rows.length / BATCH - 1) * AGAIN
      let fresh = 0
      const begun = performance.now()
      for (let at = 0; at < rows.length; at += BATCH)
        fresh += await recordTouches(db, [...rows.slice(at, at + BATCH), ...rows.slice(Math.max(0, at - AGAIN), at)])
      const perSecond = rows.length / seconds(begun)
      if (fresh !== rows.length) throw new Error(`${fresh} of ${repeated} were taken for new, not ${rows.length}`)
      await pool.query('truncate touches, facts')
      return { perSecond }
    }
    const theirs = async () => {
      const file = await written(place.folder, world, facts(world, random, `t${round++}`))
      await pool.query('alter table touches disable trigger user')
      const begun = performance.now()
      await pool.query(
        `copy touches (id, artist_id, gift_id, subject, person_id, channel, referrer, token, at) from '${file}'`,
      )
      const perSecond = ROWS / seconds(begun)
      await pool.query('alter table touches enable trigger user; truncate touches, facts')
      return { perSecond }
    }
    const { perSecond } = await compare(ROUNDS, ours, theirs)
    const said = (figure: number) => Math.round(figure).toLocaleString('en').padStart(9)
    console.log(`${ROWS.toLocaleString('en')} facts in batches of ${BATCH}, ${AGAIN} of each sent twice; rows a second`)
    console.log(`${said(perSecond.ours)}  recorded, each once`)
    console.log(`${said(perSecond.theirs)}  bare COPY: one file, no look for what was there, nothing kept up beside it`)
    sayRatio('Recorded by copied', perSecond, { least: GOAL })
    sayNoise()
    if (perSecond.ratio < GOAL) process.exitCode = 1
  })

const seconds = (since: number) => (performance.now() - since) / 1000

type World = { gifts: { artistId: string; subject: Subject; id: string }[]; people: string[] }

async function given({ db, pool }: Platform): Promise<World> {
  const gifts: World['gifts'] = []
  for (let n = 0; n < ARTISTS; n++)
    await db.transaction().execute(async (tx) => {
      const { id: artistId } = await createArtist(tx, { name: `Bench Artist ${n + 1}` })
      for (let k = 0; k < GIFTS; k++) {
        const subject: Subject = `release:${newId()}`
        const id = await recordGift(tx, { artistId, kind: 'release', subject, at: new Date() })
        gifts.push({ artistId, subject, id })
      }
    })
  // Half of them are fans, for whom it is also kept when they were last told.
  const people = Array.from({ length: PEOPLE }, () => newId())
  await pool.query(
    `insert into fans (id, person_id, name, language) select gen_random_uuid(), id, '', 'en' from unnest($1::uuid[]) with ordinality as of(id, n) where n % 2 = 0`,
    [people],
  )
  await pool.query('analyze fans')
  return { gifts, people }
}

const WAYS: Pick<NewTouch, 'channel' | 'referrer' | 'token'>[] = [
  { channel: 'start', referrer: null, token: null },
  { channel: 'page', referrer: 'social.example', token: null },
  { channel: 'page', referrer: null, token: 'm.Zk3fQ9vT2bLx' },
  { channel: 'mail', referrer: null, token: null },
]

/** Facts of this minute, of listeners and of mails, each with a key of its own. */
function facts({ gifts, people }: World, random: () => number, series: string): NewTouch[] {
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T
  const now = Date.now()
  return Array.from({ length: ROWS }, (_, n) => {
    const { artistId, subject } = one(gifts)
    const personId = one(people)
    return {
      key: `${series}${n}:${personId}`,
      artistId,
      subject,
      givenAs: subject,
      personId,
      ...one(WAYS),
      at: new Date(now + n),
    }
  })
}

/** A file that the server may read. */
async function written(folder: string, { gifts }: World, rows: NewTouch[]): Promise<string> {
  const ids = new Map(gifts.map(({ subject, id }) => [subject, id]))
  const file = join(folder, 'touches')
  const out = createWriteStream(file)
  for (const { at, artistId, subject, personId, channel, referrer, token } of rows)
    out.write(
      `${[newId(at.getTime()), artistId, ids.get(subject), subject, personId, channel, referrer ?? '\\N', token ?? '\\N', at.toISOString()].join('\t')}\n`,
    )
  out.end()
  await finished(out)
  await chmod(file, 0o644)
  return file
}
