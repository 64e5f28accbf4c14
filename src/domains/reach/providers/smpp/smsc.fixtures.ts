import type { AddressInfo } from 'node:net'
import { createServer, type Pdu, type Session } from 'smpp'
import type { SessionSettings } from './session.ts'

export type Submitted = {
  from: string
  to: string
  /** Without its header. */
  text: string
  udh: number[] | null
  dataCoding: number
  esmClass: number
  ref: string
  pdu: Pdu
  session: Session
}
/** What the network does with a message: takes it (ok, or nothing said), refuses it with a status, keeps silent. */
type Behaviour = (message: Submitted, count: number) => number | 'silent' | undefined

export type Smsc = {
  port: number
  /** What it takes for a password. */
  password: string
  messages: Submitted[]
  /** Those that are bound now. */
  sessions: Session[]
  /** A session is bound. */
  bound(count?: number): Promise<Session>
  /** The network sends something and waits for the answer. */
  deliver(fields: Record<string, unknown>, session?: Session): Promise<number>
  close(): Promise<void>
}

/** A network on this machine, made of the npm package `smpp`: an independent reading of the standard. */
export async function openSmsc({
  submit = () => undefined,
  password = 'secret',
  tls,
}: {
  submit?: Behaviour
  password?: string
  tls?: { key: string; cert: string }
} = {}): Promise<Smsc> {
  const messages: Submitted[] = []
  const sessions: Session[] = []
  const all = new Set<Session>()
  let binds = 0
  let bell = Promise.withResolvers<void>()
  const listener = (session: Session) => {
    all.add(session)
    session.on('error', () => session.destroy())
    session.on('close', () => {
      all.delete(session)
      const at = sessions.indexOf(session)
      if (at >= 0) sessions.splice(at, 1)
    })
    session.on('bind_transceiver', (pdu: Pdu) => {
      if (pdu.password !== smsc.password) {
        session.send(pdu.response({ command_status: 0x0e }))
        return
      }
      session.send(pdu.response({ system_id: 'smsc' }))
      sessions.push(session)
      binds++
      bell.resolve()
      bell = Promise.withResolvers()
    })
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
    session.on('unbind', (pdu: Pdu) => {
      session.send(pdu.response())
      session.close()
    })
    session.on('submit_sm', (pdu: Pdu) => {
      const ref = (0xa000 + messages.length).toString(16)
      const message: Submitted = {
        from: pdu.source_addr ?? '',
        to: pdu.destination_addr ?? '',
        text: String(pdu.short_message?.message ?? ''),
        udh: pdu.short_message?.udh ? [...Buffer.concat(pdu.short_message.udh)] : null,
        dataCoding: pdu.data_coding ?? 0,
        esmClass: pdu.esm_class ?? 0,
        ref,
        pdu,
        session,
      }
      messages.push(message)
      const what = submit(message, messages.length)
      if (what === 'silent') return
      session.send(pdu.response(what ? { command_status: what } : { message_id: ref }))
    })
  }
  const server = tls ? createServer(tls, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const smsc: Smsc = {
    password,
    port: (server.address() as AddressInfo).port,
    messages,
    sessions,
    async bound(count = 1) {
      while (binds < count || sessions.length === 0) await bell.promise
      return sessions.at(-1) as Session
    },
    deliver: (fields, session = sessions.at(-1) as Session) =>
      new Promise((resolve) => session.deliver_sm(fields, (answer) => resolve(answer.command_status))),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const session of all) session.destroy()
      await closed
    },
  }
  return smsc
}

export const settingsFor = ({ port }: { port: number }, more: Partial<SessionSettings> = {}): SessionSettings => ({
  host: '127.0.0.1',
  port,
  tls: false,
  systemId: 'ritornello',
  password: 'secret',
  systemType: '',
  window: 10,
  answerMs: 5_000,
  enquireMs: 30_000,
  throttleMs: 20,
  ...more,
})
