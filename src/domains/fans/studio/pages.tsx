import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Field, Form, Select } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import type { Subject, SubjectFacts } from '../../exchange/index.ts'
import { type Sender, type SenderAtDesk, StudioPage, senderId, type WebEnv, zoneAt } from '../../identity/index.ts'
import type { FanRow, FanSheet, Wanted } from './list.views.ts'
import { words } from './words.ts'

export const FANS = '/studio/fans'

type ListProps = {
  c: Context<WebEnv>
  own: SenderAtDesk
  counts: { n: number; active: number }
  wanted: Wanted
  rows: FanRow[]
  next: string | null
}

export const FansPage = ({ c, own, counts, wanted, rows, next }: ListProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const zone = zoneAt(c, own.id)
  const notice = c.req.query('done') === 'erased' ? t('erased') : undefined
  const query = new URLSearchParams({
    search: wanted.search,
    channel: wanted.channel ?? '',
    state: wanted.state ?? '',
    before: next ?? '',
  })
  const ways = (
    <p class="actions">
      <Button href={`${FANS}/doors`} kind="plain">
        {t('doors')}
      </Button>
      <Button href={`${FANS}/lists`} kind="plain">
        {t('bring_list')}
      </Button>
      {counts.n > 0 && (
        <Button href={`${FANS}/export.csv`} kind="plain" download="">
          {t('export')}
        </Button>
      )}
    </p>
  )
  if (!counts.n)
    return (
      <StudioPage c={c} title={t('fans')} current="fans" {...own.sender} notice={notice}>
        <h1>{t('fans')}</h1>
        <Empty title={t('none_title')}>
          <p>{t('none_words')}</p>
        </Empty>
        {ways}
      </StudioPage>
    )
  return (
    <StudioPage c={c} title={t('fans')} current="fans" {...own.sender} notice={notice} wide>
      <h1>{t('fans')}</h1>
      <p class="lead">{t('lead', { name: own.name, ...counts })}</p>
      {ways}
      <section>
        <form method="get" action={FANS} class="narrows">
          <Field name="search" label={t('search')} hint={t('search_hint')} type="search" value={wanted.search} />
          <Select
            name="channel"
            label={t('channel')}
            value={wanted.channel ?? ''}
            options={[
              { value: '', label: t('any') },
              ...(['mail', 'sms', 'push'] as const).map((value) => ({ value, label: t(`channel_${value}`) })),
            ]}
          />
          <Select
            name="state"
            label={t('state')}
            value={wanted.state ?? ''}
            options={[
              { value: '', label: t('any') },
              ...(['active', 'asked', 'left'] as const).map((value) => ({ value, label: t(`state_${value}`) })),
            ]}
          />
          <Button kind="plain">{t('show')}</Button>
        </form>
      </section>
      {rows.length ? (
        <Table
          lang={page.lang}
          caption={t('fans')}
          captionHidden
          rows={rows}
          columns={[
            { label: t('fan'), cell: (row) => <a href={`${FANS}/${row.fanId}`}>{row.name || t('nameless')}</a> },
            {
              label: t('addresses'),
              cell: (row) =>
                row.addresses.map(({ address, channel, state }) => (
                  <div>
                    {channel === 'push' ? t('channel_push') : address}, {t(`state_${state}`)}
                  </div>
                )),
            },
            { label: t('since'), cell: (row) => date(row.since, zone) },
          ]}
        />
      ) : (
        <p>{t('none_found')}</p>
      )}
      {next && (
        <p>
          <Button href={`${FANS}?${query}`} kind="plain">
            {t('next')}
          </Button>
        </p>
      )}
    </StudioPage>
  )
}

type SheetProps = {
  c: Context<WebEnv>
  sender: Sender
  sheet: FanSheet
  facts: Map<Subject, SubjectFacts>
  problem: string | undefined
}

