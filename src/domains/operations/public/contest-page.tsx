import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, type FieldErrors, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { PlayerTrack } from '../../../ui/player.types.ts'
import type { Closing, Phase, Place } from '../contests/contest.rules.ts'
import type { Contest, Entry, Rules } from '../contests/contest.views.ts'
import { methodText } from '../contests/rules-text.ts'
import type { Stem } from '../contests/stems.ts'
import { datesPath, operationPath } from '../paths.rules.ts'
import { publicWords } from '../words.ts'
import { Sounds, soundsOf } from './entry-file.tsx'
import { EntryForm, type EntryTyped } from './entry-form.tsx'
import { nameOf } from './entry-name.ts'
import { EntryView, OwnAddress, Prose, phaseSentence, Trap } from './parts.tsx'

export type BallotTyped = { mail: string; entries: string[] }

export type ContestPageProps = {
  page: Page
  contest: Contest
  phase: Phase
  entries: Entry[]
  rules: Rules | null
  /** What is given to work with, while entries come in. */
  stems: Stem[]
  /** A fan who proved an address with this browser needs not say it again. */
  isKnown: boolean
  entry?: { typed: EntryTyped; errors: FieldErrors } | undefined
  ballot: { typed: BallotTyped; errors: FieldErrors }
  /** Why what was sent is not taken in any more, where its form is gone. */
  problem?: string | undefined
  /** Where the next thing is. */
  next?: { title: string; path: string } | undefined
}

export const ContestBody = (props: ContestPageProps) => {
  const { page, contest, phase, entries, rules } = props
  const { lang } = page
  const t = publicWords(lang)
  const path = operationPath(contest.artistSlug, contest.slug)
  const tracks = soundsOf(contest, phase === 'closed' ? inPlaces(props) : entries, { lang })
  return (
    <div class="contest" data-queue-scope="">
      <Sounds tracks={tracks} />
      <ErrorSummary errors={props.problem ? { '': props.problem } : {}} lang={lang} />
      <p class="facts">
        <a href={`/${encodeURIComponent(contest.artistSlug)}`}>{contest.artistName}</a> ·{' '}
        {phaseSentence(contest, phase, lang)}
      </p>
      {contest.words && <Prose text={contest.words} lang={contest.language} />}
      {contest.releaseTitle && contest.sort === 'sleeve' && <p>{t('for_release', { title: contest.releaseTitle })}</p>}
      {phase === 'closed' && <Ended {...props} tracks={tracks} />}
      {phase === 'entries' && props.stems.length > 0 && <Stems stems={props.stems} path={path} lang={lang} />}
      {phase === 'entries' && rules && (
        <EntryForm
          page={page}
          contest={contest}
          rules={rules}
          isKnown={props.isKnown}
          typed={props.entry?.typed}
          errors={props.entry?.errors}
        />
      )}
      {phase === 'votes' && entries.length > 0 ? (
        <VoteForm {...props} tracks={tracks} action={`${path}/votes?lang=${lang}`} />
      ) : (
        phase !== 'closed' && <Gallery entries={entries} lang={lang} tracks={tracks} />
      )}
      <section>
        <h2>{t('how')}</h2>
        <p>{methodText(contest.juryWeight, lang)}</p>
        <p>
          <a href={`${path}/rules?lang=${lang}`}>{t('read_rules')}</a>
          {contest.state === 'open' && (
            <>
              {' '}
              · <a href={datesPath(contest.artistSlug)}>{t('dates')}</a>
            </>
          )}
        </p>
      </section>
    </div>
  )
}

