import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Channel, ConsentEvent, ConsentSource } from './tables.ts'

/** The words under which somebody agreed, or took back, and how it is proved. */
export type Proof = {
  /** The exact sentence that they saw. */
  wording: string
  language: Lang
  source: ConsentSource
  /** {"page", "link", "by", "declaration", …}; never an IP address. */
  proof?: Record<string, unknown>
}

export type About = {
  fanId: string
  addressId: string
  artistId: string | null
  labelId: string | null
  channel: Channel
}

/**
 * Writes one line of the log. Lines of one address are written under the lock on it; each is at least a millisecond later than the last,
 * whatever the clocks of several machines say, so that their order can be told.
 */
export async function logConsent(
  tx: Tx,
  { fanId, addressId, artistId, labelId, channel }: About,
  event: ConsentEvent,
  { wording, language, source, proof = {} }: Proof,
  now: Date,
): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`
    insert into consents (id, fan_id, address_id, artist_id, label_id, channel, event, wording, language, source, proof, at)
    values (${newId(now.getTime())}, ${fanId}, ${addressId}, ${artistId}, ${labelId}, ${channel}, ${event}, ${wording}, ${language}, ${source},
      ${JSON.stringify(proof)}, greatest(${now}::timestamptz,
        (select max(at) + interval '1 millisecond' from consents where address_id = ${addressId})))
    returning at`.execute(tx)
  return (rows[0] as { at: Date }).at
}
