import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Platform } from '../../../../platform/platform.ts'
import { readReplyAddress } from '../reply-address.rules.ts'
import { keepMail, MOST_MAIL_BYTES } from './keep-mail.ts'

const AGAIN_MS = 5_000

export type MailListening = { readonly port: number | null; close(): Promise<void> }

const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

/**
 * Takes mail from the mail server in front (MAIL_LISTEN), by SMTP or LMTP. A mail is acknowledged when it is kept, not before; of several worker
 * processes on one machine the first has the port, and another takes over when it ends. `close` waits for what is being kept.
 */
export async function listenForMail(platform: Platform, mostBytes = MOST_MAIL_BYTES): Promise<MailListening> {
  const at = platform.config.mailListen
  if (!at) return { port: null, close: async () => undefined }
  const closing = new AbortController()
  let server = await listen(platform, at, mostBytes)
  const trying = (async () => {
    while (!server && !closing.signal.aborted) {
      await sleep(AGAIN_MS, undefined, { signal: closing.signal }).catch(() => undefined)
      if (!closing.signal.aborted) server = await listen(platform, at, mostBytes)
    }
  })()
  return {
    get port() {
      return server ? (server.server.address() as AddressInfo).port : null
    },
    async close() {
      closing.abort()
      await trying
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    },
  }
}

type At = NonNullable<Platform['config']['mailListen']>

function listen(platform: Platform, { host, port, lmtp }: At, mostBytes: number): Promise<SMTPServer | null> {
  const server = new SMTPServer({
    lmtp,
    size: mostBytes,
    maxClients: 20,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo({ address }, _, done) {
      isOurs(platform, address).then(
        (ours) => done(ours ? null : refusal(550, '5.1.1 Nobody here has that address')),
        () => done(refusal(451, '4.3.0 Try again later')),
      )
    },
    onData(stream, session, done) {
      take(platform, stream, session).then(
        () => done(null),
        (error) => {
          if (!error.responseCode) platform.log.warn({ err: error }, 'a mail could not be kept')
          done(error.responseCode ? error : refusal(451, '4.3.0 Try again later'))
        },
      )
    },
  })
  return new Promise((resolve) => {
    server.on('error', (error) => {
      platform.log.warn({ err: error }, 'trouble where mail comes in')
      resolve(null)
    })
    server.listen(port, host, () => resolve(server))
  })
}

async function take(platform: Platform, stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) if (!stream.sizeExceeded) chunks.push(chunk)
  if (stream.sizeExceeded) throw refusal(552, '5.3.4 This mail is too large')
  const raw = Buffer.concat(chunks)
  const sender = envelope.mailFrom ? envelope.mailFrom.address : ''
  for (const { address } of envelope.rcptTo) await keepMail(platform, { sender, recipient: address, raw })
}

/** Where answers and bounces come in: nothing else is taken, or all the world would fill our disk. */
async function isOurs({ db, config, signer }: Platform, address: string): Promise<boolean> {
  if (readReplyAddress(signer, address)) return true
  const bare = address.toLowerCase().replace(/\+[^@]*@/, '@')
  const replies = config.mailReplies?.toLowerCase()
  if (replies && (replies.includes('@') ? bare === replies : bare.endsWith(`@${replies}`))) return true
  const from = (config.mailFrom ?? `no-reply@${new URL(config.baseUrl).hostname}`).replace(/^.*<|>.*$/g, '')
  if (bare === from.trim().toLowerCase()) return true
  const providers = await db.selectFrom('providers').select('settings').where('kind', '=', 'smtp').execute()
  return providers.some(({ settings }) =>
    [settings['returnPath'], settings['fromAddress']].some((one) => String(one ?? '').toLowerCase() === bare),
  )
}
