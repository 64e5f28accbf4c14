import { type Context, Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { allow, forOneReader, type Limit, open, receiveFile } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, ErrorSummary, Form } from '../../../ui/forms.tsx'
import { type FansFrame, rememberFan } from '../../fans/index.ts'
import { smallBody, type WebEnv } from '../../identity/index.ts'
import type { Asked } from '../ask.ts'
import { phaseOf } from '../contests/contest.rules.ts'
import { askedBallot, askedEntry, type Contest, contestById, shownEntries } from '../contests/contest.views.ts'
import { confirmEntry, replaceEntryFile, withdrawEntry } from '../contests/enter-contest.ts'
import { confirmBallot } from '../contests/vote.ts'
import { fileSentence } from '../entry-files/file-words.ts'
import { type FileProblem, fileKindOf, MOST_OF } from '../entry-files/files.rules.ts'
import { forgetEntryFile, keepEntryFile } from '../entry-files/keep-file.ts'
import { authorsKey } from '../entry-files/media.routes.ts'
import { operationPath } from '../paths.rules.ts'
import { publicWords } from '../words.ts'
import { Sounds, soundsOf } from './entry-file.tsx'
import { EntryFileField } from './entry-form.tsx'
import { nameOf } from './entry-name.ts'
import { EntryView } from './parts.tsx'

const REPLACEMENTS: Limit = { name: 'contest-file', most: 6, windowSeconds: 3600 }

