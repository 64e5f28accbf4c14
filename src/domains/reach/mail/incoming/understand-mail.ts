import '../../tables.ts'
import { buffer } from 'node:stream/consumers'
import { sql } from 'kysely'
import { simpleParser } from 'mailparser'
import type { Tx } from '../../../../platform/database/index.ts'
import { addJob } from '../../../../platform/jobs/index.ts'
import type { Platform } from '../../../../platform/platform.ts'
import { addressHash, leaveAll, readAddress, suppress } from '../../../fans/index.ts'
import type { Understood } from '../../tables.ts'
import { deliveryIn } from '../token.rules.ts'
import { type Bounce, type Complaint, isAutomatic, ownWords, readReport } from './report.rules.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'signer' | 'now'>

/** Makes sense of a mail that was kept: what a machine reports is done here; what a person says goes on to whoever hears `reach.received`. */
export async function understandMail(platform: Deps, { receivedId }: { receivedId: string }): Promise<void> {
  const { db, storage, signer, now } = platform
  const row = await waiting(db as unknown as Tx, receivedId)
  if (!row?.storageKey) return
  const bytes = await buffer(await storage.open(row.storageKey))
  const raw = bytes.toString('latin1')
  const report = readReport(raw)
  if (report) {
    await db.transaction().execute(async (tx) => {
      if (!(await waiting(tx, receivedId))) return
      const token = [row.recipient, ...report.about].map((said) => deliveryIn(signer, said)).find((id) => id !== null)
      const understood: Understood = token === undefined ? 'unknown' : report.is
      if (token !== undefined) await settleReport(tx, platform, token, report)
      await tx.updateTable('received').set({ understood, handledAt: now() }).where('id', '=', receivedId).execute()
    })
    return
  }
  const { from, subject = '', text = '' } = await simpleParser(bytes, { skipImageLinks: true, skipTextToHtml: true })
  const automatic = isAutomatic(raw, row.sender)
  await db.transaction().execute(async (tx) => {
    if (!(await waiting(tx, receivedId))) return
    await tx
      .updateTable('received')
      .set({
        sender: from?.value[0]?.address?.replaceAll('\0', '') ?? row.sender,
        subject: subject.replaceAll('\0', '').slice(0, 1000),
        text: ownWords(text),
        understood: automatic ? 'automatic' : 'waiting',
      })
      .where('id', '=', receivedId)
      .execute()
    await addJob(tx, 'reach.received', { receivedId }, { key: `reach.received:${receivedId}` })
  })
}

const waiting = (tx: Tx, id: string) =>
  tx
    .selectFrom('received')
    .select(['sender', 'recipient', 'storageKey'])
    .where('id', '=', id)
    .where('handledAt', 'is', null)
    .where('understood', '=', 'waiting')
    .forUpdate()
    .executeTakeFirst()

/** What was reported of one of our messages. Said twice, it changes nothing. */
async function settleReport(
  tx: Tx,
  { signer, now }: Pick<Deps, 'signer' | 'now'>,
  deliveryId: number,
  report: Bounce | Complaint,
): Promise<void> {
  const delivery = await tx
    .selectFrom('deliveries')
    .select(['state', 'address', 'addressId', 'artistId', 'labelId', 'language', 'handedAt'])
    .where('id', '=', deliveryId)
    .where('channel', '=', 'mail')
    .forUpdate()
    .executeTakeFirst()
  if (!delivery) return
  const { state, address, addressId, artistId, labelId, language } = delivery
  const isOut = state === 'handed' || state === 'delivered' || state === 'uncertain'
  if (report.is === 'bounce' && isOut) {
    const settled = report.final ? { state: 'bounced' as const, settledAt: now() } : {}
    await tx
      .updateTable('deliveries')
      .set({ problem: report.problem, ...settled })
      .where('id', '=', deliveryId)
      .execute()
  }
  if (report.is === 'bounce' && !report.dead) return
  const read = address === null ? null : readAddress('mail', address)
  if (!read?.ok) return
  if (report.is === 'complaint' && addressId) {
    const to = artistId ? [{ artistId }] : labelId ? [{ labelId }] : undefined
    const wording = 'Feedback-Type: abuse'
    const proof = { deliveryId }
    await leaveAll(tx, { now }, { addressId, ...(to && { to }), wording, language, source: 'complaint', proof })
  }
  if (await hasAnotherOwner(tx, read.value.key, addressId, delivery.handedAt)) return
  const reason = report.is === 'bounce' ? 'hard-bounce' : 'complaint'
  await suppress(tx, { channel: 'mail', addressHash: addressHash(signer, 'mail', read.value.key), reason, at: now() })
}

/** Whether somebody else holds that address by now: what became of a message to the one before says nothing about them. */
async function hasAnotherOwner(tx: Tx, key: string, addressId: string | null, handedAt: Date | null): Promise<boolean> {
  const { rows } = await sql`
    select from fan_addresses where channel = 'mail' and address_key = ${key} and removed_at is null
      and id is distinct from ${addressId}::uuid
      and (${addressId}::uuid is not null or verified_at > ${handedAt}::timestamptz)`.execute(tx)
  return rows.length > 0
}
