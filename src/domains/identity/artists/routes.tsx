import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { isId } from '../../../platform/ids.ts'
import { maxImageBytes } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { artistById, labelById } from '../artists.views.ts'
import { readForm, smallBody } from '../form.ts'
import { actorOf, guard, type WebEnv } from '../guard.ts'
import { revokeMandate } from '../people/mandates.ts'
import { leavingFor } from '../removal/leaving-list.tsx'
import { currentArtist, currentLabel } from '../session.ts'
import { slugify } from '../slug.rules.ts'
import type { SlugError } from '../slugs.store.ts'
import { artistInPath, labelInPath } from '../things.ts'
import { ArtistPage } from './artist-page.tsx'
import { askedBy, directory, pictureFor, roster } from './directory.views.ts'
import { DirectoryPage } from './directory-page.tsx'
import { editArtist, editLabel, moveAddress } from './edit.ts'
import { artistFields, labelFields, readArtistEdit, readLabelEdit, readNew, savedMeanwhile } from './inputs.ts'
import { LabelPage } from './label-page.tsx'
import { makeArtist, makeLabel } from './make.ts'
import { NewPage } from './new-page.tsx'
import { words } from './words.ts'

type ArtistWrong = Partial<Pick<Parameters<typeof ArtistPage>[0], 'errors' | 'typed' | 'address'>>
type LabelWrong = Partial<Pick<Parameters<typeof LabelPage>[0], 'errors' | 'typed' | 'address'>>

/** A picture and the texts beside it; a larger one is refused with a page, as long as it is not absurd. */
const withPicture = bodyLimit({
  maxSize: maxImageBytes * 2,
  onError: (c) => c.text(words(c.get('page').lang)('picture_large'), 413),
})

