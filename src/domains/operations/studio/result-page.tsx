import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { can, type WebEnv } from '../../identity/index.ts'
import type { Closing, Described, Place } from '../contests/contest.rules.ts'
import type { Contest, Counts, Entry } from '../contests/contest.views.ts'
import { methodText } from '../contests/rules-text.ts'
import type { SetAside } from '../contests/set-aside.ts'
import type { SeenCluster } from '../contests/tally.views.ts'
import { studioPath } from '../paths.rules.ts'
import { nameOf } from '../public/entry-name.ts'
import { publicWords, words } from '../words.ts'
import { ContestFrame } from './frame.tsx'

type Props = {
  c: Context<WebEnv>
  contest: Contest
  now: Date
  counts: Counts
  entries: Entry[]
  /** Null while people still vote: nobody sees it then. */
  results: Closing | null
  /** What looks like one hand, while it can be set aside, and what was. */
  seen: SeenCluster[]
  setAside: SetAside[]
  /** The cluster whose setting aside lacked a reason. */
  wrong?: string | undefined
  notice?: Child
}

/** What was counted, what is worth a look, who wins, and the sleeve that it becomes. */
export const ResultPage = (props: Props) => {
  const { c, contest, now, counts, entries, results, notice } = props
  const { lang } = c.get('page')
  const t = words(lang)
  const named = (id: string) => {
    const entry = entries.find((one) => one.id === id)
    return entry ? nameOf(entry, lang) : t('untitled')
  }
  return (
    <ContestFrame c={c} contest={contest} section="result" now={now} notice={notice} wide>
      <section>
        <p class="lead">{t('counts', counts)}</p>
        {results ? (
          <Counted {...{ c, contest, results, named }} />
        ) : (
          <p>{t('result_early', { voters: counts.voters })}</p>
        )}
        <p class="quiet">{methodText(contest.juryWeight, lang)}</p>
      </section>
      {results && <Cover c={c} contest={contest} entries={entries} />}
      {results && <Made c={c} contest={contest} entries={entries} />}
      {results && <SetAsides {...props} />}
      {results && <Clusters {...props} clusters={contest.results?.clusters ?? props.seen} named={named} />}
    </ContestFrame>
  )
}

type Of = { c: Context<WebEnv>; contest: Contest; named: (id: string) => string }

const Counted = ({ c, contest, results, named }: Of & { results: Closing }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const p = publicWords(page.lang)
  const { number } = formats(page.lang)
  if (!results.places.length) return <p>{t('result_none')}</p>
  const { voters, jurors, partialJurors, corrected } = results
  const mayChoose = can(c.get('actor'), 'journal.publish', { kind: 'artist', artistId: contest.artistId })
  return (
    <>
      <p>
        {p('counted_who', { voters, jurors })} {partialJurors > 0 && p('counted_partial', { n: partialJurors })}{' '}
        {corrected > 0 && p('counted_corrected', { n: corrected })}
      </p>
      <Table<Place>
        lang={page.lang}
        caption={t('result_caption')}
        captionHidden
        rows={results.places}
        columns={[
          { label: t('col_entry'), cell: ({ entryId }) => named(entryId) },
          { label: t('col_place'), numeric: true, cell: ({ rank }) => number(rank) },
          { label: t('col_points'), numeric: true, cell: ({ points }) => number(points, 2) },
          { label: t('col_approvals'), numeric: true, cell: ({ approvals }) => number(approvals) },
          { label: t('col_jury'), numeric: true, cell: ({ jury }) => (jury === null ? '–' : number(jury, 1)) },
          {
            label: t('winner_is'),
            cell: ({ entryId }) =>
              entryId === contest.winnerId ? (
                <strong>{t('winner_is')}</strong>
              ) : (
                mayChoose && (
                  <Form page={page} action={studioPath(contest.id, `winner/${entryId}`)}>
                    <Button kind="quiet" aria-label={t('choose_label', { entry: named(entryId) })}>
                      {t('choose')}
                    </Button>
                  </Form>
                )
              ),
          },
        ]}
      />
    </>
  )
}

const Cover = ({ c, contest, entries }: { c: Context<WebEnv>; contest: Contest; entries: Entry[] }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const winner = entries.find(({ id }) => id === contest.winnerId)
  if (!winner?.cover || !can(c.get('actor'), 'music.edit', { kind: 'artist', artistId: contest.artistId })) return null
  const values = { entry: nameOf(winner, page.lang), release: contest.releaseTitle ?? '', name: winner.name }
  return (
    <section>
      <h2>{t('cover_title')}</h2>
      {contest.releaseId ? (
        <>
          <p>{t('cover_words', values)}</p>
          <Form page={page} action={studioPath(contest.id, 'cover')} class="actions">
            <Button>{t('cover_button')}</Button>
          </Form>
        </>
      ) : (
        <p>{t('cover_no_release')}</p>
      )}
    </section>
  )
}

