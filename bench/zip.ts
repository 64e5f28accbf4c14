import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { filePath, take } from '../src/domains/audio/index.ts'
import { serveWithNginx } from './support/nginx.ts'
import { watchMemory } from './support/processes.ts'
import { type BroughtRelease, bringRelease, type Running, runProgram } from './support/program.ts'
import { albumFolder, recordings } from './support/recordings.ts'
import { compare, mebibytes, sayNoise, sayRatio } from './support/rounds.ts'
import { scene } from './support/scene.ts'
import { BROWSER, throughput } from './support/wrk.ts'

export const title = 'a 12-track FLAC release as a zip, asked for again, against nginx serving a file of the same size'

const SECONDS = 4
const ROUNDS = 5

export const bench = () =>
  scene(async (place) => {
    const running = await runProgram(place)
    const release = await bringRelease(running, albumFolder(place.folder, recordings(12)))
    const ours = running.program.url + filePath('release', release.releaseId, 'flac')
    const { ms, size } = await firstRequest(running, release, ours)
    console.log(
      `12 tracks, ${mebibytes(size)}. From asking for the first time to the last byte: ${(ms / 1000).toFixed(1)} s`,
    )

    const same = join(place.folder, 'same.zip')
    writeFileSync(same, '')
    // Not a hole: the system would not read one from the disk.
    for (let written = 0; written < size; written += CHUNK.length) writeFileSync(same, CHUNK, { flag: 'a' })
    truncateSync(same, size)
    const nginx = await serveWithNginx(place, place.folder)
    const theirs = `${nginx.url}/same.zip`

    const memory = watchMemory(running.webPid)
    for (const connections of [1, 8]) {
      const measure = (url: string, pid: number) => () =>
        throughput(
          place,
          { url, connections, seconds: SECONDS, headers: { 'User-Agent': BROWSER } },
          { pid, least: size },
        )
      const { bytesPerSecond, bytesPerProcessorSecond } = await compare(
        ROUNDS,
        measure(ours, running.webPid),
        measure(theirs, nginx.pid),
      )
      const who = connections === 1 ? '1 fan at a time' : `${connections} fans at once`
      console.log(`${who}: Ritornello ${mebibytes(bytesPerSecond.ours)}/s, nginx ${mebibytes(bytesPerSecond.theirs)}/s`)
      sayRatio('  Ratio', bytesPerSecond, { least: 0.3 })
      sayRatio('  Ratio per second of processor time', bytesPerProcessorSecond)
    }
    memory.stop()
    sayNoise()
  })

const CHUNK = Buffer.alloc(4 * 1024 * 1024, 'ritornello')

/** From the press of the button to the last byte: twelve files are made, then sent. */
async function firstRequest({ platform }: Running, { releaseId }: BroughtRelease, url: string) {
  const wanted = { releaseId, trackId: null, format: 'flac' as const }
  const began = performance.now()
  for (let taking = await take(platform, wanted, { start: true }); taking.state !== 'ready'; ) {
    if (taking.state !== 'making') throw new Error(`The download is ${taking.state}`)
    await sleep(100)
    taking = await take(platform, wanted, { start: false })
  }
  const answer = await fetch(url, { headers: { 'User-Agent': BROWSER }, redirect: 'error' })
  if (!answer.ok || !answer.body) throw new Error(`${url} answers ${answer.status}`)
  let size = 0
  for await (const chunk of answer.body) size += chunk.length
  return { ms: performance.now() - began, size }
}
