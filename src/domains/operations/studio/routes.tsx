import { type Context, Hono } from 'hono'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, type FieldErrors } from '../../../ui/forms.tsx'
import type { OfferSource } from '../../exchange/index.ts'
import {
  actorOf,
  can,
  guard,
  readForm,
  StudioPage,
  senderAtDesk,
  senderHere,
  senderThing,
  siteSettings,
  smallBody,
  type WebEnv,
  zoneAt,
} from '../../identity/index.ts'
import { studioReleases, takeCover } from '../../music/index.ts'
import { chooseWinner, closeOperation, peopleOf } from '../close-operation.ts'
import { isTied, phaseOf } from '../contests/contest.rules.ts'
import { type Contest, contestById, contestsOf, countsOf, jurorsOf, studioEntries } from '../contests/contest.views.ts'
import { inviteJuror, juryPath, removeJuror } from '../contests/jury.ts'
import { makePostOfWinner, makeReleaseOfWinner } from '../contests/make-of-winner.ts'
import { moderateEntry, retryEntryFile } from '../contests/moderate-entry.ts'
import { rulesText } from '../contests/rules-text.ts'
import { setAsidesOf, setClusterAside, takeVotesBack } from '../contests/set-aside.ts'
import { filesBeside } from '../contests/stems.ts'
import { clustersNow, tallyNow } from '../contests/tally.views.ts'
import { createContest, editContest, openOperation, removeDraft } from '../edit-operation.ts'
import { missionsOf } from '../missions/mission.views.ts'
import { missionSentence } from '../missions/studio-pages.tsx'
import { missionPath, seriesPath, studioPath } from '../paths.rules.ts'
import { seriesOf } from '../series/series.views.ts'
import { seriesSentence } from '../series/studio/series-page.tsx'
import { words } from '../words.ts'
import { carriedOn } from './carried.tsx'
import { ClosePage } from './close-page.tsx'
import { type CloseTyped, closeChoices, readClose } from './closing.tsx'
import { nothingTyped, readContest, type Typed, typedFrom, typedOf } from './contest.form.ts'
import { EntriesPage } from './entries-page.tsx'
import { artistOnly, by, ID, onOne, stateSentence } from './frame.tsx'
import { sendHeld } from './held.routes.ts'
import { JuryPage } from './jury-page.tsx'
import { ResultPage } from './result-page.tsx'
import { ContestForm, WordsPage } from './words-page.tsx'

const DONE = [
  'saved',
  'opened',
  'shown',
  'blocked',
  'invited',
  'removed',
  'winner',
  'cover',
  'again',
  'made',
  'aside',
  'votes_back',
  'changed',
  'other_file',
] as const

/**
 * Contests in the studio. Who may write the journal prepares one and looks at what comes in; who may publish there opens it, chooses and closes it; who may
 * edit music gives a release its sleeve.
 */