/** What becomes of the remix or the film that won. */
const Made = ({ c, contest, entries }: { c: Context<WebEnv>; contest: Contest; entries: Entry[] }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { sort } = contest
  const winner = entries.find(({ id }) => id === contest.winnerId)
  if (!winner?.file || (sort !== 'remix' && sort !== 'video')) return null
  const right = sort === 'remix' ? 'music.edit' : 'journal.edit'
  if (!can(c.get('actor'), right, { kind: 'artist', artistId: contest.artistId })) return null
  const made = contest.made && madeHref(contest.made)
  return (
    <section>
      <h2>{t('make_title')}</h2>
      {made ? (
        <p>
          <a href={made}>{t(`made_${sort}`)}</a>
        </p>
      ) : (
        <>
          <p>{t(`make_words_${sort}`, { entry: nameOf(winner, page.lang), name: winner.name })}</p>
          <Form
            page={page}
            action={studioPath(contest.id, sort === 'remix' ? 'make-release' : 'make-post')}
            class="actions"
          >
            <Button>{t(`make_button_${sort}`)}</Button>
          </Form>
        </>
      )}
    </section>
  )
}

/** Where the draft is worked on. */
export const madeHref = (made: string): string => {
  const [kind, id = ''] = made.split(':')
  return kind === 'post' ? `/studio/journal/${id}` : `/studio/music/${id}`
}

/** What is set aside, and the way back until the result is published. */
const SetAsides = ({ c, contest, setAside, results }: Props) => {
  const page = c.get('page')
  const [t, p] = [words(page.lang), publicWords(page.lang)]
  const all = contest.results ? (results?.setAside ?? []) : setAside
  if (!all.length) return null
  return (
    <section>
      <h2>{t('aside_title')}</h2>
      <p>{t('aside_lead')}</p>
      <ul class="lines plain">
        {all.map((one) => (
          <li>
            <div>
              <b>{t('aside_people', { n: one.people })}</b>
              <small>
                {p(`aside_${one.kind}`)} {p('aside_reason', { reason: one.reason })}
              </small>
            </div>
            {'id' in one && mayClose(c, contest) && (
              <Form page={page} action={studioPath(contest.id, `aside/${one.id}/undo`)}>
                <Button kind="quiet" aria-label={t('aside_undo_label', { reason: one.reason })}>
                  {t('aside_undo')}
                </Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const mayClose = (c: Context<WebEnv>, { artistId }: Contest): boolean =>
  can(c.get('actor'), 'journal.publish', { kind: 'artist', artistId })

type ClustersProps = Of & Pick<Props, 'wrong'> & { clusters: (Described | SeenCluster)[] }

const Clusters = ({ c, contest, clusters, named, wrong }: ClustersProps) => {
  const page = c.get('page')
  const { lang } = page
  const t = words(lang)
  const maySetAside = contest.setsAside && contest.state === 'open' && mayClose(c, contest)
  const at = (text: string) => formats(lang).dateTime(new Date(text), contest.timeZone)
  return (
    <section>
      <h2>{t('clusters')}</h2>
      {clusters.length === 0 ? (
        <p>{t('clusters_none')}</p>
      ) : (
        <>
          <p>{t('clusters_lead')}</p>
          {maySetAside && <p>{t('clusters_may')}</p>}
          <ErrorSummary errors={wrong ? { [`reason-${wrong}`]: t('error_aside') } : {}} lang={lang} />
          <ul class="lines plain">
            {clusters.slice(0, 50).map(({ kind, people, from, to, entries: [most], ...seen }) => (
              <li>
                <div>
                  <b>{t(`cluster_${kind}`, { n: people })}</b>
                  <small>
                    {t('cluster_what', {
                      ...{ from: at(from), to: at(to), n: most?.people ?? 0 },
                      entry: most ? named(most.entryId) : '–',
                    })}
                  </small>
                  {'isAside' in seen && seen.isAside && <small> {t('cluster_is_aside')}</small>}
                  {maySetAside && 'id' in seen && !seen.isAside && (
                    <details open={wrong === seen.id}>
                      <summary>{t('aside_do')}</summary>
                      <Form page={page} action={studioPath(contest.id, `aside/${seen.id}`)} novalidate>
                        <Field
                          name="reason"
                          id={`f-reason-${seen.id}`}
                          label={t('field_reason')}
                          hint={t('aside_hint')}
                          error={wrong === seen.id ? t('error_aside') : undefined}
                          maxlength={500}
                          autocomplete="off"
                          required
                        />
                        <Button
                          kind="quiet"
                          aria-label={t('aside_label', { what: t(`cluster_${kind}`, { n: people }) })}
                        >
                          {t('aside_do')}
                        </Button>
                      </Form>
                    </details>
                  )}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
