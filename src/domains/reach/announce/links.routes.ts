import { Hono } from 'hono'
import { sql } from 'kysely'
import { allow, open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Subject, Subjects, TokenReader } from '../../exchange/index.ts'
import type { WebEnv } from '../../identity/index.ts'
import { spokenBy, templateOf } from './compose.ts'
import { type LinkOf, readLinkCode } from './links.ts'
import { type Hit, isMachine } from './machines.rules.ts'

/** The name of these links among the tokens (`?via=m.CODE`). */
export const LINK_TOKENS = 'm'

const LOOKUPS = { name: 'message-links', most: 600, windowSeconds: 600 }

/** The links of messages: each leads on to what it is about. Whoever opens the address is not counted; the page that it leads to says that it was seen. */
export function linkRoutes(platform: Platform, subjects: Subjects): Hono<WebEnv> {
  const { db, config, signer, now } = platform
  return new Hono<WebEnv>().get('/l/:code', open, async (c) => {
    const code = c.req.param('code')
    const link = readLinkCode(signer, code)
    if (!link || !(await allow(platform, LOOKUPS, c.get('address')))) return c.notFound()
    const target = await targetOf(platform, subjects, link)
    if (!target) return c.notFound()
    if (c.req.method === 'GET')
      await sql`insert into link_hits (delivery_id, link, at) values (${link.deliveryId}, ${link.link}, ${now()})`.execute(
        db,
      )
    c.header('Cache-Control', 'no-store')
    c.header('X-Robots-Tag', 'noindex')
    c.header('Referrer-Policy', 'no-referrer')
    return c.redirect(
      target.startsWith(`${config.baseUrl}/`) || target === config.baseUrl ? withToken(target, code) : target,
    )
  })
}

function withToken(target: string, code: string): string {
  const url = new URL(target)
  url.searchParams.set('via', `${LINK_TOKENS}.${code}`)
  return url.href
}

/** What a link leads to: read again from the announcement or letter, which does not change any more once it has left. */
async function targetOf(platform: Platform, subjects: Subjects, { deliveryId, link }: LinkOf): Promise<string | null> {
  const delivery = await platform.db
    .selectFrom('deliveries')
    .select(['announcementId', 'letterId', 'channel', 'language', 'ownHref', 'ownUntil'])
    .where('id', '=', deliveryId)
    .executeTakeFirst()
  const spoken = delivery && (await spokenBy(platform.db, delivery))
  if (!spoken) return null
  const { ownHref, ownUntil } = delivery
  if (link === 0 && ownHref && ownUntil && ownUntil > platform.now()) return platform.config.baseUrl + ownHref
  const template = await templateOf(platform, subjects, spoken, delivery)
  return template?.links[link] ?? null
}

/**
 * Reads `m.CODE`: the gift that the link is of (that of a thing, or of the announcement for whatever else it links to; a letter has one for all), and the fan whose message it was, if they agreed to be recognised; on a
 * browser that is known as theirs it stays that browser, so that what they do there counts alike whether a link led them or not (docs/decisions/0079).
 */
export const linkTokens =
  ({ db, signer, now }: Pick<Platform, 'db' | 'signer' | 'now'>): TokenReader =>
  async (code, visitor) => {
    const link = readLinkCode(signer, code)
    if (!link) return null
    const at = now()
    const { rows } = await sql<{
      givenAs: Subject
      artistId: string
      channel: 'mail' | 'sms' | 'push'
      handedAt: Date | null
      personId: string | null
      hits: Hit[]
    }>`
      select coalesce(le.gift, one.gift, 'announcement:' || d.announcement_id) as "givenAs",
        coalesce(le.given_by, case when one.id is null then lead.given_by else one.given_by end, d.artist_id, d.label_id) as "artistId", d.channel, d.handed_at as "handedAt",
        case when f.recognised_since <= ${at} and f.erased_at is null
          and not exists (select from person_fans known where known.person_id = ${visitor}::uuid and known.fan_id = f.id) then f.person_id end as "personId",
        coalesce((select json_agg(json_build_object('link', h.link, 'at', extract(epoch from h.at) * 1000)) from link_hits h
          where h.delivery_id = d.id and h.at > ${at}::timestamptz - interval '10 minutes'), '[]') as hits
      from deliveries d left join announcements an on an.id = d.announcement_id left join letters le on le.id = d.letter_id
        left join fans f on f.id = d.fan_id
        left join announcement_things one on one.announcement_id = an.id and one.position = ${link.link}
        left join announcement_things lead on lead.announcement_id = an.id and lead.position = 0
      where d.id = ${link.deliveryId} and num_nonnulls(an.id, le.id) = 1`.execute(db)
    const [said] = rows
    if (!said) return null
    if (isMachine(said, at)) return 'machine'
    return { artistId: said.artistId, givenAs: said.givenAs, personId: said.personId }
  }
