import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { can, type WebEnv } from '../../identity/index.ts'
import type { Closing, Cluster, Place } from '../contests/contest.rules.ts'
import type { Contest, Counts, Entry } from '../contests/contest.views.ts'
import { methodText } from '../contests/rules-text.ts'
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
  notice?: Child
}

/** What was counted, what is worth a look, who wins, and the sleeve that it becomes. */
export const ResultPage = ({ c, contest, now, counts, entries, results, notice }: Props) => {
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
      {results && <Clusters c={c} contest={contest} clusters={results.clusters} named={named} />}
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

const Clusters = ({ c, contest, clusters, named }: Of & { clusters: Cluster[] }) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const at = (text: string) => formats(lang).dateTime(new Date(text), contest.timeZone)
  return (
    <section>
      <h2>{t('clusters')}</h2>
      {clusters.length === 0 ? (
        <p>{t('clusters_none')}</p>
      ) : (
        <>
          <p>{t('clusters_lead')}</p>
          <ul class="lines plain">
            {clusters.slice(0, 50).map(({ kind, people, from, to, entries: [most] }) => (
              <li>
                <div>
                  <b>{t(`cluster_${kind}`, { n: people })}</b>
                  <small>
                    {t('cluster_what', {
                      ...{ from: at(from), to: at(to), n: most?.people ?? 0 },
                      entry: most ? named(most.entryId) : '–',
                    })}
                  </small>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
