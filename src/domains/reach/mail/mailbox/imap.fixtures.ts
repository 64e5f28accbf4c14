import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import hoodiecrow from 'hoodiecrow-imap'

/** What lies between us and the server: `deaf` swallows everything from now on, as a network that forgot a connection does. */
export type ImapPeer = {
  port: number
  /** Puts a mail there, as a mail server would. */
  arrive(raw: string, internalDate?: Date): void
  messages(folder?: string): { raw: string; flags: string[] }[]
  /** The server counts anew, as after it was moved. */
  renumber(uidValidity: number): void
  /** How many connections there were, and how many there are. */
  connections: { ever: number; now: number }
  /** What a client said, in one text. */
  said(): string
  /** Ends every connection at once. */
  drop(): void
  deaf: boolean
  /** Does not answer whoever says something like this; null: answers everybody. */
  silentOn: RegExp | null
  close(): Promise<void>
}

/** A real IMAP server (hoodiecrow-imap), user `testuser`, password `testpass`, behind a wire that can be cut. */
export async function startImap({ plugins = ['ID', 'IDLE', 'UIDPLUS', 'MOVE'], old = 0 } = {}): Promise<ImapPeer> {
  const imap = hoodiecrow({
    plugins,
    storage: {
      INBOX: {
        uidvalidity: 7,
        messages: Array.from({ length: old }, (_, n) => ({
          raw: `Subject: old\r\nMessage-ID: <old${n}@x>\r\n\r\nold`,
        })),
      },
      '': { separator: '/', folders: { Other: {} } },
    },
  })
  await new Promise<void>((resolve) => imap.listen(0, resolve))
  const behind = (imap.server.address() as AddressInfo).port
  const open = new Set<Socket>()
  const heard: string[] = []
  const peer: ImapPeer = {
    port: 0,
    arrive: (raw, internalDate) =>
      imap.appendMessage('INBOX', [], internalDate ? imapDate(internalDate) : false, raw.replaceAll('\n', '\r\n')),
    messages: (folder = 'INBOX') => imap.getMailbox(folder).messages,
    renumber(uidValidity) {
      const box = imap.getMailbox('INBOX')
      box.uidvalidity = uidValidity
      box.messages.forEach((message, at) => {
        message.uid = at + 1
      })
      box.uidnext = box.messages.length + 1
    },
    connections: { ever: 0, now: 0 },
    said: () => heard.join(''),
    drop: () => {
      for (const socket of open) socket.destroy()
    },
    deaf: false,
    silentOn: null,
    close: () =>
      new Promise((resolve) => {
        wire.close(() => imap.close(() => resolve()))
        peer.drop()
      }),
  }
  const wire: Server = createServer((socket) => {
    peer.connections.ever++
    peer.connections.now++
    open.add(socket)
    const there = connect(behind, '127.0.0.1')
    socket.on('data', (data) => {
      heard.push(data.toString('latin1'))
      if (!peer.deaf && !peer.silentOn?.test(data.toString('latin1'))) there.write(data)
    })
    there.on('data', (data) => {
      if (!peer.deaf) socket.write(data)
    })
    const end = () => {
      if (open.delete(socket)) peer.connections.now--
      socket.destroy()
      there.destroy()
    }
    for (const one of [socket, there]) one.on('close', end).on('error', end)
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  peer.port = (wire.address() as AddressInfo).port
  return peer
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const two = (value: number) => String(value).padStart(2, '0')
const imapDate = (at: Date) =>
  `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`
