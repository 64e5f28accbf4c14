import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { sql } from 'kysely'
import { releaseById } from '../src/domains/music/index.ts'
import { tone } from '../src/testing/tone.ts'
import { asked, settled } from './support/ask.ts'
import { serveWithNginx } from './support/nginx.ts'
import { processorSeconds } from './support/processes.ts'
import { bringRelease, type Running, runProgram } from './support/program.ts'
import { compare, sayNoise, sayRatio } from './support/rounds.ts'
import { type Scene, scene } from './support/scene.ts'
import { BROWSER, wrk } from './support/wrk.ts'

export const title = 'A feed of 200 items on 64 connections, half of them conditional, against nginx with the same file'

const SECONDS = 4
const ROUNDS = 7
const ITEMS = 200
const HEADERS = { 'User-Agent': BROWSER, 'Accept-Encoding': 'br' }

export const bench = () =>
  scene(async (place) => {
    const running = await runProgram(place)
    const url = running.program.url + (await bringFeed(place, running))
    const { body, etag } = await settled(url, HEADERS)
    const items = brotliDecompressSync(body).toString().split('<item>').length - 1
    if (items !== ITEMS) throw new Error(`The feed has ${items} items`)

    const root = join(place.folder, 'static')
    mkdirSync(root)
    writeFileSync(join(root, 'feed.xml'), body)
    const nginx = await serveWithNginx(place, root, 'index feed.xml; add_header Content-Encoding br;')
    const theirs = await asked(`${nginx.url}/feed.xml`, HEADERS)
    if (!theirs.body.equals(body)) throw new Error('nginx does not serve the same bytes')
    console.log(
      `A feed of ${brotliDecompressSync(body).length} bytes, ${body.length} compressed (br), ${ROUNDS} rounds of ${SECONDS} s each`,
    )

    const measure = (address: string, tag: string, pid: number) => () => rate(place, address, tag, pid, body.length)
    const { perSecond, perProcessorSecond } = await compare(
      ROUNDS,
      measure(url, etag, running.webPid),
      measure(`${nginx.url}/feed.xml`, theirs.etag, nginx.pid),
    )
    console.log(`\n${perSecond.ours.toFixed(0)} requests/s, nginx ${perSecond.theirs.toFixed(0)}/s`)
    sayRatio('Ratio', perSecond, { least: 0.4 })
    sayRatio('Ratio per second of processor time', perProcessorSecond)
    sayNoise()
  })

/** Every second request says what it has already. */
async function rate(place: Scene, url: string, etag: string, pid: number, size: number) {
  const before = processorSeconds(pid)
  const { bytes, requests, errors, requestsPerSecond } = await wrk(place, {
    url,
    connections: 64,
    seconds: SECONDS,
    headers: HEADERS,
    lua: `
local n = 0
local conditional = {}
init = function()
  for k, v in pairs(wrk.headers) do conditional[k] = v end
  conditional['If-None-Match'] = '${etag}'
end
request = function()
  n = n + 1
  return wrk.format('GET', nil, n % 2 == 0 and conditional or wrk.headers)
end
`,
  })
  const used = processorSeconds(pid) - before
  if (errors > 0) throw new Error(`${errors} errors from ${url}`)
  const each = bytes / requests / size
  // Half of the answers are the feed, the other half a few headers.
  if (each < 0.45 || each > 0.8)
    throw new Error(`${url} sends ${each.toFixed(2)} of the feed at a time, not half of it`)
  return { perSecond: requestsPerSecond, perProcessorSecond: requests / used }
}

/** A release of 200 tracks: one recording is brought as a musician would, the others are it again. Answers with the path of its feed. */
async function bringFeed({ folder }: Scene, running: Running): Promise<string> {
  const { platform } = running
  const album = join(folder, 'Bench Artist - Two Hundred (2026)')
  mkdirSync(album)
  writeFileSync(join(album, '01 - Piece Number 1.wav'), tone({ seconds: 3 }))
  const { releaseId, tracks } = await bringRelease(running, album)
  const recordingId = tracks[0]?.recordingId ?? ''
  await platform.db.transaction().execute(async (tx) => {
    await sql`create temp table copies on commit drop as
      select n, gen_random_uuid() as recording, gen_random_uuid() as track, gen_random_uuid() as master
      from generate_series(2, ${ITEMS}::int) n`.execute(tx)
    await sql`insert into recordings
      select (jsonb_populate_record(r, jsonb_build_object('id', c.recording, 'title', 'Piece Number ' || c.n))).*
      from recordings r, copies c where r.id = ${recordingId}`.execute(tx)
    await sql`insert into masters
      select (jsonb_populate_record(m, jsonb_build_object('id', c.master, 'recording_id', c.recording))).*
      from masters m, copies c where m.recording_id = ${recordingId}`.execute(tx)
    await sql`insert into renditions
      select (jsonb_populate_record(s, jsonb_build_object('master_id', c.master))).*
      from renditions s join masters m on m.id = s.master_id, copies c where m.recording_id = ${recordingId}`.execute(
      tx,
    )
    await sql`insert into tracks
      select (jsonb_populate_record(t, jsonb_build_object('id', c.track, 'recording_id', c.recording, 'position', c.n,
        'slug', 'piece-number-' || c.n))).*
      from tracks t, copies c where t.recording_id = ${recordingId}`.execute(tx)
  })
  const release = await releaseById(platform.db, releaseId, { now: platform.now() })
  if (!release) throw new Error('The release is not public')
  return `${release.path}/feed.xml`
}
