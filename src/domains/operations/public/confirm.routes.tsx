import { type Context, Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { forOneReader, open } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, Form } from '../../../ui/forms.tsx'
import { type FansFrame, rememberFan } from '../../fans/index.ts'
import { smallBody, type WebEnv } from '../../identity/index.ts'
import type { Asked } from '../ask.ts'
import { askedBallot, askedEntry, type Contest, contestById, shownEntries } from '../contests/contest.views.ts'
import { confirmEntry, withdrawEntry } from '../contests/enter-contest.ts'
import { confirmBallot } from '../contests/vote.ts'
import { operationPath } from '../paths.rules.ts'
import { publicWords } from '../words.ts'
import { EntryView, nameOf } from './parts.tsx'

/** Where whoever has the address says that an entry or a ballot is theirs. The link of an entry stays the way to take it back. */
export function confirmPages(platform: Platform, frame: FansFrame): Hono<WebEnv> {
  const { db, signer } = platform

  async function page(
    c: Context<WebEnv>,
    title: string,
    contest: Contest | null,
    children: Child,
    status: 200 | 404 | 410 = 200,
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
    why: 'gone_words' | 'gone_over' | 'gone_many' = 'gone_words',
  ) => {
    const t = publicWords(c.var.page.lang)
    return page(c, t('gone'), contest, <p>{t(why)}</p>, why === 'gone_words' ? 404 : 410)
  }
  const isSigned = (c: Context<WebEnv>, what: Asked) => {
    const { id = '', signature = '' } = c.req.param() as { id?: string; signature?: string }
    return isId(id) && signer.verify(`contest-${what}`, id, signature) ? id : null
  }

  return new Hono<WebEnv>()
    .get('/contests/entry/:id/:signature', open, async (c) => {
      const id = isSigned(c, 'entry')
      const entry = id && (await askedEntry(db, id))
      const contest = entry && (await contestById(db, entry.operationId))
      if (!entry || !contest) return gone(c)
      const { page: p } = c.var
      const t = publicWords(p.lang)
      const shown = <EntryView entry={entry} lang={p.lang} wide />
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
      const mayWithdraw = contest.state === 'open' && (entry.state === 'waiting' || entry.state === 'shown')
      return page(
        c,
        t('your_entry'),
        contest,
        <>
          <p>{t(`entry_is_${entry.state}`)}</p>
          {entry.state === 'blocked' && <p>{t('entry_reason', { reason: entry.reason })}</p>}
          {shown}
          {mayWithdraw && (
            <Form page={p} action={p.path}>
              <Button kind="quiet" name="step" value="withdraw">
                {t('entry_withdraw')}
              </Button>
            </Form>
          )}
        </>,
      )
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
