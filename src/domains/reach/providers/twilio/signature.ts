import { createHmac } from 'node:crypto'

/**
 * X-Twilio-Signature: HMAC-SHA-1 under the account's token of the address that was asked and, sorted by name, every field's name and value. Twilio
 * sometimes signs the address with its port and sometimes without, so both are right.
 */
export function twilioSignatures(token: string, url: string, fields: [string, string][]): string[] {
  const said = fields
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => name + value)
    .join('')
  return withAndWithoutPort(url).map((address) =>
    createHmac('sha1', token)
      .update(address + said, 'utf8')
      .digest('base64'),
  )
}

function withAndWithoutPort(url: string): string[] {
  const { protocol, hostname, port } = new URL(url)
  const rest = url.slice(new URL(url).origin.length)
  const usual = protocol === 'https:' ? '443' : '80'
  return [`${protocol}//${hostname}:${port || usual}${rest}`, `${protocol}//${hostname}${rest}`]
}
