import type { Context } from 'hono'
import type { FailedSound } from '../domains/audio/index.ts'
import {
  type Burst,
  GiftList,
  type GiftRow,
  MomentumLine,
  type Subject,
  type SubjectFacts,
  type Week,
} from '../domains/exchange/index.ts'
import {
  backNotice,
  can,
  type Leaving,
  LeavingList,
  StudioPage,
  type WebEnv,
  zoneAt,
} from '../domains/identity/index.ts'
import {
  inboxHref,
  STRAY_HREF,
  type ThanksDue,
  thanksHref,
  type WaitingRow,
  waitingAge,
} from '../domains/inbox/index.ts'
import { type RunningLow, seriesPath } from '../domains/operations/index.ts'
import { announceHref, type Stopped } from '../domains/reach/index.ts'
import { type Short, sequencePath, shortText } from '../domains/sequences/index.ts'
import { formats } from '../platform/i18n/index.ts'
import { Empty } from '../ui/empty.tsx'
import { Button, Form } from '../ui/forms.tsx'
import { CALENDAR } from './calendar/calendar-page.tsx'
import { NEXT } from './calendar/proposals-page.tsx'
import { words } from './words.ts'

export type Coming = { id: string; title: string; publishAt: Date | null; publishZone: string | null }

export type HomeProps = {
  c: Context<WebEnv>
  artistId: string
  slug: string
  drafts: Coming[]
  scheduled: Coming[]
  gifts: GiftRow[]
  facts: Map<Subject, SubjectFacts>
  /** The last seven days, and the seven before. */
  week: Week
  before: Week
  failed: FailedSound[]
  /** Announcements that paused by themselves. */
  stopped: Stopped[]
  /** Who waits for an answer, the longest first; null for whoever does not answer here. */
  waiting: { rows: WaitingRow[]; count: number; now: Date } | null
  /** Releases of others that name this artist, about which they have said nothing. */
  named: { releaseId: string; title: string; artistName: string }[]
  /** Labels that ask for a mandate, and wait to be told. */
  asked: { label: string }[]
  /** Fans who brought people, and may be thanked. */
  thanks: ThanksDue[]
  /** Series for which little is laid in. */
  low: RunningLow[]
  /** Codes that sequences give, and that have run out or will soon. */
  short: Short[]
  /** A day that the artist's own past does not explain. */
  burst: Burst | null
  leaving: Leaving[]
}

/** What needs you, what will you give, what came back, who is waiting for an answer. */
export const HomePage = (props: HomeProps) => {
  const t = words(props.c.get('page').lang)
  return (
    <StudioPage c={props.c} title={t('title')} current="home" artistId={props.artistId} notice={backNotice(props.c)}>
      <h1 class="hidden">{t('title')}</h1>
      <LeavingList c={props.c} leaving={props.leaving} />
      <Needs {...props} />
      <Give {...props} />
      <CameBack {...props} />
      <Waiting {...props} />
    </StudioPage>
  )
}

