import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { sql } from 'kysely'
import { newId, newToken } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { hashOf } from '../../platform/signing.ts'
import { forgetArrivals, forgetOldArrivals } from './arrivals.store.ts'
import { closeShares } from './shares.store.ts'

const COOKIE = 'visitor'
const OFF = 'off'
/** The longest that the French authority (CNIL) lets a cookie of audience measurement live without consent: 13 months. It is not renewed. */
const LIFETIME_SECONDS = 395 * 24 * 3600

type Deps = Pick<Platform, 'db' | 'config' | 'now'>

/**
 * The person behind this browser, known by a random first-party cookie that serves this site's own audience measurement alone; see
 * docs/decisions on the CNIL exemption. Null for who objected (here, or by Global Privacy Control), and for pages framed by other sites.
 */
export async function personOf(c: Context, deps: Deps, { create }: { create: boolean }): Promise<string | null> {
  const held = getCookie(c, COOKIE)
  if (held === OFF || c.req.header('sec-gpc') === '1') return null
  if (!held && !create) return null
  const secret = held ?? newToken(18)
  if (!held) {
    setCookie(c, COOKIE, secret, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge: LIFETIME_SECONDS,
      secure: deps.config.baseUrl.startsWith('https:'),
    })
  }
  return mappedPerson(deps, hashOf(secret))
}

/** The person behind this browser as far as one is known, and nothing changed by asking. */
export async function knownPersonOf(c: Context, { db }: Pick<Platform, 'db'>): Promise<string | null> {
  const held = getCookie(c, COOKIE)
  if (!held || held === OFF) return null
  const row = await db
    .selectFrom('personVisitors')
    .select('personId')
    .where('visitorHash', '=', hashOf(held))
    .executeTakeFirst()
  return row?.personId ?? null
}

async function mappedPerson({ db, now }: Deps, visitorHash: string): Promise<string> {
  const { rows } = await sql<{ personId: string }>`
    insert into person_visitors (visitor_hash, person_id, seen_at) values (${visitorHash}, ${newId()}, ${now()})
    on conflict (visitor_hash) do update set seen_at = excluded.seen_at returning person_id as "personId"`.execute(db)
  return (rows[0] as { personId: string }).personId
}

/** Forgets who this browser is: the mapping goes, what was counted stays without anybody behind it. With `objecting`, it is never counted again. */
export async function forgetVisitor(
  c: Context,
  { db, config, now }: Deps,
  { objecting }: { objecting: boolean },
): Promise<void> {
  const held = getCookie(c, COOKIE)
  if (held && held !== OFF) {
    const forgotten = await db
      .deleteFrom('personVisitors')
      .where('visitorHash', '=', hashOf(held))
      .returning('personId')
      .executeTakeFirst()
    if (forgotten) {
      await forgetArrivals(db, forgotten.personId)
      await closeShares(db, [forgotten.personId], now())
    }
  }
  if (objecting) {
    const secure = config.baseUrl.startsWith('https:')
    setCookie(c, COOKIE, OFF, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: LIFETIME_SECONDS, secure })
  } else deleteCookie(c, COOKIE, { path: '/' })
}

export const hasObjected = (c: Context): boolean => getCookie(c, COOKIE) === OFF

/**
 * Tells two visitors without a cookie apart for one day, so that the same download is not counted twice: a hash of address and browser
 * with a random salt of the day. The salt is destroyed two days later; the address is never written.
 */
export async function visitorOfTheDay(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  address: string,
  agent: string,
): Promise<string> {
  const day = now().toISOString().slice(0, 10)
  const { rows } = await sql<{ salt: string }>`
    insert into daily_salts (day, salt) values (${day}, ${newToken()})
    on conflict (day) do update set salt = daily_salts.salt returning salt`.execute(db)
  return hashOf(`${rows[0]?.salt} ${address} ${agent}`).slice(0, 32)
}

/** Destroys the salts of days past, and the mappings of visitors whose cookie has lapsed (data is kept 25 months at most). */
export async function forgetTheOld({ db, now }: Pick<Platform, 'db' | 'now'>): Promise<void> {
  await forgetOldArrivals(db, now())
  await sql`delete from daily_salts where day < ${now()}::date - 1`.execute(db)
  await sql`delete from person_visitors where seen_at < ${now()}::timestamptz - interval '13 months' or created_at < ${now()}::timestamptz - interval '25 months'`.execute(
    db,
  )
}
