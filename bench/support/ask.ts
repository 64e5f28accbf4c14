import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** The bytes of an answer as they came, still compressed, and its ETag. Throws unless it is a 200. */
export const asked = (url: string, headers: Record<string, string>): Promise<{ body: Buffer; etag: string }> =>
  new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve({ body: Buffer.concat(pieces), etag: answer.headers.etag ?? '' })
          : reject(new Error(`${url} answers ${answer.statusCode}`)),
      )
    })
      .on('error', reject)
      .end()
  })

/** The same once it is kept: what is kept is compressed again, better, once it is asked for again. */
export async function settled(url: string, headers: Record<string, string>): Promise<{ body: Buffer; etag: string }> {
  for (let i = 0; i < 4; i++) {
    await asked(url, headers)
    await sleep(500)
  }
  return asked(url, headers)
}
