import type { Context } from 'hono'
import { formats, type Lang } from '../../../../platform/i18n/index.ts'
import { Button, Form } from '../../../../ui/forms.tsx'
import { Table } from '../../../../ui/table.tsx'
import { can, senderThing, type WebEnv } from '../../../identity/index.ts'
import { TOO_LATE_DAYS, WAITED } from '../../engine/too-late.ts'
import type { DeliveryState } from '../../tables.ts'
import { Brought } from '../../waves/brought.tsx'
import type { Reading } from '../../waves/waves.views.ts'
import { announceWords } from '../../words.ts'
import type { Announcement } from '../announcement.store.ts'
import type { CameAfter, ChannelProgress, ThingAfter, Trouble, Unreached } from '../progress.views.ts'
import { ByThing } from './by-thing.tsx'
import { AnnounceFrame, announceHref } from './frame.tsx'
import { type PreviewProps, Previews } from './previews.tsx'

export type ProgressProps = {
  c: Context<WebEnv>
  announcement: Announcement
  channels: ChannelProgress[]
  troubles: Trouble[]
  /** Who they are, for those who may know the fans. */
  unreached: Unreached[] | null
  after: CameAfter | null
  /** The same for each of several things. */
  each: ThingAfter[]
  /** What its waves brought so far, for whoever may see what came back. */
  reading: Reading | null
  seesReturns: boolean
  previews: Omit<PreviewProps, 'c' | 'announcement'>
}

const DONE: DeliveryState[] = ['handed', 'delivered', 'bounced', 'failed']
const NOTICES = ['sent', 'paused', 'resumed', 'cancelled', 'again', 'left'] as const

/** An announcement on its way, and afterwards: what became of each message, what asks for a decision, what came back. */
export const ProgressPage = (props: ProgressProps) => {
  const { c, announcement } = props
  const { lang } = c.get('page')
  const t = announceWords(lang)
  const done = NOTICES.find((known) => known === c.req.query('done'))
  const running = announcement.state === 'waiting' || announcement.state === 'leaving'
  return (
    <AnnounceFrame
      c={c}
      announcement={announcement}
      notice={done && t(`done_${done}`)}
      scripts={['islands/announce-progress.js']}
    >
      <div id="progress" data-running={running ? '' : undefined}>
        {announcement.state === 'paused' && announcement.stopped !== null && (
          <p class="lead">
            {announcement.stopped === WAITED
              ? t('stopped_waited', { count: TOO_LATE_DAYS })
              : t('stopped_words', { problem: announcement.stopped })}
          </p>
        )}
        <Steering {...props} />
        <Uncertain {...props} />
        <Figures {...props} />
        <After {...props} />
        {announcement.windowEndsAt && props.seesReturns && (
          <Brought
            lang={lang}
            reading={props.reading}
            endsAt={announcement.windowEndsAt}
            zone={announcement.timeZone ?? 'UTC'}
          />
        )}
        <Troubles {...props} />
      </div>
      <Previews c={c} announcement={announcement} {...props.previews} />
    </AnnounceFrame>
  )
}

const Steering = ({ c, announcement, channels }: ProgressProps) => {
  const page = c.get('page')
  const t = announceWords(page.lang)
  if (!can(c.get('actor'), 'announce.send', senderThing(announcement.sender))) return null
  const press = (to: string, label: string, kind: 'main' | 'plain' | 'quiet') => (
    <Form page={page} action={`${announceHref(announcement.id)}/${to}`}>
      <Button kind={kind}>{label}</Button>
    </Form>
  )
  const held = channels.reduce((sum, { counts }) => sum + (counts.held ?? 0), 0)
  const { state } = announcement
  return (
    <div class="steer">
      {state === 'waiting' && press('undo', t('undo'), 'plain')}
      {state === 'leaving' && press('pause', t('pause'), 'plain')}
      {state === 'paused' && press('resume', t('resume'), 'main')}
      {(state === 'leaving' || state === 'paused' || (state === 'sent' && held > 0)) &&
        press('cancel', t('cancel_rest'), 'quiet')}
    </div>
  )
}

const Uncertain = ({ c, announcement, channels }: ProgressProps) => {
  const page = c.get('page')
  const t = announceWords(page.lang)
  const count = channels.reduce((sum, one) => sum + (one.counts.uncertain ?? 0), 0)
  if (!count) return null
  const may = can(c.get('actor'), 'announce.send', senderThing(announcement.sender))
  return (
    <section>
      <h2>{t('uncertain')}</h2>
      <p class="lead">{t('uncertain_words', { count })}</p>
      {may && (
        <div class="steer">
          {(['again', 'leave'] as const).map((decision) => (
            <Form page={page} action={`${announceHref(announcement.id)}/uncertain`}>
              <input type="hidden" name="decision" value={decision} />
              <Button kind="plain">{t(`uncertain_${decision}`, { count })}</Button>
            </Form>
          ))}
        </div>
      )}
    </section>
  )
}

