import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { dayIn, isDay } from '../../../platform/days.ts'
import { send } from '../../../platform/http/index.ts'
import { formats } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import { currencyName, formatMoney, readMoney } from '../../../platform/money.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { Button, ErrorSummary, Field, type FieldErrors, FileField, Form, Select } from '../../../ui/forms.tsx'
import { actorOf, guard, type Posted, readForm, StudioPage, type WebEnv } from '../../identity/index.ts'
import { type Outlay, outlayById, outlaysOf } from '../outlay.views.ts'
import { mayEdit, ownerAtDesk, sellerAtDesk, thingAtDesk } from '../owner.ts'
import type { Owner } from '../owner.types.ts'
import { recordOutlay, takeBackOutlay } from '../record-outlay.ts'
import type { Seller } from '../seller.views.ts'
import { splitsOf } from '../split.views.ts'
import { isSubject, type Sold } from '../subjects.ts'
import type { PaidFrom } from '../tables.ts'
import { words } from '../words.ts'
import { ID, Places, Row, withDesk } from './parts.tsx'

const see = guard('books.see', thingAtDesk)
const edit = guard('books.edit', thingAtDesk)
const MOST_PROOF = 10_000_000
/** A form with its proof. */
export const proofBody = bodyLimit({
  maxSize: MOST_PROOF + 100_000,
  onError: (c) => c.text('This file is too large: 10 MB at most.', 413),
})

export type TypedOutlay = Record<'amount' | 'vat' | 'on' | 'from' | 'note' | 'subject', string>

export const typedOutlay = (form: Posted): TypedOutlay => ({
  amount: form.text('amount'),
  vat: form.text('vat'),
  on: form.text('on'),
  from: form.text('from'),
  note: form.text('note'),
  subject: form.text('subject'),
})

export type ReadOutlay = {
  amount: number
  vat: number
  paidOn: string
  paidFrom: PaidFrom
  note: string
  file: { name: string; type: string; content: Buffer } | null
}

