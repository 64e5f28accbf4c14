import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandOf, proportionalBytes, residentBytes } from './support/processes.ts'
import { bringRelease, runProgram } from './support/program.ts'
import { albumFolder, recordings } from './support/recordings.ts'
import { compare, mebibytes, median, sayNoise, sayRatio } from './support/rounds.ts'
import { scene } from './support/scene.ts'
import { bareHono, NODE, ROOT, type Started, started } from './support/started.ts'

export const title = '`npm start` on existing data until /healthz answers, against a bare node with Hono'

const ROUNDS = 7

export const bench = () =>
  scene(async (place) => {
    const dataDir = join(place.folder, 'data')
    await scene(async ({ atEnd }) => {
      const running = await runProgram({ folder: place.folder, atEnd })
      await bringRelease(running, albumFolder(place.folder, recordings(1)))
    })
    const hello = bareHono(place, `(c) => c.text('ok')`)
    const nothing = join(place.folder, 'nothing')
    mkdirSync(nothing)
    writeFileSync(join(nothing, 'package.json'), JSON.stringify({ scripts: { start: 'exec true' } }))

    const env = { DATA_DIR: dataDir, HOST: '127.0.0.1', NODE_ENV: 'production' }
    const bare = () => started(place.folder, NODE, [hello], env)
    const npmStart = () => started(ROOT, 'npm', ['start'], env)
    const program = () => started(ROOT, NODE, ['dist/server/main.js'], env)
    const asBare = (start: () => Promise<Started>) => async () => {
      const { ms, stop } = await start()
      await stop()
      return { ms }
    }

    const whole = (await compare(ROUNDS, asBare(npmStart), asBare(bare))).ms
    const alone = (await compare(ROUNDS, asBare(program), asBare(bare))).ms
    const npm: number[] = []
    for (let round = 0; round < ROUNDS; round++) npm.push(await timeOf(nothing, 'npm', ['start']))
    console.log(`npm start ${whole.ours.toFixed(0)} ms, bare node with Hono ${whole.theirs.toFixed(0)} ms`)
    sayRatio('Ratio', whole, { most: 10 })
    console.log(`Of it npm's own start, with a script that does nothing: ${median(npm).toFixed(0)} ms`)
    console.log(`The program without npm: ${alone.ours.toFixed(0)} ms`)
    sayRatio('Ratio without npm', alone)
    await sayMemory(npmStart)
    sayNoise()
  })

async function timeOf(cwd: string, command: string, args: string[]): Promise<number> {
  const began = performance.now()
  const child = spawn(command, args, { cwd, stdio: 'ignore' })
  await new Promise((done) => child.once('exit', done))
  return performance.now() - began
}

/** Every process, some seconds after the start, largest first. */
async function sayMemory(npmStart: () => Promise<Started>): Promise<void> {
  const { processes, stop } = await npmStart()
  await sleep(5_000)
  const all = processes().map((pid) => ({
    name: nameOf(pid),
    resident: residentBytes(pid),
    own: proportionalBytes(pid),
  }))
  console.log('\nMemory five seconds later: resident, and own share of what is shared')
  let postgres = 0
  for (const { name, resident, own } of all.toSorted((a, b) => b.own - a.own)) {
    if (/postgres/.test(name)) postgres += own
    else console.log(`  ${name.padEnd(24)} ${mebibytes(resident).padStart(8)} ${mebibytes(own).padStart(8)}`)
  }
  const count = all.filter(({ name }) => /postgres/.test(name)).length
  console.log(`  ${`Postgres, ${count} processes`.padEnd(24)} ${''.padStart(8)} ${mebibytes(postgres).padStart(8)}`)
  console.log(
    `  ${'all'.padEnd(24)} ${''.padStart(8)} ${mebibytes(all.reduce((sum, { own }) => sum + own, 0)).padStart(8)}\n`,
  )
  await stop()
}

function nameOf(pid: number): string {
  const command = commandOf(pid)
  if (command.includes('postgres')) return 'postgres'
  const [, role] = command.match(/main\.js ?(\w*)/) ?? []
  return role === undefined ? (command.split(' ')[0] ?? '').slice(-24) : role || 'the program, supervising'
}
