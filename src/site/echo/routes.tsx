import { Hono } from 'hono'
import {
  describe,
  echoFor,
  gesturesOf,
  givenTo,
  linksOf,
  type Offer,
  type Subject,
  sharePath,
} from '../../domains/exchange/index.ts'
import { readerHere } from '../../domains/fans/index.ts'
import type { WebEnv } from '../../domains/identity/index.ts'
import { answersTo } from '../../domains/inbox/index.ts'
import { openOperations, operationPath } from '../../domains/operations/index.ts'
import { forOneReader, open } from '../../platform/http/index.ts'
import { fansFrame } from '../fans.tsx'
import type { Site } from '../site.ts'
import { EchoBody } from './page.tsx'
import { words } from './words.ts'

/** So many of an artist's latest things are offered to be passed on. */
const NEWS = 3
const MOST_PAGES = 1000

/** `/fan/<token>/echo/<artist>`: what one fan was given, what came of what they did, and what is being asked for. */
export function echoRoutes(site: Site): Hono<WebEnv> {
  const { platform, offers, subjects } = site
  const { db, now } = platform
  const frame = fansFrame(site)

  return new Hono<WebEnv>().get('/fan/:token/echo/:slug', open, async (c) => {
    const found = await readerHere(c, platform)
    const one = found?.fan.subscriptions.find((row) => row.artistId && row.slug === c.req.param('slug'))
    if (!found || !one?.artistId) return c.notFound()
    const { artistId, name } = one
    const { personId } = await db
      .selectFrom('fans')
      .select('personId')
      .where('id', '=', found.fan.fanId)
      .executeTakeFirstOrThrow()
    const at = Math.min(MOST_PAGES, Math.max(0, Math.floor(Number(c.req.query('page'))) || 0))
    const [echo, kinds, answers, asked, offered, links, given] = await Promise.all([
      echoFor(db, artistId, personId, lastNight(now())),
      gesturesOf(db, artistId, personId),
      answersTo(db, artistId, found.fan.fanId),
      openOperations(db, artistId),
      offers(db, artistId),
      linksOf(db, artistId, personId),
      givenTo(db, artistId, personId, at),
    ])
    const facts = await describe(
      db,
      subjects,
      given.rows.map(({ subject }) => subject),
    )
    const { page } = c.var
    const here = `${found.path}/echo/${one.slug}`
    const count = (...names: string[]) => names.reduce((sum, kind) => sum + (kinds.get(kind) ?? 0), 0)
    forOneReader(c)
    const body = (
      <EchoBody
        page={page}
        name={name}
        preferences={found.path}
        here={here}
        echo={echo}
        did={{
          listens: count('listen'),
          downloads: count('download', 'acceptance'),
          words: count('reply', 'comment'),
          answers,
          entries: count('entry'),
          votes: count('vote'),
          contributions: count('contribution'),
        }}
        asked={asked.map(({ title, path }) => ({ title, href: operationPath(...path) }))}
        passed={toPassOn([...newest(offered, now()), { subject: `artist:${artistId}`, title: name }], links)}
        given={given.rows.map(({ subject, ...row }) => {
          const fact = facts.get(subject)
          const isOpen = fact?.publicAt && fact.publicAt <= now()
          return { ...row, title: fact?.title ?? '', href: isOpen ? fact.path : null }
        })}
        older={given.more ? `${here}?page=${at + 1}#given` : null}
        newer={at > 0 ? `${here}?page=${at - 1}#given` : null}
      />
    )
    return c.html(await frame({ c, title: words(page.lang)('title', { name }), of: { artistId }, children: body }))
  })
}

type Passable = Pick<Offer, 'subject' | 'title'>

const newest = (offers: Offer[], now: Date): Passable[] =>
  offers
    .flatMap(({ publicAt, within, ...offer }) =>
      publicAt && publicAt <= now && !within ? [{ ...offer, at: publicAt.getTime() }] : [],
    )
    .toSorted((a, b) => b.at - a.at)
    .slice(0, NEWS)

/** Each with the link that this fan has for it, if they have one. */
function toPassOn(things: Passable[], links: { code: string; subject: Subject }[]) {
  const codes = new Map(links.map(({ subject, code }) => [subject, code]))
  return things.map(({ subject, title }) => {
    const code = codes.get(subject)
    return { subject, title, link: code ? `${sharePath(code)}/pass` : null }
  })
}

/** Midnight (UTC) before now: what others did is told a night later, so that no moment shows who it was. */
function lastNight(now: Date): Date {
  const at = new Date(now)
  at.setUTCHours(0, 0, 0, 0)
  return at
}
