import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../testing/database.ts'
import type { Database } from '../database/index.ts'
import { addJob, failedJobs, type JobHandlers, type JobName, retryJob, startWorker } from './index.ts'

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

const worker = (handle: () => Promise<void>, alone = false) =>
  startWorker({
    pool: database.pool,
    handlers: { 'platform.tidy': handle } as unknown as JobHandlers,
    schedules: [],
    concurrency: 1,
    log: pino({ level: 'silent' }),
    alone,
  })

// The first of all: workers are told a moment later, and none of that is another test's.
test('workers are told of what was committed, once for several, and of nothing that was undone', async () => {
  await database.pool.query(`insert into graphile_worker._private_tasks (identifier) values ('platform.tidy')`)
  const heard: number[] = []
  const listening = await database.pool.connect()
  const told = Promise.withResolvers<void>()
  listening.on('notification', ({ payload = '{}' }) => {
    heard.push(JSON.parse(payload).count)
    told.resolve()
  })
  await listening.query('listen "jobs:insert"')
  const adding = (fails: boolean) =>
    database.db.transaction().execute(async (tx) => {
      await addJob(tx, 'platform.tidy', {})
      await addJob(tx, 'platform.tidy', {})
      if (fails) throw new Error('changed my mind')
    })
  await adding(true).catch(() => undefined)
  await adding(false)
  await told.promise
  expect(heard).toEqual([2])
  await listening.query('unlisten "jobs:insert"')
  listening.release()
  await database.pool.query('delete from graphile_worker._private_jobs')
})

test('a job added in a transaction that fails never runs', async () => {
  await expect(
    database.db.transaction().execute(async (tx) => {
      await addJob(tx, 'platform.tidy', {})
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  const { rows } = await database.pool.query('select count(*) as n from graphile_worker.jobs')
  expect(rows[0].n).toBe(0)
})

test('a job is written as graphile-worker itself would write it', async () => {
  const runAt = new Date('2030-01-01T00:00:00Z')
  const written = async (add: () => Promise<unknown>) => {
    await database.pool.query('delete from graphile_worker._private_jobs')
    await add()
    const { rows } = await database.pool.query('select * from graphile_worker._private_jobs')
    return rows.map(({ id, created_at, updated_at, ...row }) => row)
  }
  const theirs = await written(() =>
    database.pool.query(
      `select graphile_worker.add_job('platform.tidy', '{}'::json, run_at => $1::timestamptz, max_attempts => 5)`,
      [runAt],
    ),
  )
  expect(theirs).toHaveLength(1)
  expect(await written(() => addJob(database.db, 'platform.tidy', {}, { runAt }))).toEqual(theirs)
  await database.pool.query('delete from graphile_worker._private_jobs')
  await database.pool.query('delete from graphile_worker._private_tasks')
  expect(await written(() => addJob(database.db, 'platform.tidy', {}, { runAt }))).toMatchObject([
    { payload: {}, run_at: runAt, max_attempts: 5 },
  ])
  await database.pool.query('delete from graphile_worker._private_jobs')
})

test('a job held by a worker that was killed is taken up again', async () => {
  await addJob(database.db, 'platform.tidy', {})
  await database.pool.query(
    `update graphile_worker._private_jobs set locked_by = 'worker-of-the-dead', locked_at = now() - interval '2 minutes', attempts = 1`,
  )
  const done = Promise.withResolvers<void>()
  const running = await worker(async () => done.resolve())
  await expect(done.promise).resolves.toBeUndefined()
  await running.stop()
})

test('a long job is not taken from a worker that is alive', async () => {
  await addJob(database.db, 'platform.tidy', {})
  const done = Promise.withResolvers<void>()
  let runs = 0
  const begun = Promise.withResolvers<void>()
  const first = await worker(async () => {
    runs++
    begun.resolve()
    await done.promise
  }, true)
  await begun.promise
  await database.pool.query(`update graphile_worker._private_jobs set locked_at = now() - interval '2 minutes'`)
  const second = await worker(async () => void runs++)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(runs).toBe(1)
  done.resolve()
  await first.stop()
  await second.stop()
})

test('jobs of a lane of their own start though all other places are taken, and the other way round', async () => {
  const log = pino({ level: 'silent' })
  for (const [long, short] of [
    ['platform.long', 'platform.tidy'],
    ['platform.tidy', 'platform.long'],
  ] as const) {
    const begun = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    const told = Promise.withResolvers<void>()
    const running = await startWorker({
      pool: database.pool,
      handlers: {
        [long]: async () => {
          begun.resolve()
          await done.promise
        },
        [short]: async () => told.resolve(),
      } as unknown as JobHandlers,
      schedules: [],
      concurrency: 1,
      lanes: [{ jobs: ['platform.long' as JobName], concurrency: 1 }],
      log,
      alone: false,
    })
    await addJob(database.db, long as JobName, {} as never)
    await begun.promise
    await addJob(database.db, short as JobName, {} as never)
    await expect(told.promise).resolves.toBeUndefined()
    done.resolve()
    await running.stop()
  }
})

test('a lane whose places are all taken holds back no other lane', async () => {
  const names = ['platform.prepare', 'platform.encode', 'platform.tidy'] as JobName[]
  const began = new Map(names.map((name) => [name, Promise.withResolvers<void>()]))
  const done = Promise.withResolvers<void>()
  const handle = (name: JobName) => async () => {
    began.get(name)?.resolve()
    await done.promise
  }
  const running = await startWorker({
    pool: database.pool,
    handlers: Object.fromEntries(names.map((name) => [name, handle(name)])) as unknown as JobHandlers,
    schedules: [],
    concurrency: 1,
    lanes: names.slice(0, 2).map((name) => ({ jobs: [name], concurrency: 1 })),
    log: pino({ level: 'silent' }),
    alone: false,
  })
  for (const name of names) {
    for (let i = 0; i < 2; i++) await addJob(database.db, name, {} as never)
    await expect(began.get(name)?.promise).resolves.toBeUndefined()
  }
  done.resolve()
  await running.stop()
  await database.pool.query('delete from graphile_worker._private_jobs')
})

test('a job that fails for good is listed with its reason, and can be tried again', async () => {
  await addJob(database.db, 'platform.tidy', {}, { attempts: 1 })
  const failed = Promise.withResolvers<void>()
  const first = await worker(async () => {
    failed.resolve()
    throw new Error('the cover is not a picture')
  })
  await failed.promise
  // A worker writes it down after the handler, and may be stopped before it is there.
  await expect.poll(() => failedJobs(database.db)).toHaveLength(1)
  await first.stop()
  const [job] = await failedJobs(database.db)
  expect(job).toMatchObject({ name: 'platform.tidy', error: expect.stringContaining('the cover is not a picture') })
  expect(await retryJob(database.db, job?.id ?? '')).toBe(true)
  const done = Promise.withResolvers<void>()
  const second = await worker(async () => done.resolve())
  await done.promise
  await second.stop()
  expect(await failedJobs(database.db)).toEqual([])
})
