import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { MEMBER_COOKIE } from '../../../platform/http/index.ts'
import { isId, newToken } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { hashOf, sameText } from '../../../platform/signing.ts'
import type { WebEnv } from '../../identity/index.ts'
import type { Members, Membership } from '../../music/index.ts'
import { closedAt } from './members.views.ts'

type Deps = Pick<Platform, 'db' | 'now'>

/** Who is a member of more artists than this on one browser opens the last of them. */
const MOST = 20
const YEAR_SECONDS = 365 * 24 * 3600

type Keys = { browserKey: string; feedKey: string }

/** What lets a member in, made when it is first wanted. */
export async function doorOf(db: Db, membershipId: string): Promise<Keys> {
  await db
    .insertInto('memberDoors')
    .values({ membershipId, browserKey: newToken(), feedKey: newToken() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return db
    .selectFrom('memberDoors')
    .select(['browserKey', 'feedKey'])
    .where('membershipId', '=', membershipId)
    .executeTakeFirstOrThrow()
}

/** Closes every browser and the feed that were opened so far. */
export async function closeDoors(db: Db, membershipId: string): Promise<void> {
  await db
    .updateTable('memberDoors')
    .set({ browserKey: newToken(), feedKey: newToken() })
    .where('membershipId', '=', membershipId)
    .execute()
}

/** As that of a session, bound to this very host where there is HTTPS. */
const nameOf = (c: Context<WebEnv>) => (c.get('https') ? `__Host-${MEMBER_COOKIE}` : MEMBER_COOKIE)

type Held = { id: string; key: string }

/** `<membership>.<key>`, one after the other. */
const heldBy = (c: Context<WebEnv>): Held[] =>
  (getCookie(c, nameOf(c)) ?? '')
    .split('~')
    .slice(0, MOST)
    .flatMap((text) => {
      const [id = '', key = ''] = text.split('.')
      return isId(id) && key ? [{ id, key }] : []
    })

function giveHeld(c: Context<WebEnv>, held: Held[]): void {
  if (!held.length) return void deleteCookie(c, nameOf(c), { path: '/', secure: c.get('https') })
  setCookie(c, nameOf(c), held.map(({ id, key }) => `${id}.${key}`).join('~'), {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.get('https'),
    maxAge: YEAR_SECONDS,
  })
}

/** Opens what is for members on this browser. */
export async function enter(c: Context<WebEnv>, db: Db, membershipId: string): Promise<void> {
  const { browserKey } = await doorOf(db, membershipId)
  const others = heldBy(c).filter(({ id }) => id !== membershipId)
  giveHeld(c, [{ id: membershipId, key: browserKey }, ...others].slice(0, MOST))
}

/** Closes it again on this browser alone. */
export const goOut = (c: Context<WebEnv>, membershipId: string): void =>
  giveHeld(
    c,
    heldBy(c).filter(({ id }) => id !== membershipId),
  )

const living = (now: Date) => sql<boolean>`(m.paid_until > ${now} and not ${closedAt(now)})`

/** The memberships, paid for at this moment, that this browser was let in by. */
export async function membershipsHere(c: Context<WebEnv>, { db, now }: Deps): Promise<Membership[]> {
  const held = heldBy(c)
  if (!held.length) return []
  const rows = await db
    .selectFrom('members as m')
    .innerJoin('memberDoors as d', 'd.membershipId', 'm.id')
    .select(['m.id', 'm.artistId', 'm.productId as plan', 'd.browserKey'])
    .where(
      'm.id',
      'in',
      held.map(({ id }) => id),
    )
    .where('m.artistId', 'is not', null)
    .where(living(now()))
    .$narrowType<{ artistId: string }>()
    .execute()
  return rows.flatMap(({ id, browserKey, ...membership }) =>
    held.some((one) => one.id === id && sameText(one.key, browserKey))
      ? [{ ...membership, ref: refOf(id, browserKey) }]
      : [],
  )
}

/** The membership whose own feed has this key, while it is paid for. */
export async function membershipByFeed({ db, now }: Deps, feedKey: string): Promise<Membership | null> {
  const row = await db
    .selectFrom('members as m')
    .innerJoin('memberDoors as d', 'd.membershipId', 'm.id')
    .select(['m.id', 'm.artistId', 'm.productId as plan'])
    .where('d.feedKey', '=', feedKey)
    .where('m.artistId', 'is not', null)
    .where(living(now()))
    .$narrowType<{ artistId: string }>()
    .executeTakeFirst()
  if (!row) return null
  const { id, ...membership } = row
  return { ...membership, ref: refOf(id, feedKey) }
}

/** What a pass is made out to: the membership, and which of its keys let it in. With another key it opens nothing any more. */
const refOf = (membershipId: string, key: string): string => `${membershipId}:${hashOf(key).slice(0, 16)}`

/** Whether this browser was let in by this membership, paid for or not. */
export const isInside = async (c: Context<WebEnv>, db: Db, membershipId: string): Promise<boolean> => {
  const key = heldBy(c).find(({ id }) => id === membershipId)?.key
  if (!key) return false
  const { browserKey } = await doorOf(db, membershipId)
  return sameText(key, browserKey)
}

/** Who is a member of whom, for the domains that give something to members. */
export const membersOf = ({ db, now }: Deps): Members => ({
  async plansOf(artistId, chosen = []) {
    const { rows } = await sql<{ id: string; title: string }>`
      select p.id, p.title from products p where p.artist_id = ${artistId} and p.kind = 'membership'
        and (p.state = 'offered' or p.id = any(${chosen}::uuid[]) or exists (select from members m where m.product_id = p.id and m.paid_until > ${now()}))
      order by p.position, p.id`.execute(db)
    return rows
  },
  async byRef(ref) {
    const [id = ''] = ref.split(':')
    if (!isId(id)) return null
    const row = await db
      .selectFrom('members as m')
      .innerJoin('memberDoors as d', 'd.membershipId', 'm.id')
      .select(['m.artistId', 'm.productId as plan', 'd.browserKey', 'd.feedKey'])
      .where('m.id', '=', id)
      .where('m.artistId', 'is not', null)
      .where(living(now()))
      .$narrowType<{ artistId: string }>()
      .executeTakeFirst()
    if (!row || (ref !== refOf(id, row.browserKey) && ref !== refOf(id, row.feedKey))) return null
    return { ref, artistId: row.artistId, plan: row.plan }
  },
})
