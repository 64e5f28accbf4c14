import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'

/** No more groups than this, and none of fewer people than that. */
const MOST_STRATA = 10
const FEWEST_IN_STRATUM = 20

/**
 * Draws people (rows of `fan_id`, `activity`) into waves: those alike in what they did before form strata, and in each the waves share them as evenly as
 * they go. Whose turn it is says a hash of announcement and fan, so that the same people are always drawn alike.
 */
export const drawn = (
  people: RawBuilder<unknown>,
  { seed, waves }: { seed: string; waves: number },
): RawBuilder<unknown> => sql`
  select fan_id, stratum, (1 + (row_number() over (partition by stratum order by hash, fan_id) + stratum) % ${waves}::int)::int as wave
  from (
    select fan_id, md5(${seed}::text || fan_id::text) as hash,
      (ntile(least(${MOST_STRATA}::int, greatest(1, (select count(*)::int / ${FEWEST_IN_STRATUM}::int from (${people}) counted)))) over
        (order by activity desc, md5(${seed}::text || fan_id::text), fan_id) - 1)::int as stratum
    from (${people}) whom
  ) ranked`

/** Writes who is told when, before anything leaves. `people` as above. */
export async function drawWaves(
  tx: Tx,
  people: RawBuilder<unknown>,
  { announcementId, waves }: { announcementId: string; waves: number },
): Promise<void> {
  await sql`
    insert into wave_assignments (announcement_id, fan_id, wave, stratum)
    select ${announcementId}::uuid, fan_id, wave, stratum from (${drawn(people, { seed: announcementId, waves })}) d
    on conflict do nothing`.execute(tx)
}
