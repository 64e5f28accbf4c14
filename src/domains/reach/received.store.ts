import './events.ts'
import './tables.ts'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Channel } from '../fans/index.ts'

export type Incoming = {
  channel: Channel
  providerId: string
  /** What the provider calls it; null when it gives incoming messages no name. */
  ref: string | null
  sender: string
  recipient: string
  text: string
}

/** A network that got no answer sends again. The same words between the same two numbers so soon are the same message. */
const SAME_WITHIN = '2 minutes'

/** Keeps what came in, once, and tells whoever listens. False when it was there already. */
export async function keepReceived(
  tx: Tx,
  { channel, providerId, ref, sender, recipient, ...words }: Incoming,
  now: Date,
): Promise<boolean> {
  // PostgreSQL keeps no NUL in a text.
  const text = words.text.replaceAll('\0', '')
  if (ref === null) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${providerId} ${sender}`}, 87))`.execute(tx)
    const { rows } = await sql`
      select from received where channel = ${channel} and provider_id = ${providerId} and sender = ${sender}
        and recipient = ${recipient} and text = ${text} and received_at > ${now}::timestamptz - ${sql.lit(SAME_WITHIN)}::interval`.execute(
      tx,
    )
    if (rows.length > 0) return false
  }
  const id = newId()
  const kept = await tx
    .insertInto('received')
    .values({
      id,
      channel,
      providerId,
      providerRef: ref ?? id,
      sender,
      recipient,
      text,
      storageKey: null,
      size: null,
      receivedAt: now,
      handledAt: null,
    })
    .onConflict((conflict) => conflict.columns(['channel', 'providerId', 'providerRef']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (kept) await addJob(tx, 'reach.received', { receivedId: kept.id })
  return kept !== undefined
}

/** Octets as words: what data_coding 0 means is the provider's choice. */
type Decode = (octets: Buffer, dataCoding: number) => string

export type Piece = {
  sender: string
  recipient: string
  reference: number
  total: number
  number: number
  dataCoding: number
  octets: Uint8Array
}

/** Keeps one part of a message, in any order, however often it comes; with the last, the message is whole. */
export async function keepPiece(tx: Tx, providerId: string, piece: Piece, decode: Decode, now: Date): Promise<void> {
  const { sender, recipient, reference, total, number, dataCoding } = piece
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${providerId} ${sender}`}, 87))`.execute(tx)
  await finishBrokenPieces(tx, providerId, decode, now, sender)
  await tx
    .insertInto('smsPieces')
    .values({
      providerId,
      sender,
      recipient,
      reference,
      total,
      number,
      dataCoding,
      octets: Buffer.from(piece.octets),
      at: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['providerId', 'sender', 'recipient', 'reference', 'total', 'number'])
        .doUpdateSet((eb) => ({ octets: eb.ref('excluded.octets'), dataCoding: eb.ref('excluded.dataCoding') })),
    )
    .execute()
  const pieces = await tx
    .selectFrom('smsPieces')
    .select(['number', 'dataCoding', 'octets'])
    .where('providerId', '=', providerId)
    .where('sender', '=', sender)
    .where('recipient', '=', recipient)
    .where('reference', '=', reference)
    .where('total', '=', total)
    .orderBy('number')
    .execute()
  if (pieces.length < total) return
  await finishPieces(tx, { providerId, sender, recipient, reference, total }, decode(together(pieces), dataCoding), now)
}

const together = (pieces: { octets: Buffer }[]) => Buffer.concat(pieces.map(({ octets }) => octets))

type Whole = { providerId: string; sender: string; recipient: string; reference: number; total: number }

async function finishPieces(tx: Tx, { reference, total, ...from }: Whole, text: string, now: Date): Promise<void> {
  await tx
    .deleteFrom('smsPieces')
    .where('providerId', '=', from.providerId)
    .where('sender', '=', from.sender)
    .where('recipient', '=', from.recipient)
    .where('reference', '=', reference)
    .where('total', '=', total)
    .execute()
  await keepReceived(tx, { channel: 'sms', ref: null, text, ...from }, now)
}

/**
 * A message of which a part never came is read as far as it did, after an hour: better half of it than none, and its number may be used again by
 * then. `sender`: only what came from there.
 */
export async function finishBrokenPieces(
  tx: Tx,
  providerId: string,
  decode: Decode,
  now: Date,
  sender?: string,
): Promise<void> {
  const { rows } = await sql<Whole & { dataCoding: number; numbers: number[]; parts: string[] }>`
    select sender, recipient, reference, total, min(data_coding) as "dataCoding",
      array_agg(number::int order by number) as numbers, array_agg(encode(octets, 'hex') order by number) as parts
    from sms_pieces where provider_id = ${providerId} and (${sender ?? null}::text is null or sender = ${sender ?? null})
    group by 1, 2, 3, 4 having max(at) < ${now}::timestamptz - interval '1 hour'`.execute(tx)
  for (const { dataCoding, numbers, parts, ...whole } of rows) {
    const words = parts.map((part, at) => {
      const follows = numbers[at] === (numbers[at - 1] ?? 0) + 1
      return (follows ? '' : ' … ') + decode(Buffer.from(part, 'hex'), dataCoding)
    })
    if (numbers.at(-1) !== whole.total) words.push(' …')
    await finishPieces(tx, { ...whole, providerId }, words.join('').trim(), now)
  }
}
