import { type Context, Hono } from 'hono'
import { stream } from 'hono/streaming'
import { dayIn, isDay } from '../../../platform/days.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { readRate, type Seller, sellerOf, typeEuroRate } from '../../books/index.ts'
import { actorOf, can, guard, readForm, smallBody, type Thing, type WebEnv } from '../../identity/index.ts'
import { yearsAbroad } from '../cross-border.store.ts'
import { type Quarter, quarterName, quarterOf, quartersBetween, readQuarter } from './oss.rules.ts'
import { firstTaxedElsewhere, type OssSale, ossReport, ossSales } from './oss.views.ts'
import { returnCsv, salesCsv } from './oss-csv.ts'
import { OssPage, QuarterPage } from './oss-pages.tsx'
import { words } from './words.ts'

const PATH = '/studio/shop/oss'
const QUARTER = ':quarter{2[0-9]{3}-Q[1-4]}'
const SHOWN = 100

function thingAtDesk(c: Context<WebEnv>): Thing | null {
  const { current } = c.get('desk')
  if (!current) return null
  return current.kind === 'artist'
    ? { kind: 'artist', artistId: current.artist.id }
    : { kind: 'label', labelId: current.label.id }
}

/** What was sold into other countries of the EU, and the return of each quarter for the one-stop shop. */
export function ossStudio({ db, now }: Pick<Platform, 'db' | 'now'>): Hono<WebEnv> {
  const see = guard('books.see', thingAtDesk)
  const edit = guard('books.edit', thingAtDesk)

  async function sellerHere(c: Context<WebEnv>): Promise<Seller | null> {
    const { current } = c.get('desk')
    if (!current) return null
    return sellerOf(db, current.kind === 'artist' ? { artistId: current.artist.id } : { labelId: current.label.id })
  }

  async function showQuarter(c: Context<WebEnv>, seller: Seller, quarter: Quarter, errors?: FieldErrors, typed = '') {
    const thing = thingAtDesk(c)
    const sales: OssSale[] = []
    for await (const lot of ossSales(db, seller, quarter, SHOWN + 1)) {
      sales.push(...lot)
      break
    }
    const view = {
      report: await ossReport(db, seller, quarter),
      sales: sales.slice(0, SHOWN),
      hasMore: sales.length > SHOWN,
      zone: seller.timeZone,
      today: dayIn(now(), seller.timeZone),
      mayEdit: thing !== null && can(c.get('actor'), 'books.edit', thing),
    }
    c.header('Cache-Control', 'private, no-store')
    return c.html(<QuarterPage {...{ c, view, errors, typed }} />, errors ? 422 : 200)
  }

  const give = (c: Context<WebEnv>, name: string, lines: AsyncIterable<string>) => {
    c.header('Content-Type', 'text/csv; charset=utf-8')
    c.header('Content-Disposition', `attachment; filename="${name}"`)
    c.header('Cache-Control', 'private, no-store')
    return stream(c, async (out) => {
      for await (const lot of lines) await out.write(lot)
    })
  }

  /** The seller and the quarter that a path names. */
  async function named(c: Context<WebEnv>): Promise<{ seller: Seller; quarter: Quarter } | null> {
    const [seller, quarter] = [await sellerHere(c), readQuarter(c.req.param('quarter') ?? '')]
    return seller && quarter && { seller, quarter }
  }

  return new Hono<WebEnv>()
    .get(PATH, see, async (c) => {
      const seller = await sellerHere(c)
      if (!seller) return c.redirect('/studio/books/seller')
      const today = dayIn(now(), seller.timeZone)
      const first = [await firstTaxedElsewhere(db, seller), seller.ossSince].filter((day) => day !== null).toSorted()[0]
      const thing = thingAtDesk(c)
      const view = {
        seller,
        today,
        years: await yearsAbroad(db, seller.id, today),
        quarters: first && first <= today ? quartersBetween(first, today) : [],
        current: quarterName(quarterOf(today)),
        mayEdit: thing !== null && can(c.get('actor'), 'books.edit', thing),
      }
      return c.html(<OssPage {...{ c, view }} />)
    })
    .get(`${PATH}/${QUARTER}`, see, async (c) => {
      const here = await named(c)
      return here ? showQuarter(c, here.seller, here.quarter) : c.notFound()
    })
    .get(`${PATH}/${QUARTER}/return.csv`, see, async (c) => {
      const here = await named(c)
      if (!here) return c.notFound()
      return give(c, `oss-${quarterName(here.quarter)}.csv`, returnCsv(await ossReport(db, here.seller, here.quarter)))
    })
    .get(`${PATH}/${QUARTER}/sales.csv`, see, async (c) => {
      const here = await named(c)
      if (!here) return c.notFound()
      return give(c, `oss-${quarterName(here.quarter)}-sales.csv`, salesCsv(db, here.seller, here.quarter))
    })
    .post(`${PATH}/${QUARTER}/rate`, edit, smallBody, async (c) => {
      const here = await named(c)
      if (!here) return c.notFound()
      const { seller, quarter } = here
      const form = await readForm(c)
      const [rate, currency, day] = [readRate(form.text('rate')), form.text('currency'), form.text('day')]
      if (!/^[A-Z]{3}$/.test(currency) || !isDay(day)) return c.notFound()
      if (!rate)
        return showQuarter(c, seller, quarter, { rate: words(c.var.page.lang)('problem_rate') }, form.text('rate'))
      const typedBy = actorOf(c).accountId
      await typeEuroRate(db, { ...{ sellerId: seller.id, currency, day, rate }, ...{ typedBy, typedAt: now() } })
      return c.redirect(`${PATH}/${quarterName(quarter)}`, 303)
    })
}
