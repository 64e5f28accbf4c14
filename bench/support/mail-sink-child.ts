/** The far side of mail-sink.ts. */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { FromSink, ToSink } from './mail-sink.ts'

let byRecipient = new Map<string, number>()
let count = 0
let first = ''

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, { envelope }, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => {
      if (!first) chunks.push(chunk)
    })
    stream.on('end', () => {
      first ||= Buffer.concat(chunks).toString('latin1')
      const to = envelope.rcptTo[0]?.address ?? ''
      byRecipient.set(to, (byRecipient.get(to) ?? 0) + 1)
      count++
      done()
    })
  },
})
// A client that is killed leaves its connection in pieces.
server.on('error', () => undefined)

const send = (message: FromSink) => process.send?.(message)
process.on('message', (message: ToSink) => {
  if ('forget' in message) {
    byRecipient = new Map()
    count = 0
  } else if (message.ask === 'count') send({ count })
  else send({ all: { count, first, byRecipient: [...byRecipient] } })
})
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => send({ port: (server.server.address() as AddressInfo).port }))
