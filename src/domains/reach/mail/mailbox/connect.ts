import { ImapFlow } from 'imapflow'
import { fail, ok, type Result } from '../../../../platform/result.ts'
import type { MailboxSettings } from './settings.ts'

/** Why a mailbox cannot be read, and what the server or the system said to it. */
export type MailboxProblem = {
  is: 'password' | 'tls' | 'away' | 'folder' | 'silent' | 'other'
  said: string
}

/** As it stands beside the provider. */
export const problemText = ({ is, said }: MailboxProblem): string => `${is}: ${said}`.replaceAll('\0', '').slice(0, 500)
export function readProblem(text: string): MailboxProblem {
  const [, is, said] = /^(password|tls|away|folder|silent|other): (.*)$/s.exec(text) ?? []
  return is ? { is: is as MailboxProblem['is'], said: said ?? '' } : { is: 'other', said: text }
}

export type MailboxPatience = { connectMs: number; commandMs: number }
export const MAILBOX_PATIENCE: MailboxPatience = { connectMs: 20_000, commandMs: 120_000 }

export class Silent extends Error {}

/** What does not come in time is given up, and the connection with it. */
export async function inTime<T>(client: ImapFlow, ms: number, doing: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Silent(`no answer for ${Math.round(ms / 1000)} s`))
      client.close()
    }, ms)
  })
  try {
    return await Promise.race([doing, late])
  } finally {
    clearTimeout(timer)
    doing.catch(() => undefined)
  }
}

/** Opens the folder of a mailbox; whoever gets the client ends it. */
export async function openMailbox(
  { host, port, security, user, password, folder }: MailboxSettings,
  { connectMs, commandMs }: MailboxPatience,
): Promise<Result<ImapFlow, MailboxProblem>> {
  const client = new ImapFlow({
    host,
    port,
    secure: security === 'tls',
    ...(security === 'starttls' && { doSTARTTLS: true }),
    auth: { user, pass: password },
    logger: false,
    clientInfo: { name: 'Ritornello' },
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: commandMs,
    // Networks forget connections over which nothing is said.
    maxIdleTime: 5 * 60_000,
  })
  // Told to whoever waits for an answer as well.
  client.on('error', () => undefined)
  try {
    await inTime(client, connectMs * 2, client.connect())
  } catch (error) {
    client.close()
    return fail(problemOf(error))
  }
  try {
    await inTime(client, commandMs, client.mailboxOpen(folder))
    return ok(client)
  } catch (error) {
    const problem = problemOf(error)
    const isAnswer = typeof (error as { responseStatus?: unknown }).responseStatus === 'string'
    const there = isAnswer ? await inTime(client, connectMs, client.list()).catch(() => []) : []
    client.close()
    if (!isAnswer) return fail(problem)
    return fail({
      is: 'folder',
      said:
        there
          .map(({ path }) => path)
          .slice(0, 20)
          .join(', ') || problem.said,
    })
  }
}

const TLS = /^(?:CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)|certificate/i

/** What imapflow or the system threw, as what a person can mend. */
export function problemOf(error: unknown): MailboxProblem {
  const {
    code = '',
    message = String(error),
    responseText,
    authenticationFailed,
    tlsFailed,
  } = (error ?? {}) as {
    code?: string
    message?: string
    responseText?: string
    authenticationFailed?: boolean
    tlsFailed?: boolean
  }
  const said = responseText || message
  if (authenticationFailed) return { is: 'password', said }
  if (tlsFailed || TLS.test(code) || TLS.test(message)) return { is: 'tls', said }
  if (error instanceof Silent || /TIMEOUT|ETIMEDOUT/i.test(code)) return { is: 'silent', said }
  if (/^E[A-Z]+$/.test(code) || /^(?:NoConnection|ClosedAfterConnect)/.test(code)) return { is: 'away', said }
  return { is: 'other', said }
}
