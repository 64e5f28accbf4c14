import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Prepares a server, before it listens, to be ended in peace: what is being answered is answered whole, every connection is closed as soon as nothing is asked on it.
 * Node's own `closeIdleConnections` passes over those on which nothing was asked yet, and a browser opens some to be faster later; they would hold the program for as long as it lets them.
 * @returns what ends it; resolves when the last connection is closed. Whoever is still being answered after `patienceMs` is cut off.
 */
export function drained(server: Server): (patienceMs: number) => Promise<void> {
  /** How many requests are being answered on each. */
  const open = new Map<Socket, number>()
  let leaving = false
  server.on('connection', (socket: Socket) => {
    open.set(socket, 0)
    socket.once('close', () => open.delete(socket))
  })
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    open.set(socket, (open.get(socket) ?? 0) + 1)
    if (leaving) response.shouldKeepAlive = false
    response.once('close', () => {
      const left = (open.get(socket) ?? 1) - 1
      if (open.has(socket)) open.set(socket, left)
      if (leaving && left === 0) socket.destroySoon()
    })
  })
  return (patienceMs) =>
    new Promise((resolve) => {
      leaving = true
      server.close(() => resolve())
      for (const [socket, asked] of open) if (asked === 0) socket.destroy()
      setTimeout(() => server.closeAllConnections(), patienceMs).unref()
    })
}
