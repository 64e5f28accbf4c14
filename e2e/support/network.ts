import type { AddressInfo } from 'node:net'
import { createServer, type Pdu, type Session } from 'smpp'

export type Network = {
  port: number
  password: string
  /** Text messages that it was given, in order, parts apart. */
  messages: { to: string; text: string }[]
  /** Resolves once the program is bound to it. */
  bound: Promise<void>
  /** A telephone writes to the program: the status of its answer, 0 when it has it. */
  deliver(from: string, to: string, text: string): Promise<number>
  close(): Promise<void>
}

/** A network of telephones on this machine, that speaks SMPP by an implementation that is not ours. */
export async function openNetwork(): Promise<Network> {
  const messages: Network['messages'] = []
  const bound = Promise.withResolvers<void>()
  const sessions = new Set<Session>()
  const network = createServer((session: Session) => {
    session.on('error', () => session.destroy())
    session.on('close', () => sessions.delete(session))
    session.on('bind_transceiver', (pdu: Pdu) => {
      session.send(pdu.response(pdu.password === 'secret' ? {} : { command_status: 0x0e }))
      if (pdu.password !== 'secret') return
      sessions.add(session)
      bound.resolve()
    })
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
    session.on('unbind', (pdu: Pdu) => {
      session.send(pdu.response())
      session.close()
    })
    session.on('submit_sm', (pdu: Pdu) => {
      messages.push({ to: pdu.destination_addr ?? '', text: String(pdu.short_message?.message ?? '') })
      session.send(pdu.response({ message_id: String(messages.length) }))
    })
  })
  await new Promise<void>((resolve) => network.listen(0, '127.0.0.1', resolve))
  return {
    port: (network.address() as AddressInfo).port,
    password: 'secret',
    messages,
    bound: bound.promise,
    deliver: (source_addr, destination_addr, short_message) =>
      new Promise((resolve, reject) => {
        const session = [...sessions].at(-1)
        if (!session) return reject(new Error('The program is not bound'))
        session.deliver_sm({ source_addr, destination_addr, short_message }, (answer) => resolve(answer.command_status))
      }),
    async close() {
      const closed = new Promise((resolve) => network.close(resolve))
      for (const session of sessions) session.destroy()
      await closed
    },
  }
}
