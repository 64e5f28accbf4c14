import { type ChildProcess, fork } from 'node:child_process'
import type { Scene } from './scene.ts'

/** What a sink has taken: each message whose last dot came, counted by its recipient. */
export type Taken = { count: number; first: string; byRecipient: [address: string, times: number][] }
export type ToSink = { ask: 'count' | 'all' } | { forget: true }
export type FromSink = { port: number } | { count: number } | { all: Taken }

export type Sink = {
  url: string
  port: number
  pid: number
  count(): Promise<number>
  all(): Promise<Taken>
  forget(): void
}

/** A mail server (smtp-server) in a process of its own that takes everything, until the end of the scene. */
export async function startSink({ atEnd }: Scene): Promise<Sink> {
  const child = fork(new URL('./mail-sink-child.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  atEnd(() => {
    child.kill('SIGKILL')
    return ended
  })
  const { port } = (await answer(child)) as { port: number }
  const ask = (what: 'count' | 'all') => {
    const answered = answer(child)
    child.send({ ask: what } satisfies ToSink)
    return answered
  }
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    pid: child.pid as number,
    count: async () => ((await ask('count')) as { count: number }).count,
    all: async () => ((await ask('all')) as { all: Taken }).all,
    forget: () => void child.send({ forget: true } satisfies ToSink),
  }
}

const answer = (child: ChildProcess) => new Promise<FromSink>((resolve) => child.once('message', resolve))
