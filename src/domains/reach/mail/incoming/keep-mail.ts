import '../../tables.ts'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../../../platform/database/index.ts'
import { newId } from '../../../../platform/ids.ts'
import { addJob } from '../../../../platform/jobs/index.ts'
import type { Platform } from '../../../../platform/platform.ts'
import { readPart } from './report.rules.ts'

export type IncomingMail = {
  sender: string
  recipient: string
  raw: Buffer
  /** The mailbox that it was found in; null when a mail server brought it. */
  providerId?: string | null
  /** Written in the transaction that keeps it. */
  also?: (tx: Tx) => Promise<void>
  /** When it came, unless now. */
  at?: Date
}

/** As much as large mail hosts take. */
export const MOST_MAIL_BYTES = 35_000_000

/** Keeps a mail as it came, once, before anybody makes sense of it. False when it was there already. */
export async function keepMail(
  { db, storage, now }: Pick<Platform, 'db' | 'storage' | 'now'>,
  { sender, recipient, raw, providerId = null, also, at = now() }: IncomingMail,
): Promise<boolean> {
  const id = newId()
  const storageKey = `received/${id}`
  const { headers } = readPart(raw.subarray(0, 65_536).toString('latin1'))
  const name = /<[^<>\s]{3,900}>/.exec(headers.get('message-id') ?? '')?.[0]
  // One mail to two of our addresses says something to both.
  const providerRef = `${name ?? createHash('sha256').update(raw).digest('hex')} ${recipient.toLowerCase()}`
  const size = await storage.put(storageKey, raw)
  const kept = await db.transaction().execute(async (tx) => {
    await also?.(tx)
    // By whichever way it comes: one mail is kept once.
    await sql`select pg_advisory_xact_lock(hashtextextended(${providerRef}, 50))`.execute(tx)
    const { rows } = await sql`select from received where channel = 'mail' and provider_ref = ${providerRef}`.execute(
      tx,
    )
    if (rows.length > 0) return false
    const row = await tx
      .insertInto('received')
      .values({
        id,
        channel: 'mail',
        providerId,
        providerRef,
        sender,
        recipient,
        storageKey,
        size,
        receivedAt: at,
        handledAt: null,
      })
      .onConflict((conflict) => conflict.columns(['channel', 'providerId', 'providerRef']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (row) await addJob(tx, 'reach.understand-mail', { receivedId: id })
    return row !== undefined
  })
  if (!kept) await storage.remove(storageKey)
  return kept
}
