import { type Context, Hono } from 'hono'
import { dayIn, isDay } from '../../../platform/days.ts'
import { formats } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import { formatMoney } from '../../../platform/money.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { actorOf, guard, readForm, StudioPage, smallBody, type WebEnv } from '../../identity/index.ts'
import { monthEnd } from '../days.rules.ts'
import { distribute, dueSoFar } from '../distribute.ts'
import { mayEdit, sellerAtDesk, thingAtDesk } from '../owner.ts'
import { payeesOf } from '../payee.views.ts'
import type { Seller } from '../seller.views.ts'
import { sendStatements } from '../send-statements.ts'
import { distributionsOf, statementLines } from '../statement.views.ts'
import { words } from '../words.ts'
import { ID, Places, Row, withDesk } from './parts.tsx'

const see = guard('books.see', thingAtDesk)
const edit = guard('books.edit', thingAtDesk)

/** The first page of the books: what is due so far, and what was distributed. */
export function homeRoutes(platform: Platform): Hono<WebEnv> {
  const { db, now } = platform

  async function home(c: Context<WebEnv>, seller: Seller, errors?: FieldErrors) {
    const today = dayIn(now(), seller.timeZone)
    const [{ since, changes }, payees, distributions] = await Promise.all([
      dueSoFar(db, seller.id, today),
      payeesOf(db, seller.id),
      distributionsOf(db, seller.id),
    ])
    return c.html(
      <HomePage {...{ c, seller, today, since, changes, payees, distributions, errors }} />,
      errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/studio/books', see, async (c) => {
      const seller = await sellerAtDesk(db, c)
      return seller ? home(c, seller) : c.html(<NoBooks c={c} />)
    })
    .post('/studio/books/distribute', edit, smallBody, async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.notFound()
      const t = words(c.var.page.lang)
      const through = (await readForm(c)).text('through')
      if (!isDay(through)) return home(c, seller, { through: t('problem_day-wrong') })
      const today = dayIn(now(), seller.timeZone)
      const done = await distribute(platform, seller, { through, today, by: actorOf(c).accountId })
      if (!done.ok) return home(c, seller, { through: t(`problem_${done.error}`) })
      return c.redirect(`/studio/books/distributions/${done.value}`, 303)
    })
    .get(`/studio/books/distributions/:id{${ID}}`, see, async (c) => {
      const [seller, id] = [await sellerAtDesk(db, c), c.req.param('id')]
      const about = seller && (await distributionsOf(db, seller.id)).find((one) => one.id === id)
      if (!seller || !about) return c.notFound()
      const { lang } = c.var.page
      const t = words(lang)
      const { date } = formats(lang)
      const lines = await statementLines(db, seller.id, { distributionId: id })
      const money = (amount: number) => formatMoney({ amount, currency: seller.currency }, lang)
      const title = t('distribution_title', { through: date(new Date(about.through)) })
      const unsent = lines.filter(({ hasMail, sentAt }) => hasMail && !sentAt).length
      return c.html(
        <StudioPage c={c} title={title} current="books" notice={c.req.query('done') && t('told_sent')}>
          <p class="quiet">
            <a href="/studio/books">{t('books')}</a>
          </p>
          <h1>{title}</h1>
          <Table
            lang={lang}
            caption={t('statements')}
            columns={[
              {
                label: t('payee_name'),
                cell: (row) => <a href={`/studio/books/statements/${row.id}`}>{row.name}</a>,
              },
              { label: t('part'), cell: (row) => money(row.earned), numeric: true },
              { label: t('st_after'), cell: (row) => money(row.balance), numeric: true },
              {
                label: t('statement_mail'),
                cell: ({ sentAt, hasMail }) =>
                  sentAt
                    ? t('statement_sent', { date: date(sentAt) })
                    : t(hasMail ? 'statement_not_sent' : 'statement_no_mail'),
              },
            ]}
            rows={lines}
          />
          {mayEdit(c) && unsent > 0 && (
            <Form page={c.var.page} action={withDesk(c, `/studio/books/distributions/${id}/send`)}>
              <Button>{t('statements_send', { n: unsent })}</Button>
            </Form>
          )}
        </StudioPage>,
      )
    })
    .post(`/studio/books/distributions/:id{${ID}}/send`, edit, async (c) => {
      const [seller, id] = [await sellerAtDesk(db, c), c.req.param('id')]
      if (!seller || !isId(id)) return c.notFound()
      await sendStatements(platform, seller.id, id)
      return c.redirect(`/studio/books/distributions/${id}?done=1`, 303)
    })
}