export function operationsStudio(platform: Platform, offers: OfferSource): Hono<WebEnv> {
  const { db, now, config } = platform
  const { whose, may, mayPublish, on } = onOne(platform, contestById)
  const mayMusic = guard('music.edit', whose)
  const one = `/studio/operations/:id{${ID}}`

  const atDesk = senderAtDesk('journal.edit')

  const mayGive = (c: Context<WebEnv>, artistId: string) =>
    can(actorOf(c), 'music.publish', { kind: 'artist', artistId })

  /** What a contest can be of; null for whoever may not give music, who chooses none. */
  const releasesFor = async (c: Context<WebEnv>, artistId: string) =>
    mayGive(c, artistId) ? (await studioReleases(db, artistId, now())).map(({ id, title }) => ({ id, title })) : null

  const noticeOf = (c: Context<WebEnv>) => {
    const done = DONE.find((each) => each === c.req.query('done'))
    return done && words(c.get('page').lang)(`said_${done}`)
  }

  const newPage = async (c: Context<WebEnv>, typed: Typed, errors?: FieldErrors) => {
    const own = senderHere(c)
    const t = words(c.get('page').lang)
    return c.html(
      <StudioPage c={c} title={t('new')} current="operations">
        <p class="quiet">
          <a href="/studio/operations">{t('operations')}</a>
        </p>
        <h1>{t('new')}</h1>
        <ContestForm
          {...{ c, typed, errors }}
          action="/studio/operations/new"
          releases={await releasesFor(c, own.id)}
          submit={t('save')}
        />
      </StudioPage>,
      errors ? 422 : 200,
    )
  }

  const wordsPage = async (
    c: Context<WebEnv>,
    contest: Contest,
    wrong: { typed?: Typed; errors?: FieldErrors; problem?: string } = {},
  ) => {
    const { entriesUntil, endsAt } = contest
    const { lang } = c.get('page')
    const place = (await siteSettings(db)).name
    const rules =
      entriesUntil && endsAt
        ? rulesText(
            {
              ...contest,
              setsAside: contest.setsAside || contest.state === 'draft',
              artist: contest.artistName,
              entriesUntil,
              endsAt,
              place,
            },
            lang,
          )
        : null
    const isWrong = Boolean(wrong.errors ?? wrong.problem)
    const releases = await releasesFor(c, contest.artistId)
    return c.html(
      <WordsPage
        {...{ c, contest, rules }}
        now={now()}
        typed={wrong.typed ?? typedFrom(contest)}
        errors={wrong.errors}
        problem={wrong.problem}
        releases={releases}
        stems={
          releases && contest.releaseId && contest.sort === 'remix' ? await filesBeside(db, contest.releaseId) : null
        }
        notice={isWrong ? undefined : noticeOf(c)}
        carried={await carriedOn(c, platform, contest)}
      />,
      isWrong ? 422 : 200,
    )
  }

  const entriesPage = async (c: Context<WebEnv>, contest: Contest, wrong?: string) =>
    c.html(
      <EntriesPage
        {...{ c, contest, wrong }}
        now={now()}
        entries={await studioEntries(db, contest.id)}
        notice={wrong ? undefined : noticeOf(c)}
      />,
      wrong ? 422 : 200,
    )

  const juryPage = async (c: Context<WebEnv>, contest: Contest, errors?: FieldErrors) => {
    const jurors = await jurorsOf(db, contest.id)
    return c.html(
      <JuryPage
        {...{ c, contest, errors }}
        now={now()}
        jurors={jurors.map((juror) => ({ ...juror, link: config.baseUrl + juryPath(platform, juror.id) }))}
        notice={errors ? undefined : noticeOf(c)}
      />,
      errors ? 422 : 200,
    )
  }

  const resultPage = async (c: Context<WebEnv>, contest: Contest, wrong?: string) => {
    const isOver = phaseOf(contest, now()) === 'over'
    const seen = isOver ? await clustersNow(db, contest.id) : []
    const results = contest.results ?? (isOver ? { ...(await tallyNow(db, contest.id)), clusters: seen } : null)
    return c.html(
      <ResultPage
        {...{ c, contest, results, seen, wrong }}
        setAside={isOver ? await setAsidesOf(db, contest.id) : []}
        now={now()}
        counts={await countsOf(db, contest.id)}
        entries={await studioEntries(db, contest.id)}
        notice={wrong ? undefined : noticeOf(c)}
      />,
      wrong ? 422 : 200,
    )
  }

  const closePage = async (
    c: Context<WebEnv>,
    contest: Contest,
    wrong: { typed?: CloseTyped; errors?: FieldErrors } = {},
  ) => {
    const people = await peopleOf(db, contest.id)
    const done = c.req.query('done') === 'closed' && words(c.get('page').lang)('said_closed', { n: people })
    return c.html(
      <ClosePage
        {...{ c, contest, people }}
        {...(await closeChoices(platform, offers, contest))}
        now={now()}
        isTied={phaseOf(contest, now()) === 'over' && !contest.winnerId && isTied(await tallyNow(db, contest.id))}
        typed={wrong.typed}
        errors={wrong.errors}
        notice={wrong.errors ? undefined : done || undefined}
      />,
      wrong.errors ? 422 : 200,
    )
  }

  const inPath = (c: Context<WebEnv>, name: string) => c.req.param(name) ?? ''
  const back = (c: Context<WebEnv>, { id }: Contest, section: string, done: string) =>
    c.redirect(`${studioPath(id, section)}?done=${done}`, 303)

  return new Hono<WebEnv>()
    .get('/studio/operations', atDesk, artistOnly, async (c) => {
      const own = senderHere(c)
      const { lang } = c.get('page')
      const t = words(lang)
      const [contests, series, missions] = await Promise.all([
        contestsOf(db, own.id),
        seriesOf(db, own.id),
        missionsOf(db, own.id),
      ])
      const all = [
        ...contests.map((contest) => ({
          ...contest,
          href: studioPath(contest.id),
          said: stateSentence(contest, now(), lang),
        })),
        ...series.map((one) => ({ ...one, href: seriesPath(one.id), said: seriesSentence(one, lang) })),
        ...missions.map((one) => ({ ...one, href: missionPath(one.id), said: missionSentence(one, now(), lang) })),
      ].sort((a, b) => Number(a.state === 'closed') - Number(b.state === 'closed') || (a.id < b.id ? 1 : -1))
      const begin = (
        <>
          <Button href="/studio/operations/new">{t('new')}</Button>{' '}
          <Button kind="plain" href="/studio/missions/new">
            {t('new_mission')}
          </Button>{' '}
          <Button kind="plain" href="/studio/series/new">
            {t('new_series')}
          </Button>
        </>
      )
      return c.html(
        <StudioPage c={c} title={t('operations')} current="operations">
          <h1>{t('operations')}</h1>
          {all.length === 0 ? (
            <Empty title={t('empty_title')} action={begin}>
              <p>{t('empty_words')}</p>
            </Empty>
          ) : (
            <section>
              <p class="lead">{t('operation_lead')}</p>
              <p class="actions">{begin}</p>
              <ul class="lines plain">
                {all.map(({ href, title, said }) => (
                  <li>
                    <a href={href}>
                      <b>{title || t('untitled')}</b>
                      <small>{said}</small>
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {can(actorOf(c), 'announce.edit', senderThing(senderHere(c).sender)) && (
            <p class="actions">
              <a href="/studio/sequences">{t('sequences')}</a>
            </p>
          )}
        </StudioPage>,
      )
    })
    .get('/studio/operations/new', atDesk, artistOnly, (c) => {
      const own = senderHere(c)
      return newPage(c, nothingTyped(own.language, zoneAt(c, own.id)))
    })
    .post('/studio/operations/new', atDesk, artistOnly, smallBody, async (c) => {
      const own = senderHere(c)
      const typed = typedOf(await readForm(c))
      const read = readContest(typed, await releasesFor(c, own.id), c.get('page').lang, null)
      if (!read.ok) return newPage(c, typed, read.error)
      const id = await createContest(platform, {
        ...{ artistId: own.id, by: by(c), mayGive: mayGive(c, own.id), fields: read.value },
      })
      return c.redirect(`${studioPath(id)}?done=saved`, 303)
    })
    .get(
      one,
      may,
      on((c, contest) => wordsPage(c, contest)),
    )
    .post(
      one,
      may,
      smallBody,
      on(async (c, contest) => {
        const t = words(c.get('page').lang)
        const typed = { ...typedFrom(contest), ...filled(typedOf(await readForm(c))) }
        const fixed = contest.state === 'draft' ? null : contest
        const read = readContest(typed, await releasesFor(c, contest.artistId), c.get('page').lang, fixed)
        if (!read.ok) return wordsPage(c, contest, { typed, errors: read.error })
        const done = await editContest(platform, {
          ...{ operationId: contest.id, by: by(c), mayGive: mayGive(c, contest.artistId), fields: read.value },
        })
        if (!done.ok) {
          if (done.error !== 'past' && done.error !== 'aside') return c.notFound()
          const endsAt = t(done.error === 'past' ? 'error_past' : 'error_goes_on')
          return wordsPage(c, contest, { typed, errors: { endsAt } })
        }
        return back(c, contest, '', 'saved')
      }),
    )
    .post(
      `${one}/open`,
      mayPublish,
      smallBody,
      on(async (c, contest) => {
        const t = words(c.get('page').lang)
        const done = await openOperation(platform, {
          ...{ operationId: contest.id, by: by(c), mayGive: mayGive(c, contest.artistId) },
        })
        if (done.ok) return back(c, contest, '', 'opened')
        if (done.error === 'missing') return c.notFound()
        const problem = {
          ...{ untitled: t('error_title'), dates: t('error_dates'), past: t('error_past'), gives: t('open_gives') },
        }[done.error]
        return wordsPage(c, contest, { problem })
      }),
    )
    .post(
      `${one}/remove`,
      may,
      smallBody,
      on(async (c, contest) =>
        (await removeDraft(platform, { operationId: contest.id, by: by(c) }))
          ? c.redirect('/studio/operations', 303)
          : c.notFound(),
      ),
    )
    .get(
      `${one}/entries`,
      may,
      on((c, contest) => entriesPage(c, contest)),
    )
    .post(
      `${one}/entries/:entry{${ID}}/:step{show|block}`,
      may,
      smallBody,
      on(async (c, contest) => {
        const entryId = inPath(c, 'entry')
        const form = await readForm(c)
        const reason = form.text('reason').slice(0, 500)
        const isBlock = c.req.param('step') === 'block'
        if (!isId(entryId)) return c.notFound()
        if (isBlock && reason.length < 3) return entriesPage(c, contest, entryId)
        const of = { operationId: contest.id, entryId, by: by(c) }
        const done = await moderateEntry(
          platform,
          isBlock ? { ...of, state: 'blocked', reason } : { ...of, state: 'shown', seen: form.texts('file')[0] },
        )
        if (!done.ok && done.error === 'unready') return entriesPage(c, contest)
        if (!done.ok && done.error === 'other-file') return back(c, contest, 'entries', 'other_file')
        return done.ok ? back(c, contest, 'entries', isBlock ? 'blocked' : 'shown') : c.notFound()
      }),
    )
    .get(
      `${one}/entries/:of{${ID}}/picture`,
      may,
      on((c, contest) => sendHeld(c, platform, contest.id)),
    )
    .post(
      `${one}/entries/:entry{${ID}}/retry`,
      may,
      smallBody,
      on(async (c, contest) => {
        const done = await retryEntryFile(platform, { operationId: contest.id, entryId: inPath(c, 'entry') })
        return done ? back(c, contest, 'entries', 'again') : c.notFound()
      }),
    )
    .get(
      `${one}/jury`,
      may,
      on((c, contest) => juryPage(c, contest)),
    )
    .post(
      `${one}/jury`,
      may,
      smallBody,
      on(async (c, contest) => {
        const name = (await readForm(c)).text('name').slice(0, 100)
        if (!name) return juryPage(c, contest, { name: words(c.get('page').lang)('error_juror') })
        const done = await inviteJuror(platform, { operationId: contest.id, name, by: by(c) })
        return done.ok ? back(c, contest, 'jury', 'invited') : c.notFound()
      }),
    )
    .post(
      `${one}/jury/:juror{${ID}}/remove`,
      may,
      smallBody,
      on(async (c, contest) => {
        const jurorId = inPath(c, 'juror')
        const done = isId(jurorId) && (await removeJuror(platform, { operationId: contest.id, jurorId, by: by(c) }))
        return done ? back(c, contest, 'jury', 'removed') : c.notFound()
      }),
    )
    .get(
      `${one}/result`,
      may,
      on((c, contest) => resultPage(c, contest)),
    )
    .post(
      `${one}/aside/:cluster{[\\w-]{20,100}}`,
      mayPublish,
      smallBody,
      on(async (c, contest) => {
        const clusterId = inPath(c, 'cluster')
        const reason = (await readForm(c)).text('reason').slice(0, 500)
        if (reason.length < 3) return resultPage(c, contest, clusterId)
        const done = await setClusterAside(platform, { operationId: contest.id, clusterId, reason, by: by(c) })
        if (!done.ok && done.error === 'gone') return back(c, contest, 'result', 'changed')
        return done.ok ? back(c, contest, 'result', 'aside') : c.notFound()
      }),
    )
    .post(
      `${one}/aside/:aside{${ID}}/undo`,
      mayPublish,
      smallBody,
      on(async (c, contest) => {
        const done = await takeVotesBack(platform, {
          ...{ operationId: contest.id, setAsideId: inPath(c, 'aside'), by: by(c) },
        })
        return done.ok ? back(c, contest, 'result', 'votes_back') : c.notFound()
      }),
    )
    .post(
      `${one}/winner/:entry{${ID}}`,
      mayPublish,
      smallBody,
      on(async (c, contest) => {
        const phase = phaseOf(contest, now())
        const entryId = inPath(c, 'entry')
        if ((phase !== 'over' && phase !== 'closed') || !isId(entryId)) return c.notFound()
        const done = await chooseWinner(platform, { operationId: contest.id, entryId, by: by(c) })
        return done.ok ? back(c, contest, 'result', 'winner') : c.notFound()
      }),
    )
    .post(
      `${one}/cover`,
      mayMusic,
      smallBody,
      on(async (c, contest) => {
        const winner = (await studioEntries(db, contest.id)).find(({ id }) => id === contest.winnerId)
        const { releaseId } = contest
        if (!winner?.cover || !releaseId) return c.notFound()
        const picture = { releaseId, imageId: winner.cover.id, name: winner.name, by: by(c) }
        const done = await takeCover(platform, picture)
        return done.ok ? back(c, contest, 'result', 'cover') : c.notFound()
      }),
    )
    .post(
      `${one}/make-release`,
      mayMusic,
      smallBody,
      on(async (c, contest) => {
        const done = contest.sort === 'remix' ? await makeReleaseOfWinner(platform, { contest, by: by(c) }) : null
        return done?.ok ? back(c, contest, 'result', 'made') : c.notFound()
      }),
    )
    .post(
      `${one}/make-post`,
      may,
      smallBody,
      on(async (c, contest) => {
        const done = contest.sort === 'video' ? await makePostOfWinner(platform, { contest, by: by(c) }) : null
        return done?.ok ? back(c, contest, 'result', 'made') : c.notFound()
      }),
    )
    .get(
      `${one}/close`,
      may,
      on((c, contest) => closePage(c, contest)),
    )
    .post(
      `${one}/close`,
      mayPublish,
      smallBody,
      on(async (c, contest) => {
        const choices = await closeChoices(platform, offers, contest)
        const { value, ...wrong } = readClose(await readForm(c), choices, c.get('page').lang)
        if (!value) return closePage(c, contest, wrong)
        const done = await closeOperation(platform, { operationId: contest.id, by: by(c), ...value })
        if (done.ok) return back(c, contest, 'close', 'closed')
        return done.error === 'early' ? closePage(c, contest) : c.notFound()
      }),
    )
}

/** What the form holds: a field that is fixed is not in it. */
const filled = (typed: Typed): Partial<Typed> => {
  const { sort, zone, jury, most, ...always } = typed
  return { ...always, ...(sort && { sort, zone, jury, most }) }
}
