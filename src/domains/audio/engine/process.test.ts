import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { makeSound, temporaryFolder, writeWav } from './fixtures.ts'
import { runEngine } from './process.ts'

/** A child that does `body` instead of the engine's work. */
function strangeChild(body: string): URL {
  const path = join(temporaryFolder(), 'child.mjs')
  writeFileSync(path, `process.on('message', () => { ${body} })`)
  return pathToFileURL(path)
}

it('runs a call elsewhere, tells its progress and gives its result', async () => {
  const folder = temporaryFolder()
  const path = writeWav(folder, makeSound({ seconds: 20 }))
  const seen: number[] = []
  const result = await runEngine(
    'prepareStream',
    { path, folder, points: 100 },
    { onProgress: (done) => seen.push(done) },
  )
  expect(result).toMatchObject({ ok: true, value: { facts: { samples: 882_000 } } })
  expect(result.ok && result.value.waveform).toBeInstanceOf(Uint8Array)
  expect(seen.length).toBeGreaterThan(1)
  expect(seen.at(-1)).toBe(1)
})

it('gives the problems of a bad file', async () => {
  const path = join(temporaryFolder(), 'poem.wav')
  writeFileSync(path, 'Longtemps, je me suis couché de bonne heure.')
  expect(await runEngine('probe', { path })).toMatchObject({ error: { code: 'not-audio' } })
})

it('writes and reads tags elsewhere, cover included', async () => {
  const folder = temporaryFolder()
  const outPath = join(folder, 'out.flac')
  await runEngine('encode', { path: writeWav(folder, makeSound()), outPath, format: 'flac' })
  await runEngine('tag', { path: outPath, format: 'flac', tags: { title: 'Été' }, coverJpegPath: null })
  expect(await runEngine('readTags', { path: outPath })).toEqual({
    ok: true,
    value: { tags: { title: 'Été' }, cover: null },
  })
})

it('stops when asked, leaving nothing', async () => {
  const folder = temporaryFolder()
  const path = writeWav(folder, makeSound({ seconds: 60 }))
  const stop = new AbortController()
  const onProgress = () => stop.abort()
  const result = await runEngine(
    'encode',
    { path, outPath: join(folder, 'out.m4a'), format: 'aac' },
    { signal: stop.signal, onProgress },
  )
  expect(result).toMatchObject({ error: { code: 'aborted' } })
  expect(readdirSync(folder)).toEqual(['master.wav'])
})

it('survives a crash', async () => {
  const childEntry = strangeChild('console.error("bad luck"); process.kill(process.pid, "SIGSEGV")')
  const result = await runEngine('probe', { path: 'any.wav' }, { childEntry })
  expect(result).toMatchObject({ error: { code: 'crashed', detail: 'exit SIGSEGV. bad luck' } })
})

it('ends a call that never does', async () => {
  const childEntry = strangeChild('for (;;) {}')
  expect(await runEngine('probe', { path: 'any.wav' }, { childEntry, timeoutMs: 300 })).toMatchObject({
    error: { code: 'timed-out' },
  })
})

it('leaves nothing behind when a call is killed in the middle', async () => {
  const folder = temporaryFolder()
  const path = writeWav(folder, makeSound({ seconds: 60 }))
  const result = await runEngine(
    'encode',
    { path, outPath: join(folder, 'out.m4a'), format: 'aac' },
    { timeoutMs: 600 },
  )
  expect(result).toMatchObject({ error: { code: 'timed-out' } })
  expect(readdirSync(folder)).toEqual(['master.wav'])
})

it.runIf(process.platform === 'linux')('ends a call that takes too much memory', async () => {
  const childEntry = strangeChild('globalThis.kept = Buffer.alloc(400_000_000, 1); setInterval(() => {}, 1000)')
  expect(await runEngine('probe', { path: 'any.wav' }, { childEntry, maxMemoryBytes: 300_000_000 })).toMatchObject({
    error: { code: 'too-much-memory' },
  })
})

it('throws for a bug of the engine', async () => {
  const childEntry = strangeChild('process.send({ fault: "a bug" }, () => process.exit(1))')
  await expect(runEngine('probe', { path: 'any.wav' }, { childEntry })).rejects.toThrow('a bug')
})
