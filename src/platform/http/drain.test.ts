import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { drained } from './drain.ts'

/** Longer than any test may last: whoever waits for it fails. */
const PATIENCE_MS = 3_600_000

async function listening() {
  const answer = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const server = createServer(async (_, response) => {
    response.write('first half, ')
    asked.resolve()
    await answer.promise
    response.end('second half')
  })
  const end = drained(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { end, answer, asked, port: (server.address() as AddressInfo).port, server }
}

test('a connection on which nothing was asked does not hold the server', async () => {
  const { end, port, server } = await listening()
  const accepted = new Promise((done) => server.once('connection', done))
  const socket = connect(port, '127.0.0.1')
  const closed = new Promise<boolean>((done) => socket.once('close', done))
  await accepted
  await end(PATIENCE_MS)
  expect(await closed).toBe(false)
})

test('what is being answered is answered whole, and its connection is closed then, however long it could be kept', async () => {
  const { end, port, answer, asked } = await listening()
  const body = new Promise<string>((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', headers: { connection: 'keep-alive' } }, async (incoming) => {
      let text = ''
      for await (const chunk of incoming) text += chunk
      resolve(text)
    })
    outgoing.once('error', reject)
    outgoing.end()
  })
  await asked.promise
  const ended = end(PATIENCE_MS)
  answer.resolve()
  expect(await body).toBe('first half, second half')
  await ended
})

test('whoever is still being answered after the patience is cut off', async () => {
  const { end, port, asked } = await listening()
  const broken = new Promise((done) => {
    const outgoing = request({ port, host: '127.0.0.1' }, (incoming) => {
      incoming.resume()
      incoming.once('error', done)
    })
    outgoing.once('error', done)
    outgoing.end()
  })
  await asked.promise
  await end(1)
  expect(await broken).toBeInstanceOf(Error)
})
