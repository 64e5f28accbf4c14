import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type en from './locales/history.en.json'

/** What can be written down: whatever the history has words for, so that nothing is shown there by the name that the program has for it. */
export type AuditAction = ActionIn<keyof typeof en>
type ActionIn<Key> = Key extends `did_${infer Action}` ? Action : never

export type AuditEntry = {
  /** Who did it; null for the machine's own commands. */
  accountId: string | null
  /** What was done, as `thing.verb`: `release.publish`. */
  action: AuditAction
  artistId?: string | null
  labelId?: string | null
  /** What it was done to, in words for people: a title, a name. */
  subject?: string | null
  details?: Record<string, unknown>
}

/**
 * Writes down who changed what, in the transaction of the change itself. Never an address of the
 * network, never a secret. Returns the entry's id.
 */
export async function audit(tx: Db | Tx, entry: AuditEntry): Promise<string> {
  const id = newId()
  await tx
    .insertInto('auditLog')
    .values({
      id,
      accountId: entry.accountId,
      action: entry.action,
      artistId: entry.artistId ?? null,
      labelId: entry.labelId ?? null,
      subject: entry.subject ?? null,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute()
  return id
}
