import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import { addDays, dayIn } from '../../platform/days.ts'
import { countryName, formats, type Lang } from '../../platform/i18n/index.ts'
import { formatMoney } from '../../platform/money.ts'
import type { Platform } from '../../platform/platform.ts'
import { accountMay } from '../identity/index.ts'
import { monthEnd } from './days.rules.ts'
import { leftOf, type Month, trendOf } from './month.rules.ts'
import { monthOf } from './month.views.ts'
import { thingOf } from './owner.ts'
import { type Seller, sellerById } from './seller.views.ts'
import type { Sold } from './subjects.ts'
import { words } from './words.ts'

export type Report = { from: string; through: string; month: Month; before: Month; titles: Map<string, string> }

/** What the month came to in which a day lies, and the one before it. */
export async function reportOf(db: Db, seller: Seller, day: string, sold: Sold): Promise<Report> {
  const from = `${day.slice(0, 7)}-01`
  const through = monthEnd(day)
  const last = addDays(from, -1)
  const [month, before] = await Promise.all([
    monthOf(db, seller.id, from, through),
    monthOf(db, seller.id, `${last.slice(0, 7)}-01`, last),
  ])
  const titles = await sold.titles(
    db,
    month.bySubject.map(({ subject }) => subject),
  )
  return { from, through, month, before, titles }
}

/** How the month went, in a few sentences. */
export function sentencesOf({ month, before, titles }: Report, currency: string, lang: Lang): string[] {
  const t = words(lang)
  const money = (amount: number) => formatMoney({ amount, currency }, lang)
  const { trend, percent } = trendOf(month, before)
  const [best] = month.bySubject
  const [where] = month.byCountry
  const says = [
    t(`month_says_${trend}`, {
      left: money(leftOf(month)),
      before: money(leftOf(before)),
      percent: formats(lang).number(percent),
      sales: month.sales,
    }),
  ]
  if (month.sales > 0 && best && titles.has(best.subject))
    says.push(
      t('month_says_best', {
        title: titles.get(best.subject) ?? '',
        net: money(best.net),
        country: where ? countryName(where.country, lang) : '–',
      }),
    )
  if (month.refunds > 0) says.push(t('month_says_refunds', { amount: money(month.refunds) }))
  if (month.costs > 0) says.push(t('month_says_costs', { amount: money(month.costs) }))
  return says
}

type Deps = Pick<Platform, 'db' | 'now' | 'mailer' | 'config'>

/** Once a month is over, tells it to those who wished so, and may still see the books. Each month once. */
export async function mailReports(deps: Deps, sold: Sold): Promise<void> {
  const { db, now, mailer, config } = deps
  const wishes = await db
    .selectFrom('reportWishes')
    .innerJoin('accounts', 'accounts.id', 'reportWishes.accountId')
    .select(['sellerId', 'accountId', 'sentThrough', 'email', 'language'])
    .where('disabledAt', 'is', null)
    .execute()
  for (const { sellerId, accountId, sentThrough, email, language } of wishes) {
    const seller = await sellerById(db, sellerId)
    const owner = seller?.artistId
      ? { artistId: seller.artistId }
      : seller?.labelId
        ? { labelId: seller.labelId }
        : null
    if (!seller || !owner || !(await accountMay(db, accountId, 'books.see', thingOf(owner)))) continue
    const through = monthEnd(dayIn(now(), seller.timeZone), 1)
    if (sentThrough !== null && sentThrough >= through) continue
    const report = await reportOf(db, seller, through, sold)
    const t = words(language)
    const month = formats(language).month(new Date(through))
    // Taken before it is sent: a mail too few is better than one a day.
    const { rows } = await sql`
      update report_wishes set sent_through = ${through} where seller_id = ${sellerId} and account_id = ${accountId}
        and sent_through is distinct from ${through} returning seller_id`.execute(db)
    if (!rows.length) continue
    await mailer.send({
      to: email,
      subject: t('mail_month_subject', { month, seller: seller.legalName }),
      text: t('mail_month', {
        says: sentencesOf(report, seller.currency, language).join('\n\n'),
        link: `${config.baseUrl}/studio/books/month?month=${through.slice(0, 7)}`,
      }),
    })
  }
}
