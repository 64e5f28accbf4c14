import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { releaseById } from '../src/domains/music/index.ts'
import { rasteriseOwnSvg, storeImage } from '../src/platform/images/index.ts'
import { tone } from '../src/testing/tone.ts'
import { paletteOf } from '../src/ui/colour/palette.ts'
import { asked, settled } from './support/ask.ts'
import { serveWithNginx } from './support/nginx.ts'
import { processorSeconds } from './support/processes.ts'
import { bringRelease, type Running, runProgram } from './support/program.ts'
import { compare, sayNoise, sayRatio } from './support/rounds.ts'
import { type Scene, scene } from './support/scene.ts'
import { bareHono, NODE, started } from './support/started.ts'
import { BROWSER, wrk } from './support/wrk.ts'

export const title =
  'The page of a release of 12 tracks on 64 connections, against nginx with the same compressed bytes'

const SECONDS = 4
const ROUNDS = 7
const BROWSER_HEADERS = { 'User-Agent': BROWSER, 'Accept-Encoding': 'br', 'Accept-Language': 'fr' }
/** What names somebody is answered to them alone: rendered each time, its own queries made, compressed. */
const SOMEBODY = { Authorization: 'Bearer nobody' }

export const bench = () =>
  scene(async (place) => {
    const running = await runProgram(place)
    const url = running.program.url + (await bringPage(place, running))
    const { body: page } = await settled(url, BROWSER_HEADERS)
    const fresh = (await asked(url, { ...BROWSER_HEADERS, ...SOMEBODY })).body
    if (!brotliDecompressSync(fresh).equals(brotliDecompressSync(page))) throw new Error('The two pages differ')
    const nginx = await serveSame(place, page)
    console.log(
      `A page of ${brotliDecompressSync(page).length} bytes, ${page.length} compressed (br), ${ROUNDS} rounds of ${SECONDS} s each`,
    )

    const measure =
      (address: string, pid: number, more: Record<string, string> = {}) =>
      () =>
        rate(place, address, pid, page.length, { ...BROWSER_HEADERS, ...more })
    const theirs = measure(nginx.url, nginx.pid)
    const hono = await bareHonoWith(place, page)
    const say = async (what: string, ours: () => ReturnType<typeof rate>, least: number) => {
      const { perSecond, perProcessorSecond } = await compare(ROUNDS, ours, theirs)
      console.log(`\n${what}: ${perSecond.ours.toFixed(0)} pages/s, nginx ${perSecond.theirs.toFixed(0)}/s`)
      sayRatio('Ratio', perSecond, { least })
      sayRatio('Ratio per second of processor time', perProcessorSecond)
    }
    const kept = measure(url, running.webPid)
    await say('Kept', kept, 0.5)
    await say('Rendered afresh', measure(url, running.webPid, SOMEBODY), 0.02)
    const { perSecond } = await compare(ROUNDS, kept, measure(hono.url, hono.pid))
    console.log(
      `\nWhat one process of Node can do: bare Hono with the same bytes in memory ${perSecond.theirs.toFixed(0)}/s`,
    )
    sayRatio('Kept, against it', perSecond)
    sayNoise()
  })

/** An album with a sleeve, words and credits, as pages are. Answers with the path of its page. */
async function bringPage({ folder }: Scene, running: Running): Promise<string> {
  const { platform } = running
  const album = join(folder, 'Bench Artist - Twelve Pieces (2026)')
  mkdirSync(album)
  for (let n = 1; n <= 12; n++)
    writeFileSync(join(album, `${String(n).padStart(2, '0')} - Piece Number ${n}.wav`), tone({ seconds: 3 + n / 4 }))
  const { releaseId } = await bringRelease(running, album)
  const { bytes } = await rasteriseOwnSvg(SLEEVE, { width: 1400, height: 1400 })
  const image = await storeImage(platform, Buffer.from(bytes), paletteOf)
  if (!image.ok) throw new Error(image.error.code)
  const description = 'Recorded in one night, in the kitchen, with the window open.\n\n'.repeat(6)
  await platform.db
    .updateTable('releases')
    .set({ coverImageId: image.value.id, description })
    .where('id', '=', releaseId)
    .execute()
  const release = await releaseById(platform.db, releaseId, { now: platform.now() })
  if (!release) throw new Error('The release is not public')
  return release.path
}

const SLEEVE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="#8a4b22"/><circle cx="68" cy="36" r="19" fill="#2f6f73"/></svg>'

async function serveSame(place: Scene, page: Buffer): Promise<{ url: string; pid: number }> {
  const root = join(place.folder, 'static')
  mkdirSync(root)
  writeFileSync(join(root, 'page.html'), page)
  const { url, pid } = await serveWithNginx(place, root, 'index page.html; add_header Content-Encoding br;')
  const served = (await asked(`${url}/page.html`, BROWSER_HEADERS)).body
  if (!served.equals(page)) throw new Error('nginx does not serve the same bytes')
  return { url: `${url}/page.html`, pid }
}

async function bareHonoWith(place: Scene, page: Buffer): Promise<{ url: string; pid: number }> {
  const path = join(place.folder, 'page.br')
  writeFileSync(path, page)
  const headers = `{ 'Content-Type': 'text/html; charset=utf-8', 'Content-Encoding': 'br' }`
  const program = bareHono(place, `((page) => (c) => c.body(page, 200, ${headers}))(readFileSync('${path}'))`)
  const { url, processes, stop } = await started(place.folder, NODE, [program], { NODE_ENV: 'production' })
  place.atEnd(stop)
  const [pid] = processes()
  if (!pid) throw new Error('Bare Hono has ended')
  return { url: `${url}/healthz`, pid }
}

async function rate(place: Scene, url: string, pid: number, least: number, headers: Record<string, string>) {
  const before = processorSeconds(pid)
  const { bytes, requests, errors, requestsPerSecond } = await wrk(place, {
    url,
    connections: 64,
    seconds: SECONDS,
    headers,
  })
  const used = processorSeconds(pid) - before
  if (errors > 0) throw new Error(`${errors} errors from ${url}`)
  // Compressed anew, the page may be a few bytes longer or shorter.
  if (bytes / requests < least * 0.95) throw new Error(`${url} does not send the whole page`)
  return { perSecond: requestsPerSecond, perProcessorSecond: requests / used }
}
