import type { Context } from 'hono'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, FileField, Form, Select } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { clockAt, StudioPage, type WebEnv } from '../../identity/index.ts'
import type { Known } from './bandcamp.rules.ts'
import type { Counted, ImportItem, PurchaseImport, ShownLine } from './imports.views.ts'
import { words } from './words.ts'

const PATH = '/studio/shop/bandcamp'

type UploadProps = { c: Context<WebEnv>; artistId: string; imports: PurchaseImport[]; error: string | undefined }

/** A report to read, and those that were. */
export const UploadPage = ({ c, artistId, imports, error }: UploadProps) => {
  const { page } = c.var
  const { lang } = page
  const t = words(lang)
  return (
    <StudioPage c={c} title={t('title')} current="shop" artistId={artistId}>
      <p class="quiet">
        <a href="/studio/shop">{t('shop')}</a>
      </p>
      <h1>{t('title')}</h1>
      <p class="lead">{t('lead')}</p>
      <ErrorSummary errors={error ? { file: error } : undefined} lang={lang} />
      <Form page={page} action={PATH} files>
        <FileField name="file" label={t('file')} hint={t('file_hint')} accept=".csv,text/csv" error={error} />
        <Button>{t('read')}</Button>
      </Form>
      <p class="quiet" style="margin-bottom:1.5rem">
        {t('no_list')} <a href="/studio/fans/lists">{t('to_lists')}</a>
      </p>
      {imports.length > 0 && (
        <section>
          <h2>{t('imports')}</h2>
          <ul class="lines">
            {imports.map(({ id, fileName, state, createdAt }) => (
              <li>
                <b>
                  <a href={`${PATH}/${id}`}>{fileName}</a>
                </b>
                <small>{`${clockAt(c, artistId)(createdAt)} · ${t(`state_${state}`)}`}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
    </StudioPage>
  )
}

type ImportView = {
  of: PurchaseImport
  items: ImportItem[]
  known: Known
  counts: Counted[]
  told: { told: number; untold: number }
  lines: ShownLine[]
}

/** What a report holds, what of it is here, and what became of each line. */
export const ImportPage = ({ c, view }: { c: Context<WebEnv>; view: ImportView }) => {
  const { page } = c.var
  const { lang } = page
  const t = words(lang)
  const { of, counts, told } = view
  const path = `${PATH}/${of.id}`
  const opens = counts.find(({ outcome }) => outcome === 'opens')
  const done = (['brought', 'told', 'undone'] as const).find((what) => what === c.req.query('done'))
  return (
    <StudioPage c={c} title={of.fileName} current="shop" artistId={of.artistId} notice={done && t(`done_${done}`)}>
      <p class="quiet">
        <a href={PATH}>{t('title')}</a>
      </p>
      <h1>{of.fileName}</h1>
      <p class="lead">{t(`lead_${of.state}`, { lines: opens?.lines ?? 0, people: opens?.people ?? 0 })}</p>
      {of.state === 'brought' && (
        <section>
          <h2>{t('tell')}</h2>
          <p class="lead">{t(told.untold > 0 ? 'tell_lead' : 'tell_none', told)}</p>
          {told.untold > 0 && (
            <Form page={page} action={`${path}/tell`}>
              <Button>{t('tell_button', { people: told.untold })}</Button>
            </Form>
          )}
        </section>
      )}
      <Matching c={c} view={view} path={path} />
      <section>
        <h2>{t('lines')}</h2>
        <ul>
          {counts.map(({ outcome, lines }) => (
            <li>
              {t(`outcome_${outcome}`)}
              {t('colon')} <b>{formats(lang).number(lines)}</b>
            </li>
          ))}
        </ul>
        <Lines lines={view.lines} lang={lang} />
        <p>
          <a href={`${path}/lines.csv`}>{t('lines_csv')}</a>
        </p>
      </section>
      {of.state === 'brought' && (
        <section>
          <h2>{t('undo')}</h2>
          <p class="lead">{t('undo_lead')}</p>
          <Form page={page} action={`${path}/undo`}>
            <Button kind="plain">{t('undo')}</Button>
          </Form>
        </section>
      )}
    </StudioPage>
  )
}

/** A thing of the report and, beside it, what of it is here. */
const Matching = ({ c, view, path }: { c: Context<WebEnv>; view: ImportView; path: string }) => {
  const { page } = c.var
  const t = words(page.lang)
  const { items, known, of } = view
  const options = [
    { value: '', label: t('nothing_here') },
    { value: 'all', label: t('all_releases') },
    ...known.releases.map(({ id, title }) => ({ value: `release:${id}`, label: title })),
    ...known.tracks.map(({ id, title }) => ({ value: `track:${id}`, label: t('track', { title }) })),
  ]
  const open = items.filter(({ subject, bought }) => subject === null && bought > 0).length
  return (
    <section>
      <h2>{t('things')}</h2>
      <p class="lead">{t(open > 0 ? 'things_open' : 'things_lead', { n: open })}</p>
      <Form page={page} action={`${path}/bring`}>
        {items.map(({ position, kind, title, package: form, subject, bought }) => (
          <Select
            name={`item_${position}`}
            label={title}
            note={[form || t(`kind_${KINDS.find((one) => one === kind) ?? 'other'}`), t('bought', { n: bought })].join(
              ' · ',
            )}
            value={subject ?? ''}
            options={options}
          />
        ))}
        <Button kind={of.state === 'brought' ? 'plain' : 'main'}>
          {t(of.state === 'brought' ? 'bring_again' : 'bring')}
        </Button>
      </Form>
    </section>
  )
}

const KINDS = ['album', 'track', 'package', 'bundle'] as const

const Lines = ({ lines, lang }: { lines: ShownLine[]; lang: Lang }) => {
  const t = words(lang)
  if (lines.length === 0) return null
  return (
    <Table
      lang={lang}
      caption={t('lines_shown', { n: lines.length })}
      rows={lines}
      columns={[
        { label: t('line'), cell: ({ line }) => line },
        { label: t('result'), cell: ({ outcome }) => t(`outcome_${outcome}`) },
        {
          label: t('text'),
          cell: ({ title, mail, text }) => [title, mail].filter(Boolean).join(' · ') || text.slice(0, 80),
        },
      ]}
    />
  )
}
