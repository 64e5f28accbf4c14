import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Form, Select } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import type { Channel } from '../../fans/index.ts'
import { can, senderId, senderThing, zoneAt } from '../../identity/index.ts'
import type { Batch } from '../../shop/index.ts'
import { sequencePath } from '../paths.rules.ts'
import type { LeftOut, Tried } from '../try.rules.ts'
import { MONTHS } from '../try-sequence.ts'
import { words } from '../words.ts'
import { SequenceFrame } from './frame.tsx'
import type { Shown } from './laid-page.tsx'

/** What it would have done, seen before it is switched on. */
type Props = Shown & {
  problem?: string | undefined
  mayTry: boolean /** Channels of it on which nobody carries messages. */
  unsent: Channel[]
  /** The artist's batches of codes, as they are now. */
  batches: Batch[]
  now: Date
}

/** In milliseconds: whoever reads a try that long may have died over it, and it may be asked for again. */
const LONG = 30 * 60_000

export const TryPage = ({ c, sequence, last, walking, notice, problem, mayTry, unsent, batches, now }: Props) => {
  const page = c.get('page')
  const { lang } = page
  const t = words(lang)
  const { tried, triedAt, plan, tryAskedAt } = last
  const isLong = tryAskedAt !== null && now.getTime() - tryAskedAt.getTime() > LONG
  const zone = zoneAt(c, senderId(sequence.sender))
  const mayOn = can(c.get('actor'), 'announce.send', senderThing(sequence.sender))
  const isOn = sequence.state === 'on' && sequence.version === last.number
  return (
    <SequenceFrame
      {...{ c, sequence, walking, notice }}
      section="try"
      head={tryAskedAt && !isLong && <meta http-equiv="refresh" content="3" />}
    >
      <ErrorSummary errors={problem ? { '': problem } : {}} lang={lang} />
      <section>
        <h2>{t('try_title')}</h2>
        <p class="lead">{t('try_words')}</p>
        {last.tryFailed && <p role="status">{t('try_failed')}</p>}
        {tryAskedAt && (
          <>
            <p role="status">
              {t('try_reading', { at: formats(lang).dateTime(tryAskedAt, zone), n: last.tryRead })}{' '}
              {t(isLong ? 'try_long' : 'try_reading_words')}
            </p>
            <p class="actions">
              <Button href={sequencePath(sequence.id, 'try')} kind="plain">
                {t('try_look')}
              </Button>
            </p>
          </>
        )}
        {tryAskedAt && !isLong ? null : mayTry ? (
          <Form page={page} action={sequencePath(sequence.id, 'try')}>
            <Select
              name="months"
              label={t('field_months')}
              value={String(tried?.months ?? 3)}
              options={MONTHS.map((n) => ({ value: String(n), label: t('months', { n }) }))}
            />
            <p class="actions">
              <Button kind={tried ? 'plain' : 'main'}>{t(tried || isLong ? 'try_again' : 'try_button')}</Button>
            </p>
          </Form>
        ) : (
          <p>
            {t('unfinished')} <a href={sequencePath(sequence.id)}>{t('section_laid')}</a>
          </p>
        )}
        {tried && <Would {...{ lang, tried, batches }} zone={plan.timeZone} isLabel={'labelId' in sequence.sender} />}
      </section>
      <section>
        <h2>{t('on_title')}</h2>
        {unsent.length > 0 && (
          <p>{t('no_sender', { channels: unsent.map((channel) => t(`channel_${channel}`)).join(', ') })}</p>
        )}
        {isOn ? (
          <p>{t('on_is')}</p>
        ) : !tried || !triedAt ? (
          <p class="quiet">{t('on_first')}</p>
        ) : mayOn ? (
          <Form page={page} action={sequencePath(sequence.id, 'on')}>
            <input type="hidden" name="seen" value={triedAt.toISOString()} />
            <p class="lead">{t(sequence.state === 'on' ? 'on_words_new' : 'on_words')}</p>
            <p class="actions">
              <Button>{t('on_button')}</Button>
            </p>
          </Form>
        ) : (
          <p class="quiet">{t('on_may_not')}</p>
        )}
      </section>
    </SequenceFrame>
  )
}

type WouldProps = { lang: Lang; tried: Tried; zone: string; batches: Batch[]; isLabel: boolean }

const Would = ({ lang, tried, zone, batches, isLabel }: WouldProps) => {
  const t = words(lang)
  const { date, number } = formats(lang)
  const { reached, messages, mostInWeek, held, weeks, out } = tried
  const reasons = (Object.entries(out) as [LeftOut, number][]).filter(([, n]) => n > 0)
  const range = { from: date(new Date(tried.from), zone), until: date(new Date(tried.until), zone) }
  return (
    <>
      <h3 id="would">{t('tried_reached', { ...range, people: reached, messages })}</h3>
      {messages > 0 && <p>{t(isLabel ? 'tried_most_label' : 'tried_most', { n: mostInWeek })}</p>}
      {held > 0 && <p>{t('tried_held', { n: held })}</p>}
      {(tried.codes ?? []).map(({ batch: id, people }) => {
        const batch = batches.find((one) => one.id === id)
        const left = batch?.state === 'open' ? batch.left : 0
        return (
          <p>
            {t('tried_codes', { batch: batch?.name ?? t('gone'), left, people })}
            {left < people && ` ${t('tried_codes_few')}`}
          </p>
        )
      })}
      {messages === 0 && reasons.length === 0 && <p>{t('tried_nobody')}</p>}
      {messages > 0 && (
        <Table
          lang={lang}
          caption={t('weeks_caption')}
          rows={weeks.filter((week) => week.entered + week.messages > 0)}
          columns={[
            { label: t('week_of'), cell: ({ monday }) => date(new Date(`${monday}T00:00:00Z`), 'UTC') },
            { label: t('week_entered'), numeric: true, cell: ({ entered }) => number(entered) },
            { label: t('week_messages'), numeric: true, cell: (week) => number(week.messages) },
          ]}
        />
      )}
      {reasons.length > 0 && (
        <>
          <h3>{t('out_title')}</h3>
          <p class="hint">{t('out_words')}</p>
          <ul>
            {reasons.map(([why, n]) => (
              <li>{t(`out_${why}`, { n })}</li>
            ))}
          </ul>
        </>
      )}
      <p class="hint">{t(isLabel ? 'tried_known_label' : 'tried_known')}</p>
    </>
  )
}
