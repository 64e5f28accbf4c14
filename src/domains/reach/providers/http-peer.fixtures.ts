import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export type PeerRequest = { method: string; path: string; headers: IncomingHttpHeaders; body: string; octets: Buffer }
export type PeerAnswer = { status: number; headers?: Record<string, string>; json?: unknown; text?: string } | 'drop'

export type HttpPeer = { url: string; requests: PeerRequest[]; close(): Promise<void> }

/** A service on this machine that answers as it is told; 'drop' breaks the connection without an answer. */
export async function openHttpPeer(answer: (request: PeerRequest, count: number) => PeerAnswer): Promise<HttpPeer> {
  const requests: PeerRequest[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const octets = Buffer.concat(chunks)
      const { method = '', url: path = '', headers } = request
      const heard = { method, path, headers, body: octets.toString('utf8'), octets }
      requests.push(heard)
      const what = answer(heard, requests.length)
      if (what === 'drop') {
        request.socket.destroy()
        return
      }
      response.writeHead(what.status, { 'content-type': 'application/json', ...what.headers })
      response.end(what.text ?? (what.json === undefined ? '' : JSON.stringify(what.json)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
