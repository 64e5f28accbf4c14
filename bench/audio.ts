import { dirname } from 'node:path'
import { serveWithNginx } from './support/nginx.ts'
import { watchMemory } from './support/processes.ts'
import { bringRelease, runProgram } from './support/program.ts'
import { albumFolder, recordings } from './support/recordings.ts'
import { compare, mebibytes, sayNoise, sayRatio } from './support/rounds.ts'
import { scene } from './support/scene.ts'
import { BROWSER, throughput } from './support/wrk.ts'

export const title = '1 MiB ranges of a stream on 64 connections, against nginx'

const RANGE = 1024 * 1024
const SECONDS = 4
const ROUNDS = 7

export const bench = () =>
  scene(async (place) => {
    const running = await runProgram(place)
    const release = await bringRelease(running, albumFolder(place.folder, recordings(1)))
    const stream = await running.platform.db
      .selectFrom('renditions as s')
      .innerJoin('masters as m', 'm.id', 's.masterId')
      .select(['s.storageKey', 's.size', 'm.sha256'])
      .where('s.format', '=', 'aac')
      .executeTakeFirstOrThrow()
    const local = running.platform.storage.localPath(stream.storageKey) as string
    const nginx = await serveWithNginx(place, dirname(local))
    const ours = `${running.program.url}/media/stream/${release.tracks[0]?.trackId}/${stream.sha256.slice(0, 16)}.m4a`
    const theirs = `${nginx.url}/${stream.sha256}.m4a`
    await requireSame(ours, theirs, stream.size)
    console.log(`A stream of ${mebibytes(stream.size)} (AAC), ${ROUNDS} rounds of ${SECONDS} s each`)

    const lua = randomRanges(stream.size)
    const measure = (url: string, pid: number) => () =>
      throughput(
        place,
        { url, connections: 64, seconds: SECONDS, headers: { 'User-Agent': BROWSER }, lua },
        { pid, least: RANGE },
      )
    const memory = watchMemory(running.webPid)
    const { bytesPerSecond, bytesPerProcessorSecond } = await compare(
      ROUNDS,
      measure(ours, running.webPid),
      measure(theirs, nginx.pid),
    )
    console.log(`Ritornello ${mebibytes(bytesPerSecond.ours)}/s, nginx ${mebibytes(bytesPerSecond.theirs)}/s`)
    sayRatio('Ratio', bytesPerSecond, { least: 0.4 })
    sayRatio('Ratio per second of processor time', bytesPerProcessorSecond)
    memory.stop()
    sayNoise()
  })

/** A wrk script that asks for 1 MiB from anywhere, the same places in each round. */
const randomRanges = (size: number) => `
math.randomseed(1)
request = function()
  local from = math.random(0, ${size - RANGE})
  wrk.headers["Range"] = "bytes=" .. from .. "-" .. (from + ${RANGE - 1})
  return wrk.format("GET")
end
`

async function requireSame(ours: string, theirs: string, size: number): Promise<void> {
  const [a, b] = await Promise.all(
    [ours, theirs].map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())),
  )
  if (a?.length !== size || !b?.equals(a)) throw new Error(`${ours} and ${theirs} are not the same file`)
}
