import { type Context, Hono } from 'hono'
import { isId } from '../../../../platform/ids.ts'
import type { Platform } from '../../../../platform/platform.ts'
import type { FieldErrors } from '../../../../ui/forms.tsx'
import { sellerOf } from '../../../books/index.ts'
import type { OfferSource } from '../../../exchange/index.ts'
import {
  actorOf,
  can,
  readForm,
  StudioPage,
  senderAtDesk,
  senderHere,
  smallBody,
  type WebEnv,
  zoneAt,
} from '../../../identity/index.ts'
import { canSend } from '../../../reach/index.ts'
import { closeOperation, peopleOf } from '../../close-operation.ts'
import { removeDraft } from '../../edit-operation.ts'
import { seriesPath } from '../../paths.rules.ts'
import { carriedOn } from '../../studio/carried.tsx'
import { closeChoices, readClose } from '../../studio/closing.tsx'
import { artistOnly, by, ID, onOne } from '../../studio/frame.tsx'
import { seriesWords, words } from '../../words.ts'
import { createSeries, editSeries, openSeries } from '../edit-series.ts'
import { giveNext } from '../give-series.ts'
import { type Draft, layIn, moveItem, takeOut } from '../lay-in.ts'
import { draftsOf, followersOf, itemsOf, type Series, seriesById, standingOf } from '../series.views.ts'
import { setEach } from '../set-each.ts'
import { type MayEach, readEach, typedEach } from './each.form.ts'
import { EachPage } from './each-page.tsx'
import { nothingTyped, readSeries, type SeriesTyped, seriesTyped, typedFromSeries } from './series.form.ts'
import { SeriesClosePage, SeriesForm, SeriesPage } from './series-page.tsx'

const DONE = ['saved', 'opened', 'laid', 'out', 'given', 'each', 'closed'] as const

/**
 * Series in the studio. Who may write the journal prepares one and orders what is laid in; who may publish a draft lays it in, since it is published by
 * itself; who may publish the journal opens and closes.
 */
