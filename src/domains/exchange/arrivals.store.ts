import type { Db, Tx } from '../../platform/database/index.ts'
import type { TokenFacts } from './tokens.ts'

type Arrival = { visitor: string; token: string; led: TokenFacts; at: Date }

/** Keeps for a day which link led this visitor to this artist. */
export async function recordArrival(db: Db | Tx, { visitor, token, led, at }: Arrival): Promise<void> {
  const came = { token, givenAs: led.givenAs, asPerson: led.personId, at }
  await db
    .insertInto('arrivals')
    .values({ personId: visitor, artistId: led.artistId, ...came })
    .onConflict((conflict) => conflict.columns(['personId', 'artistId']).doUpdateSet(came))
    .execute()
}

export async function forgetArrivals(db: Db | Tx, personId: string): Promise<void> {
  await db
    .deleteFrom('arrivals')
    .where((where) => where.or([where('personId', '=', personId), where('asPerson', '=', personId)]))
    .execute()
}

export async function forgetOldArrivals(db: Db | Tx, now: Date): Promise<void> {
  await db
    .deleteFrom('arrivals')
    .where('at', '<', new Date(now.getTime() - 24 * 3_600_000))
    .execute()
}
