/** The baseline of `fanout-mail`: one bare nodemailer pool with RSA-2048 DKIM, personalised messages, as fast as it goes. Prints messages a second. */
import { generateKeyPairSync } from 'node:crypto'
import { createTransport } from 'nodemailer'

const { url, count, subject, text, html, connections } = JSON.parse(process.argv[2] ?? '{}')
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const { hostname: host, port } = new URL(url)
const transport = createTransport({
  host,
  port: Number(port),
  pool: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
  dkim: { domainName: 'music.example', keySelector: 'bench', privateKey },
})
const one = (n: number) =>
  transport.sendMail({
    from: '"Bench Artist" <hello@music.example>',
    to: `fan${n}@fans.example`,
    subject,
    text: `${text}\n\n${n}`,
    ...(html && { html: `${html}<!-- ${n} -->` }),
    list: { unsubscribe: { url: `https://music.example/leave/${n}`, comment: 'Leave' } },
  })

let next = 0
const lane = async (until: number) => {
  while (next < until) await one(next++)
}
const all = (until: number) => Promise.all(Array.from({ length: 100 }, () => lane(until)))
// Connections are open and the code is warm before it counts.
const warm = Math.min(200, count)
await all(warm)
const began = performance.now()
await all(warm + count)
console.log(JSON.stringify({ perSecond: count / ((performance.now() - began) / 1000) }))
transport.close()
