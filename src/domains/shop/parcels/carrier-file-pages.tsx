import type { Context } from 'hono'
import { columnExamples } from '../../../platform/csv.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Button, Checkbox, ErrorSummary, FileField, Form, Select } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { clockAt, type Sender, StudioPage, senderId, senderOf, type WebEnv } from '../../identity/index.ts'
import { CARRIERS, carrierName } from './carrier.rules.ts'
import type { CarrierFile, PlannedRow } from './carrier-file.views.ts'
import { fileWords } from './words.ts'

const PATH = '/studio/parcels/numbers'
const LIST = '/studio/parcels'

type FilesProps = {
  c: Context<WebEnv>
  sender: Sender
  files: Pick<CarrierFile, 'id' | 'fileName' | 'createdAt'>[]
  error: string | undefined
}

const section = (sender: Sender) => ('artistId' in sender ? ('shop' as const) : ('label' as const))

/** A carrier's file to read, and those that were. */
export const CarrierFilesPage = ({ c, sender, files, error }: FilesProps) => {
  const { page } = c.var
  const { lang } = page
  const t = fileWords(lang)
  return (
    <StudioPage c={c} title={t('title')} current={section(sender)} {...sender}>
      <p class="quiet">
        <a href={LIST}>{t('list')}</a>
      </p>
      <h1>{t('title')}</h1>
      <p class="lead">{t('lead')}</p>
      <ErrorSummary errors={error ? { file: error } : undefined} lang={lang} />
      <Form page={page} action={PATH} files>
        <FileField
          name="file"
          label={t('file')}
          hint={t('file_hint')}
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          error={error}
        />
        <Button>{t('read')}</Button>
      </Form>
      {files.length > 0 && (
        <section>
          <h2>{t('files')}</h2>
          <ul class="lines">
            {files.map(({ id, fileName, createdAt }) => (
              <li>
                <b>
                  <a href={`${PATH}/${id}`}>{fileName}</a>
                </b>
                <small>{clockAt(c, senderId(sender))(createdAt)}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
    </StudioPage>
  )
}

const what = ({ facts, plan }: PlannedRow, lang: Lang): string => {
  if (plan.does !== 'sends' || !facts) return ''
  return formats(lang).list(
    plan.parts.map(({ position, quantity }) => {
      const line = facts.lines.find((one) => one.position === position)
      return `${quantity} × ${[line?.title, line?.variant].filter(Boolean).join(', ')}`
    }),
  )
}

/** What a line does, or why it does nothing, in words. */
export function whatItDoes(row: PlannedRow, lang: Lang): string {
  const t = fileWords(lang)
  const { plan } = row
  if (plan.does === 'refused') return t(`why_${plan.why}`)
  return t(`does_${plan.does}`, { what: what(row, lang), number: 'now' in plan ? plan.now : '' })
}

type FileProps = { c: Context<WebEnv>; file: CarrierFile; rows: PlannedRow[] }

/** What a carrier's file says, line by line, before anything is sent and after. */
export const CarrierFilePage = ({ c, file, rows }: FileProps) => {
  const { page } = c.var
  const { lang } = page
  const t = fileWords(lang)
  const sender = senderOf(file)
  const count = (...does: string[]) => rows.filter(({ plan }) => does.includes(plan.does)).length
  const [sends, corrects, refused] = [count('sends'), count('adds', 'differs'), count('refused')]
  const [sent, corrected] = [c.req.query('sent'), c.req.query('corrected')].map((n) => Number(n) || 0)
  const isDone = c.req.query('sent') !== undefined
  const isNamed = typeof file.columns.carrier === 'number'
  return (
    <StudioPage
      c={c}
      title={file.fileName}
      current={section(sender)}
      {...sender}
      notice={isDone && t('done', { sent: sent ?? 0, corrected: corrected ?? 0 })}
    >
      <p class="quiet">
        <a href={PATH}>{t('title')}</a>
      </p>
      <h1>{file.fileName}</h1>
      <p class="lead">{t('sums', { sends, corrects, refused })}</p>
      <section id="rows">
        <h2>{t('rows')}</h2>
        <Form page={page} action={`${PATH}/${file.id}/take`}>
          <Table
            lang={lang}
            caption={t('rows')}
            captionHidden
            rows={rows}
            columns={[
              {
                label: t('order'),
                heading: true,
                cell: ({ code, facts, cells }) =>
                  facts ? (
                    <a href={`/studio/orders/${facts.id}`}>{code}</a>
                  ) : (
                    code || (file.columns.reference !== null && cells[file.columns.reference]) || '—'
                  ),
              },
              {
                label: t('tracking'),
                cell: ({ number, cells }) =>
                  number ?? ((file.columns.tracking !== null && cells[file.columns.tracking]) || '—'),
              },
              ...(isNamed
                ? [
                    {
                      label: t('carrier'),
                      cell: ({ carrier, cells }: PlannedRow) =>
                        carrierName(carrier ?? file.carrier) ?? (cells[file.columns.carrier ?? -1] || '—'),
                    },
                  ]
                : []),
              { label: t('becomes'), cell: (row) => <Becomes {...{ row, lang }} /> },
              { label: t('line'), numeric: true, cell: ({ line }) => line },
            ]}
          />
          {sends + corrects > 0 && (
            <>
              {corrects > 0 && <Checkbox name="tells" label={t('tells')} checked />}
              <p>{t(sends > 0 ? 'take_lead' : 'take_lead_corrects')}</p>
              <Button>{t('take', { n: sends })}</Button>
            </>
          )}
        </Form>
        {refused > 0 && (
          <p>
            <a href={`${PATH}/${file.id}/refused.csv`} data-reload="">
              {t('refused_csv')}
            </a>
          </p>
        )}
      </section>
      <Columns {...{ c, file }} />
      <p class="quiet" style="margin-top:1.5rem">
        {t('kept')}
      </p>
    </StudioPage>
  )
}

/** A parcel that has no number gets one unless told; one that has another only when told. */
const Becomes = ({ row, lang }: { row: PlannedRow; lang: Lang }) => {
  const { plan, line } = row
  const says = whatItDoes(row, lang)
  if (plan.does !== 'adds' && plan.does !== 'differs') return <>{says}</>
  return (
    <label class="tick">
      <input type="checkbox" name="correct" value={String(line)} checked={plan.does === 'adds'} /> <span>{says}</span>
    </label>
  )
}

const Columns = ({ c, file }: { c: Context<WebEnv>; file: CarrierFile }) => {
  const { page } = c.var
  const t = fileWords(page.lang)
  const options = [
    { value: '', label: t('column_none') },
    ...columnExamples(file.rows.slice(0, 4).map(({ cells }) => cells)).map((example, n) => ({
      value: String(n),
      label: t('column_n', { n: n + 1, example }),
    })),
  ]
  return (
    <section>
      <h2>{t('columns')}</h2>
      <p class="lead">{t('columns_lead')}</p>
      <Form page={page} action={`${PATH}/${file.id}/columns`}>
        {(['reference', 'tracking'] as const).map((key) => (
          <Select
            name={key}
            label={t(`column_${key}`)}
            value={file.columns[key] === null ? '' : String(file.columns[key])}
            options={options}
          />
        ))}
        <Select
          name="named"
          label={t('column_named')}
          value={file.columns.carrier == null ? '' : String(file.columns.carrier)}
          options={options}
        />
        <Checkbox name="heading" label={t('heading')} checked={file.hasHeading} />
        <Select
          name="carrier"
          label={t('carrier')}
          hint={t('carrier_hint')}
          value={file.carrier}
          options={[
            { value: '', label: t('carrier_other') },
            ...CARRIERS.map((value) => ({ value, label: carrierName(value) ?? value })),
          ]}
        />
        <Button kind="plain">{t('look_again')}</Button>
      </Form>
    </section>
  )
}
