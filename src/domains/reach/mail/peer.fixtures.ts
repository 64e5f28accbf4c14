import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

export type Got = { from: string; to: string; raw: string }

/** What this server does with a message: takes it when undefined. `cut`: hangs up in the middle of the message, or after its last dot. */
export type Mood = {
  recipient?: string
  sender?: string
  content?: string
  cut?: 'middle' | 'after'
  /** Never answers the last dot. */
  silent?: boolean
}

export type Peer = {
  port: number
  /** What it took: an answer of 250 was at least begun. */
  got: Got[]
  /** Everything whose last dot it saw, taken or not. */
  whole: Got[]
  connections(): number
  close(): Promise<void>
}

const refusal = (text: string) => Object.assign(new Error(text.slice(4)), { responseCode: Number(text.slice(0, 3)) })

/** A real mail server (smtp-server) that is in the mood it is told to be in, for each recipient. */
export async function startPeer(
  moodFor: (to: string, attempt: number) => Mood = () => ({}),
  options: SMTPServerOptions = {},
): Promise<Peer> {
  const got: Got[] = []
  const whole: Got[] = []
  const attempts = new Map<string, number>()
  const moods = new Map<string, Mood>()
  let opened = 0
  const sockets = () =>
    (server as unknown as { connections: Set<{ session: SMTPServerSession; _socket: Socket }> }).connections
  const hangUp = ({ id }: SMTPServerSession) => {
    for (const { session, _socket } of sockets()) if (session.id === id) _socket.destroy()
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect(_, done) {
      opened++
      done()
    },
    onMailFrom({ address }, _, done) {
      const mood = moodFor('', 0)
      done(mood.sender && (mood.sender.startsWith('5') ? address.includes('+') : true) ? refusal(mood.sender) : null)
    },
    onRcptTo({ address }, session, done) {
      const attempt = (attempts.get(address) ?? 0) + 1
      attempts.set(address, attempt)
      const mood = moodFor(address, attempt)
      moods.set(session.id, mood)
      done(mood.recipient ? refusal(mood.recipient) : null)
    },
    onData(stream, session, done) {
      const mood = moods.get(session.id) ?? {}
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        if (mood.cut === 'middle') hangUp(session)
      })
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const one = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo[0]?.address ?? '',
          raw: Buffer.concat(chunks).toString('latin1'),
        }
        whole.push(one)
        if (mood.cut === 'after') return hangUp(session)
        if (mood.silent) return
        if (mood.content) return done(refusal(mood.content))
        got.push(one)
        done(null)
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    port: (server.server.address() as AddressInfo).port,
    got,
    whole,
    connections: () => opened,
    close: () =>
      new Promise<void>((resolve) => {
        for (const { _socket } of sockets()) _socket.destroy()
        server.close(() => resolve())
      }),
  }
}
