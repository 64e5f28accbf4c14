import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, Form } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import { isReady } from '../contests/contest.rules.ts'
import type { Contest, Entry } from '../contests/contest.views.ts'
import { fileSentence } from '../entry-files/file-words.ts'
import { studioPath } from '../paths.rules.ts'
import { nameOf } from '../public/entry-name.ts'
import { EntryView } from '../public/parts.tsx'
import { words } from '../words.ts'
import { ContestFrame } from './frame.tsx'
import { HeldPicture } from './held-picture.tsx'

type Props = {
  c: Context<WebEnv>
  contest: Contest
  now: Date
  entries: Entry[]
  /** The entry whose taking down lacked a reason. */
  wrong?: string | undefined
  notice?: Child
}

/** What came in, each with the two things that can be done about it. */
export const EntriesPage = ({ c, contest, now, entries, wrong, notice }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <ContestFrame c={c} contest={contest} section="entries" now={now} notice={notice} wide>
      {entries.length === 0 ? (
        <p class="lead">{t('entries_none')}</p>
      ) : (
        <section>
          <p class="lead">{t('entries_lead')}</p>
          <ErrorSummary errors={wrong ? { [`reason-${wrong}`]: t('error_reason') } : {}} lang={lang} />
          <ul class="entries">
            {entries.map((entry) => (
              <Looked c={c} contest={contest} entry={entry} isWrong={wrong === entry.id} />
            ))}
          </ul>
        </section>
      )}
    </ContestFrame>
  )
}

/** What does not play yet is said in the studio's own words. */
const playable = (entry: Entry): Entry => (isReady(entry) ? entry : { ...entry, file: null })

const FileState = ({ entry, lang }: { entry: Entry; lang: Lang }) => {
  const { file } = entry
  const t = words(lang)
  if (!file || file.state === 'ready') return null
  return (
    <p class="quiet">
      {file.state === 'failed'
        ? t('entry_unplayable', { why: fileSentence(file.problem ?? 'machine', file.kind, lang) })
        : t('entry_preparing', { percent: Math.floor(file.progress * 100) })}
    </p>
  )
}

const Looked = ({
  c,
  contest,
  entry,
  isWrong,
}: {
  c: Context<WebEnv>
  contest: Contest
  entry: Entry
  isWrong: boolean
}) => {
  const page = c.get('page')
  const t = words(page.lang)
  const name = nameOf(entry, page.lang)
  const href = (step: string) => studioPath(contest.id, `entries/${entry.id}/${step}`)
  const id = `reason-${entry.id}`
  return (
    <li id={`entry-${entry.id}`}>
      <p class="quiet">
        <strong>{t(`entry_${entry.state}`, { reason: entry.reason })}</strong>
      </p>
      {entry.isHeld && <HeldPicture src={href('picture')} alt={entry.alt} />}
      <FileState entry={entry} lang={page.lang} />
      <EntryView entry={playable(entry)} lang={page.lang} />
      {entry.file?.state === 'failed' && entry.state === 'waiting' && (
        <Form page={page} action={href('retry')}>
          <Button kind="plain" aria-label={t('file_again_label', { entry: name })}>
            {t('file_again')}
          </Button>
        </Form>
      )}
      <p class="quiet">
        <small>
          {t('entry_accepted', { at: formats(page.lang).date(entry.at, contest.timeZone), sentence: entry.accepted })}
        </small>
      </p>
      {(entry.state === 'waiting' || entry.state === 'blocked') && contest.state === 'open' && isReady(entry) && (
        <Form page={page} action={href('show')}>
          <input type="hidden" name="file" value={entry.file?.id ?? ''} />
          <Button kind="plain" aria-label={t('show_label', { entry: name })}>
            {t('show')}
          </Button>
        </Form>
      )}
      {(entry.state === 'waiting' || entry.state === 'shown') && (
        <details open={isWrong}>
          <summary>{t('block')}</summary>
          <Form page={page} action={href('block')} novalidate>
            <Field
              name="reason"
              id={`f-${id}`}
              label={t('field_reason')}
              hint={t('reason_hint')}
              error={isWrong ? t('error_reason') : undefined}
              maxlength={500}
              autocomplete="off"
              required
            />
            <Button kind="quiet" aria-label={t('block_label', { entry: name })}>
              {t('block')}
            </Button>
          </Form>
        </details>
      )}
    </li>
  )
}
