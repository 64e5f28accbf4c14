import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createArtist } from '../src/domains/identity/index.ts'
import { comesOf, enter, HEADING, mapping, writeLines } from './support/fan-list.ts'
import { watchMemory, watchProcessors } from './support/processes.ts'
import { runProgram } from './support/program.ts'
import { mebibytes, sayNoise } from './support/rounds.ts'
import { scene } from './support/scene.ts'

export const title =
  'a list of 500,000 people in Latin-1 with quotation marks in the wrong places, tried and then brought in, against a bare COPY of the same rows'

export const bench = () =>
  scene(async (place) => {
    const count = Number(process.argv[3]) || 500_000
    const file = join(place.folder, 'list.csv')
    const clean = join(place.folder, 'clean.csv')
    await writeLines(file, count, ({ text }) => text, 'latin1', HEADING)
    await writeLines(clean, count, ({ row }) => row, 'utf8')
    const expected = comesOf(count).refused
    const { platform, program, workPid, webPid, databasePid } = await runProgram(place)
    const { pool, db } = platform
    await db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' }))
    const studio = await enter(program)
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
      await studio(`${path}/${step}`, mapping())
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
