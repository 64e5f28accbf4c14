import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { newSigningKey, type PublicJwk } from './sign.ts'

/** A key signs for so long; then a new one does. */
const SIGNS_MS = 365 * 24 * 3_600_000

const purpose = (kid: string) => `signing-key:${kid}`

/**
 * The key that signs now, made when there is none, when the last is a year old, or when it was sealed under another secret of the place and cannot be read.
 */
export async function signingKey({
  db,
  sealer,
  now,
}: Pick<Platform, 'db' | 'sealer' | 'now'>): Promise<{ kid: string; pem: string }> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('signing-keys', 89))`.execute(tx)
    const last = await latestKey(tx)
    const pem =
      last && last.createdAt.getTime() > now().getTime() - SIGNS_MS
        ? sealer.unseal(purpose(last.kid), last.privateKey)
        : null
    if (last && pem) return { kid: last.kid, pem }
    const made = newSigningKey()
    await tx
      .insertInto('signingKeys')
      .values({
        kid: made.kid,
        publicJwk: JSON.stringify(made.publicJwk),
        privateKey: sealer.seal(purpose(made.kid), made.pem),
        createdAt: now(),
      })
      .execute()
    return { kid: made.kid, pem: made.pem }
  })
}

const latestKey = (tx: Tx) =>
  tx
    .selectFrom('signingKeys')
    .select(['kid', 'privateKey', 'createdAt'])
    .orderBy('createdAt', 'desc')
    .orderBy('kid')
    .limit(1)
    .executeTakeFirst()

/** Every key that ever signed here, the latest first, as a JWK Set (RFC 7517 §5) holds them. */
export async function publicKeys(db: Db): Promise<(PublicJwk & { kid: string; use: 'sig'; alg: 'EdDSA' })[]> {
  const rows = await db.selectFrom('signingKeys').select(['kid', 'publicJwk']).orderBy('createdAt', 'desc').execute()
  return rows.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, use: 'sig', alg: 'EdDSA' }))
}
