import { type Context, Hono } from 'hono'
import { csvLine } from '../../platform/csv.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { isId } from '../../platform/ids.ts'
import { addJob } from '../../platform/jobs/index.ts'
import { decimal } from '../../platform/money.ts'
import type { Platform } from '../../platform/platform.ts'
import {
  guard,
  senderAtDesk,
  senderHere,
  senderId,
  senderOf,
  senderThing,
  type WebEnv,
  zoneAt,
} from '../identity/index.ts'
import { DAY_MS, WHOLE } from './credit.rules.ts'
import { type CreditReport, creditReport } from './credit.views.ts'
import { burstOf } from './momentum.views.ts'
import { CREDIT, CreditPage, readChoice } from './pages/credit-page.tsx'
import { GiftPage } from './pages/gift-page.tsx'
import { lastingCsv } from './pages/lasting.tsx'
import { ReturnsPage } from './pages/returns-page.tsx'
import { type Day, type GiftReport, giftLasting, giftReport, giftsWithReturns } from './returns.views.ts'
import { type Asides, describe, type Subject, type SubjectFacts, type Subjects } from './subjects.ts'

/** Other names there belong to pages of other domains. */
const ID = '[0-9a-f-]{36}'

/** The studio's pages of what came back. Days are those of whoever gave, for everybody who looks at the same figures. */
export function exchangeStudio(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  subjects: Subjects,
  asides: Asides,
): Hono<WebEnv> {
  const ofGift = guard('returns.see', async (c) => {
    const gift = await giftFor(c)
    return gift && senderThing(senderOf(gift))
  })

  const giftId = (c: Context<WebEnv>) => (c.req.param('gift') ?? '').replace(/\.csv$/, '')
  const giftFor = async (c: Context<WebEnv>) => {
    if (!isId(giftId(c))) return null
    // In whose books it stands: an artist's or a label's (docs/decisions/0055).
    const gift = await db
      .selectFrom('gifts')
      .innerJoin('senders', 'senders.id', 'gifts.artistId')
      .select(['gifts.id', 'senders.artistId', 'senders.labelId'])
      .where('gifts.id', '=', giftId(c))
      .executeTakeFirst()
    return gift ?? null
  }

  const asideOf = async (subject: Subject, lang: Lang) => {
    const [kind = '', id = ''] = subject.split(':')
    return (Object.hasOwn(asides, kind) && (await asides[kind]?.(db, id, lang))) || null
  }

  /** What came back to them until now, credited as the form of the page asks for. */
  const creditFor = async (c: Context<WebEnv>, id: string) => {
    const choice = readChoice((name) => c.req.query(name))
    const { windowDays, periodDays } = choice
    const to = now()
    const from = new Date(to.getTime() - periodDays * DAY_MS)
    const report = await creditReport(db, id, { windowDays, from, to })
    const named = report.rows.flatMap(({ gift }) => (gift ? [gift.subject] : []))
    return { report, facts: await describe(db, subjects, named), ...choice }
  }

  return new Hono<WebEnv>()
    .get('/studio/returns', senderAtDesk('returns.see'), async (c) => {
      const { id, sender } = senderHere(c)
      const zone = zoneAt(c, id)
      const [gifts, burst] = await Promise.all([giftsWithReturns(db, id), burstOf(db, id, now(), zone)])
      const facts = await describe(
        db,
        subjects,
        gifts.map(({ subject }) => subject),
      )
      return c.html(<ReturnsPage {...{ c, sender, zone, gifts, facts, burst }} />)
    })
    .get(CREDIT, senderAtDesk('returns.see'), async (c) => {
      const { id, sender } = senderHere(c)
      const { report, facts, ...choice } = await creditFor(c, id)
      return c.html(<CreditPage c={c} sender={sender} zone={zoneAt(c, id)} report={report} facts={facts} {...choice} />)
    })
    .get(`${CREDIT}.csv`, senderAtDesk('returns.see'), async (c) => {
      const { report, facts } = await creditFor(c, senderHere(c).id)
      return creditCsv(c, report, facts)
    })
    .get(`/studio/returns/:gift{${ID}(?:\\.csv)?}`, ofGift, async (c) => {
      const gift = await giftFor(c)
      if (!gift) return c.notFound()
      const sender = senderOf(gift)
      const zone = zoneAt(c, senderId(sender))
      const report = await giftReport(db, senderId(sender), gift.id, now(), zone)
      if (!report) return c.notFound()
      if (c.req.param('gift').endsWith('.csv')) return csv(c, report)
      if (report.isOld) await addJob(db, 'exchange.read', { giftId: gift.id }, { key: `exchange.read ${gift.id}` })
      const named: Subject[] = [report.gift.subject, ...report.subjects.map(({ subject }) => subject)]
      return c.html(
        <GiftPage
          c={c}
          sender={sender}
          zone={zone}
          report={report}
          facts={await describe(db, subjects, named)}
          aside={await asideOf(report.gift.subject, c.get('page').lang)}
        />,
      )
    })
    .get(`/studio/returns/:gift{${ID}}/lasting.csv`, ofGift, async (c) => {
      const gift = await giftFor(c)
      const lasting = gift && (await giftLasting(db, senderId(senderOf(gift)), gift.id, now()))
      if (!lasting) return c.notFound()
      c.header('Content-Disposition', `attachment; filename="lasting-${gift.id}.csv"`)
      return c.body(lastingCsv(lasting), 200, { 'Content-Type': 'text/csv; charset=utf-8' })
    })
}

/** Day by day, with a column for each currency in which something came. */
function csv(c: Context<WebEnv>, { days, gift, money }: GiftReport): Response {
  const currencies = [...new Set(money.map(({ currency }) => currency))]
  const paid = (day: Day, currency: string) =>
    decimal({ amount: day.money.find((one) => one.currency === currency)?.amount ?? 0, currency })
  const lines = [
    ['day', 'touches', 'listens', 'downloads', ...currencies.map((currency) => `money_${currency}`)].join(','),
    ...days.map((d) =>
      [d.day, d.touches, d.listens, d.downloads, ...currencies.map((currency) => paid(d, currency))].join(','),
    ),
  ]
  c.header('Content-Disposition', `attachment; filename="returns-${gift.id}.csv"`)
  return c.body(`${lines.join('\r\n')}\r\n`, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
}

/** The same figures, exact: parts of returns with six decimals, money before tax in each currency. */
function creditCsv(c: Context<WebEnv>, { rows }: CreditReport, facts: Map<Subject, SubjectFacts>): Response {
  const currencies = [...new Set(rows.flatMap(({ money }) => money.map(({ currency }) => currency)))].sort()
  const part = (millionths: number) => (millionths / WHOLE).toFixed(6)
  const lines = [
    csvLine([
      ...['gift', 'subject', 'given', 'listens', 'downloads', 'other', 'all', 'by_link'],
      ...currencies.map((currency) => `money_${currency}`),
    ]),
    ...rows.map(({ gift, listens, downloads, other, all, byLink, money }) =>
      csvLine([
        gift ? (facts.get(gift.subject)?.title ?? '') : '',
        gift?.subject ?? 'none',
        gift?.at.toISOString() ?? '',
        ...[listens, downloads, other, all, byLink].map(part),
        ...currencies.map((currency) =>
          decimal({ amount: money.find((one) => one.currency === currency)?.amount ?? 0, currency }),
        ),
      ]),
    ),
  ]
  c.header('Content-Disposition', 'attachment; filename="credit.csv"')
  return c.body(`\ufeff${lines.join('')}`, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
}
