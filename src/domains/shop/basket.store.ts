import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { newId, newToken } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { hashOf } from '../../platform/signing.ts'
import type { WebEnv } from '../identity/index.ts'

const COOKIE = 'basket'
const COOKIE_SECONDS = 90 * 24 * 3600
/** The most of one thing in a basket: whoever wants more writes to the artist. */
export const MOST_OF_ONE = 99

/** The baskets of this browser, one a seller, by its cookie. Without one there is none. */
export async function basketsOf(c: Context<WebEnv>, db: Db): Promise<{ id: string; sellerId: string }[]> {
  const token = getCookie(c, COOKIE)
  if (!token) return []
  return db
    .selectFrom('baskets')
    .select(['id', 'sellerId'])
    .where('tokenHash', '=', hashOf(token))
    .where((is) => is.exists(is.selectFrom('basketLines').select('variantId').whereRef('basketId', '=', 'baskets.id')))
    .orderBy('updatedAt', 'desc')
    .execute()
}

/** Whose basket this browser last put something into, emptied or ordered by now: where its way back leads. Null where that is not known, or gone. */
export async function lastShop(c: Context<WebEnv>, db: Db): Promise<{ name: string; path: string } | null> {
  const token = getCookie(c, COOKIE)
  if (!token) return null
  const last = await db
    .selectFrom('baskets')
    .innerJoin('sellers', 'sellers.id', 'baskets.sellerId')
    .leftJoin('artists', (join) => join.onRef('artists.id', '=', 'sellers.artistId').on('artists.goesAt', 'is', null))
    .leftJoin('labels', (join) => join.onRef('labels.id', '=', 'sellers.labelId').on('labels.goesAt', 'is', null))
    .select(['artists.name', 'artists.slug', 'labels.name as labelName', 'labels.slug as labelSlug'])
    .where('tokenHash', '=', hashOf(token))
    .orderBy('updatedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  // A label has no shop of its own: its artists do, and its page leads to them.
  if (last?.slug && last.name) return { name: last.name, path: `/${encodeURIComponent(last.slug)}/shop` }
  if (last?.labelSlug && last.labelName) return { name: last.labelName, path: `/${encodeURIComponent(last.labelSlug)}` }
  return null
}

/** Puts something aside. The cookie is set with the first thing, and not before. What was named last counts; more than {@link MOST_OF_ONE} is cut. */
export async function putAside(
  c: Context<WebEnv>,
  { db, now }: Pick<Platform, 'db' | 'now'>,
  line: { sellerId: string; variantId: string; quantity: number; named: number | null },
): Promise<void> {
  const token = getCookie(c, COOKIE) ?? newToken()
  setCookie(c, COOKIE, token, {
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.get('https'),
    path: '/',
    maxAge: COOKIE_SECONDS,
  })
  await db.transaction().execute(async (tx) => {
    const basket = await tx
      .insertInto('baskets')
      .values({ id: newId(), tokenHash: hashOf(token), sellerId: line.sellerId, updatedAt: now() })
      .onConflict((conflict) => conflict.columns(['tokenHash', 'sellerId']).doUpdateSet({ updatedAt: now() }))
      .returning('id')
      .executeTakeFirstOrThrow()
    await sql`
      insert into basket_lines (basket_id, variant_id, quantity, named) values (${basket.id}, ${line.variantId}, ${line.quantity}, ${line.named})
      on conflict (basket_id, variant_id) do update set
        quantity = least(basket_lines.quantity + excluded.quantity, ${MOST_OF_ONE}), named = coalesce(excluded.named, basket_lines.named)`.execute(
      tx,
    )
  })
}

/** Sets how many of a thing, and what is named for it; none takes it out. */
export async function setLine(
  db: Db,
  basketId: string,
  { variantId, quantity, named }: { variantId: string; quantity: number; named: number | null },
): Promise<void> {
  if (quantity < 1)
    await db.deleteFrom('basketLines').where('basketId', '=', basketId).where('variantId', '=', variantId).execute()
  else
    await db
      .updateTable('basketLines')
      .set({ quantity: Math.min(quantity, MOST_OF_ONE), named })
      .where('basketId', '=', basketId)
      .where('variantId', '=', variantId)
      .execute()
}

/** Baskets that nobody came back to. */
export const forgetOldBaskets = async ({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> =>
  void (await db
    .deleteFrom('baskets')
    .where('updatedAt', '<', new Date(now().getTime() - COOKIE_SECONDS * 1000))
    .execute())