const Stems = ({ stems, path, lang }: { stems: Stem[]; path: string; lang: Lang }) => {
  const t = publicWords(lang)
  return (
    <section>
      <h2>{t('stems_title')}</h2>
      <p>{t('stems_lead')}</p>
      <ul>
        {stems.map(({ id, fileName: name, size }) => (
          <li>
            <a href={`${path}/stems/${id}`} data-reload="">
              {t('stem_of', { name, size: formats(lang).bytes(size) })}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

type Heard = { tracks: PlayerTrack[] }

const Gallery = ({ entries, lang, tracks }: { entries: Entry[]; lang: Lang } & Heard) => {
  const t = publicWords(lang)
  if (!entries.length)
    return (
      <section>
        <p>{t('no_entries')}</p>
      </section>
    )
  return (
    <section>
      <h2>{t('entries_n', { n: entries.length })}</h2>
      <ul class="entries">
        {entries.map((entry) => (
          <li id={`entry-${entry.id}`}>
            <EntryView entry={entry} lang={lang} tracks={tracks} />
          </li>
        ))}
      </ul>
    </section>
  )
}

type VoteProps = ContestPageProps & Heard & { action: string }

const VoteForm = ({ page, contest, entries, isKnown, ballot, action, tracks }: VoteProps) => {
  const { lang } = page
  const t = publicWords(lang)
  const { typed, errors } = ballot
  return (
    <section id="vote">
      <h2>{t('vote_title')}</h2>
      <p>{t('vote_lead')}</p>
      <Form page={page} action={action} novalidate>
        <ErrorSummary errors={errors} lang={lang} />
        <fieldset class="field" id="f-entry" tabindex={-1} aria-describedby={errors['entry'] && 'f-entry-error'}>
          <legend class="hidden">{t('vote_title')}</legend>
          {errors['entry'] && (
            <p class="error" id="f-entry-error">
              {errors['entry']}
            </p>
          )}
          <ul class="entries">
            {entries.map((entry, n) => (
              <li id={`entry-${entry.id}`}>
                <EntryView entry={entry} lang={lang} first={n === 0} tracks={tracks} />
                <label class="approve">
                  <input
                    type="checkbox"
                    name="entry"
                    value={entry.id}
                    checked={typed.entries.includes(entry.id)}
                    aria-label={t('approve_label', { entry: nameOf(entry, lang) })}
                  />
                  <span>{t('approve')}</span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
        <OwnAddress
          lang={lang}
          known={isKnown ? t('known_vote') : null}
          hint={t('vote_mail_hint', { artist: contest.artistName })}
          value={typed.mail}
          error={errors['mail']}
        />
        <Trap lang={lang} />
        <Button>{t('vote_send')}</Button>
      </Form>
    </section>
  )
}

/** The winner, then the others by place: as they stand on the page. */
const inPlaces = ({ contest, entries }: Pick<ContestPageProps, 'contest' | 'entries'>): Entry[] =>
  ranked(entries, contest.results)
    .map(({ entry }) => entry)
    .sort((a, b) => Number(b.id === contest.winnerId) - Number(a.id === contest.winnerId))

const Ended = ({ page, contest, entries, next, tracks }: ContestPageProps & Heard) => {
  const { lang } = page
  const t = publicWords(lang)
  const results = contest.results
  const winner = entries.find(({ id }) => id === contest.winnerId)
  const others = ranked(entries, results).filter(({ entry }) => entry.id !== winner?.id)
  const won = results?.places.find(({ entryId }) => entryId === winner?.id)
  return (
    <>
      {winner && (
        <section class="won">
          <h2>{t('winner', { entry: nameOf(winner, lang) })}</h2>
          <EntryView entry={winner} lang={lang} first wide tracks={tracks} />
          {won && <Points place={won} lang={lang} />}
          {won && won.rank > 1 && <p>{t('winner_chosen', { artist: contest.artistName })}</p>}
        </section>
      )}
      {contest.followUp === 'next' && (
        <section>
          <h2>{t('next_title')}</h2>
          <Prose text={contest.followUpWords} lang={contest.language} />
          {next && (
            <p>
              <a href={next.path}>{next.title}</a>
            </p>
          )}
        </section>
      )}
      {results && <Counted results={results} lang={lang} />}
      {others.length > 0 && (
        <section>
          <h2>{t('others')}</h2>
          <ul class="entries">
            {others.map(({ entry, place }) => (
              <li id={`entry-${entry.id}`}>
                <EntryView entry={entry} lang={lang} tracks={tracks} />
                {place && <Points place={place} lang={lang} />}
              </li>
            ))}
          </ul>
        </section>
      )}
      {!entries.length && <p>{t('nobody_came')}</p>}
    </>
  )
}

const Counted = ({ results, lang }: { results: Closing; lang: Lang }) => {
  const t = publicWords(lang)
  const { voters, jurors, partialJurors, corrected } = results
  if (!voters && !jurors && !results.setAside?.length) return null
  return (
    <section>
      <h2>{t('counted')}</h2>
      <p>
        {t('counted_who', { voters, jurors })} {partialJurors > 0 && t('counted_partial', { n: partialJurors })}{' '}
        {corrected > 0 && t('counted_corrected', { n: corrected })}
      </p>
      {results.setAside?.map(({ kind, people, reason }) => (
        <p>
          {t('counted_aside', { n: people })} {t(`aside_${kind}`)} {t('aside_reason', { reason })}
        </p>
      ))}
    </section>
  )
}

export const Points = ({ place, lang }: { place: Place; lang: Lang }) => {
  const t = publicWords(lang)
  const { number } = formats(lang)
  const { rank, approvals, jury } = place
  return (
    <p class="facts">
      {t('points', { rank, points: number(place.points) })} · {t('approvals', { n: approvals })}
      {jury !== null && ` · ${t('jury_mean', { mean: number(jury, 1) })}`}
    </p>
  )
}

/** By place; what has none (nobody counted) after, in the order in which it came. */
function ranked(entries: Entry[], results: Closing | null): { entry: Entry; place: Place | undefined }[] {
  const placed = entries.map((entry) => ({
    entry,
    place: results?.places.find(({ entryId }) => entryId === entry.id),
  }))
  return placed.sort((a, b) => (a.place?.rank ?? Infinity) - (b.place?.rank ?? Infinity) || 0)
}
