import { createWriteStream, openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createArtist } from '../src/domains/identity/index.ts'
import { watchMemory, watchProcessors } from './support/processes.ts'
import { type Running, runProgram } from './support/program.ts'
import { mebibytes, sayNoise } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title =
  'a list of 500,000 people in Latin-1 with quotation marks in the wrong places, tried and then brought in, against a bare COPY of the same rows'

const PLACES = ['Brest', 'Saint-Étienne', 'Besançon', 'Nîmes', 'Sète']

type Line = { text: string; refused: string | null; row: string }

/** The lines of a list as people keep them; what shall be refused says why. */
function lineAt(n: number): Line {
  const mail = `fan${n}@fans${n % 50}.example`
  const phone = n % 5 === 0 ? `06 ${String(10_000_000 + n).replace(/(..)(?=.)/g, '$1 ')}` : ''
  const name = `Zoé ${n} Léveillé`
  const place = PLACES[n % PLACES.length] as string
  const line = (cells: string[], refused: string | null = null): Line => ({
    text: cells.join(';'),
    refused,
    row: [mail, phone, `Zoé ${n}`, place].join(';'),
  })
  if (n % 100 === 7) return line([`nobody-${n}`, '', name, place], 'mail-wrong')
  if (n % 100 === 33) return line(['', '', name, place], 'empty')
  if (n % 100 === 61) return line([mail, '12', name, place], 'phone-wrong')
  // Never closed, in the middle, doubled, around what holds the delimiter.
  if (n % 10 === 1) return line([mail, phone, `"Zoé ${n}`, place])
  if (n % 10 === 2) return line([mail, phone, `Zoé "la ${n}`, place])
  if (n % 10 === 3) return line([mail, phone, `""Zoé"" ${n}`, place])
  if (n % 10 === 4) return line([mail, phone, `"Léveillé; Zoé ${n}"`, place])
  return line([mail, phone, name, place])
}

export const bench = () =>
  scene(async (place) => {
    const count = Number(process.argv[3]) || 500_000
    const file = join(place.folder, 'list.csv')
    const clean = join(place.folder, 'clean.csv')
    await writeLines(file, count, ({ text }) => text, 'latin1', 'courriel;mobile;nom;ville')
    await writeLines(clean, count, ({ row }) => row, 'utf8')
    const expected: Record<string, number> = {}
    for (let n = 1; n <= count; n++) {
      const { refused } = lineAt(n)
      if (refused) expected[refused] = (expected[refused] ?? 0) + 1
    }
    const running = await runProgram(place)
    const { platform, workPid, webPid, databasePid } = running
    const { pool, db } = platform
    await db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' }))
    const studio = await enter(running)
    console.log(`${count.toLocaleString('en')} lines, ${mebibytes((await stat(file)).size)} in Latin-1`)

    const sending = watchMemory(webPid)
    const body = new FormData()
    body.set('file', await openAsBlob(file), 'list.csv')
    const path = await studio('/studio/fans/lists', body)
    sending.stop()

    const bare = async () => {
      await pool.query('drop table if exists bench_rows')
      await pool.query('create table bench_rows (mail text, phone text, name text, place text)')
      const start = performance.now()
      await pool.query(`copy bench_rows from '${clean}' with (format csv, delimiter ';')`)
      return (performance.now() - start) / 1000
    }
    const id = path.split('/').at(-1)
    const done = async (state: string) => {
      const start = performance.now()
      for (;;) {
        const { rows } = await pool.query('select state, counts from fan_lists where id = $1', [id])
        if (rows[0].state === state)
          return { seconds: (performance.now() - start) / 1000, counts: rows[0].counts as Record<string, number> }
        await sleep(100)
      }
    }
    const said = async (what: string, { seconds, counts }: Awaited<ReturnType<typeof done>>, copied: number) => {
      const { rows } = await pool.query<{ reason: string; n: number }>(
        'select reason, count(*)::int as n from fan_list_refusals where list_id = $1 group by reason',
        [id],
      )
      const told = Object.fromEntries(rows.map(({ reason, n }) => [reason, n]))
      const wrong = [...new Set([...Object.keys(told), ...Object.keys(expected)])].filter(
        (reason) => told[reason] !== expected[reason],
      )
      console.log(
        `${what}: ${Math.round(count / seconds).toLocaleString('en')} lines/s (${seconds.toFixed(1)} s); bare COPY ${Math.round(count / copied).toLocaleString('en')} rows/s; ratio ${(copied / seconds).toFixed(3)}`,
      )
      console.log(`  ${JSON.stringify(counts)}; refused lines with their reason: ${JSON.stringify(told)}`)
      if (wrong.length) throw new Error(`Not as the file is: ${wrong.join(', ')}, expected ${JSON.stringify(expected)}`)
    }

    await bare()
    for (const [what, step, state] of [
      ['Tried', 'try', 'tried'],
      ['Brought in', 'bring', 'brought'],
    ] as const) {
      const copied = await bare()
      const memory = watchMemory(workPid, 'the worker')
      const processors = watchProcessors({ worker: workPid, database: databasePid })
      const form = new URLSearchParams({
        mail: '0',
        phone: '1',
        name: '2',
        place: '3',
        heading: 'on',
        from: 'FR',
        in: 'fr',
      })
      form.set('declaration', 'Signed at the concerts of the last ten years.')
      await studio(`${path}/${step}`, form)
      const took = await done(state)
      processors.stop(count)
      memory.stop()
      await said(what, took, (copied + (await bare())) / 2)
    }
    const { rows } = await pool.query(
      `select (select count(*)::int from fans) as fans, (select count(*)::int from subscriptions where state = 'active') as active`,
    )
    console.log(`${rows[0].fans} fans with ${rows[0].active} active subscriptions`)
    sayNoise()
  })

async function writeLines(
  file: string,
  count: number,
  of: (line: Line) => string,
  encoding: 'latin1' | 'utf8',
  heading?: string,
): Promise<void> {
  const pieces = function* () {
    if (heading) yield Buffer.from(`${heading}\r\n`, encoding)
    for (let from = 1; from <= count; from += 1_000) {
      let text = ''
      for (let n = from; n < from + 1_000 && n <= count; n++) text += `${of(lineAt(n))}\r\n`
      yield Buffer.from(text, encoding)
    }
  }
  await pipeline(Readable.from(pieces()), createWriteStream(file))
}

/** Owns the place and works for its artist; what it answers sends forms and says where they lead to. */
async function enter({ program }: Running): Promise<(path: string, body: BodyInit) => Promise<string>> {
  const { url, setUpLink } = program
  const send = async (to: string, body: BodyInit, cookie = '') => {
    const answer = await fetch(to, { method: 'POST', redirect: 'manual', headers: { origin: url, cookie }, body })
    if (answer.status !== 303) throw new Error(`${to}: ${answer.status} ${(await answer.text()).slice(0, 200)}`)
    return answer
  }
  const owner = new URLSearchParams({ name: 'Ana', email: 'ana@music.example', language: 'en' })
  const answer = await send(setUpLink ?? '', owner)
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  return async (path, body) => (await send(url + path, body, cookie)).headers.get('location') ?? ''
}