const DEEDS = ['page', 'start', 'listen', 'download', 'sign-up', 'confirmation', 'reply', 'comment'] as const
const EVENTS = ['asked', 'confirmed', 'imported', 'changed', 'withdrawn', 'erased'] as const
const SOURCES = [
  'form',
  'download',
  'poster',
  'keyword',
  'import',
  'link',
  'one-click',
  'preferences',
  'reply',
  'complaint',
  'bounce',
  'studio',
] as const

export const FanPage = ({ c, sender, sheet, facts, problem }: SheetProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date, dateTime } = formats(page.lang)
  const zone = zoneAt(c, senderId(sender))
  const done = c.req.query('done')
  const notice = done === 'merged' ? t('merged') : done === 'split' ? t('was_split') : undefined
  const name = sheet.name || t('nameless')
  const here = `${FANS}/${sheet.fanId}`
  const deed = ({ what, subject }: FanSheet['timeline'][number]) => {
    const title = facts.get(subject as Subject)?.title ?? ''
    const known = DEEDS.find((kind) => kind === what)
    return known ? t(`did_${known}`, { what: title }) : t('did_other', { kind: what, what: title })
  }
  return (
    <StudioPage c={c} title={name} current="fans" {...sender} notice={notice}>
      <h1>{name}</h1>
      <p class="lead">{[sheet.place, sheet.country].filter(Boolean).join(', ')}</p>
      <ul>
        {sheet.addresses.map(({ id, address, channel, state, since }) => (
          <li>
            <b>{channel === 'push' ? t('channel_push') : address}</b>, {t(`state_${state}`)}, {date(since, zone)}
            {sheet.addresses.length > 1 && (
              <Form page={page} action={`${here}/split`}>
                <input type="hidden" name="address" value={id} />
                <Button kind="quiet" aria-label={`${t('split')}: ${address}`}>
                  {t('split')}
                </Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      <p class="hint">
        {sheet.recognisedSince ? t('recognised', { date: date(sheet.recognisedSince, zone) }) : t('not_recognised')}
      </p>
      {sheet.brought.people > 0 && <p>{t('brought', sheet.brought)}</p>}
      <section>
        <h2>{t('timeline')}</h2>
        {sheet.timeline.length ? (
          <Table
            lang={page.lang}
            caption={t('timeline')}
            captionHidden
            rows={sheet.timeline}
            columns={[
              { label: t('what'), heading: true, cell: deed },
              { label: t('when'), cell: ({ at }) => dateTime(at, zone) },
            ]}
          />
        ) : (
          <p>{t('timeline_none')}</p>
        )}
      </section>
      <section>
        <h2>{t('consents')}</h2>
        <Table
          lang={page.lang}
          caption={t('consents')}
          captionHidden
          rows={sheet.consents}
          columns={[
            {
              label: t('what'),
              heading: true,
              cell: ({ event, channel }) => {
                const known = EVENTS.find((one) => one === event)
                return `${known ? t(`event_${known}`) : event}, ${t(`channel_${channel}`)}`
              },
            },
            { label: t('when'), cell: ({ at }) => dateTime(at, zone) },
            {
              label: t('way'),
              cell: ({ source }) => {
                const known = SOURCES.find((one) => one === source)
                return known ? t(`source_${known}`) : source
              },
            },
            { label: t('words_seen'), cell: ({ wording }) => wording },
          ]}
        />
      </section>
      <section>
        <h2>{t('merge_title')}</h2>
        <p class="lead">{t('merge_words')}</p>
        <Form page={page} action={`${here}/merge`} novalidate>
          <Field name="address" label={t('merge_with')} error={problem} maxlength={254} required />
          <Button kind="plain">{t('merge')}</Button>
        </Form>
      </section>
      <section>
        <h2>{t('erase_title')}</h2>
        <p class="lead">{t('erase_words')}</p>
        <Form page={page} action={`${here}/erase`}>
          <Button kind="danger">{t('erase')}</Button>
        </Form>
      </section>
    </StudioPage>
  )
}