const COLUMNS = [
  'queued',
  'held',
  'handed',
  'delivered',
  'bounced',
  'failed',
  'suppressed',
  'uncertain',
  'cancelled',
] as const

const Figures = ({ c, announcement, channels }: ProgressProps) => {
  const { lang } = c.get('page')
  const t = announceWords(lang)
  if (!announcement.frozenAt) return <p class="lead">{t('not_frozen')}</p>
  if (!channels.length) return <p class="lead">{t('nobody')}</p>
  const all = sumOf(channels, null)
  const gone = sumOf(channels, DONE)
  const meant = all - sumOf(channels, ['suppressed', 'cancelled', 'held'])
  return (
    <section>
      <h2>{t('progress')}</h2>
      <p id="progress-words">{t('progress_words', { gone, meant })}</p>
      <progress class="bar" max={Math.max(meant, 1)} value={gone} aria-labelledby="progress-words" />
      <ByChannel lang={lang} channels={channels} />
    </section>
  )
}

/** What became of the messages, by channel. */
export const ByChannel = ({ lang, channels }: { lang: Lang; channels: ChannelProgress[] }) => {
  const t = announceWords(lang)
  const { number } = formats(lang)
  const shown = COLUMNS.filter((state) => sumOf(channels, [state]) > 0 || state === 'handed')
  return (
    <Table
      lang={lang}
      caption={t('progress')}
      captionHidden
      rows={channels}
      columns={[
        { label: t('channel'), cell: ({ channel }) => t(`channel_${channel}`) },
        ...shown.map((state) => ({
          label: t(`delivery_${state}`),
          numeric: true,
          cell: ({ counts }: ChannelProgress) =>
            number((counts[state] ?? 0) + (state === 'queued' ? (counts.handing ?? 0) : 0)),
        })),
      ]}
    />
  )
}

const sumOf = (channels: ChannelProgress[], states: readonly DeliveryState[] | null): number =>
  channels.reduce(
    (sum, { counts, total }) => sum + (states ? states.reduce((part, state) => part + (counts[state] ?? 0), 0) : total),
    0,
  )

const After = ({ c, announcement, after, each }: ProgressProps) => {
  const t = announceWords(c.get('page').lang)
  if (!after || !announcement.giftId) return null
  return (
    <section>
      <h2>{t('after')}</h2>
      <p class="lead">{t('after_words', after)}</p>
      {each.length > 0 && <ByThing lang={c.get('page').lang} things={each} />}
      {can(c.get('actor'), 'returns.see', senderThing(announcement.sender)) && (
        <p>
          <a href={`/studio/returns/${announcement.giftId}`}>{t('after_all')}</a>
        </p>
      )}
    </section>
  )
}

/** What we ourselves write as the reason; anything else is said in the words of who refused. */
const REASONS = [
  'tired',
  'no-hour',
  'withdrawn',
  'left',
  'gone',
  'erased',
  'asked',
  'complaint',
  'hard-bounce',
  'refused',
  'interrupted',
] as const

function problemWords(lang: Lang, problem: string | null): string {
  const t = announceWords(lang)
  if (!problem) return t('why_unknown')
  const known = REASONS.find((reason) => reason === problem)
  return known ? t(`why_${known}`) : t('why_said', { words: problem })
}

const Troubles = ({ c, troubles, unreached }: ProgressProps) => {
  const { lang } = c.get('page')
  const t = announceWords(lang)
  const { number } = formats(lang)
  if (!troubles.length) return null
  return (
    <section>
      <h2>{t('troubles')}</h2>
      <Table
        lang={lang}
        caption={t('troubles')}
        captionHidden
        rows={troubles}
        columns={[
          { label: t('why'), cell: ({ problem }) => problemWords(lang, problem) },
          { label: t('channel'), cell: ({ channel }) => t(`channel_${channel}`) },
          { label: t('state'), cell: ({ state }) => t(`delivery_${state === 'handing' ? 'queued' : state}`) },
          { label: t('size_people'), numeric: true, cell: ({ count }) => number(count) },
        ]}
      />
      {unreached && unreached.length > 0 && (
        <details>
          <summary>{t('who')}</summary>
          <Table
            lang={lang}
            caption={t('who')}
            captionHidden
            rows={unreached}
            columns={[
              {
                label: t('fan'),
                cell: ({ name, address }) => [name, address].filter(Boolean).join(', ') || t('fan_erased'),
              },
              { label: t('channel'), cell: ({ channel }) => t(`channel_${channel}`) },
              { label: t('why'), cell: ({ problem }) => problemWords(lang, problem) },
            ]}
          />
        </details>
      )}
    </section>
  )
}
