import { type Context, Hono } from 'hono'
import type { Lang } from '../../platform/i18n/index.ts'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { actorOf, can, currentArtist, guard, type WebEnv, zoneAt } from '../identity/index.ts'
import { GiftPage } from './pages/gift-page.tsx'
import { ReturnsPage } from './pages/returns-page.tsx'
import { type GiftReport, giftReport, giftsWithReturns } from './returns.views.ts'
import { type Asides, describe, type Subject, type Subjects } from './subjects.ts'

/** The studio's pages of what came back. Days are the artist's own, for everybody who looks at the same figures. */
export function exchangeStudio(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  subjects: Subjects,
  asides: Asides,
): Hono<WebEnv> {
  const atDesk = guard('returns.see', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  const ofGift = guard('returns.see', async (c) => {
    const gift = await giftFor(c)
    return gift && { kind: 'artist', artistId: gift.artistId }
  })

  const giftId = (c: Context<WebEnv>) => (c.req.param('gift') ?? '').replace(/\.csv$/, '')
  const giftFor = async (c: Context<WebEnv>) => {
    if (!isId(giftId(c))) return null
    return (
      (await db.selectFrom('gifts').select(['id', 'artistId']).where('id', '=', giftId(c)).executeTakeFirst()) ?? null
    )
  }

  const asideOf = async (subject: Subject, lang: Lang) => {
    const [kind = '', id = ''] = subject.split(':')
    return (Object.hasOwn(asides, kind) && (await asides[kind]?.(db, id, lang))) || null
  }

  return new Hono<WebEnv>()
    .get('/studio/returns', atDesk, async (c) => {
      const artistId = currentArtist(c)?.id as string
      const gifts = await giftsWithReturns(db, artistId)
      const facts = await describe(
        db,
        subjects,
        gifts.map(({ subject }) => subject),
      )
      return c.html(<ReturnsPage c={c} artistId={artistId} zone={zoneAt(c, artistId)} gifts={gifts} facts={facts} />)
    })
    .get('/studio/returns/:gift', ofGift, async (c) => {
      const gift = await giftFor(c)
      if (!gift || !can(actorOf(c), 'returns.see', { kind: 'artist', artistId: gift.artistId })) return c.notFound()
      const zone = zoneAt(c, gift.artistId)
      const report = await giftReport(db, gift.artistId, gift.id, now(), zone)
      if (!report) return c.notFound()
      if (c.req.param('gift').endsWith('.csv')) return csv(c, report)
      const named: Subject[] = [report.gift.subject, ...report.subjects.map(({ subject }) => subject)]
      return c.html(
        <GiftPage
          c={c}
          artistId={gift.artistId}
          zone={zone}
          report={report}
          facts={await describe(db, subjects, named)}
          aside={await asideOf(report.gift.subject, c.get('page').lang)}
        />,
      )
    })
}

function csv(c: Context<WebEnv>, { days, gift }: GiftReport): Response {
  const lines = [
    'day,touches,listens,downloads',
    ...days.map((d) => [d.day, d.touches, d.listens, d.downloads].join(',')),
  ]
  c.header('Content-Disposition', `attachment; filename="returns-${gift.id}.csv"`)
  return c.body(`${lines.join('\r\n')}\r\n`, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
}
