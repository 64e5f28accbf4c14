import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import type { Offer } from '../../exchange/index.ts'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import type { Batch } from './batches.views.ts'
import { MOST_CODES } from './make-codes.ts'
import { words } from './words.ts'

type Common = { c: Context<WebEnv>; artistId: string }
export const CODES = '/studio/shop/codes'

/** All batches, each with how many of it were used. */
export const BatchesPage = ({
  c,
  artistId,
  batches,
  titles,
}: Common & { batches: Batch[]; titles: Map<string, string> }) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { date } = formats(lang)
  return (
    <StudioPage c={c} title={t('codes')} current="shop" artistId={artistId}>
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a>
      </p>
      <h1>{t('codes')}</h1>
      {batches.length === 0 ? (
        <Empty title={t('none')} action={<Button href={`${CODES}/new`}>{t('new')}</Button>}>
          <p>
            {t('codes_lead')} {t('none_lead')}
          </p>
        </Empty>
      ) : (
        <>
          <p>{t('codes_lead')}</p>
          <p class="actions">
            <Button href={`${CODES}/new`}>{t('new')}</Button>
          </p>
          <Table
            lang={lang}
            caption={t('codes')}
            captionHidden
            columns={[
              { label: t('batch'), cell: (row) => <a href={`${CODES}/${row.id}`}>{row.name}</a> },
              { label: t('of_which'), cell: (row) => titles.get(row.subject) ?? '' },
              { label: t('made_on'), cell: (row) => date(row.createdAt) },
              {
                label: t('redeemed'),
                numeric: true,
                cell: (row) => t('of_count', { redeemed: row.redeemed, count: row.count }),
              },
              { label: t('state'), cell: (row) => t(`state_${row.state}`) },
            ]}
            rows={batches}
          />
        </>
      )}
    </StudioPage>
  )
}

export type TypedBatch = { subject: string; name: string; purpose: string; count: string; until: string }

export const NewBatchPage = ({
  c,
  artistId,
  offers,
  typed,
  errors,
}: Common & { offers: Offer[]; typed: TypedBatch; errors?: FieldErrors | undefined }) => {
  const { page } = c.var
  const t = words(page.lang)
  return (
    <StudioPage c={c} title={t('new')} current="shop" artistId={artistId}>
      <p class="quiet">
        <a href={CODES}>{t('codes')}</a>
      </p>
      <h1>{t('new')}</h1>
      <Form page={page} action={`${CODES}/new`} novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <Select
          name="subject"
          label={t('of_which')}
          error={errors?.['subject']}
          value={typed.subject}
          options={[
            { value: '', label: t('choose') },
            ...offers.map((offer) => ({
              value: offer.subject,
              label: offer.within ? `\u2003${offer.title}` : offer.title,
            })),
          ]}
        />
        <Field
          name="name"
          label={t('name')}
          hint={t('name_hint')}
          value={typed.name}
          error={errors?.['name']}
          maxlength={120}
          required
        />
        <Field name="purpose" label={t('purpose')} note={t('optional')} value={typed.purpose} maxlength={300} />
        <Field
          name="count"
          label={t('count')}
          hint={t('count_hint', { most: MOST_CODES })}
          inputmode="numeric"
          value={typed.count}
          error={errors?.['count']}
          maxlength={6}
          required
        />
        <Field
          name="until"
          type="date"
          label={t('until')}
          note={t('optional')}
          hint={t('until_hint')}
          value={typed.until}
          error={errors?.['until']}
        />
        <Button>{t('make')}</Button>
      </Form>
    </StudioPage>
  )
}

/** One batch: how many were used, what to print, and its end. */
export const BatchPage = ({
  c,
  batch,
  title,
  giftId,
  address,
  wrong,
}: {
  c: Context<WebEnv>
  batch: Batch
  title: string
  giftId: string | null
  address: string
  /** What was typed as how many more, and what is wrong with it. */
  wrong?: { typed: string; error: string } | undefined
}) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const { redeemed, count, kept } = batch
  const path = `${CODES}/${batch.id}`
  const most = MOST_CODES - batch.left
  const from = Number(c.req.query('from'))
  const isAdded = c.req.query('done') === 'added' && from > 0 && from <= count
  const done = (['made', 'closed', 'reopened', 'changed', 'ended'] as const).find(
    (known) => known === c.req.query('done'),
  )
  const notice = isAdded ? (
    <>
      {t('done_added', { from, to: count })}{' '}
      <a href={`${path}/cards.pdf?from=${from}`} data-reload="">
        {t('cards_from', { from })}
      </a>
    </>
  ) : (
    done && t(`done_${done}`)
  )
  return (
    <StudioPage c={c} title={batch.name} current="shop" artistId={batch.artistId} notice={notice}>
      <p class="quiet">
        <a href={CODES}>{t('codes')}</a>
      </p>
      <h1>{batch.name}</h1>
      <p class="lead">{t('sentence', { redeemed, count })}</p>
      <p>
        {title}
        {batch.purpose && ` · ${batch.purpose}`}
      </p>
      <p>
        {batch.state === 'closed'
          ? t('done_closed')
          : batch.until &&
            t(batch.state === 'over' ? 'problem_over' : 'sentence_until', {
              date: date(new Date(batch.until), 'UTC'),
            })}{' '}
        {t('sentence_kept', { kept })}
      </p>
      <section style="margin-top:var(--s5)">
        <h2>{t('hand')}</h2>
        <p>
          {t('address', { address })} {t('cards_hint')}
        </p>
        <p class="actions">
          <Button href={`${path}/cards.pdf`} data-reload="">
            {t('cards')}
          </Button>
          <a href={`${path}/codes.csv`} data-reload="">
            {t('csv')}
          </a>
          {giftId && <a href={`/studio/returns/${giftId}`}>{t('gift')}</a>}
        </p>
      </section>
      {batch.state === 'open' && (
        <section>
          <h2>{t('more')}</h2>
          <p class="quiet">{t('more_hint')}</p>
          {most > 0 ? (
            <Form page={page} action={`${path}/add`} novalidate>
              <ErrorSummary errors={wrong && { count: wrong.error }} lang={page.lang} />
              <input type="hidden" name="had" value={String(count)} />
              <Field
                name="count"
                label={t('count_more')}
                hint={t('count_hint', { most })}
                inputmode="numeric"
                value={wrong?.typed ?? ''}
                error={wrong?.error}
                maxlength={6}
                required
              />
              <Button kind="quiet">{t('make_more')}</Button>
            </Form>
          ) : (
            <p class="quiet">{t('more_full', { most: MOST_CODES })}</p>
          )}
        </section>
      )}
      <section>
        <h2>{t('end')}</h2>
        {batch.state === 'closed' ? (
          <Form page={page} action={`${path}/reopen`}>
            <Button kind="quiet">{t('reopen')}</Button>
          </Form>
        ) : (
          <Form page={page} action={`${path}/close`}>
            <p class="quiet">{t('close_hint')}</p>
            <Button kind="quiet">{t('close')}</Button>
          </Form>
        )}
      </section>
    </StudioPage>
  )
}