const NoBooks = ({ c }: { c: Context<WebEnv> }) => {
  const t = words(c.var.page.lang)
  return (
    <StudioPage c={c} title={t('books')} current="books">
      <h1>{t('books')}</h1>
      <Empty
        title={t('books_none')}
        action={mayEdit(c) && <Button href="/studio/books/seller">{t('seller_title')}</Button>}
      >
        <p>{t('books_none_lead')}</p>
      </Empty>
    </StudioPage>
  )
}

type HomeProps = {
  c: Context<WebEnv>
  seller: Seller
  today: string
  errors: FieldErrors | undefined
  payees: Awaited<ReturnType<typeof payeesOf>>
  distributions: Awaited<ReturnType<typeof distributionsOf>>
} & Awaited<ReturnType<typeof dueSoFar>>

const HomePage = ({ c, seller, today, since, changes, payees, distributions, errors }: HomeProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const money = (amount: number) => formatMoney({ amount, currency: seller.currency }, page.lang)
  const names = new Map(payees.map(({ id, name }) => [id, name]))
  return (
    <StudioPage c={c} title={t('books')} current="books">
      <Places c={c} at="books" />
      <h1>{t('books')}</h1>
      <section>
        <h2>{t('due_title')}</h2>
        {changes.length === 0 ? (
          <p class="quiet">{t('due_none')}</p>
        ) : (
          <>
            <p class="lead">{since ? t('due_since', { since: date(new Date(since)) }) : t('due_ever')}</p>
            <Table
              lang={page.lang}
              caption={t('due_title')}
              captionHidden
              columns={[
                {
                  label: t('payee_name'),
                  cell: (row) => <a href={`/studio/books/people/${row.payeeId}`}>{names.get(row.payeeId)}</a>,
                },
                { label: t('part'), cell: (row) => money(row.earned), numeric: true },
                { label: t('st_recouped'), cell: (row) => money(row.recouped), numeric: true },
                { label: t('due_now'), cell: (row) => money(row.balanceAfter), numeric: true },
              ]}
              rows={changes}
            />
            {mayEdit(c) && (
              <Form page={page} action={withDesk(c, '/studio/books/distribute')} novalidate>
                <ErrorSummary errors={errors} lang={page.lang} />
                <Field
                  name="through"
                  type="date"
                  label={t('distribute_through')}
                  hint={t('distribute_hint')}
                  value={monthEnd(today, 1)}
                  error={errors?.['through']}
                  required
                />
                <Button>{t('distribute')}</Button>
              </Form>
            )}
          </>
        )}
      </section>
      {distributions.length > 0 && (
        <section>
          <h2>{t('distributions')}</h2>
          <ul class="lines">
            {distributions.map(({ id, fromDay, through, given }) => (
              <Row
                name={
                  <a href={`/studio/books/distributions/${id}`}>
                    {t(fromDay ? 'st_period' : 'st_period_first', {
                      from: fromDay ? date(new Date(fromDay)) : '',
                      through: date(new Date(through)),
                    })}
                  </a>
                }
                says={t('distribution_given', { amount: money(given) })}
              />
            ))}
          </ul>
        </section>
      )}
    </StudioPage>
  )
}
