import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'

/** The public half of an Ed25519 key, as RFC 8037 writes it. */
export type PublicJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string }

/** A new Ed25519 key: its public half, its private half as PEM, and its name, the thumbprint of RFC 7638. */
export function newSigningKey(): { kid: string; publicJwk: PublicJwk; pem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const publicJwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x }
  return {
    kid: thumbprint(publicJwk),
    publicJwk,
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** RFC 7638: the required members in the order of their names, without spaces, hashed with SHA-256. */
export const thumbprint = ({ crv, kty, x }: PublicJwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')

/** A compact JWS (RFC 7515 §7.1) over `payload`, signed with EdDSA (RFC 8037). The same input is signed the same. */
export function compactJws(payload: object, header: { kid: string; jku: string }, pem: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg: 'EdDSA', typ: 'JOSE', ...header })}.${encode(payload)}`
  return `${text}.${sign(null, Buffer.from(text), createPrivateKey(pem)).toString('base64url')}`
}