/** Artists and labels: made, described, moved to another address. */
export function artistRoutes(platform: Platform): Hono<WebEnv> {
  const { db } = platform
  const app = new Hono<WebEnv>()
  const site = { kind: 'site' } as const
  const done = (c: Context<WebEnv>, path: string, what: string, about: Record<string, string> = {}) =>
    c.redirect(`${path}?${new URLSearchParams({ done: what, ...about })}`, 303)
  const noticeOf = (c: Context<WebEnv>) => notice(c, platform.mailer.real)

  app.get('/studio/artists', guard('artist.create', site), async (c) =>
    c.html(<DirectoryPage c={c} data={await directory(db)} leaving={await leavingFor(db, c)} notice={noticeOf(c)} />),
  )

  // Made by the host.
  app.get('/studio/artists/new', guard('artist.create', site), (c) =>
    c.html(<NewPage c={c} what="artist" action="/studio/artists/new" />),
  )
  app.post('/studio/artists/new', guard('artist.create', site), smallBody, async (c) => {
    const { lang } = c.get('page')
    const read = readNew(await readForm(c), lang, words(lang))
    if (!read.ok) return c.html(<NewPage c={c} what="artist" action="/studio/artists/new" {...read.error} />, 422)
    const artist = await makeArtist(platform, actorOf(c), { ...read.value, labelId: null })
    const { charge } = read.value
    if (charge.who === 'mail') return done(c, '/studio/artists', 'invited', { name: artist.name, email: charge.email })
    return c.redirect(`/studio?desk=${encodeURIComponent(artist.slug)}`, 303)
  })
  app.get('/studio/labels/new', guard('label.create', site), (c) =>
    c.html(<NewPage c={c} what="label" action="/studio/labels/new" />),
  )
  app.post('/studio/labels/new', guard('label.create', site), smallBody, async (c) => {
    const { lang } = c.get('page')
    const read = readNew(await readForm(c), lang, words(lang))
    if (!read.ok) return c.html(<NewPage c={c} what="label" action="/studio/labels/new" {...read.error} />, 422)
    const label = await makeLabel(platform, actorOf(c), read.value)
    const { charge } = read.value
    if (charge.who === 'mail') return done(c, '/studio/artists', 'invited', { name: label.name, email: charge.email })
    return c.redirect(`/studio/labels/${label.id}?desk=${encodeURIComponent(label.slug)}`, 303)
  })

  // Made by a label, for an artist who comes later.
  const mayMake = guard('artist.create', labelInPath)
  app.get('/studio/labels/:labelId/artists/new', mayMake, async (c) => {
    const label = await labelById(db, c.req.param('labelId'))
    return label ? c.html(<NewPage c={c} what="artist" action={c.req.path} label={label} />) : c.notFound()
  })
  app.post('/studio/labels/:labelId/artists/new', mayMake, smallBody, async (c) => {
    const label = await labelById(db, c.req.param('labelId'))
    if (!label) return c.notFound()
    const { lang } = c.get('page')
    const form = await readForm(c)
    const read = readNew(form, lang, words(lang))
    if (!read.ok) return c.html(<NewPage c={c} what="artist" action={c.req.path} label={label} {...read.error} />, 422)
    const charge = read.value.charge.who === 'mail' ? read.value.charge : ({ who: 'later' } as const)
    const artist = await makeArtist(platform, actorOf(c), { ...read.value, charge, labelId: label.id })
    const path = `/studio/labels/${label.id}`
    if (charge.who === 'mail') return done(c, path, 'invited', { name: artist.name, email: charge.email })
    return done(c, path, 'made', { name: artist.name })
  })

  // An artist's page.
  const mayEdit = guard('artist.edit', artistInPath)
  const showArtist = async (c: Context<WebEnv>, wrong?: ArtistWrong) => {
    const artist = await artistById(db, c.req.param('artistId') ?? '')
    if (!artist) return c.notFound()
    const picture = await pictureFor(db, artist.portraitImageId)
    const page = <ArtistPage c={c} artist={artist} picture={picture} notice={noticeOf(c)} {...wrong} />
    return c.html(page, wrong ? 422 : 200)
  }
  app.get('/studio/artist', guard('studio.enter', site), (c) => {
    const artist = currentArtist(c)
    return artist ? c.redirect(`/studio/artists/${artist.id}`) : c.notFound()
  })
  app.get('/studio/artists/:artistId', mayEdit, (c) => showArtist(c))
  app.post('/studio/artists/:artistId', mayEdit, withPicture, async (c) => {
    const [form, t] = [await readForm(c), words(c.get('page').lang)]
    const artist = await artistById(db, c.req.param('artistId'))
    if (!artist) return c.notFound()
    const meanwhile = savedMeanwhile(form, artistFields(artist), t)
    if (meanwhile) return showArtist(c, meanwhile)
    const read = await readArtistEdit(platform, form, t)
    if (!read.ok) return showArtist(c, read.error)
    await editArtist(platform, actorOf(c), c.req.param('artistId'), read.value)
    return done(c, c.req.path, 'saved')
  })
  app.post('/studio/artists/:artistId/address', mayEdit, smallBody, async (c) => {
    const typed = (await readForm(c)).text('slug')
    const artistId = c.req.param('artistId')
    const moved = await moveAddress(platform, actorOf(c), { artistId }, typed)
    if (moved.ok) return done(c, `/studio/artists/${artistId}`, 'moved', { to: moved.value })
    return showArtist(c, { address: { typed, error: addressProblem(c, moved.error, typed) } })
  })

  // A label's page.
  const mayEditLabel = guard('label.edit', labelInPath)
  const showLabel = async (c: Context<WebEnv>, wrong?: LabelWrong) => {
    const label = await labelById(db, c.req.param('labelId') ?? '')
    if (!label) return c.notFound()
    const [lines, asked, picture] = await Promise.all([
      roster(db, label.id),
      askedBy(db, label.id),
      pictureFor(db, label.imageId),
    ])
    const page = (
      <LabelPage c={c} label={label} lines={lines} asked={asked} picture={picture} notice={noticeOf(c)} {...wrong} />
    )
    return c.html(page, wrong ? 422 : 200)
  }
  app.get('/studio/label', guard('studio.enter', site), (c) => {
    const label = currentLabel(c)
    return label ? c.redirect(`/studio/labels/${label.id}`) : c.notFound()
  })
  app.get('/studio/labels/:labelId', mayEditLabel, (c) => showLabel(c))
  app.post('/studio/labels/:labelId', mayEditLabel, withPicture, async (c) => {
    const [form, t] = [await readForm(c), words(c.get('page').lang)]
    const label = await labelById(db, c.req.param('labelId'))
    if (!label) return c.notFound()
    const meanwhile = savedMeanwhile(form, labelFields(label), t)
    if (meanwhile) return showLabel(c, meanwhile)
    const read = await readLabelEdit(platform, form, t)
    if (!read.ok) return showLabel(c, read.error)
    await editLabel(platform, actorOf(c), c.req.param('labelId'), read.value)
    return done(c, c.req.path, 'saved')
  })
  app.post('/studio/labels/:labelId/address', mayEditLabel, smallBody, async (c) => {
    const typed = (await readForm(c)).text('slug')
    const labelId = c.req.param('labelId')
    const moved = await moveAddress(platform, actorOf(c), { labelId }, typed)
    if (moved.ok) return done(c, `/studio/labels/${labelId}`, 'moved', { to: moved.value })
    return showLabel(c, { address: { typed, error: addressProblem(c, moved.error, typed) } })
  })
  app.post('/studio/labels/:labelId/mandates/:id/renounce', mayEditLabel, async (c) => {
    const { labelId, id } = c.req.param()
    const gone = isId(id) ? await revokeMandate(platform, actorOf(c), { labelId }, id) : null
    return gone ? done(c, `/studio/labels/${labelId}`, 'renounced') : c.notFound()
  })
  return app
}

const addressProblem = (c: Context<WebEnv>, error: SlugError, typed: string) =>
  words(c.get('page').lang)(`address_${error}`, { slug: slugify(typed) })

function notice(c: Context<WebEnv>, mails: boolean): string | null {
  const page = c.get('page')
  const t = words(page.lang)
  const name = c.req.query('name') ?? ''
  switch (c.req.query('done')) {
    case 'saved':
      return t('done_saved')
    case 'moved':
      return t('done_moved', { address: `${page.base}/${c.req.query('to') ?? ''}` })
    case 'renounced':
      return t('done_renounced')
    case 'asked':
      return t(mails ? 'done_asked' : 'done_asked_console', { name })
    case 'asked-back':
      return t('done_asked_back')
    case 'made':
      return t('done_made', { name })
    case 'invited':
      return t(mails ? 'done_invited' : 'done_invited_console', { name, email: c.req.query('email') ?? '' })
    default:
      return null
  }
}