export function seriesStudio(platform: Platform, offers: OfferSource): Hono<WebEnv> {
  const { db, now } = platform
  const { may, mayPublish, on } = onOne(platform, seriesById)
  const one = `/studio/series/:id{${ID}}`
  const atDesk = senderAtDesk('journal.edit')

  const back = (c: Context<WebEnv>, { id }: Series, done: (typeof DONE)[number], section = '') =>
    c.redirect(`${seriesPath(id, section)}?done=${done}`, 303)
  const noticeOf = (c: Context<WebEnv>) => {
    const done = DONE.find((each) => each === c.req.query('done'))
    return done && seriesWords(c.get('page').lang)(`said_${done}`)
  }
  const mayLayIn = (c: Context<WebEnv>, { artistId }: Series, kind: Draft['kind']) =>
    can(actorOf(c), kind === 'release' ? 'music.publish' : 'journal.publish', { kind: 'artist', artistId })

  const newPage = (c: Context<WebEnv>, typed: SeriesTyped, errors?: FieldErrors) => {
    const { lang } = c.get('page')
    const title = words(lang)('new_series')
    return c.html(
      <StudioPage c={c} title={title} current="operations">
        <p class="quiet">
          <a href="/studio/operations">{words(lang)('operations')}</a>
        </p>
        <h1>{title}</h1>
        <SeriesForm {...{ c, typed, errors }} action="/studio/series/new" />
      </StudioPage>,
      errors ? 422 : 200,
    )
  }

  type Wrong = { typed?: SeriesTyped; errors?: FieldErrors; problem?: string }
  const page = async (c: Context<WebEnv>, series: Series, wrong: Wrong = {}) => {
    const [items, drafts, followers] = await Promise.all([
      itemsOf(db, series.id, now()),
      draftsOf(db, series.artistId),
      followersOf(db, series.id),
    ])
    const isWrong = Boolean(wrong.errors ?? wrong.problem)
    return c.html(
      <SeriesPage
        {...{ c, series, followers, ...items }}
        drafts={drafts.filter(({ kind }) => mayLayIn(c, series, kind))}
        standing={standingOf(series, items, now())}
        typed={wrong.typed ?? typedFromSeries(series)}
        errors={wrong.errors}
        problem={wrong.problem}
        notice={isWrong ? undefined : noticeOf(c)}
        carried={
          await carriedOn(
            c,
            platform,
            series,
            items.given.flatMap(({ kind, of }) => (of ? [`${kind}:${of}` as const] : [])),
          )
        }
      />,
      isWrong ? 422 : 200,
    )
  }

  const mayEach = async (c: Context<WebEnv>, { artistId }: Series): Promise<MayEach> => {
    const thing = { kind: 'artist' as const, artistId }
    const [announce, sell] = [can(actorOf(c), 'announce.send', thing), can(actorOf(c), 'shop.edit', thing)]
    const text = await canSend(platform, 'sms', { artistId, labelId: null })
    return { announce, sell, text, currency: (await sellerOf(db, { artistId }))?.currency ?? null }
  }

  return new Hono<WebEnv>()
    .get('/studio/series/new', atDesk, artistOnly, (c) => {
      const own = senderHere(c)
      return newPage(c, nothingTyped(own.language, zoneAt(c, own.id)))
    })
    .post('/studio/series/new', atDesk, artistOnly, smallBody, async (c) => {
      const typed = seriesTyped(await readForm(c))
      const read = readSeries(typed, c.get('page').lang, null)
      if (!read.ok) return newPage(c, typed, read.error)
      const id = await createSeries(platform, { artistId: senderHere(c).id, by: by(c), fields: read.value })
      return c.redirect(`${seriesPath(id)}?done=saved`, 303)
    })
    .get(
      one,
      may,
      on((c, series) => page(c, series)),
    )
    .post(
      one,
      may,
      smallBody,
      on(async (c, series) => {
        const t = seriesWords(c.get('page').lang)
        const isOpen = series.state !== 'draft'
        const posted = seriesTyped(await readForm(c))
        const { title, words: said, language, count } = posted
        const typed = isOpen ? { ...typedFromSeries(series), title, words: said, language, count } : posted
        const read = readSeries(typed, c.get('page').lang, isOpen ? series : null)
        if (!read.ok) return page(c, series, { typed, errors: read.error })
        const done = await editSeries(platform, { operationId: series.id, by: by(c), fields: read.value })
        if (done.ok) return back(c, series, 'saved')
        return done.error === 'short' ? page(c, series, { typed, errors: { count: t('error_short') } }) : c.notFound()
      }),
    )
    .post(
      `${one}/open`,
      mayPublish,
      smallBody,
      on(async (c, series) => {
        const t = seriesWords(c.get('page').lang)
        const done = await openSeries(platform, { operationId: series.id, by: by(c) })
        if (done.ok) return back(c, series, 'opened')
        if (done.error === 'missing') return c.notFound()
        return page(c, series, { problem: t(done.error === 'past' ? 'error_past' : 'error_title') })
      }),
    )
    .post(
      `${one}/remove`,
      may,
      smallBody,
      on(async (c, series) =>
        (await removeDraft(platform, { operationId: series.id, by: by(c) }))
          ? c.redirect('/studio/operations', 303)
          : c.notFound(),
      ),
    )
    .post(
      `${one}/lay-in`,
      may,
      smallBody,
      on(async (c, series) => {
        const t = seriesWords(c.get('page').lang)
        const [kind, id = ''] = (await readForm(c)).text('draft').split(':')
        if ((kind !== 'release' && kind !== 'post') || !isId(id)) return page(c, series, { problem: t('error_choice') })
        if (!mayLayIn(c, series, kind)) return c.notFound()
        const done = await layIn(platform, { operationId: series.id, draft: { kind, id }, by: by(c) })
        if (done.ok) return back(c, series, 'laid')
        return page(c, series, { problem: t(done.error === 'taken' ? 'error_taken' : 'error_choice') })
      }),
    )
    .post(
      `${one}/order`,
      may,
      smallBody,
      on(async (c, series) => {
        const [itemId = '', step] = (await readForm(c)).text('move').split(':')
        if (!isId(itemId)) return c.notFound()
        const of = { operationId: series.id, itemId, by: by(c) }
        if (step === 'out') return (await takeOut(platform, of)) ? back(c, series, 'out') : c.notFound()
        if (step !== 'up' && step !== 'down') return c.notFound()
        if (!(await moveItem(platform, { ...of, step }))) return c.notFound()
        return c.redirect(`${seriesPath(series.id)}?moved=${itemId}&by=${step}#item-${itemId}`, 303)
      }),
    )
    .post(
      `${one}/give`,
      mayPublish,
      smallBody,
      on(async (c, series) => {
        const t = seriesWords(c.get('page').lang)
        const done = await giveNext(platform, { operationId: series.id, asked: { by: by(c) } })
        return done ? back(c, series, 'given') : page(c, series, { problem: t('error_give') })
      }),
    )
    .get(
      `${one}/each`,
      may,
      on(async (c, series) => {
        const allowed = await mayEach(c, series)
        const typed = typedEach(series, allowed.currency, c.get('page').lang)
        const followers = await followersOf(db, series.id)
        return c.html(<EachPage {...{ c, series, followers, typed }} may={allowed} notice={noticeOf(c)} />)
      }),
    )
    .post(
      `${one}/each`,
      mayPublish,
      smallBody,
      on(async (c, series) => {
        const allowed = await mayEach(c, series)
        const { value, typed, errors } = readEach(await readForm(c), series, allowed, c.get('page').lang)
        const followers = await followersOf(db, series.id)
        if (!value) return c.html(<EachPage {...{ c, series, followers, typed, errors }} may={allowed} />, 422)
        const done = await setEach(platform, { operationId: series.id, by: by(c), each: value })
        return done ? back(c, series, 'each', 'each') : c.notFound()
      }),
    )
    .get(
      `${one}/close`,
      may,
      on(async (c, series) =>
        c.html(
          <SeriesClosePage
            {...{ c, series, ...(await closeChoices(platform, offers, series)) }}
            people={await peopleOf(db, series.id)}
            notice={noticeOf(c)}
          />,
        ),
      ),
    )
    .post(
      `${one}/close`,
      mayPublish,
      smallBody,
      on(async (c, series) => {
        const choices = await closeChoices(platform, offers, series)
        const { value, ...wrong } = readClose(await readForm(c), choices, c.get('page').lang)
        const people = await peopleOf(db, series.id)
        if (!value) return c.html(<SeriesClosePage {...{ c, series, people, ...choices, ...wrong }} />, 422)
        const done = await closeOperation(platform, { operationId: series.id, by: by(c), ...value })
        return done.ok ? back(c, series, 'closed', 'close') : c.notFound()
      }),
    )
}
