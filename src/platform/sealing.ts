import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Seals what must be read again but never lie open in the database: passwords of mail servers, private keys. */
export type Sealer = {
  /** AES-256-GCM; `purpose` is part of what is sealed, so that a sealed thing opens only as what it is. */
  seal(purpose: string, text: string): Buffer
  /** Null when it was sealed under another key or for another purpose, or was changed since. */
  unseal(purpose: string, sealed: Buffer): string | null
}

const VERSION = 1
const NONCE = 12
const TAG = 16

/** The key comes from the place's secret by HKDF-SHA-256 (RFC 5869). A backup carries the sealed bytes, and not that secret. */
export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'ritornello sealing 1', 32))
  return {
    seal(purpose, text) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(purpose))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed])
    },
    unseal(purpose, sealed) {
      if (sealed.length < 1 + NONCE + TAG || sealed[0] !== VERSION) return null
      const nonce = sealed.subarray(1, 1 + NONCE)
      const tag = sealed.subarray(1 + NONCE, 1 + NONCE + TAG)
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG })
          .setAAD(Buffer.from(purpose))
          .setAuthTag(tag)
        return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}
