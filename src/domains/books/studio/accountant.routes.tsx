import { type Context, Hono } from 'hono'
import { stream } from 'hono/streaming'
import { dayIn } from '../../../platform/days.ts'
import { formats } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import { formatMoney } from '../../../platform/money.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, ErrorSummary, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { actorOf, guard, StudioPage, type WebEnv } from '../../identity/index.ts'
import { booksCsv } from '../books-csv.ts'
import { closeYear } from '../close-year.ts'
import { yearDays } from '../days.rules.ts'
import { fecName } from '../fec.rules.ts'
import { fecOf, yearsOf } from '../fec.views.ts'
import { numberFor } from '../number-entries.ts'
import { mayEdit, sellerAtDesk, thingAtDesk } from '../owner.ts'
import { paperNumber, totalsOf } from '../paper.rules.ts'
import { papersOf } from '../paper.views.ts'
import { asDownload, numberedFile } from '../paper-file.ts'
import type { Seller } from '../seller.views.ts'
import { words } from '../words.ts'
import { ID, Places, Row, withDesk } from './parts.tsx'

const see = guard('books.see', thingAtDesk)
const edit = guard('books.edit', thingAtDesk)

/** What leaves for the accountant, the end of a year, and the papers with a number. */
export function accountantRoutes(platform: Platform): Hono<WebEnv> {
  const { db, now } = platform

  async function page(c: Context<WebEnv>, seller: Seller, errors?: FieldErrors) {
    await numberFor(platform, seller.id)
    const [years, papers] = await Promise.all([yearsOf(db, seller.id), papersOf(db, seller.id, pageOf(c))])
    const { lang } = c.var.page
    const t = words(lang)
    const { date } = formats(lang)
    const today = dayIn(now(), seller.timeZone)
    const money = (amount: number, currency: string) => formatMoney({ amount, currency }, lang)
    return c.html(
      <StudioPage c={c} title={t('place_accountant')} current="books" notice={c.req.query('done') && t('told_closed')}>
        <Places c={c} at="accountant" />
        <h1>{t('place_accountant')}</h1>
        <ErrorSummary errors={errors} lang={lang} />
        <section>
          <h2>{t('years')}</h2>
          <p class="lead">{t('years_lead')}</p>
          {years.length === 0 && <p class="quiet">{t('years_none')}</p>}
          <ul class="lines">
            {years.map(({ year, last }) => {
              const { from, through } = yearDays(year, seller.yearBegins)
              const isClosed = seller.closedThrough !== null && seller.closedThrough >= through
              const name = t('st_period', { from: date(new Date(from)), through: date(new Date(through)) })
              return (
                <Row
                  name={name}
                  says={
                    <>
                      {t('year_entries', { n: last })}
                      {isClosed && ` · ${t('year_closed')}`}
                      {' · '}
                      <a href={`/studio/books/years/${year}/fec.txt`}>{t('year_fec')}</a>
                      {' · '}
                      <a href={`/studio/books/years/${year}/books.csv`}>CSV</a>
                    </>
                  }
                >
                  {!isClosed && through < today && mayEdit(c) && (
                    <Form page={c.var.page} action={withDesk(c, `/studio/books/years/${year}/close`)} style="margin:0">
                      <Button kind="quiet" aria-label={t('year_close_named', { year: name })}>
                        {t('year_close')}
                      </Button>
                    </Form>
                  )}
                </Row>
              )
            })}
          </ul>
          <p class="quiet">{t('year_close_hint')}</p>
          {seller.vatRegime === 'registered' && (
            <p class="actions">
              <a href="/studio/shop/oss">{t('oss')}</a>
            </p>
          )}
        </section>
        <section>
          <h2>{t('papers')}</h2>
          {papers.length === 0 ? (
            <p class="quiet">{t('papers_none')}</p>
          ) : (
            <ul class="lines">
              {papers.slice(0, 100).map(({ id, kind, series, number, issuedOn, content }) => {
                const { net, tax } = totalsOf(content.lines)
                const name = t(`paper_${kind}`, { number: number ? paperNumber(series, number) : '…' })
                return (
                  <Row
                    name={number ? <a href={`/studio/books/papers/${id}.pdf`}>{name}</a> : name}
                    says={[content.buyer.name, date(new Date(issuedOn)), money(net + tax, content.currency)].join(
                      ' · ',
                    )}
                  />
                )
              })}
            </ul>
          )}
          {papers.length > 100 && (
            <p class="actions">
              <a href={`/studio/books/accountant?page=${pageOf(c) + 1}`}>{t('papers_older')}</a>
            </p>
          )}
        </section>
      </StudioPage>,
      errors ? 422 : 200,
    )
  }

  const yearIn = (c: Context<WebEnv>) => Number(c.req.param('year'))
  const giveLines = (c: Context<WebEnv>, name: string, type: string, lines: AsyncIterable<string>) => {
    c.header('Content-Type', type)
    c.header('Content-Disposition', `attachment; filename="${name}"`)
    c.header('Cache-Control', 'private, no-store')
    return stream(c, async (out) => {
      for await (const lot of lines) await out.write(lot)
    })
  }

  return new Hono<WebEnv>()
    .get('/studio/books/accountant', see, async (c) => {
      const seller = await sellerAtDesk(db, c)
      return seller ? page(c, seller) : c.redirect('/studio/books')
    })
    .get('/studio/books/years/:year{[0-9]{4}}/fec.txt', see, async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.notFound()
      await numberFor(platform, seller.id)
      const { through } = yearDays(yearIn(c), seller.yearBegins)
      const siren = seller.country === 'FR' ? seller.registerNumber : ''
      return giveLines(c, fecName(siren, through), 'text/plain; charset=utf-8', fecOf(db, seller, yearIn(c)))
    })
    .get('/studio/books/years/:year{[0-9]{4}}/books.csv', see, async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.notFound()
      await numberFor(platform, seller.id)
      return giveLines(c, `books-${yearIn(c)}.csv`, 'text/csv; charset=utf-8', booksCsv(db, seller, yearIn(c)))
    })
    .post('/studio/books/years/:year{[0-9]{4}}/close', edit, async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.notFound()
      const said = { year: yearIn(c), today: dayIn(now(), seller.timeZone), by: actorOf(c).accountId }
      const closed = await closeYear(platform, seller, said)
      if (closed.ok) return c.redirect('/studio/books/accountant?done=1', 303)
      return page(c, seller, { '': words(c.var.page.lang)(`problem_${closed.error}`) })
    })
    .get(`/studio/books/papers/:file{${ID}\\.pdf}`, see, async (c) => {
      const [seller, id] = [await sellerAtDesk(db, c), c.req.param('file').replace(/\.pdf$/, '')]
      const file = seller && isId(id) ? await numberedFile(db, seller.id, id) : null
      return file ? asDownload(file) : c.notFound()
    })
}

const pageOf = (c: Context<WebEnv>) => Math.min(1000, Math.max(0, Math.trunc(Number(c.req.query('page')) || 0)))
