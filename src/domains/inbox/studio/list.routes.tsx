import { type Context, Hono } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Empty } from '../../../ui/empty.tsx'
import { guard, StudioPage, type WebEnv, zoneAt } from '../../identity/index.ts'
import { type Filter, inboxList, type ListRow, waitingIn } from '../inbox.views.ts'
import { words } from '../words.ts'
import { age, inboxHref, ownerAtDesk, ownersAt } from './frame.ts'

const FILTERS: Filter[] = ['waiting', 'all', 'done', 'spam']

/** The inbox: who waits, the longest first; all, done, spam. */
export function listRoutes({ db, now }: Platform): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/studio/inbox', guard('studio.enter', { kind: 'site' }), async (c) => {
    const owners = await ownersAt(db, c)
    const filter = FILTERS.find((one) => one === c.req.query('show')) ?? 'waiting'
    const page = Math.min(1000, Math.max(0, Math.trunc(Number(c.req.query('page')) || 0)))
    const [list, waiting] = await Promise.all([inboxList(db, owners, { filter, page }), waitingIn(db, owners)])
    return c.html(<ListPage c={c} {...list} {...{ filter, page, waiting, now: now(), some: owners.length > 0 }} />)
  })
}

type Props = {
  c: Context<WebEnv>
  rows: ListRow[]
  more: boolean
  filter: Filter
  page: number
  waiting: { count: number; since: Date | null }
  now: Date
  some: boolean
}

const ListPage = ({ c, rows, more, filter, page, waiting, now, some }: Props) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const own = ownerAtDesk(c)
  const { current } = c.get('desk')
  const slug = current?.kind === 'artist' ? current.artist.slug : current?.label.slug
  const to = (show: Filter, at = 0) => `/studio/inbox?show=${show}${at ? `&page=${at}` : ''}`
  return (
    <StudioPage c={c} title={t('inbox')} current="inbox">
      <h1>{t('inbox')}</h1>
      <nav class="actions" aria-label={t('filters')} style="margin:0.25rem 0 1rem;gap:0 0.9rem">
        {FILTERS.map((one) => (
          <a
            href={to(one)}
            aria-current={one === filter ? 'page' : undefined}
            style={
              one === filter
                ? 'font-weight:700;text-decoration:none;padding:0.6rem 0'
                : 'text-underline-offset:0.25em;padding:0.6rem 0'
            }
          >
            {t(`filter_${one}`)}
          </a>
        ))}
      </nav>
      {waiting.count > 0 && waiting.since && (
        <p class="lead">{t('list_waiting', { n: waiting.count, age: age(waiting.since, now, lang) })}</p>
      )}
      {rows.length === 0 ? (
        filter === 'waiting' ? (
          <Empty title={t('empty_waiting_title')}>
            <p>{t(some ? 'empty_waiting' : 'no_desk')}</p>
          </Empty>
        ) : (
          <Empty title={t('empty_title')}>
            <p>{t('empty')}</p>
          </Empty>
        )
      ) : (
        <ul class="lines plain letters">
          {rows.map((row) => (
            <Line c={c} row={row} now={now} withOwner={!own} />
          ))}
        </ul>
      )}
      {(page > 0 || more) && (
        <p class="actions" style="margin-top:1rem">
          {page > 0 && <a href={to(filter, page - 1)}>{t('newer')}</a>}
          {more && <a href={to(filter, page + 1)}>{t('older')}</a>}
        </p>
      )}
      {own && (
        <p class="actions" style="margin-top:1.5rem">
          <a href="/studio/inbox/saved">{t('see_saved')}</a>
          {slug && <a href={`/write/${encodeURIComponent(slug)}`}>{t('see_write')}</a>}
        </p>
      )}
    </StudioPage>
  )
}

const Line = ({ c, row, now, withOwner }: { c: Context<WebEnv>; row: ListRow; now: Date; withOwner: boolean }) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const facts = [
    withOwner && t('with', { name: row.ownerName }),
    row.channel && t(`way_${row.channel}`),
    row.assignedName && t('assigned', { name: row.assignedName }),
  ].filter(Boolean)
  return (
    <li>
      <span>
        <b>
          <a href={inboxHref(row.id)}>{row.who || t('nobody')}</a>
        </b>
        <small>
          {row.direction === 'out' && `${t('you')} · `}
          {row.text.replace(/\s+/g, ' ').slice(0, 140)}
        </small>
        <br />
        <small>{facts.join(' · ')}</small>
      </span>
      <small>
        {row.state === 'open' && row.waitingSince ? (
          <strong>{t('waits', { age: age(row.waitingSince, now, lang) })}</strong>
        ) : (
          <time datetime={row.lastAt.toISOString()}>{formats(lang).date(row.lastAt, zoneAt(c, ''))}</time>
        )}
      </small>
    </li>
  )
}
