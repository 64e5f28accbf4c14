import { createPrivateKey } from 'node:crypto'
import type { Platform } from '../../../platform/platform.ts'
import { signLetter } from './dkim.ts'
import { keysFor, PLACE } from './sending-domains.store.ts'

/**
 * Signs the place's own mails (ways in, invitations, questions about comments) with the place's keys for the domain that they are from. Without keys, or with
 * keys that cannot be opened, they leave as they are: a way in is worth more than a signature.
 */
export const signRaw =
  (platform: Pick<Platform, 'db' | 'sealer' | 'log' | 'now'>) =>
  async (raw: Buffer, from: string): Promise<Buffer> => {
    const keys = await keysFor(platform, from, PLACE).catch((error) => {
      platform.log.warn({ err: error }, 'a mail leaves unsigned')
      return null
    })
    if (!keys) return raw
    // Lines end as they will on their way: what is signed is what arrives.
    const whole = raw.toString('latin1').replace(/\r?\n/g, '\r\n')
    const end = whole.indexOf('\r\n\r\n')
    if (end < 0) return raw
    const headers = whole.slice(0, end).split(/\r\n(?![ \t])/)
    const rest = whole.slice(end + 4)
    const body = rest.endsWith('\r\n') ? rest : `${rest}\r\n`
    const { domain, selector } = keys
    const opened = { domain, selector, rsa: createPrivateKey(keys.rsa), ed25519: createPrivateKey(keys.ed25519) }
    const signatures = signLetter({ headers, body }, opened, platform.now())
    return Buffer.from(`${[...signatures, ...headers].join('\r\n')}\r\n\r\n${body}`, 'latin1')
  }
