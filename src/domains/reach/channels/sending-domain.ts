import { Resolver } from 'node:dns/promises'
import type { DnsRecord } from '../mail/sending-domains.store.ts'

/** The TXT records of a name, each in its pieces; rejects as node:dns does. */
export type ResolveTxt = (name: string) => Promise<string[][]>

const resolver = new Resolver({ timeout: 2500, tries: 2 })
export const resolveTxt: ResolveTxt = (name) => resolver.resolveTxt(name)

export type Check = {
  what: 'spf' | 'dkim' | 'dmarc'
  /** 'open': an SPF that lets everybody send; 'unknown': nobody answered, which says nothing about the record. */
  is: 'good' | 'missing' | 'double' | 'other' | 'open' | 'unknown'
  found: string[]
  /** What to publish, when it is not good as it is. */
  publish: DnsRecord | null
}

const ABSENT = new Set(['ENOTFOUND', 'ENODATA', 'ENONAME'])

/** The records of a name that begin with `kind`; null when nobody answered. */
async function records(resolve: ResolveTxt, name: string, kind: RegExp): Promise<string[] | null> {
  try {
    return (await resolve(name)).map((pieces) => pieces.join('')).filter((text) => kind.test(text))
  } catch (error) {
    return ABSENT.has((error as NodeJS.ErrnoException).code ?? '') ? [] : null
  }
}

type Domains = { from: string; returnPath: string; host: string; dkim: DnsRecord[] }

/** What the world is told of who may send in the name of a domain (RFC 7208, RFC 6376, RFC 7489). */
export async function checkDomain(resolve: ResolveTxt, { from, returnPath, host, dkim }: Domains): Promise<Check[]> {
  return Promise.all([
    checkSpf(resolve, returnPath, host),
    ...dkim.map((record) => checkDkim(resolve, record)),
    checkDmarc(resolve, from),
  ])
}

async function checkSpf(resolve: ResolveTxt, domain: string, host: string): Promise<Check> {
  const found = await records(resolve, domain, /^v=spf1(?:\s|$)/i)
  const publish: DnsRecord = { name: domain, type: 'TXT', value: `v=spf1 a:${host} ~all` }
  if (!found) return { what: 'spf', is: 'unknown', found: [], publish: null }
  if (found.length === 0) return { what: 'spf', is: 'missing', found, publish }
  if (found.length > 1) return { what: 'spf', is: 'double', found, publish: null }
  const open = /\s\+?all(?:\s|$)/i.test(found[0] ?? '')
  return { what: 'spf', is: open ? 'open' : 'good', found, publish: null }
}

async function checkDkim(resolve: ResolveTxt, record: DnsRecord): Promise<Check> {
  const found = await records(resolve, record.name, /(?:^|;)\s*p=/)
  if (!found) return { what: 'dkim', is: 'unknown', found: [], publish: record }
  const key = (text: string) => /(?:^|;)\s*p=([^;]*)/.exec(text)?.[1]?.replace(/\s/g, '')
  if (found.length === 0) return { what: 'dkim', is: 'missing', found, publish: record }
  if (found.length > 1) return { what: 'dkim', is: 'double', found, publish: record }
  const same = key(found[0] ?? '') === key(record.value)
  return { what: 'dkim', is: same ? 'good' : 'other', found, publish: same ? null : record }
}

/** A domain without a policy has that of the domains above it. */
async function checkDmarc(resolve: ResolveTxt, domain: string): Promise<Check> {
  const labels = domain.split('.')
  const above = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'))
  for (const name of above) {
    const found = await records(resolve, `_dmarc.${name}`, /^v=DMARC1(?:\s|;|$)/i)
    if (!found) return { what: 'dmarc', is: 'unknown', found: [], publish: null }
    if (found.length > 0) return { what: 'dmarc', is: found.length > 1 ? 'double' : 'good', found, publish: null }
  }
  const publish: DnsRecord = { name: `_dmarc.${domain}`, type: 'TXT', value: 'v=DMARC1; p=none' }
  return { what: 'dmarc', is: 'missing', found: [], publish }
}
