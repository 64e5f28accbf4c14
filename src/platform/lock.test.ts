import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { isLocked, servedAt, takeLock } from './lock.ts'

const dir = mkdtempSync(join(tmpdir(), 'lock-'))
afterAll(() => rmSync(dir, { recursive: true }))
let path: string
let count = 0
beforeEach(() => {
  path = join(dir, `lock-${count++}.json`)
})

const holder = () => JSON.parse(readFileSync(path, 'utf8'))

test('one at a time, until it is given back', async () => {
  const first = await takeLock(path)
  await expect(takeLock(path)).rejects.toThrow('already running on this data folder')
  expect(isLocked(path)).toBe(true)
  first.release()
  expect(isLocked(path)).toBe(false)
  ;(await takeLock(path)).release()
})

test('one that was killed does not count, even when its process id was given to another', async () => {
  const first = await takeLock(path)
  const killed = JSON.stringify({ ...holder(), start: 'long ago' })
  first.release()
  writeFileSync(path, killed)
  const second = await takeLock(path)
  expect(holder()).toMatchObject({ pid: process.pid })
  second.release()
})

test('a process that is still there holds it', async () => {
  const first = await takeLock(path)
  const mine = holder()
  first.release()
  const other = spawn('sleep', ['60'])
  const stat = readFileSync(`/proc/${other.pid}/stat`, 'utf8')
  const start = `${mine.start.split(':')[0]}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  writeFileSync(path, JSON.stringify({ ...mine, pid: other.pid, start }))
  await expect(takeLock(path)).rejects.toThrow(`process ${other.pid}`)
  other.kill('SIGKILL')
  await new Promise((done) => other.once('exit', done))
  ;(await takeLock(path)).release()
})

test('another container of the same name is judged by its heartbeat, not by a process id of ours', async () => {
  const elsewhere = { pid: process.pid, start: 'x', host: 'another-place' }
  writeFileSync(path, JSON.stringify(elsewhere))
  expect(isLocked(path)).toBe(true)
  const old = new Date(Date.now() - 60_000)
  utimesSync(path, old, old)
  expect(isLocked(path)).toBe(false)
  ;(await takeLock(path)).release()
})

test('a lock that was never finished is nobody’s', async () => {
  writeFileSync(path, '')
  const lock = await takeLock(path)
  expect(holder().pid).toBe(process.pid)
  lock.release()
})

test('of two who find the same dead lock, one gets it', async () => {
  const first = await takeLock(path)
  const dead = JSON.stringify({ ...holder(), start: 'never' })
  first.release()
  writeFileSync(path, dead)
  const tries = await Promise.allSettled([takeLock(path), takeLock(path)])
  const won = tries.filter((one) => one.status === 'fulfilled')
  expect(won).toHaveLength(1)
  for (const one of won) one.value.release()
})

test('a folder that cannot be written is said', async () => {
  await expect(takeLock(join(dir, 'no', 'such', 'lock.json'))).rejects.toThrow('cannot be written')
})

test('it says where its holder serves, for as long as it is held', async () => {
  const lock = await takeLock(path, 'https://music.example')
  expect(servedAt(path)).toBe('https://music.example')
  lock.release()
  expect(servedAt(path)).toBeNull()
})
