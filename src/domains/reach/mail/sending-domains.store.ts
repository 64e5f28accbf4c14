import '../tables.ts'
import { createPublicKey, generateKeyPair } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { Platform } from '../../../platform/platform.ts'

/** The private keys of a domain, as PEM. */
export type SendingKeys = { domain: string; selector: string; rsa: string; ed25519: string }

export type DnsRecord = { name: string; type: 'TXT'; value: string }

/** Whose keys: an artist's, a label's, or neither's and so the place's own. */
export type KeyOwner = { artistId: string | null; labelId: string | null }
export const PLACE: KeyOwner = { artistId: null, labelId: null }

const ownerId = ({ artistId, labelId }: KeyOwner) => artistId ?? labelId
const purpose = (domain: string, owner: KeyOwner) =>
  ['sending-domain', domain, ownerId(owner)].filter(Boolean).join(':')

/**
 * Makes the keys with which mail of a domain is signed for somebody, unless they have some; answers with the records that belong into its DNS. Null for what
 * is no domain's name.
 */
export async function makeSendingDomain(
  { db, sealer, now }: Pick<Platform, 'db' | 'sealer' | 'now'>,
  name: string,
  owner: KeyOwner = PLACE,
): Promise<DnsRecord[] | null> {
  const domain = domainToASCII(name).toLowerCase()
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(domain)) return null
  const { artistId, labelId } = owner
  const theirs = () =>
    db
      .selectFrom('sendingDomains')
      .selectAll()
      .where('domain', '=', domain)
      .where('artistId', 'is not distinct from', artistId)
      .where('labelId', 'is not distinct from', labelId)
  const known = await theirs().executeTakeFirst()
  if (known && sealer.unseal(purpose(domain, owner), known.secrets) !== null) return dnsRecords(known)
  const [rsa, ed25519] = await Promise.all([newKeys('rsa'), newKeys('ed25519')])
  const keys = {
    // Dated, so that the next keys can stand beside these for a while; and of each owner its own, since the DNS has one name for each.
    selector: `r${now().toISOString().slice(0, 10).replaceAll('-', '')}${ownerId(owner)?.slice(-8).replace(/^/, 'x') ?? ''}`,
    rsaPublic: rsa.publicKey,
    ed25519Public: ed25519.publicKey,
    secrets: sealer.seal(purpose(domain, owner), JSON.stringify({ rsa: rsa.privateKey, ed25519: ed25519.privateKey })),
  }
  const made = await db
    .insertInto('sendingDomains')
    .values({ domain, artistId, labelId, ...keys })
    // Sealed under a key that is gone, they are of no use: only those make room.
    .onConflict((conflict) =>
      conflict
        .columns(['domain', 'artistId', 'labelId'])
        .doUpdateSet(keys)
        .where('sendingDomains.secrets', '=', known?.secrets ?? Buffer.alloc(0)),
    )
    .returningAll()
    .executeTakeFirst()
  const row = made ?? (await theirs().executeTakeFirstOrThrow())
  return dnsRecords(row)
}

const PEM = {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
} as const

const newKeys = (kind: 'rsa' | 'ed25519') =>
  new Promise<{ publicKey: string; privateKey: string }>((resolve, reject) => {
    const done = (error: Error | null, publicKey: string, privateKey: string) =>
      error ? reject(error) : resolve({ publicKey, privateKey })
    if (kind === 'rsa') generateKeyPair('rsa', { modulusLength: 2048, ...PEM }, done)
    else generateKeyPair('ed25519', PEM, done)
  })

/** The public keys, as RFC 6376 and RFC 8463 want them in the DNS. */
function dnsRecords({
  domain,
  selector,
  rsaPublic,
  ed25519Public,
}: {
  domain: string
  selector: string
  rsaPublic: string
  ed25519Public: string
}): DnsRecord[] {
  const rsa = createPublicKey(rsaPublic).export({ type: 'spki', format: 'der' }).toString('base64')
  // The 32 bytes alone: the end of their SPKI form.
  const ed25519 = createPublicKey(ed25519Public)
    .export({ type: 'spki', format: 'der' })
    .subarray(-32)
    .toString('base64')
  return [
    { name: `${selector}r._domainkey.${domain}`, type: 'TXT', value: `v=DKIM1; k=rsa; p=${rsa}` },
    { name: `${selector}e._domainkey.${domain}`, type: 'TXT', value: `v=DKIM1; k=ed25519; p=${ed25519}` },
  ]
}

/** Somebody's keys to sign with for an address: those of its domain, or of the nearest domain above it. Null when they have none. */
export async function keysFor(
  { db, sealer }: Pick<Platform, 'db' | 'sealer'>,
  address: string,
  owner: KeyOwner,
): Promise<SendingKeys | null> {
  const labels = domainToASCII(address.slice(address.lastIndexOf('@') + 1))
    .toLowerCase()
    .split('.')
  const domains = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'))
  if (domains.length === 0) return null
  const rows = await db
    .selectFrom('sendingDomains')
    .select(['domain', 'selector', 'secrets'])
    .where('domain', 'in', domains)
    .where('artistId', 'is not distinct from', owner.artistId)
    .where('labelId', 'is not distinct from', owner.labelId)
    .execute()
  const [nearest] = rows.toSorted((a, b) => b.domain.length - a.domain.length)
  if (!nearest) return null
  const opened = sealer.unseal(purpose(nearest.domain, owner), nearest.secrets)
  if (opened === null)
    throw new Error(`The keys of ${nearest.domain} were sealed under another SECRET_KEY: make new ones for it.`)
  return { domain: nearest.domain, selector: nearest.selector, ...JSON.parse(opened) }
}