/** What was typed of a payment, or what is wrong with it by field. */
export async function readOutlay(
  form: Posted,
  seller: Seller,
  today: string,
): Promise<Result<ReadOutlay, Partial<Record<'amount' | 'vat' | 'on', 'amount-wrong' | 'day-wrong' | 'day-future'>>>> {
  const typed = typedOutlay(form)
  const amount = readMoney(typed.amount, seller.currency)?.amount ?? 0
  const vat = typed.vat ? (readMoney(typed.vat, seller.currency)?.amount ?? -1) : 0
  if (amount <= 0) return fail({ amount: 'amount-wrong' })
  if (vat < 0 || vat >= amount) return fail({ vat: 'amount-wrong' })
  if (!isDay(typed.on)) return fail({ on: 'day-wrong' })
  if (typed.on > today) return fail({ on: 'day-future' })
  const file = form.file('proof')
  const kept = file && {
    name: file.name.replace(/[\p{Cc}\p{Cf}"<>:|?*\\/]/gu, '').slice(-120) || 'proof',
    type: /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(file.type) ? file.type : 'application/octet-stream',
    content: Buffer.from(await file.arrayBuffer()),
  }
  const paidFrom = (['bank', 'cash', 'owner'] as const).find((one) => one === typed.from) ?? 'bank'
  return ok({ amount, vat, paidOn: typed.on, paidFrom, note: typed.note, file: kept })
}

type FieldsProps = {
  c: Context<WebEnv>
  seller: Seller
  typed?: Partial<TypedOutlay> | undefined
  errors?: FieldErrors | undefined
  today: string
  /** Tells the fields of two forms on one page apart. */
  of: string
  withVat?: boolean
}

export const OutlayFields = ({ c, seller, typed, errors, today, of, withVat }: FieldsProps) => {
  const t = words(c.var.page.lang)
  const field = (name: 'amount' | 'vat' | 'on' | 'from' | 'note') => ({
    name,
    id: `f-${of}-${name}`,
    value: typed?.[name] ?? (name === 'on' ? today : ''),
    error: errors?.[name],
  })
  return (
    <>
      <Field
        {...field('amount')}
        label={t('outlay_amount', { currency: currencyName(seller.currency, c.var.page.lang) })}
        inputmode="decimal"
        size={12}
        required
      />
      {withVat && <Field {...field('vat')} label={t('outlay_vat')} inputmode="decimal" size={12} />}
      <Field {...field('on')} type="date" label={t('outlay_on')} required />
      <Select
        {...field('from')}
        label={t('outlay_from')}
        options={(['bank', 'cash', 'owner'] as const).map((one) => ({ value: one, label: t(`from_${one}`) }))}
      />
      <Field {...field('note')} label={t('outlay_note')} maxlength={500} />
      <FileField name="proof" id={`f-${of}-proof`} label={t('outlay_proof')} hint={t('outlay_proof_hint')} />
    </>
  )
}

/** One payment in a list, with its proof, and the way to take it back. */
export const OutlayRow = ({
  c,
  seller,
  outlay,
  name,
}: {
  c: Context<WebEnv>
  seller: Seller
  outlay: Outlay
  name: string
}) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const amount = formatMoney({ amount: outlay.amount, currency: seller.currency }, page.lang)
  return (
    <Row
      name={`${amount} · ${name}`}
      says={
        <>
          {[date(new Date(outlay.paidOn)), t(`from_${outlay.paidFrom}`), outlay.note].filter(Boolean).join(' · ')}
          {outlay.storageKey && ' · '}
          {outlay.storageKey && <a href={`/studio/books/proofs/${outlay.id}`}>{t('outlay_see_proof')}</a>}
          {outlay.reversedAt && ` · ${t('outlay_taken_back', { date: date(outlay.reversedAt) })}`}
        </>
      }
    >
      {!outlay.reversedAt && mayEdit(c) && (
        <Form page={page} action={withDesk(c, `/studio/books/outlays/${outlay.id}/back`)} style="margin:0">
          <Button kind="quiet" aria-label={t('outlay_back_named', { amount, name })}>
            {t('outlay_back')}
          </Button>
        </Form>
      )}
    </Row>
  )
}

/** What was spent on projects, and the proofs of all that was paid. */
export function moneyRoutes(platform: Platform, sold: Sold): Hono<WebEnv> {
  const { db, now, storage } = platform

  async function costs(c: Context<WebEnv>, seller: Seller, typed?: TypedOutlay, errors?: FieldErrors) {
    const [list, subjects] = await Promise.all([outlaysOf(db, seller.id, 'cost'), subjectsOf(c, seller)])
    const { page } = c.var
    const t = words(page.lang)
    const today = dayIn(now(), seller.timeZone)
    return c.html(
      <StudioPage c={c} title={t('place_costs')} current="books" notice={c.req.query('done') && t('told_outlay')}>
        <Places c={c} at="costs" />
        <h1>{t('place_costs')}</h1>
        <p class="lead">{t('costs_lead')}</p>
        {list.length === 0 ? (
          <p class="quiet">{t('costs_none')}</p>
        ) : (
          <ul class="lines">
            {list.map((outlay) => (
              <OutlayRow c={c} seller={seller} outlay={outlay} name={outlay.title} />
            ))}
          </ul>
        )}
        {mayEdit(c) && subjects.length > 0 && (
          <section>
            <h2>{t('cost_add')}</h2>
            <Form page={page} action={withDesk(c, '/studio/books/costs')} files novalidate>
              <ErrorSummary errors={errors} lang={page.lang} />
              <Select
                name="subject"
                label={t('cost_of')}
                value={typed?.subject}
                options={subjects.map(({ subject, title }) => ({ value: subject, label: title }))}
              />
              <OutlayFields
                {...{ c, seller, typed, errors, today }}
                of="cost"
                withVat={seller.vatRegime === 'registered'}
              />
              <Button>{t('cost_record')}</Button>
            </Form>
          </section>
        )}
      </StudioPage>,
      errors ? 422 : 200,
    )
  }

  /** What costs may be charged to: all that is offered or shared. */
  async function subjectsOf(c: Context<WebEnv>, seller: Seller) {
    const offered = await sold.offered(db, ownerAtDesk(c) as Owner)
    const shared = (await splitsOf(db, seller.id)).map(({ subject, title }) => ({ subject, title }))
    const all = new Map([...shared, ...offered].map(({ subject, title }) => [subject, title]))
    return [...all].map(([subject, title]) => ({ subject, title }))
  }

  async function theirs(c: Context<WebEnv>) {
    const [seller, id] = [await sellerAtDesk(db, c), c.req.param('id')]
    const outlay = isId(id) ? await outlayById(db, id) : undefined
    return seller && outlay?.sellerId === seller.id ? { seller, outlay } : null
  }

  return new Hono<WebEnv>()
    .get('/studio/books/costs', see, async (c) => {
      const seller = await sellerAtDesk(db, c)
      return seller ? costs(c, seller) : c.redirect('/studio/books')
    })
    .post('/studio/books/costs', edit, proofBody, async (c) => {
      const seller = await sellerAtDesk(db, c)
      if (!seller) return c.notFound()
      const t = words(c.var.page.lang)
      const form = await readForm(c)
      const typed = typedOutlay(form)
      const found = (await subjectsOf(c, seller)).find(({ subject }) => subject === typed.subject)
      if (!found || !isSubject(found.subject)) return costs(c, seller, typed, { subject: t('problem_missing') })
      const read = await readOutlay(form, seller, dayIn(now(), seller.timeZone))
      if (!read.ok)
        return costs(
          c,
          seller,
          typed,
          Object.fromEntries(Object.entries(read.error).map(([name, problem]) => [name, t(`problem_${problem}`)])),
        )
      await recordOutlay(platform, seller, { kind: 'cost', ...found, ...read.value, by: actorOf(c).accountId })
      return c.redirect('/studio/books/costs?done=1', 303)
    })
    .post(`/studio/books/outlays/:id{${ID}}/back`, edit, async (c) => {
      const at = await theirs(c)
      if (!at) return c.notFound()
      const { seller, outlay } = at
      const today = dayIn(now(), seller.timeZone)
      await takeBackOutlay(platform, seller, { id: outlay.id, today, by: actorOf(c).accountId })
      return c.redirect(
        outlay.payeeId ? `/studio/books/people/${outlay.payeeId}?done=back` : '/studio/books/costs?done=1',
        303,
      )
    })
    .get(`/studio/books/proofs/:id{${ID}}`, see, async (c) => {
      const at = await theirs(c)
      const { storageKey, size, fileName } = at?.outlay ?? {}
      if (!storageKey || !size) return c.notFound()
      c.header('X-Content-Type-Options', 'nosniff')
      return send(
        c,
        storage,
        {
          pieces: [{ key: storageKey, size }],
          type: 'application/octet-stream',
          etag: `"${at?.outlay.id}"`,
          cache: 'private',
          fileName: fileName || 'proof',
        },
        platform.config.accelPrefix,
      )
    })
}
