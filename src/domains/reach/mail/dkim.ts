import { createHash, type KeyObject, sign } from 'node:crypto'
import type { Written } from './letter.ts'

export type DkimKeys = {
  domain: string
  selector: string
  rsa: KeyObject
  ed25519: KeyObject
}

/** What the keys of one owner for one domain are called. */
export const keyName = ({ selector, domain }: { selector: string; domain: string }): string => `${selector}.${domain}`

/** Signed when they are there. Those named twice are signed as absent beyond the first, so that nobody adds a second one. */
const SIGNED = [
  ...['from', 'from', 'to', 'to', 'subject', 'subject', 'date', 'date', 'message-id', 'mime-version', 'content-type'],
  ...['content-transfer-encoding', 'reply-to', 'in-reply-to', 'references', 'list-id', 'list-unsubscribe'],
  ...['list-unsubscribe-post', 'feedback-id', 'auto-submitted', 'precedence'],
]

/**
 * Two DKIM-Signature headers, to be put before the letter's own: rsa-sha256 (RFC 6376), which everybody verifies, and ed25519-sha256
 * (RFC 8463). Both relaxed/relaxed, over every header that says something, the two of one-click unsubscribing among them.
 */
export function signLetter({ headers, body }: Written, keys: DkimKeys, at: Date): string[] {
  for (const kind of ['rsa', 'ed25519'] as const)
    if (keys[kind].asymmetricKeyType !== kind)
      throw new Error(`The ${kind} key of ${keys.domain} is another kind of key`)
  const relaxed = headers.map(relaxHeader)
  const names = SIGNED.filter(
    (name, index) => SIGNED.indexOf(name) !== index || relaxed.some((line) => line.startsWith(`${name}:`)),
  )
  const covered = names
    .filter((name, index) => names.indexOf(name) === index)
    .map((name) => relaxed.findLast((line) => line.startsWith(`${name}:`)))
    .join('\r\n')
  const bodyHash = createHash('sha256').update(relaxBody(body)).digest('base64')
  const seconds = Math.floor(at.getTime() / 1000)
  const make = (algorithm: string, suffix: string, signed: (data: Buffer) => Buffer) => {
    const unsigned = [
      `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed; d=${keys.domain};`,
      ` s=${keys.selector}${suffix}; t=${seconds};`,
      ` h=${foldNames(names)};`,
      ` bh=${bodyHash};`,
      ' b=',
    ].join('\r\n')
    const signature = signed(Buffer.from(`${covered}\r\n${relaxHeader(unsigned)}`, 'latin1')).toString('base64')
    return unsigned + signature.replace(/.{70}(?!$)/g, '$&\r\n ')
  }
  return [
    make('rsa-sha256', 'r', (data) => sign('sha256', data, keys.rsa)),
    // RFC 8463, section 3: what Ed25519 signs is the SHA-256 of the headers.
    make('ed25519-sha256', 'e', (data) => sign(null, createHash('sha256').update(data).digest(), keys.ed25519)),
  ]
}

function foldNames(names: string[]): string {
  const lines: string[] = []
  let line = ''
  for (const name of names) {
    if (line.length + name.length > 68) {
      lines.push(line)
      line = ''
    }
    line += line || lines.length ? `:${name}` : name
  }
  return [...lines, line].join('\r\n ')
}

/** RFC 6376, 3.4.2. */
function relaxHeader(line: string): string {
  const colon = line.indexOf(':')
  const value = line
    .slice(colon + 1)
    .replaceAll('\r\n', '')
    .replace(/[\t ]+/g, ' ')
    .trim()
  return `${line.slice(0, colon).toLowerCase()}:${value}`
}

/** RFC 6376, 3.4.4. */
const relaxBody = (body: string) =>
  body
    .replace(/[\t ]+(?=\r\n)/g, '')
    .replace(/[\t ]+/g, ' ')
    .replace(/(?:\r\n)+$/, '\r\n')