const Give = ({ c, artistId, slug, drafts, scheduled }: HomeProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <section class="strip">
      <h2>{t('give')}</h2>
      <div>
        <p class="lead">{t('give_words')}</p>
        <div class="actions" style="margin:0">
          <Button href="/studio/music/new">{t('give_action')}</Button>
          {can(c.get('actor'), 'announce.edit', { kind: 'artist', artistId }) && (
            <Form page={c.get('page')} action={`/studio/announcements?desk=${encodeURIComponent(slug)}`}>
              <Button kind="plain">{t('give_announce')}</Button>
            </Form>
          )}
        </div>
        <p class="actions">
          {can(c.get('actor'), 'returns.see', { kind: 'artist', artistId }) &&
            can(c.get('actor'), 'announce.edit', { kind: 'artist', artistId }) && (
              <a href={`${NEXT}?desk=${encodeURIComponent(slug)}`}>{t('give_next')}</a>
            )}
          <a href={`${CALENDAR}?desk=${encodeURIComponent(slug)}`}>{t('give_calendar')}</a>
        </p>
        {scheduled.length > 0 && (
          <>
            <h3>{t('scheduled')}</h3>
            <ul class="lines plain">
              {scheduled.map(({ id, title, publishAt, publishZone }) => (
                <li>
                  <a href={`/studio/music/${id}`}>{title}</a>
                  {publishAt && (
                    <small>
                      {t('scheduled_at', { date: formats(lang).dateTime(publishAt, publishZone ?? 'UTC') })}
                    </small>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
        {drafts.length > 0 && (
          <>
            <h3>{t('drafts')}</h3>
            <ul class="lines plain">
              {drafts.map(({ id, title }) => (
                <li>
                  <a href={`/studio/music/${id}`}>{title}</a>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  )
}

const CameBack = ({ c, artistId, gifts, facts, week, before, burst }: HomeProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const returned = (one: Week) => one.listens + one.downloads
  return (
    <section class="strip">
      <h2>{t('back')}</h2>
      <div>
        {gifts.length === 0 ? (
          <p class="lead">{t('back_none')}</p>
        ) : (
          <>
            {returned(week) === 0 ? (
              <p class="lead">{t('back_quiet', { before: returned(before) })}</p>
            ) : (
              <p class="lead">
                {t('back_week', { listens: week.listens, downloads: week.downloads, people: week.people })}{' '}
                {t('back_compared', { before: returned(before) })}
              </p>
            )}
            {burst && <MomentumLine burst={burst} lang={lang} />}
            <GiftList lang={lang} zone={zoneAt(c, artistId)} gifts={gifts} facts={facts} captionHidden />
            <p class="actions">
              <a href="/studio/returns">{t('back_all')}</a>
            </p>
          </>
        )}
      </div>
    </section>
  )
}

const Needs = ({ c, artistId, failed, stopped, named, asked, low, short, thanks }: HomeProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const stray = c.get('strayTexts') ?? 0
  const nothing = [failed, stopped, named, asked, low, short, thanks].every(({ length }) => length === 0)
  if (nothing && !stray) return null
  return (
    <section class="strip">
      <h2>{t('needs')}</h2>
      <ul class="lines plain">
        {failed.map(({ title, trackId }) => (
          <li>
            <span>{t('needs_failed', { title })}</span>
            {trackId && <a href={`/studio/music/tracks/${trackId}/sound`}>{t('needs_mend')}</a>}
          </li>
        ))}
        {stopped.map(({ id, title, hasLeft }) => (
          <li>
            <span>
              {t(hasLeft ? 'needs_stopped' : 'needs_unsent', { title: title || t('needs_stopped_nameless') })}
            </span>
            <a href={announceHref(id)}>{t('needs_mend')}</a>
          </li>
        ))}
        {low.map(({ id, title, ready, next, timeZone }) => (
          <li>
            <span>{t('needs_low', { title, n: ready, at: formats(lang).dateTime(next, timeZone) })}</span>
            <a href={`${seriesPath(id)}#laid`}>{t('needs_lay_in')}</a>
          </li>
        ))}
        {short.map((one) => (
          <li>
            <span>{shortText(one, lang)}</span>
            <a href={sequencePath(one.sequenceId)}>{t('needs_codes')}</a>
          </li>
        ))}
        {named.map(({ title, artistName }) => (
          <li>
            <span>{t('needs_named', { title, artist: artistName })}</span>
            <a href="/studio/music#appearances">{t('needs_answer')}</a>
          </li>
        ))}
        {asked.map(({ label }) => (
          <li>
            <span>{t('needs_asked', { label })}</span>
            <a href={`/studio/artists/${artistId}/people#mandates`}>{t('needs_answer_label')}</a>
          </li>
        ))}
        {thanks.map(({ fanId, name, people }) => (
          <li>
            <span>{t('needs_thanks', { name: name || t('needs_thanks_somebody'), n: people })}</span>
            <a href={thanksHref(fanId)}>{t('needs_thank')}</a>
          </li>
        ))}
        {stray > 0 && (
          <li>
            <span>{t('needs_stray', { n: stray })}</span>
            <a href={STRAY_HREF}>{t('needs_hand')}</a>
          </li>
        )}
      </ul>
    </section>
  )
}

const Waiting = ({ c, waiting }: HomeProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  if (!waiting) return null
  const { rows, count, now } = waiting
  return (
    <section class="strip">
      <h2>{t('waiting')}</h2>
      <div>
        {rows.length === 0 ? (
          <p class="lead">{t('waiting_none')}</p>
        ) : (
          <>
            <ul class="lines plain">
              {rows.map(({ id, who, text, waitingSince }) => (
                <li>
                  <span>
                    <b>
                      <a href={inboxHref(id)}>{who || t('waiting_somebody')}</a>
                    </b>
                    <small class="excerpt">{text}</small>
                  </span>
                  {waitingSince && <small>{t('waiting_since', { age: waitingAge(waitingSince, now, lang) })}</small>}
                </li>
              ))}
            </ul>
            <p class="actions">
              <a href={inboxHref()}>{t('waiting_all', { n: count })}</a>
            </p>
          </>
        )}
      </div>
    </section>
  )
}

/** For somebody who is in, and works for nobody yet. */
export const NoArtistPage = ({ c, leaving }: { c: Context<WebEnv>; leaving: Leaving[] }) => {
  const t = words(c.get('page').lang)
  const mayOpen = can(c.get('actor'), 'artist.create', { kind: 'site' })
  return (
    <StudioPage c={c} title={t('title')} current="home" notice={backNotice(c)}>
      <h1 class="hidden">{t('title')}</h1>
      <LeavingList c={c} leaving={leaving} />
      <Empty
        title={t('no_artist')}
        action={mayOpen && <Button href="/studio/artists/new">{t('no_artist_open')}</Button>}
      >
        <p>{t('no_artist_words')}</p>
      </Empty>
    </StudioPage>
  )
}
