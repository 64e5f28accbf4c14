import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import type { Selectable } from 'kysely'
import { columnExamples, csvLine } from '../../../platform/csv.ts'
import type { Tables } from '../../../platform/database/index.ts'
import { receiveFile } from '../../../platform/http/index.ts'
import { formats, isLang, LANGUAGES } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import {
  Button,
  Checkbox,
  ErrorSummary,
  Field,
  type FieldErrors,
  FileField,
  Form,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import {
  actorOf,
  audit,
  guard,
  readForm,
  StudioPage,
  senderAtDesk,
  senderColumns,
  senderHere,
  senderOf,
  senderThing,
  smallBody,
  type WebEnv,
} from '../../identity/index.ts'
import type { ListColumns, ListOutcome } from '../tables.ts'
import { cellsOf, delimiterOf, encodingOf, guessColumns, linesOf } from './lines.ts'
import { words } from './words.ts'

type FanList = Selectable<Tables['fanLists']>
type Refusal = { line: number; reason: string; text: string }

const PATH = '/studio/fans/lists'
const UUID = '[0-9a-f-]{36}'
const MOST_BYTES = 200_000_000
const KEYS = ['mail', 'phone', 'name', 'language', 'country', 'place'] as const
const OUTCOMES: ListOutcome[] = ['new', 'known', 'left', 'suppressed', 'refused']
const REASONS = [
  'empty',
  'left',
  'suppressed',
  'mail-wrong',
  'mail-alike',
  'phone-wrong',
  'phone-country',
  'phone-no-text',
  'push-wrong',
] as const
const SHOWN = 100
const NOT_RECEIVED = { none: 'file_missing', 'too-large': 'file_large', 'no-room': 'file_no_room' } as const

/** Bringing in a list: a file, what is in it, a try, and the real thing. */
export function listRoutes(platform: Platform): Hono<WebEnv> {
  const { db, storage, paths } = platform
  const atDesk = senderAtDesk('fans.edit')
  const ofList = guard('fans.edit', async (c) => {
    const list = await listOf(c)
    return list && senderThing(senderOf(list))
  })
  const listOf = async (c: Context<WebEnv>): Promise<FanList | null> =>
    (await db
      .selectFrom('fanLists')
      .selectAll()
      .where('id', '=', c.req.param('id') ?? '')
      .executeTakeFirst()) ?? null

  /** The first lines of the file, to be shown and understood. */
  async function firstLines({ storageKey, encoding }: Pick<FanList, 'storageKey' | 'encoding'>): Promise<string[]> {
    const file = await storage.open(storageKey)
    const lines: string[] = []
    for await (const line of linesOf(file, encoding)) {
      if (line.trim()) lines.push(line)
      if (lines.length === 6) break
    }
    file.destroy()
    return lines
  }

  async function show(c: Context<WebEnv>, list: FanList, errors?: FieldErrors) {
    const rows = (await firstLines(list)).map((line) => cellsOf(line, list.delimiter))
    const refusals = await db
      .selectFrom('fanListRefusals')
      .select(['line', 'reason', 'text'])
      .where('listId', '=', list.id)
      .orderBy('line')
      .limit(SHOWN)
      .execute()
    return c.html(<ListPage c={c} list={list} rows={rows} refusals={refusals} errors={errors} />, errors ? 422 : 200)
  }

  const begin = (id: string, state: 'trying' | 'bringing', more: object = {}) =>
    db.transaction().execute(async (tx) => {
      await tx.deleteFrom('fanListRefusals').where('listId', '=', id).execute()
      await tx
        .updateTable('fanLists')
        .set({ state, linesDone: 0, counts: '{}', ...more })
        .where('id', '=', id)
        .execute()
      await addJob(tx, 'fans.read-list', { listId: id }, { key: `fans.read-list:${id}` })
    })

  const upload = (c: Context<WebEnv>, error?: string) =>
    c.html(<UploadPage c={c} errors={error ? { file: error } : undefined} />, error ? 422 : 200)

  return new Hono<WebEnv>()
    .get(PATH, atDesk, (c) => upload(c))
    .post(PATH, atDesk, async (c) => {
      const t = words(c.var.page.lang)
      const { sender, language } = senderHere(c)
      const received = await receiveFile(c.req.raw, paths.work, MOST_BYTES)
      if (!received.ok) return upload(c, t(NOT_RECEIVED[received.error]))
      const { name: fileName, path } = received.value
      const id = newId()
      const storageKey = `lists/${id}`
      const size = await storage.adopt(storageKey, path).finally(() => rm(path, { force: true }))
      const encoding = await encodingOf(await storage.open(storageKey))
      const lines = await firstLines({ storageKey, encoding })
      if (!lines.length || lines.join('').includes('\0')) {
        await storage.remove(storageKey)
        return upload(c, t('file_empty'))
      }
      const delimiter = delimiterOf(lines)
      const { columns, hasHeading } = guessColumns(lines.map((line) => cellsOf(line, delimiter)))
      await db
        .insertInto('fanLists')
        .values({
          id,
          ...senderColumns(sender),
          fileName: fileName.slice(0, 200),
          storageKey,
          size,
          encoding,
          delimiter,
          columns: JSON.stringify(columns),
          hasHeading,
          country: language === 'fr' ? 'FR' : 'GB',
          language,
          createdBy: actorOf(c).accountId,
          createdAt: platform.now(),
        })
        .execute()
      return c.redirect(`${PATH}/${id}`, 303)
    })
    .get(`${PATH}/:id{${UUID}}`, ofList, async (c) => show(c, (await listOf(c)) as FanList))
    .post(`${PATH}/:id{${UUID}}/try`, ofList, smallBody, async (c) => {
      const list = (await listOf(c)) as FanList
      if (list.state === 'bringing' || list.state === 'brought') return c.redirect(`${PATH}/${list.id}`, 303)
      const t = words(c.var.page.lang)
      const posted = await readForm(c)
      const columns: ListColumns = {}
      for (const key of KEYS) if (/^\d{1,3}$/.test(posted.text(key))) columns[key] = Number(posted.text(key))
      const language = posted.text('in')
      const changed = {
        hasHeading: posted.has('heading'),
        country: posted.text('from').toUpperCase().slice(0, 2),
        language: isLang(language) ? language : list.language,
        declaration: posted.text('declaration').slice(0, 2_000),
      }
      const errors: FieldErrors = {}
      if (columns.mail === undefined && columns.phone === undefined) errors['mail'] = t('column_missing')
      if (!changed.declaration) errors['declaration'] = t('declaration_missing')
      if (Object.keys(errors).length) return show(c, { ...list, ...changed, columns }, errors)
      await begin(list.id, 'trying', { ...changed, columns: JSON.stringify(columns) })
      return c.redirect(`${PATH}/${list.id}`, 303)
    })
    .post(`${PATH}/:id{${UUID}}/bring`, ofList, smallBody, async (c) => {
      const list = (await listOf(c)) as FanList
      if (list.state === 'tried') {
        await begin(list.id, 'bringing')
        const details = { list: list.id, declaration: list.declaration }
        const by = { accountId: actorOf(c).accountId, artistId: list.artistId, labelId: list.labelId }
        await audit(db, { ...by, action: 'fans.import', subject: list.fileName, details })
      }
      return c.redirect(`${PATH}/${list.id}`, 303)
    })
    .get(`${PATH}/:id{${UUID}}/refused.csv`, ofList, async (c) => {
      const list = (await listOf(c)) as FanList
      const t = words(c.var.page.lang)
      c.header('Content-Disposition', 'attachment; filename="refused.csv"')
      const lots = async function* () {
        yield Buffer.from(`\ufeff${csvLine(['line', 'reason', 'text'])}`)
        for (let after = 0; ; ) {
          const rows = await db
            .selectFrom('fanListRefusals')
            .select(['line', 'reason', 'text'])
            .where('listId', '=', list.id)
            .where('line', '>', after)
            .orderBy('line')
            .limit(2_000)
            .execute()
          if (!rows.length) return
          yield Buffer.from(rows.map((row) => csvLine([String(row.line), reasonOf(t, row.reason), row.text])).join(''))
          after = rows.at(-1)?.line ?? 0
        }
      }
      return c.body(Readable.toWeb(Readable.from(lots())) as ReadableStream, 200, {
        'Content-Type': 'text/csv; charset=utf-8',
      })
    })
}

const reasonOf = (t: ReturnType<typeof words>, reason: string): string => {
  const known = REASONS.find((one) => one === reason)
  return known ? t(`reason_${known}`) : reason
}

const UploadPage = ({ c, errors }: { c: Context<WebEnv>; errors: FieldErrors | undefined }) => {
  const { page } = c.var
  const t = words(page.lang)
  return (
    <StudioPage c={c} title={t('title')} current="fans" {...senderHere(c).sender}>
      <h1>{t('title')}</h1>
      <p class="lead">{t('lead')}</p>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Form page={page} action={PATH} files>
        <FileField name="file" label={t('file')} accept=".csv,.txt,.tsv,text/csv,text/plain" error={errors?.['file']} />
        <Button>{t('upload')}</Button>
      </Form>
    </StudioPage>
  )
}

type ListProps = {
  c: Context<WebEnv>
  list: FanList
  rows: string[][]
  refusals: Refusal[]
  errors: FieldErrors | undefined
}

const ListPage = (props: ListProps) => {
  const { c, list, refusals } = props
  const { page } = c.var
  const t = words(page.lang)
  const working = list.state === 'trying' || list.state === 'bringing'
  return (
    <StudioPage
      c={c}
      title={list.fileName}
      current="fans"
      {...senderOf(list)}
      head={working && <meta http-equiv="refresh" content="3" />}
    >
      <h1>{list.fileName}</h1>
      {list.state !== 'new' && (
        <section>
          <p class="lead" role="status">
            {t(list.state, { n: list.linesDone })}
          </p>
          <ul>
            {OUTCOMES.filter((outcome) => list.counts[outcome]).map((outcome) => (
              <li>
                <b>{formats(page.lang).number(list.counts[outcome] ?? 0)}</b> {t(`count_${outcome}`)}
              </li>
            ))}
          </ul>
          {working && (
            <p class="actions">
              <Button href={`${PATH}/${list.id}`} kind="plain">
                {t('again')}
              </Button>
            </p>
          )}
          {list.state === 'tried' && (list.counts.new ?? 0) > 0 && (
            <Form page={page} action={`${PATH}/${list.id}/bring`} class="actions">
              <Button>{t('bring')}</Button>
            </Form>
          )}
        </section>
      )}
      {refusals.length > 0 && !working && (
        <section>
          <h2>{t('refusals')}</h2>
          <Table
            lang={page.lang}
            caption={t('refusals')}
            captionHidden
            rows={refusals}
            columns={[
              { label: t('line'), numeric: true, cell: ({ line }) => line },
              { label: t('reason'), cell: ({ reason }) => reasonOf(t, reason) },
              { label: t('text'), cell: ({ text }) => text },
            ]}
          />
          <p>
            <Button href={`${PATH}/${list.id}/refused.csv`} kind="plain" download="">
              {t('refusals_file')}
            </Button>
          </p>
        </section>
      )}
      {(list.state === 'new' || list.state === 'tried') && <Mapping {...props} />}
    </StudioPage>
  )
}

const Mapping = ({ c, list, rows, errors }: ListProps) => {
  const { page } = c.var
  const t = words(page.lang)
  const options = [
    { value: '', label: t('column_none') },
    ...columnExamples(rows).map((example, n) => ({
      value: String(n),
      label: t('column_n', { n: n + 1, example }),
    })),
  ]
  return (
    <section>
      <h2>{t('columns')}</h2>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Form page={page} action={`${PATH}/${list.id}/try`} novalidate>
        {KEYS.map((key) => (
          <Select
            name={key}
            label={t(`column_${key}`)}
            value={list.columns[key] === undefined ? '' : String(list.columns[key])}
            options={options}
            error={errors?.[key]}
          />
        ))}
        <Checkbox name="heading" label={t('heading')} checked={list.hasHeading} />
        <Field name="from" label={t('country')} hint={t('country_hint')} value={list.country} maxlength={2} />
        <Select
          name="in"
          label={t('language')}
          value={list.language}
          options={LANGUAGES.map((value) => ({ value, label: value === 'fr' ? 'Français' : 'English' }))}
        />
        <TextArea
          name="declaration"
          label={t('declaration')}
          hint={t('declaration_hint')}
          value={list.declaration}
          error={errors?.['declaration']}
          required
        />
        <Button kind={list.state === 'new' ? 'main' : 'plain'}>{t('try')}</Button>
      </Form>
    </section>
  )
}
