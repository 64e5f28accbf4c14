import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form, Select, TextArea } from '../../../ui/forms.tsx'
import { StudioPage, type WebEnv } from '../../identity/index.ts'
import { mayEdit } from '../owner.ts'
import type { Payee } from '../payee.views.ts'
import type { Seller } from '../seller.views.ts'
import { holdingOn, type Split } from '../split.views.ts'
import { words } from '../words.ts'
import { Places, Row, withDesk } from './parts.tsx'

export type TypedSplit = { from: string; recoups: string; note: string; shares: Record<string, string> }

type ListProps = {
  c: Context<WebEnv>
  splits: Split[]
  offered: { subject: string; title: string; isPart: boolean }[]
  today: string
}

export const SplitsPage = ({ c, splits, offered, today }: ListProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const subjects = [...Map.groupBy(splits, ({ subject }) => subject)]
  return (
    <StudioPage c={c} title={t('place_splits')} current="books">
      <Places c={c} at="splits" />
      <h1>{t('place_splits')}</h1>
      <p class="lead">{t('splits_lead')}</p>
      {subjects.length === 0 ? (
        <Empty title={t('splits_none')}>
          <p>{t('splits_none_lead')}</p>
        </Empty>
      ) : (
        <ul class="lines">
          {subjects.map(([subject, versions]) => {
            const holding = holdingOn(versions, today)
            return (
              <Row
                name={<a href={`/studio/books/splits/${subject}`}>{versions.at(-1)?.title}</a>}
                says={
                  <>
                    {holding ? partsInWords(c, holding) : t('split_not_yet')}
                    {versions.some(({ state }) => state === 'asked') && ` · ${t('split_is_asked')}`}
                  </>
                }
              />
            )
          })}
        </ul>
      )}
      {mayEdit(c) && offered.length > 0 && (
        <section>
          <h2>{t('split_new')}</h2>
          <form method="get" action="/studio/books/splits">
            <Select
              name="subject"
              label={t('split_of')}
              options={offered.map(({ subject, title, isPart }) => ({
                value: subject,
                label: isPart ? `\u2003${title}` : title,
              }))}
            />
            <Button kind="plain">{t('split_go')}</Button>
          </form>
        </section>
      )}
    </StudioPage>
  )
}

/** "Ana 50 %, Noé 30 %, kept 20 %". */
export function partsInWords(c: Context<WebEnv>, { parts }: Pick<Split, 'parts'>): string {
  const { lang } = c.var.page
  const t = words(lang)
  const { number, list } = formats(lang)
  return list(
    parts.map(({ name, share }) => t('split_part', { name: name ?? t('split_kept'), share: number(share / 100) })),
  )
}

type Props = {
  c: Context<WebEnv>
  seller: Seller
  subject: string
  title: string
  payees: Payee[]
  splits: Split[]
  holding: Split | null
  typed: TypedSplit
  errors?: FieldErrors | undefined
  notice: Child
}

export const SplitPage = (props: Props) => {
  const { c, title, splits, holding, errors, notice } = props
  const { page } = c.var
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const asked = splits.find(({ state }) => state === 'asked')
  return (
    <StudioPage c={c} title={title} current="books" notice={notice}>
      <p class="quiet">
        <a href="/studio/books/splits">{t('place_splits')}</a>
      </p>
      <h1>{title}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <p class="lead">
        {holding
          ? t('split_holds', { parts: partsInWords(c, holding), from: date(new Date(holding.beginsOn ?? '')) })
          : t('split_nobody')}
      </p>
      {asked && <Asked {...props} asked={asked} />}
      {!asked && mayEdit(c) && <Propose {...props} />}
      {splits.length > 0 && (
        <section>
          <h2>{t('split_history')}</h2>
          <ul class="lines">
            {splits.map((split) => (
              <Row
                name={t(`split_state_${split.state}`, { from: date(new Date(split.beginsOn ?? split.askedFrom)) })}
                says={
                  <>
                    {partsInWords(c, split)}
                    {` · ${t(split.recoupsCosts ? 'split_costs_first' : 'split_costs_kept')}`}
                    {split.note && ` · ${split.note}`}
                  </>
                }
              />
            ))}
          </ul>
        </section>
      )}
    </StudioPage>
  )
}

const Asked = ({ c, asked, errors }: Props & { asked: Split }) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date } = formats(page.lang)
  return (
    <section>
      <h2>{t('split_asked_title')}</h2>
      <p>{t('split_asked_lead', { parts: partsInWords(c, asked), from: date(new Date(asked.askedFrom)) })}</p>
      <ul class="lines">
        {asked.answers.map(({ payeeId, name, answer, answeredAt, hasMail }) => (
          <Row
            name={name}
            says={
              answer && answeredAt
                ? t(`split_said_${answer}`, { date: date(answeredAt) })
                : t(hasMail ? 'split_waits' : 'split_waits_paper')
            }
          >
            {!answer && !hasMail && mayEdit(c) && (
              <Form
                page={page}
                action={withDesk(c, `/studio/books/asked/${asked.id}/agreed/${payeeId}`)}
                novalidate
                style="flex:1 1 15rem;margin:0"
              >
                <Field
                  name="words"
                  id={`f-words-${payeeId}`}
                  label={t('split_paper_words')}
                  error={errors?.['words']}
                  required
                />
                <Button kind="quiet">{t('split_paper', { name })}</Button>
              </Form>
            )}
          </Row>
        ))}
      </ul>
      {mayEdit(c) && (
        <Form page={page} action={withDesk(c, `/studio/books/asked/${asked.id}/withdraw`)}>
          <Button kind="plain">{t('split_withdraw')}</Button>
        </Form>
      )}
    </section>
  )
}

const Propose = ({ c, seller, subject, payees, splits, typed, errors }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const isFirst = !splits.some(({ state }) => state === 'agreed')
  const here = payees.filter(({ id, leftAt }) => !leftAt || typed.shares[id])
  if (!here.length)
    return (
      <Empty title={t('people_none')} action={<Button href="/studio/books/people">{t('people_add')}</Button>}>
        <p>{t('split_needs_people')}</p>
      </Empty>
    )
  const share = (who: string, name: string) => (
    <Field
      name={`share_${who}`}
      label={t('split_share_of', { name })}
      value={typed.shares[who] ?? ''}
      error={errors?.[`share_${who}`]}
      inputmode="decimal"
      size={8}
    />
  )
  return (
    <section>
      <h2>{t(isFirst ? 'split_begin' : 'split_change')}</h2>
      <p class="lead">{t(isFirst ? 'split_begin_lead' : 'split_change_lead')}</p>
      <Form page={page} action={withDesk(c, `/studio/books/splits/${subject}`)} novalidate>
        {here.map(({ id, name }) => share(id, name))}
        {share('seller', t('split_kept_by', { name: seller.legalName }))}
        <Field name="from" type="date" label={t('split_from')} value={typed.from} error={errors?.['from']} required />
        <Checkbox
          name="recoups"
          label={t('split_recoups')}
          hint={t('split_recoups_hint')}
          checked={typed.recoups !== ''}
        />
        <TextArea name="note" label={t('split_note')} value={typed.note} rows={2} />
        <Button>{t(isFirst ? 'split_save' : 'split_ask')}</Button>
      </Form>
    </section>
  )
}
