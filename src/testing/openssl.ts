import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the public keys of a place are looked up in. */
type Jwks = { keys: { kid: string; x: string }[] }

/** What anybody has: the file and the keys, and OpenSSL. Throws when the signature does not hold. */
export function verifyWithOpenssl(jws: string, jwks: Jwks) {
  const [head = '', body = '', signature = ''] = jws.split('.')
  const header = JSON.parse(Buffer.from(head, 'base64url').toString())
  const key = jwks.keys.find(({ kid }) => kid === header.kid)
  if (!key) throw new Error('no such key')
  // SubjectPublicKeyInfo of RFC 8410: a fixed beginning, then the 32 bytes of "x".
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key.x, 'base64url')])
  const pem = `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`
  const folder = mkdtempSync(join(tmpdir(), 'jws-'))
  try {
    const [keyFile, text, sig] = ['key.pem', 'text', 'sig'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(keyFile, pem)
    writeFileSync(text, `${head}.${body}`)
    writeFileSync(sig, Buffer.from(signature, 'base64url'))
    execFileSync(
      'openssl',
      ['pkeyutl', '-verify', '-pubin', '-inkey', keyFile, '-rawin', '-in', text, '-sigfile', sig],
      { stdio: 'pipe' },
    )
    return { header, payload: JSON.parse(Buffer.from(body, 'base64url').toString()) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
