/**
 * The far side of process.ts: one call of the engine, then the end. Runs as it is under Node's type stripping, or bundled.
 */
import { encode, film, prepareStream, probe, readTags, tag } from './index.ts'
import type { CallName, Calls, FromChild, ToChild } from './process.ts'

const stop = new AbortController()
const send = (message: FromChild) => new Promise((sent) => process.send?.(message, sent))

const calls: { [K in CallName]: (input: Calls[K]['input']) => Promise<Calls[K]['result']> } = {
  probe: ({ path, ...options }) => probe(path, { ...options, ...live }),
  prepareStream: ({ path, folder, ...options }) => prepareStream(path, folder, { ...options, ...live }),
  encode: ({ path, outPath, format, ...options }) => encode(path, outPath, format, { ...options, ...live }),
  film: ({ path, folder, ...options }) => film(path, folder, { ...options, ...live }),
  tag: ({ path, format, tags, coverJpegPath }) => tag(path, format, tags, coverJpegPath),
  readTags: ({ path }) => readTags(path),
}

const live = { signal: stop.signal, onProgress: (done: number) => void send({ progress: done }) }

process.on('message', async (message: ToChild) => {
  if ('abort' in message) return stop.abort()
  const call = calls[message.call] as (input: unknown) => Promise<Calls[CallName]['result']>
  try {
    await send({ result: await call(message.input) })
    process.exit(0)
  } catch (error) {
    await send({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    process.exit(1)
  }
})

// The parent is gone: nobody waits for this.
process.on('disconnect', () => process.exit(2))