/** Where whoever has the address says that an entry or a ballot is theirs. The link of an entry stays the way to take it back. */
export function confirmPages(platform: Platform, frame: FansFrame): Hono<WebEnv> {
  const { db, signer } = platform

  async function page(
    c: Context<WebEnv>,
    title: string,
    contest: Contest | null,
    children: Child,
    status: 200 | 404 | 410 | 422 = 200,
  ) {
    forOneReader(c)
    const t = publicWords(c.var.page.lang)
    const back = contest && (
      <p>
        <a href={operationPath(contest.artistSlug, contest.slug)}>{t('back_to', { title: contest.title })}</a>
      </p>
    )
    const of = contest ? { artistId: contest.artistId } : null
    const inside = (
      <div class="contest">
        {children}
        {back}
      </div>
    )
    return c.html(await frame({ c, title, of, children: inside }), status)
  }
  const gone = (
    c: Context<WebEnv>,
    contest: Contest | null = null,
    why: 'gone_words' | 'gone_over' | 'gone_many' | 'gone_file' | 'gone_late' = 'gone_words',
  ) => {
    const t = publicWords(c.var.page.lang)
    return page(c, t('gone'), contest, <p>{t(why)}</p>, why === 'gone_words' ? 404 : 410)
  }
  const isSigned = (c: Context<WebEnv>, what: Asked) => {
    const { id = '', signature = '' } = c.req.param() as { id?: string; signature?: string }
    return isId(id) && signer.verify(`contest-${what}`, id, signature) ? id : null
  }

  async function entryPage(c: Context<WebEnv>, wrong: FileProblem | 'too-many' | null = null): Promise<Response> {
    const id = isSigned(c, 'entry')
    const entry = id && (await askedEntry(db, id))
    const contest = entry && (await contestById(db, entry.operationId))
    if (!entry || !contest) return gone(c)
    const { page: p } = c.var
    const t = publicWords(p.lang)
    const fileKey = entry.file && entry.state === 'waiting' ? authorsKey(platform, entry.file.id) : null
    const tracks = soundsOf(contest, [entry], { lang: p.lang, keyOf: () => fileKey })
    const shown = (
      <div data-queue-scope="">
        <Sounds tracks={tracks} />
        <EntryView entry={entry} lang={p.lang} wide tracks={tracks} fileKey={fileKey} />
      </div>
    )
    if (!entry.isConfirmed)
      return page(
        c,
        t('confirm_entry_title'),
        contest,
        <>
          <p>{t('confirm_entry_lead', { title: contest.title })}</p>
          {shown}
          <Form page={p} action={p.path}>
            <Button>{t('confirm_entry_button')}</Button>
          </Form>
          <p class="aside">{t('confirm_else')}</p>
        </>,
      )
    const kind = fileKindOf(contest.sort)
    const sentence = wrong && kind && (wrong === 'too-many' ? t('error_too_many') : fileSentence(wrong, kind, p.lang))
    const isUnplayable = entry.file?.state === 'failed' && entry.state === 'waiting'
    const replace = kind && isUnplayable && (
      <section>
        <h2>{t('replace_title')}</h2>
        {phaseOf(contest, platform.now()) === 'entries' ? (
          <Form page={p} action={`${p.path}/file`} files novalidate>
            <ErrorSummary errors={sentence ? { file: sentence } : {}} lang={p.lang} />
            <EntryFileField kind={kind} kept={null} error={sentence ?? undefined} lang={p.lang} />
            <Button>{t('replace_button')}</Button>
          </Form>
        ) : (
          <p>{t('replace_late')}</p>
        )}
      </section>
    )
    const mayWithdraw = contest.state === 'open' && (entry.state === 'waiting' || entry.state === 'shown')
    return page(
      c,
      t('your_entry'),
      contest,
      <>
        <p>{t(`entry_is_${entry.state}`)}</p>
        {entry.state === 'blocked' && <p>{t('entry_reason', { reason: entry.reason })}</p>}
        {shown}
        {replace}
        {mayWithdraw && (
          <Form page={p} action={p.path}>
            <Button kind="quiet" name="step" value="withdraw">
              {t('entry_withdraw')}
            </Button>
          </Form>
        )}
      </>,
      wrong ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/contests/entry/:id/:signature', open, (c) => entryPage(c))
    .post('/contests/entry/:id/:signature/file', open, async (c) => {
      const id = isSigned(c, 'entry')
      const entry = id && (await askedEntry(db, id))
      const contest = entry && (await contestById(db, entry.operationId))
      const kind = contest && fileKindOf(contest.sort)
      if (!entry || !kind || entry.file?.state !== 'failed') return gone(c, contest || null)
      // Before a byte of it is taken.
      if (phaseOf(contest, platform.now()) !== 'entries') return gone(c, contest, 'gone_late')
      if (!(await allow(platform, REPLACEMENTS, c.get('address')))) return entryPage(c, 'too-many')
      const received = await receiveFile(c.req.raw, platform.paths.work, MOST_OF[kind].megabytes * 1_000_000)
      if (!received.ok) return entryPage(c, received.error)
      const kept = await keepEntryFile(platform, received.value, { operationId: contest.id, kind })
      if (!kept.ok) return entryPage(c, kept.error)
      const done = await replaceEntryFile(platform, { entryId: entry.id, fileId: kept.value })
      if (!done.ok) {
        await forgetEntryFile(platform, kept.value)
        return gone(c, contest, done.error === 'late' ? 'gone_late' : 'gone_file')
      }
      return c.redirect(c.var.page.path.replace(/\/file$/, ''), 303)
    })
    .post('/contests/entry/:id/:signature', open, smallBody, async (c) => {
      const id = isSigned(c, 'entry')
      const entry = id && (await askedEntry(db, id))
      const contest = entry && (await contestById(db, entry.operationId))
      if (!id || !contest) return gone(c)
      const { step } = await c.req.parseBody()
      if (step === 'withdraw') await withdrawEntry(platform, id)
      else {
        const done = await confirmEntry(platform, id)
        if (!done.ok) return gone(c, contest, done.error === 'many' ? 'gone_many' : 'gone_words')
        if (done.value.addressId) rememberFan(c, platform, done.value.addressId)
      }
      return c.redirect(c.var.page.path, 303)
    })
    .get('/contests/ballot/:id/:signature', open, async (c) => {
      const id = isSigned(c, 'ballot')
      const ballot = id && (await askedBallot(db, id))
      const contest = ballot && (await contestById(db, ballot.operationId))
      if (!ballot || !contest) return gone(c)
      const { page: p } = c.var
      const t = publicWords(p.lang)
      const approved = (await shownEntries(db, contest.id)).filter((entry) => ballot.entryIds.includes(entry.id))
      const list = (
        <ul>
          {approved.map((entry) => (
            <li>{nameOf(entry, p.lang)}</li>
          ))}
        </ul>
      )
      if (ballot.confirmedAt) return page(c, t('thanks'), contest, <p>{t('said_voted')}</p>)
      return page(
        c,
        t('confirm_ballot_title'),
        contest,
        <>
          <p>{t('confirm_ballot_lead', { title: contest.title })}</p>
          {list}
          <Form page={p} action={p.path}>
            <Button>{t('confirm_ballot_button')}</Button>
          </Form>
          <p class="aside">{t('confirm_else')}</p>
        </>,
      )
    })
    .post('/contests/ballot/:id/:signature', open, smallBody, async (c) => {
      const id = isSigned(c, 'ballot')
      const done = id && (await confirmBallot(platform, id))
      if (!done) return gone(c)
      if (!done.ok) return gone(c, null, done.error === 'over' ? 'gone_over' : 'gone_words')
      if (done.value.addressId) rememberFan(c, platform, done.value.addressId)
      return c.redirect(c.var.page.path, 303)
    })
}
