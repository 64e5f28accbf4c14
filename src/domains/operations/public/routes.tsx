import { rm } from 'node:fs/promises'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { allow, forOneReader, type Limit, open, send } from '../../../platform/http/index.ts'
import { formats } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { describe, isSubject, type Subjects, visitorOfTheDay } from '../../exchange/index.ts'
import { type FansFrame, follow, followedAt, knownFan, readAddress, readName, unfollow } from '../../fans/index.ts'
import { artistBySlug, isReserved, type Posted, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { imageSentence, keepPicture, releaseCards } from '../../music/index.ts'
import { MOST_ABOUT, MOST_WORDS, needsAlt, needsPicture, phaseOf, shuffled } from '../contests/contest.rules.ts'
import { approvedBy, type Contest, publicContest, rulesOf, shownEntries } from '../contests/contest.views.ts'
import { enterContest } from '../contests/enter-contest.ts'
import { recordStemTaken, stemsOf } from '../contests/stems.ts'
import { castBallot } from '../contests/vote.ts'
import { fileSentence } from '../entry-files/file-words.ts'
import { fileKindOf, mostOfForm } from '../entry-files/files.rules.ts'
import { hasRoomFor, keepEntryFile, keptFiles } from '../entry-files/keep-file.ts'
import { entryMedia } from '../entry-files/media.routes.ts'
import { type ReceivedEntry, receiveEntry } from '../entry-files/receive-entry.ts'
import { setCaptions } from '../entry-files/set-captions.ts'
import { keptPictures } from '../kept-pictures.ts'
import { publicMission } from '../missions/mission.views.ts'
import { publicMissions } from '../missions/public.routes.tsx'
import { operationPath } from '../paths.rules.ts'
import { feedsOf, SeriesBody } from '../series/public/series-page.tsx'
import { itemsOf, publicSeries, type Series, standingOf } from '../series/series.views.ts'
import { publicWords, seriesWords } from '../words.ts'
import { confirmPages } from './confirm.routes.tsx'
import { type BallotTyped, ContestBody } from './contest-page.tsx'
import { acceptSentence, type EntryTyped, MOST_MEGABYTES, NO_ENTRY } from './entry-form.tsx'
import { juryPages } from './jury.routes.tsx'
import { Prose } from './parts.tsx'

const HOUR = 3600
const ENTRIES: Limit = { name: 'contest-entry', most: 10, windowSeconds: HOUR }
/** Sounds and films are heavy: what one address may bring in an hour. */
const FILES: Limit = { name: 'contest-file', most: 6, windowSeconds: HOUR }
/** A school behind one address votes in an hour; a machine is held up. Who looks like one hand is shown to the artist besides. */
const BALLOTS: Limit = { name: 'contest-ballot', most: 120, windowSeconds: HOUR }
/** Questions to one address: what protects somebody from a stranger who types it again and again. */
const BY_ADDRESS: Limit = { name: 'contest-address', most: 4, windowSeconds: 24 * HOUR }

export type OperationsSite = { frame: FansFrame; subjects: Subjects }

/** A contest's page, what is sent in, what is approved. GET shows, POST acts. */
export function publicOperations(platform: Platform, { frame, subjects }: OperationsSite): Hono<WebEnv> {
  const { db, now } = platform
  const path = '/:artist/take-part/:slug'

  type Find<One> = (db: Platform['db'], artistId: string, slug: string) => Promise<One | null>
  async function foundBy<One>(c: Context<WebEnv>, find: Find<One>): Promise<One | null> {
    const { artist = '', slug = '' } = c.req.param() as { artist?: string; slug?: string }
    const found = isReserved(artist) ? null : await artistBySlug(db, artist)
    return found?.kind === 'artist' ? find(db, found.artist.id, slug) : null
  }
  const contestOf = (c: Context<WebEnv>) => foundBy(c, publicContest)
  const seriesOf = (c: Context<WebEnv>) => foundBy(c, publicSeries)
  const missionOf = (c: Context<WebEnv>) => foundBy(c, publicMission)

  async function showSeries(c: Context<WebEnv>, series: Series) {
    const { page } = c.var
    const [items, facts] = await Promise.all([
      itemsOf(db, series.id, now()),
      describe(db, subjects, isSubject(series.followUpSubject) ? [series.followUpSubject] : []),
    ])
    const standing = standingOf(series, items, now())
    const heard = items.given.flatMap(({ kind, of }) => (kind === 'release' && of ? [of] : []))
    const cards = await releaseCards(db, heard, now())
    const covers = new Map([...cards].map(([id, { cover }]) => [id, cover]))
    const { told } = await toldHere(c, series)
    const said = (['follows', 'stopped'] as const).find((one) => one === c.req.query('done'))
    c.header('Cache-Control', 'private, no-cache')
    const children = (
      <SeriesBody
        {...{ page, series, given: items.given, standing, covers, told, said }}
        after={[...facts.values()][0]}
      />
    )
    const canonical = platform.config.baseUrl + operationPath(series.artistSlug, series.slug)
    return c.html(
      await frame({
        c,
        title: series.title,
        of: { artistId: series.artistId },
        canonical,
        subject: `operation:${series.id}`,
        feeds: feedsOf(series, page.lang),
        children,
      }),
    )
  }

  /** What whoever uses this browser is told of a series, and by which subscription, if that is known. */
  async function toldHere(c: Context<WebEnv>, { id, artistId }: Series) {
    const fan = await knownFan(c, platform, null)
    const followed = fan && (await followedAt(db, { addressId: fan.addressId, of: { artistId } }))
    const told = followed && { each: followed.subjects.includes(`operation:${id}`) }
    return { told, subscriptionId: followed?.subscriptionId ?? null }
  }

  type Wrong = {
    entry?: { typed: EntryTyped; errors: FieldErrors }
    ballot?: { typed: BallotTyped; errors: FieldErrors }
    problem?: string
  }

  async function show(c: Context<WebEnv>, contest: Contest, wrong: Wrong = {}) {
    const { page } = c.var
    const phase = phaseOf(contest, now())
    const fan = await knownFan(c, platform, null)
    const [shown, rules, facts, stems] = await Promise.all([
      shownEntries(db, contest.id),
      rulesOf(db, contest.id, { language: page.lang }),
      describe(db, subjects, isSubject(contest.followUpSubject) ? [contest.followUpSubject] : []),
      stemsOf(db, contest),
    ])
    const fresh = { mail: '', entries: fan ? await approvedBy(db, contest.id, fan.fanId) : [] }
    // Nobody stands first for everybody; who comes back finds the order that they know.
    const seed = fan?.fanId ?? `${c.get('address')} ${now().toISOString().slice(0, 10)}`
    const entries = phase === 'votes' ? shuffled(shown, seed) : shown
    const children = (
      <ContestBody
        {...{ page, contest, phase, entries, rules, stems }}
        isKnown={fan !== null}
        entry={wrong.entry}
        problem={wrong.problem}
        ballot={wrong.ballot ?? { typed: fresh, errors: {} }}
        next={[...facts.values()][0]}
      />
    )
    const canonical = platform.config.baseUrl + operationPath(contest.artistSlug, contest.slug)
    const isWrong = Boolean(wrong.entry ?? wrong.ballot ?? wrong.problem)
    c.header('Cache-Control', 'private, no-cache')
    return c.html(
      await frame({
        c,
        title: contest.title,
        of: { artistId: contest.artistId },
        canonical,
        subject: `operation:${contest.id}`,
        children,
      }),
      isWrong ? 422 : 200,
    )
  }

  const sent = (c: Context<WebEnv>, contest: Contest, said: string) =>
    c.redirect(`/contests/sent?contest=${contest.id}&said=${said}&lang=${c.var.page.lang}`, 303)

  /** The address of a form; a sentence when it is none. Whoever is known and says nothing else is not asked. */
  async function who(c: Context<WebEnv>, form: Posted) {
    const mail = form.text('mail')
    const read = mail ? readAddress('mail', mail) : null
    const fan = read && !read.ok ? null : await knownFan(c, platform, read?.ok ? read.value.key : null)
    return { mail, fan, address: read?.ok ? read.value : null }
  }

  const pictures = keptPictures(platform, 'contest-picture')

  const pictureBody = bodyLimit({
    maxSize: MOST_MEGABYTES * 1_000_000 + 100_000,
    onError: (c) => tooLarge(c as Context<WebEnv>),
  })

  const tooLarge = async (c: Context<WebEnv>) => {
    const contest = await contestOf(c)
    if (!contest) return c.notFound()
    const { lang } = c.var.page
    const t = publicWords(lang)
    const kind = fileKindOf(contest.sort)
    const children = (
      <>
        <p>{kind ? fileSentence('too-large', kind, lang) : t('picture_heavy', { n: MOST_MEGABYTES })}</p>
        <p>
          <a href={`${operationPath(contest.artistSlug, contest.slug)}#enter`}>
            {t('back_to', { title: contest.title })}
          </a>
        </p>
      </>
    )
    return c.html(await frame({ c, title: t('enter_title'), of: { artistId: contest.artistId }, children }), 413)
  }

  const late = (c: Context<WebEnv>, contest: Contest) =>
    show(c, contest, { problem: publicWords(c.var.page.lang)('error_late') })

  /** The form of an entry, and its sound or film where the contest asks for one. What came is removed here, or kept by {@link keepEntryFile}. */
  async function received(c: Context<WebEnv>, contest: Contest): Promise<ReceivedEntry> {
    const kind = fileKindOf(contest.sort)
    if (kind) {
      const mayKeep = await hasRoomFor(db, { operationId: contest.id, kind })
      return receiveEntry(c.req.raw, platform, { kind, mayKeep })
    }
    return { form: await readForm(c), file: null, captions: null, problem: null }
  }

  async function takeEntry(c: Context<WebEnv>, contest: Contest): Promise<Response> {
    const { lang } = c.var.page
    const t = publicWords(lang)
    const kind = fileKindOf(contest.sort)
    const files = keptFiles(platform, contest.id)
    const came = await received(c, contest)
    const { form } = came
    try {
      const withPicture = needsPicture(contest.sort)
      const typed: EntryTyped = {
        name: readName(form.text('name')),
        title: form.text('title').slice(0, 120),
        text: form.text('text'),
        alt: form.text('alt').slice(0, 500),
        mail: form.text('mail'),
        accept: form.has('accept'),
        kept: null,
        keptFile: null,
      }
      type Sent = { imageId?: string | null; fileId?: string | null }
      const again = async (errors: FieldErrors, { imageId = null, fileId = null }: Sent = {}) =>
        show(c, contest, {
          entry: {
            typed: { ...typed, kept: await pictures.find(imageId), keptFile: await files.find(fileId) },
            errors,
          },
        })
      if (form.text('fx')) return again({ '': t('error_trapped') })
      // Again: a film takes minutes to come.
      if (phaseOf(contest, now()) !== 'entries') return late(c, contest)
      if (!(await allow(platform, ENTRIES, c.get('address')))) return again({ '': t('error_too_many') })
      const rules = await rulesOf(db, contest.id, { language: lang })
      const { mail, fan, address } = await who(c, form)
      const errors: FieldErrors = {}
      let imageId = withPicture ? await pictures.read(form.text('kept')) : null
      const file = withPicture ? form.file('picture') : null
      if (file) {
        const kept = await keepPicture(platform, new Uint8Array(await file.arrayBuffer()))
        if (kept.ok) {
          imageId = kept.value
          await pictures.forgetLater(imageId)
        } else errors['picture'] = imageSentence(kept.error, lang)
      } else if (withPicture && !imageId) errors['picture'] = t('error_picture')
      let fileId = kind ? await files.read(form.text('kept')) : null
      if (kind && came.file) {
        const kept = await keepEntryFile(platform, came.file, { operationId: contest.id, kind })
        if (kept.ok) fileId = kept.value
        else errors['file'] = fileSentence(kept.error, kind, lang)
      } else if (kind && (came.problem || !fileId)) errors['file'] = fileSentence(came.problem ?? 'none', kind, lang)
      if (fileId && came.captions && !(await setCaptions(platform, { fileId, text: came.captions })))
        errors['captions'] = t('error_captions')
      const isWords = contest.sort === 'words'
      if (needsAlt(contest.sort) && !typed.alt) errors['alt'] = t(kind ? 'error_alt_film' : 'error_alt')
      if (isWords && !typed.text) errors['text'] = t('error_words')
      const most = isWords ? MOST_WORDS : MOST_ABOUT
      if (typed.text.length > most) errors['text'] = t('error_long', { n: typed.text.length, most })
      if (!typed.name) errors['name'] = t('error_name')
      if (!fan && !address) errors['mail'] = t(mail ? 'error_mail' : 'error_no_mail')
      if (!typed.accept) errors['accept'] = t('error_accept')
      // They read other rules than those in force: they are shown these, and say it of these.
      else if (Number(form.text('rules')) !== rules?.version) errors['accept'] = t('error_rules')
      if (Object.keys(errors).length || !rules) return again(errors, { imageId, fileId })
      if (!fan && address && !(await allow(platform, BY_ADDRESS, address.key)))
        return again({ mail: t('error_asked_often') }, { imageId, fileId })
      const done = await enterContest(platform, {
        operationId: contest.id,
        ...{ name: typed.name, title: typed.title, text: typed.text, alt: typed.alt, imageId, fileId, language: lang },
        rules: { version: rules.version, language: rules.language },
        accepted: acceptSentence(contest, rules, lang),
        mail: address?.address ?? '',
        fan,
      })
      if (!done.ok)
        switch (done.error) {
          case 'many':
            return again({ '': t('error_many', { n: contest.mostEntries }) }, { imageId, fileId })
          case 'file':
            return again({ file: fileSentence('none', kind ?? 'sound', lang) })
          case 'late':
            return late(c, contest)
        }
      return sent(c, contest, done.value.isConfirmed ? 'entered' : 'entry_mail')
    } finally {
      if (came.file) await rm(came.file.path, { force: true })
    }
  }

  return new Hono<WebEnv>()
    .route('/', entryMedia(platform))
    .route('/', confirmPages(platform, frame))
    .route('/', juryPages(platform, frame))
    .route('/', publicMissions(platform, { frame, subjects }, missionOf))
    .get(path, open, async (c) => {
      const contest = await contestOf(c)
      if (contest) return show(c, contest)
      const series = await seriesOf(c)
      return series ? showSeries(c, series) : c.notFound()
    })
    .post(`${path}/follow`, open, smallBody, async (c) => {
      const series = await seriesOf(c)
      if (!series) return c.notFound()
      const { subscriptionId } = await toldHere(c, series)
      const isStop = (await readForm(c)).text('step') === 'stop'
      const at = operationPath(series.artistSlug, series.slug)
      const { lang } = c.var.page
      // Who is no longer known here is asked for their address.
      if (!subscriptionId) return c.redirect(`${at}?lang=${lang}#follow`, 303)
      if (!isStop && series.state !== 'open') return c.redirect(`${at}?lang=${lang}`, 303)
      const t = seriesWords(lang)
      const wording = `${t(isStop ? 'stop_following' : 'follow_each')} (${series.title})`
      const said = { wording, language: lang, source: 'form' as const, proof: { page: at } }
      await db.transaction().execute(async (tx) => {
        const following = { subscriptionId, subject: `operation:${series.id}`, ...said }
        if (isStop) await unfollow(tx, platform, following)
        else await follow(tx, platform, following)
      })
      return c.redirect(`${at}?done=${isStop ? 'stopped' : 'follows'}&lang=${lang}#follow`, 303)
    })
    .get(`${path}/rules`, open, async (c) => {
      const contest = await contestOf(c)
      const asked = c.req.query('version')
      const version = asked && /^\d{1,6}$/.test(asked) ? Number(asked) : undefined
      const language = c.var.page.lang
      const rules = contest && (await rulesOf(db, contest.id, { language, ...(version !== undefined && { version }) }))
      if (!contest || !rules) return c.notFound()
      const t = publicWords(language)
      const children = (
        <div class="contest">
          <p class="facts">
            <a href={operationPath(contest.artistSlug, contest.slug)}>{contest.title}</a> ·{' '}
            {t('rules_version', { n: rules.version, at: formats(language).date(rules.madeAt) })}
          </p>
          <Prose text={rules.text} lang={rules.language} />
        </div>
      )
      return c.html(await frame({ c, title: t('rules'), of: { artistId: contest.artistId }, children }))
    })
    .get(`${path}/stems/:stem`, open, async (c) => {
      const contest = await contestOf(c)
      const found = contest && phaseOf(contest, now()) === 'entries' ? await stemsOf(db, contest) : []
      const stem = found.find(({ id }) => id === c.req.param('stem'))
      if (!contest || !stem) return c.notFound()
      const range = c.req.header('range')
      if (c.req.method === 'GET' && (!range || range.startsWith('bytes=0-')))
        await recordStemTaken(c, platform, {
          artistId: contest.artistId,
          operationId: contest.id,
          stemId: stem.id,
        })
      const { storageKey: key, size, sha256, fileName } = stem
      const sending = {
        pieces: [{ key, size }],
        type: 'application/octet-stream',
        etag: `"${sha256.slice(0, 32)}"`,
        cache: 'private' as const,
        fileName,
      }
      return send(c, platform.storage, sending, platform.config.accelPrefix)
    })
    .post(`${path}/entries`, open, async (c) => {
      const contest = await contestOf(c)
      if (!contest) return c.notFound()
      // Before a byte of it is taken, as the limit is.
      if (phaseOf(contest, now()) !== 'entries') return late(c, contest)
      const kind = fileKindOf(contest.sort)
      if (!kind) {
        let answer: Response | undefined
        const limited = await pictureBody(c, async () => {
          answer = await takeEntry(c, contest)
        })
        return limited ?? answer ?? c.notFound()
      }
      if (Number(c.req.header('content-length') ?? 0) > mostOfForm(kind)) return tooLarge(c)
      if (!(await allow(platform, FILES, c.get('address')))) {
        const errors = { '': publicWords(c.var.page.lang)('error_too_many') }
        return show(c, contest, { entry: { typed: NO_ENTRY, errors } })
      }
      return takeEntry(c, contest)
    })
    .post(`${path}/votes`, open, smallBody, async (c) => {
      const contest = await contestOf(c)
      if (!contest) return c.notFound()
      const { lang } = c.var.page
      const t = publicWords(lang)
      const form = await readForm(c)
      const shown = new Set((await shownEntries(db, contest.id)).map(({ id }) => id))
      const entries = [...new Set(form.texts('entry'))].filter((id) => shown.has(id))
      const { mail, fan, address } = await who(c, form)
      const again = (errors: FieldErrors) => show(c, contest, { ballot: { typed: { mail, entries }, errors } })
      if (form.text('fx')) return again({ '': t('error_trapped') })
      if (phaseOf(contest, now()) !== 'votes') return show(c, contest, { problem: t('error_over') })
      const errors: FieldErrors = {}
      // Who voted before may take it all back.
      if (!entries.length && !fan) errors['entry'] = t('error_no_entry')
      if (!fan && !address) errors['mail'] = t(mail ? 'error_mail' : 'error_no_mail')
      if (Object.keys(errors).length) return again(errors)
      const network = c.get('address')
      if (!(await allow(platform, BALLOTS, network))) return again({ '': t('error_too_many') })
      if (!fan && address && !(await allow(platform, BY_ADDRESS, address.key)))
        return again({ mail: t('error_asked_often') })
      const done = await castBallot(platform, {
        operationId: contest.id,
        entryIds: entries,
        language: lang,
        mail: address?.address ?? '',
        network: await visitorOfTheDay(platform, network, `contest ${contest.id}`),
        fan,
      })
      if (!done.ok) return show(c, contest, { problem: t('error_over') })
      return sent(c, contest, done.value.isConfirmed ? 'voted' : 'vote_mail')
    })
    .get('/contests/sent', open, async (c) => {
      const asked = c.req.query('contest') ?? ''
      const { lang } = c.var.page
      const t = publicWords(lang)
      const row = isId(asked)
        ? await db
            .selectFrom('operations')
            .innerJoin('artists', 'artists.id', 'operations.artistId')
            .select(['operations.title', 'operations.slug', 'artistId', 'artists.slug as artistSlug'])
            .where('operations.id', '=', asked)
            .where('state', '!=', 'draft')
            .where('hiddenAt', 'is', null)
            .executeTakeFirst()
        : undefined
      if (!row) return c.notFound()
      const said = (['entered', 'entry_mail', 'voted', 'vote_mail'] as const).find((one) => one === c.req.query('said'))
      const children = (
        <>
          <p>{t(`said_${said ?? 'entry_mail'}`)}</p>
          <p>
            <a href={operationPath(row.artistSlug, row.slug)}>{t('back_to', { title: row.title })}</a>
          </p>
        </>
      )
      forOneReader(c)
      return c.html(await frame({ c, title: t('thanks'), of: { artistId: row.artistId }, children }))
    })
}
