/** What our tests and benches use of the npm package `smpp`, which has no types: a network to speak to, written by others. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server, Socket } from 'node:net'

  export type Message = { udh?: Buffer[]; message: string | Buffer }
  export type Pdu = {
    command: string
    command_status: number
    sequence_number: number
    system_id?: string
    password?: string
    source_addr?: string
    source_addr_ton?: number
    destination_addr?: string
    dest_addr_ton?: number
    esm_class?: number
    data_coding?: number
    registered_delivery?: number
    validity_period?: string | Date
    short_message?: Message
    message_id?: string
    response(options?: Record<string, unknown>): Pdu
    toBuffer(): Buffer
  }
  export type Session = EventEmitter & {
    socket: Socket
    send(pdu: Pdu): boolean
    close(done?: () => void): void
    destroy(done?: () => void): void
    deliver_sm(fields: Record<string, unknown>, answered?: (pdu: Pdu) => void): boolean
    submit_sm(fields: Record<string, unknown>, answered?: (pdu: Pdu) => void): boolean
    bind_transceiver(fields: Record<string, unknown>, answered?: (pdu: Pdu) => void): boolean
    enquire_link(answered?: (pdu: Pdu) => void): boolean
    unbind(answered?: (pdu: Pdu) => void): boolean
  }
  export function createServer(listener: (session: Session) => void): Server
  export function createServer(options: { key: string; cert: string }, listener: (session: Session) => void): Server
  export function connect(options: { host: string; port: number }, connected?: () => void): Session
}
