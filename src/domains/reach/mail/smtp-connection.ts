import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Said } from './replies.rules.ts'
import type { MailSettings } from './settings.ts'

export type Envelope = { from: string; to: string }

/** One conversation with a mail server, greeted, encrypted and signed in. */
export type Connection = {
  /** False once it ended; ask before each message. */
  readonly usable: boolean
  send(envelope: Envelope, message: Buffer): Promise<Said>
  close(): void
}

const CONNECT_MS = 30_000

/**
 * Opens a connection with nodemailer's SMTP client.
 * @throws Error whose message is what the server or the system said
 */
export async function connect(settings: MailSettings, helloAs: string): Promise<Connection> {
  const { host, port, security, user, password, timeoutMs } = settings
  const setUp = Math.min(CONNECT_MS, timeoutMs)
  const client = new SMTPConnection({
    host,
    port,
    name: helloAs,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    connectionTimeout: setUp,
    greetingTimeout: setUp,
    socketTimeout: timeoutMs,
    // What still waits in a buffer when we give up must not leave behind our back.
    socketCloseTimeout: 0,
  } as SMTPConnection.Options)
  let ended = false
  let broken: Error | null = null
  client.on('error', (error) => {
    broken = error
  })
  client.once('end', () => {
    ended = true
  })
  const step = (act: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      const give = (error?: Error | null) => (error ? reject(error) : resolve())
      client.once('error', give)
      client.once('end', () => give(broken ?? new Error('The server closed the connection')))
      act((error) => {
        client.off('error', give)
        give(error)
      })
    })
  try {
    await step((done) => client.connect((error) => done(error)))
    if (user) await step((done) => client.login({ credentials: { user, pass: password } }, (error) => done(error)))
  } catch (error) {
    client.close()
    throw error
  }

  return {
    get usable() {
      return !ended
    },
    send: (envelope, message) =>
      new Promise((resolve) => {
        const progress = { begun: false, dotSent: false }
        let said: Said | null = null
        // Whatever else happens, the end of the connection is an answer.
        const atEnd = () =>
          resolve(said ?? { is: 'cut', reason: broken?.message ?? 'The connection ended.', dotSent: progress.dotSent })
        client.once('end', atEnd)
        const answer = (final: Said) => {
          client.off('end', atEnd)
          resolve(final)
        }
        client.send(envelope, asMessage(message, progress), (error, info) => {
          if (!error) {
            const { response = '', serverMessageId } = info as { response?: string; serverMessageId?: string }
            return answer({ is: 'taken', reply: response, ref: serverMessageId?.replace(/^<|>$/g, '') ?? null })
          }
          said = whatWentWrong(error as SmtpError, progress)
          if (said.is !== 'refused' || ended) return answer(said)
          // A refused recipient leaves the transaction open.
          const refused = said
          client.reset((failed) => {
            if (failed) client.close()
            answer(refused)
          })
        })
      }),
    close: () => (ended ? undefined : client.quit()),
  }
}

/**
 * The message as nodemailer's client takes it, told when it is under way: it asks a stream for its bytes after the server has said 354, and reads
 * the final dot when all of them are written.
 */
function asMessage(message: Buffer, progress: { begun: boolean; dotSent: boolean }): Buffer {
  const source = {
    pipe(stream: NodeJS.WritableStream & NodeJS.ReadableStream) {
      progress.begun = true
      stream.once('end', () => {
        progress.dotSent = true
      })
      stream.write(message)
      stream.end()
    },
  }
  return source as unknown as Buffer
}

type SmtpError = Error & { responseCode?: number; response?: string; command?: string; rejectedErrors?: SmtpError[] }

function whatWentWrong(error: SmtpError, { begun, dotSent }: { begun: boolean; dotSent: boolean }): Said {
  const { responseCode: code, response, command = '' } = error.rejectedErrors?.[0] ?? error
  const answered = code !== undefined && code >= 400 && response !== undefined && command !== 'CONN'
  if (!answered) return { is: 'cut', reason: error.message, dotSent }
  const to = command === 'MAIL FROM' ? 'sender' : command === 'RCPT TO' && !begun ? 'recipient' : 'content'
  return { is: 'refused', to, code, reply: response }
}
