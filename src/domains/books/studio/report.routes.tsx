import { Hono } from 'hono'
import { addDays, dayIn } from '../../../platform/days.ts'
import { countryName, formats, type Lang } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { actorOf, guard, StudioPage, type WebEnv } from '../../identity/index.ts'
import { monthEnd } from '../days.rules.ts'
import { leftOf } from '../month.rules.ts'
import { reportOf, sentencesOf } from '../month-report.ts'
import { mayEdit, sellerAtDesk, thingAtDesk } from '../owner.ts'
import type { Sold } from '../subjects.ts'
import { words } from '../words.ts'
import { Places, withDesk } from './parts.tsx'

/** How a month went, on one page: in words first. */
export function reportRoutes({ db, now }: Platform, sold: Sold): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/studio/books/month', guard('books.see', thingAtDesk), async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.redirect('/studio/books')
      const { page } = c.var
      const { lang } = page
      const t = words(lang)
      const today = dayIn(now(), seller.timeZone)
      const asked = c.req.query('month') ?? ''
      const inMonth = /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? `${asked}-01` : monthEnd(today, 1)
      const report = await reportOf(db, seller, inMonth, sold)
      const money = (amount: number) => formatMoney({ amount, currency: seller.currency }, lang)
      const title = monthName(report.from, lang)
      const earlier = addDays(report.from, -1).slice(0, 7)
      const next = addDays(report.through, 1)
      const { number } = formats(lang)
      const wants = await db
        .selectFrom('reportWishes')
        .select('accountId')
        .where('sellerId', '=', seller.id)
        .where('accountId', '=', actorOf(c).accountId)
        .executeTakeFirst()
      return c.html(
        <StudioPage c={c} title={title} current="books" notice={c.req.query('done') && t('told_payee')}>
          <Places c={c} at="month" />
          <h1>{title}</h1>
          {sentencesOf(report, seller.currency, lang).map((sentence) => (
            <p class="lead" style="margin-bottom:0.6rem;color:inherit">
              {sentence}
            </p>
          ))}
          <p class="actions">
            <a href={`/studio/books/month?month=${earlier}`}>{t('month_earlier')}</a>
            {next <= today && <a href={`/studio/books/month?month=${next.slice(0, 7)}`}>{t('month_later')}</a>}
          </p>
          <section>
            <h2>{t('month_came_to')}</h2>
            <Table
              lang={lang}
              caption={t('month_came_to')}
              captionHidden
              columns={[
                { label: t('st_step'), cell: (row) => row.label },
                { label: title, cell: (row) => money(row.now), numeric: true },
                { label: t('month_before'), cell: (row) => money(row.before), numeric: true },
              ]}
              rows={(['gross', 'tax', 'fees', 'costs'] as const)
                .map((name) => ({ label: t(`month_${name}`), now: report.month[name], before: report.before[name] }))
                .concat({ label: t('month_left'), now: leftOf(report.month), before: leftOf(report.before) })}
            />
          </section>
          {report.month.bySubject.length > 0 && (
            <section>
              <h2>{t('month_what')}</h2>
              <Table
                lang={lang}
                caption={t('month_what')}
                captionHidden
                columns={[
                  { label: t('csv_what'), cell: (row) => report.titles.get(row.subject) ?? row.subject },
                  { label: t('csv_quantity'), cell: (row) => number(row.quantity), numeric: true },
                  { label: t('st_net'), cell: (row) => money(row.net), numeric: true },
                ]}
                rows={report.month.bySubject.slice(0, 20)}
              />
            </section>
          )}
          {report.month.byCountry.length > 0 && (
            <section>
              <h2>{t('month_where')}</h2>
              <Table
                lang={lang}
                caption={t('month_where')}
                captionHidden
                columns={[
                  { label: t('csv_country'), cell: (row) => countryName(row.country, lang) },
                  { label: t('st_amount'), cell: (row) => money(row.net), numeric: true },
                ]}
                rows={report.month.byCountry.slice(0, 20)}
              />
            </section>
          )}
          {mayEdit(c) && (
            <Form page={page} action={withDesk(c, '/studio/books/month/mail')}>
              <Button kind="plain" name="wants" value={wants ? '' : 'on'}>
                {t(wants ? 'month_no_mail' : 'month_mail')}
              </Button>
            </Form>
          )}
        </StudioPage>,
      )
    })
    .post('/studio/books/month/mail', guard('books.edit', thingAtDesk), async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.notFound()
      const wish = { sellerId: seller.id, accountId: actorOf(c).accountId }
      const form = await c.req.parseBody()
      if (form['wants'])
        await db
          .insertInto('reportWishes')
          .values(wish)
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      else
        await db
          .deleteFrom('reportWishes')
          .where('sellerId', '=', wish.sellerId)
          .where('accountId', '=', wish.accountId)
          .execute()
      return c.redirect('/studio/books/month?done=1', 303)
    })
}

/** "October 2026". */
const monthName = (day: string, lang: Lang): string => formats(lang).month(new Date(day))
