import '../../tables.ts'
import { buffer } from 'node:stream/consumers'
import { simpleParser } from 'mailparser'
import type { Tx } from '../../../../platform/database/index.ts'
import { addJob } from '../../../../platform/jobs/index.ts'
import type { Platform } from '../../../../platform/platform.ts'
import type { OtherMail } from '../../../fans/index.ts'
import type { Understood } from '../../tables.ts'
import { type Report, settleReport } from '../reports.store.ts'
import { deliveryIn } from '../token.rules.ts'
import { type Bounce, type Complaint, isAutomatic, ownWords, readReport } from './report.rules.ts'

type Deps = Pick<Platform, 'db' | 'storage' | 'signer' | 'now'> & { others: OtherMail[] }

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
      if (token !== undefined) await settleReport(tx, platform, token, reported(report))
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

const reported = (report: Bounce | Complaint): Report =>
  report.is === 'complaint' ? { is: 'complaint', wording: 'Feedback-Type: abuse' } : report
