import '../../tables.ts'
import type { ImapFlow } from 'imapflow'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../../platform/database/index.ts'
import type { Platform } from '../../../../platform/platform.ts'
import { keepMail, MOST_MAIL_BYTES } from '../incoming/keep-mail.ts'
import { inTime, type MailboxPatience } from './connect.ts'
import { envelopeOf } from './recipient.rules.ts'
import type { MailboxSettings } from './settings.ts'

/** Says to whoever looks into the mailbox which messages are here as well. */
const KEYWORD = '$Ritornello'
const AT_ONCE = 500
/** After a mailbox was numbered anew, what may have come while nobody looked is found by its date. */
const LOOK_BACK_MS = 2 * 24 * 3600_000

export type Watched = { providerId: string; settings: MailboxSettings; client: ImapFlow; patience: MailboxPatience }

type Place = { uidValidity: number; uidNext: number; exists: number; canMark: boolean; canMove: boolean }

export const whoseMailbox = ({ user, host, folder }: MailboxSettings): string => `${user}@${host}/${folder}`

/** To whom mail came that names nobody else. */
const mailboxAddress = ({ address, user, host }: MailboxSettings): string => address ?? `${user}@${host}`

function placeOf({ client }: Watched): Place {
  const box = client.mailbox
  if (!box) throw new Error('no folder is open')
  const { permanentFlags } = box
  return {
    uidValidity: Number(box.uidValidity),
    uidNext: box.uidNext,
    exists: box.exists,
    canMark: !box.readOnly && Boolean(permanentFlags?.has('\\*') || permanentFlags?.has(KEYWORD)),
    // Without either, moving would expunge whatever its owner had marked as deleted.
    canMove: !box.readOnly && (client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS')),
  }
}

/**
 * After a mailbox was opened: one that we never saw is read from now on, and what lies there stays as it is. One whose server numbered it anew is read
 * by dates, and Message-IDs tell what was taken before. What was taken but not marked, since somebody died in between, is marked.
 */
export async function beginMailbox(
  platform: Pick<Platform, 'db' | 'storage' | 'signer' | 'now' | 'log'>,
  watched: Watched,
  signal: AbortSignal,
): Promise<void> {
  const { db, now } = platform
  const { providerId, settings, client, patience } = watched
  const whose = whoseMailbox(settings)
  const { uidValidity, uidNext, exists, canMove } = placeOf(watched)
  if (settings.moveTo && canMove) await inTime(client, patience.commandMs, client.mailboxCreate(settings.moveTo))
  const known = await db
    .selectFrom('mailboxes')
    .selectAll()
    .where('providerId', '=', providerId)
    .where('whose', '=', whose)
    .executeTakeFirst()
  if (!known) {
    const fresh = {
      whose,
      uidValidity,
      firstUid: uidNext,
      lastUid: uidNext - 1,
      before: exists,
      tooLarge: 0,
      startedAt: now(),
      seenAt: now(),
    }
    await db
      .insertInto('mailboxes')
      .values({ providerId, ...fresh })
      .onConflict((conflict) => conflict.column('providerId').doUpdateSet(fresh))
      .execute()
    return
  }
  if (known.uidValidity === uidValidity) return markRest(watched, known)
  const uids = await cameSince(watched, known)
  await takeEach(platform, watched, uids, signal, { advance: false })
  if (signal.aborted) return
  await db
    .updateTable('mailboxes')
    .set({ uidValidity, firstUid: uidNext, lastUid: uidNext - 1, seenAt: now() })
    .where('providerId', '=', providerId)
    .where('whose', '=', whose)
    .execute()
}

/**
 * What came since a mailbox was last seen, by the day on which it came there and the day on which it was written: a server that was moved may say that all came
 * today. A mail that names no day is taken.
 */
async function cameSince(
  { client, patience }: Watched,
  { seenAt, startedAt }: { seenAt: Date; startedAt: Date },
): Promise<number[]> {
  const lookFrom = new Date(seenAt.getTime() - LOOK_BACK_MS)
  // To the second: mail servers know no less.
  const begun = Math.floor(startedAt.getTime() / 1000) * 1000
  const since = new Date(Math.max(lookFrom.getTime(), begun - 24 * 3600_000))
  const found = (await inTime(client, patience.commandMs, client.search({ since }, { uid: true }))) || []
  const came: number[] = []
  for (let at = 0; at < found.length; at += AT_ONCE) {
    const some = found.slice(at, at + AT_ONCE).join(',')
    const query = { uid: true, internalDate: true, envelope: true }
    for (const { uid, internalDate, envelope } of await inTime(
      client,
      patience.commandMs,
      client.fetchAll(some, query, { uid: true }),
    )) {
      const arrived = internalDate ? new Date(internalDate).getTime() : Number.POSITIVE_INFINITY
      const written = envelope?.date ? new Date(envelope.date).getTime() : Number.NaN
      if (arrived >= begun && !(written < lookFrom.getTime())) came.push(uid)
    }
  }
  return came
}

async function markRest(watched: Watched, { firstUid, lastUid }: { firstUid: number; lastUid: number }): Promise<void> {
  const { client, settings, patience } = watched
  const { canMark, canMove } = placeOf(watched)
  if (firstUid > lastUid || !(canMark || (canMove && settings.moveTo))) return
  const moves = canMove && settings.moveTo !== null
  const left = await inTime(
    client,
    patience.commandMs,
    client.search({ uid: `${firstUid}:${lastUid}`, ...(!moves && { unKeyword: KEYWORD }) }, { uid: true }),
  )
  for (const uid of left || []) if (uid >= firstUid && uid <= lastUid) await mark(watched, uid)
}

/** Takes everything that is new, in its order. */
export async function takeNew(
  platform: Pick<Platform, 'db' | 'storage' | 'signer' | 'now' | 'log'>,
  watched: Watched,
  signal: AbortSignal,
): Promise<void> {
  const { db, now } = platform
  const { providerId, settings, client, patience } = watched
  const whose = whoseMailbox(settings)
  const { lastUid } = await db
    .selectFrom('mailboxes')
    .select('lastUid')
    .where('providerId', '=', providerId)
    .where('whose', '=', whose)
    .executeTakeFirstOrThrow()
  const found = await inTime(client, patience.commandMs, client.search({ uid: `${lastUid + 1}:*` }, { uid: true }))
  // `n:*` names the last message even when it is older than n.
  const uids = (found || []).filter((uid) => uid > lastUid)
  await takeEach(platform, watched, uids, signal, { advance: true })
  await db
    .updateTable('mailboxes')
    .set({ seenAt: now() })
    .where('providerId', '=', providerId)
    .where('whose', '=', whose)
    .execute()
}

/**
 * Keeps each message, and with `advance` writes in the same transaction how far the mailbox was read. Whoever dies before that takes it again, which keeps it
 * once; whoever dies after it has only not marked it yet.
 */
async function takeEach(
  platform: Pick<Platform, 'db' | 'storage' | 'signer' | 'now' | 'log'>,
  watched: Watched,
  uids: number[],
  signal: AbortSignal,
  { advance }: { advance: boolean },
): Promise<void> {
  const { db, signer, now, log } = platform
  const { providerId, settings, client, patience } = watched
  const one = (uid: number, what: { source?: true }) =>
    inTime(
      client,
      patience.commandMs,
      client.fetchOne(String(uid), { uid: true, size: true, internalDate: true, ...what }, { uid: true }),
    )
  for (const uid of uids.toSorted((a, b) => a - b)) {
    if (signal.aborted) return
    const also = async (tx: Db | Tx, { tooLarge = 0 } = {}) => {
      if (advance || tooLarge)
        await sql`
          update mailboxes set too_large = too_large + ${tooLarge},
            last_uid = case when ${advance} then greatest(last_uid, ${uid}) else last_uid end
          where provider_id = ${providerId} and whose = ${whoseMailbox(settings)}`.execute(tx)
    }
    const head = await one(uid, {})
    const came = head ? head.internalDate : undefined
    const arrived = came ? new Date(came) : now()
    if (!head) {
      await also(db)
      continue
    }
    if ((head.size ?? 0) > MOST_MAIL_BYTES) {
      log.warn({ provider: providerId, uid, size: head.size }, 'a mail was too large and stays in its mailbox')
      await also(db, { tooLarge: 1 })
      continue
    }
    const whole = await one(uid, { source: true })
    const raw = whole ? whole.source : undefined
    if (!raw) {
      await also(db)
      continue
    }
    const envelope = envelopeOf(signer, raw, mailboxAddress(settings))
    const at = new Date(Math.min(arrived.getTime(), now().getTime()))
    await keepMail(platform, { ...envelope, raw, providerId, at, also })
    await mark(watched, uid)
  }
}

/** Nothing is lost without it, so a server that does not want it is left in peace. */
async function mark(watched: Watched, uid: number): Promise<void> {
  const { client, settings, patience } = watched
  const { canMark, canMove } = placeOf(watched)
  const { moveTo, folder } = settings
  if (canMark) await inTime(client, patience.commandMs, client.messageFlagsAdd(String(uid), [KEYWORD], { uid: true }))
  if (moveTo && moveTo !== folder && canMove)
    await inTime(client, patience.commandMs, client.messageMove(String(uid), moveTo, { uid: true }))
}
