import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CORES, LANES } from './lanes.ts'

const DOMAINS = join(import.meta.dirname, '../domains')

const calls = (text: string, name: string) => new RegExp(`(?<![\\w.])${name}\\(`).test(text)

/** The jobs whose handlers reach a call of the engine that encodes, found in what is written: function by function, through imports by name. */
function encodingJobs(): string[] {
  const sources = globSync('**/*.ts', { cwd: DOMAINS })
    .filter((path) => !/\.(test|fixtures)\.ts$/.test(path))
    .map((path) => {
      const text = readFileSync(join(DOMAINS, path), 'utf8')
      const imported = new Set(
        [...text.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) => names?.match(/\w+/g) ?? []),
      )
      const own = text.split(/^(?=(?:export )?(?:async )?(?:function|const) \w)/m).slice(1)
      return { path, text, imported, own, encoders: new Set<string>() }
    })
  const everywhere = new Set<string>()
  for (let isNew = true; isNew; ) {
    isNew = false
    for (const { own, imported, encoders } of sources)
      for (const body of own) {
        const [, exported, name = ''] = /^(export )?(?:async )?(?:function|const) (\w+)/.exec(body) ?? []
        const known = [...encoders, ...[...everywhere].filter((one) => imported.has(one))]
        const isOne = /\bengine\(\s*'(encode|prepareStream|film)'/.test(body) || known.some((one) => calls(body, one))
        if (!isOne || encoders.has(name)) continue
        isNew = true
        encoders.add(name)
        if (exported) everywhere.add(name)
      }
  }
  return sources
    .filter(({ path }) => path.endsWith('jobs.ts'))
    .flatMap(({ text, imported }) =>
      text
        .split(/^ {2}(?=')/m)
        .filter((handler) => [...everywhere].some((name) => imported.has(name) && calls(handler, name)))
        .map((handler) => /^'([\w.-]+)'/.exec(handler)?.[1] ?? handler),
    )
}

const laneOf = (job: string) => LANES.filter(({ jobs }) => jobs.some((name) => name === job))

test('every job that encodes has places of its own, and all of them together stay near the number of cores', () => {
  const jobs = encodingJobs()
  expect(jobs).toEqual(
    expect.arrayContaining(['audio.prepare', 'audio.encode', 'journal.prepare-video', 'operations.prepare-file']),
  )
  for (const job of jobs) expect(laneOf(job), job).toHaveLength(1)
  const lanes = new Set(jobs.flatMap(laneOf))
  const most = [...lanes].reduce((sum, { concurrency }) => sum + concurrency, 0)
  expect(most).toBeLessThanOrEqual(1.5 * CORES + 1.5)
})

test('what a fan waits for shares its places with nothing, and what strangers send in has one', () => {
  const [download] = laneOf('audio.encode')
  expect(download?.jobs).toEqual(['audio.encode'])
  expect(download?.concurrency).toBeGreaterThanOrEqual(1)
  expect(laneOf('operations.prepare-file')).toEqual([{ jobs: ['operations.prepare-file'], concurrency: 1 }])
})
