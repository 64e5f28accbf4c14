import { createVerify, X509Certificate } from 'node:crypto'
import * as z from 'zod'
import { askOutside } from '../../../../platform/http/outside.ts'
import { fail, ok, type Result } from '../../../../platform/result.ts'

/** What SNS posts (Amazon SNS, HTTP/HTTPS notification JSON format). */
const Message = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string(),
  Subject: z.string().optional(),
  Message: z.string(),
  Timestamp: z.iso.datetime({ offset: true }),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
})
export type SnsMessage = z.infer<typeof Message>
export const readSns = (said: unknown): SnsMessage | null => Message.safeParse(said).data ?? null

const HOST = /^sns\.[a-z0-9-]{3,40}\.amazonaws\.com(?:\.cn)?$/

/** An address of Amazon SNS, and nobody else's: over TLS, on its own port, without credentials. */
export function snsAddress(text: string): URL | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const plain = url.protocol === 'https:' && !url.port && !url.username && !url.password
  return plain && HOST.test(url.hostname) ? url : null
}

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const

/** What the signature is made over: name and value, a line each, of those that are there. */
export const signedText = (message: SnsMessage): string =>
  (message.Type === 'Notification' ? NOTIFICATION : CONFIRMATION)
    .flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]))
    .join('')

export type Ask = typeof askOutside

/** Certificates by their address: SNS changes them once a year. */
const certificates = new Map<string, X509Certificate>()
const MOST_CERTIFICATES = 50

async function certificateOf(baseUrl: string, url: URL, ask: Ask): Promise<X509Certificate> {
  const known = certificates.get(url.href)
  if (known) return known
  const { status, body } = await ask(baseUrl, { url: url.href, method: 'GET', timeoutMs: 10_000, maxBytes: 20_000 })
  if (status !== 200) throw new Error(`the certificate of SNS could not be had: ${status}`)
  const certificate = new X509Certificate(body)
  if (certificates.size >= MOST_CERTIFICATES) certificates.clear()
  certificates.set(url.href, certificate)
  return certificate
}

/**
 * Whether SNS signed it: with a certificate that is named for SNS, in force, and served by SNS itself. Throws when the certificate cannot be had
 * now, so that SNS says it again.
 */
export async function verifySns(
  message: SnsMessage,
  baseUrl: string,
  now: Date,
  ask: Ask = askOutside,
): Promise<Result<void, string>> {
  const url = snsAddress(message.SigningCertURL)
  if (!url?.pathname.endsWith('.pem')) return fail('its certificate is not at an address of SNS')
  const certificate = await certificateOf(baseUrl, url, ask)
  const named = ['sns.amazonaws.com', url.hostname].some((host) => certificate.checkHost(host) !== undefined)
  if (!named) return fail('its certificate is not of SNS')
  if (now < new Date(certificate.validFrom) || now > new Date(certificate.validTo))
    return fail('its certificate is not in force')
  const verifier = createVerify(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
  verifier.update(signedText(message), 'utf8')
  return verifier.verify(certificate.publicKey, message.Signature, 'base64')
    ? ok(undefined)
    : fail('its signature is wrong')
}
