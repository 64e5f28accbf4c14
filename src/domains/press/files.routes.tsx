import { rm } from 'node:fs/promises'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { receiveFile } from '../../platform/http/index.ts'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { maxImageBytes } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { FieldErrors } from '../../ui/forms.tsx'
import { currentArtist, guard, readForm, smallBody, type WebEnv } from '../identity/index.ts'
import { imageSentence } from '../music/index.ts'
import { LONGEST_CAPTION, MAX_RIDER_BYTES, MOST_PICTURES } from './files.rules.ts'
import {
  addPressPicture,
  describePressPicture,
  keepRider,
  movePressPicture,
  type RiderRefusal,
  removePressPicture,
  removeRider,
} from './files.store.ts'
import { ownPictures, riderOf } from './files.views.ts'
import { FilesPage, type Typed } from './files-page.tsx'
import { words } from './words.ts'

const HERE = '/studio/press/files'
const ONE = `${HERE}/pictures/:id{[0-9a-f-]{36}}` as const

/** The rider as a PDF, and pictures for the press. */
export function filesStudio(platform: Platform): Hono<WebEnv> {
  const { db, paths } = platform
  const atDesk = guard('artist.edit', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  async function show(c: Context<WebEnv>, errors?: FieldErrors, typed: Typed = { caption: '', credit: '' }) {
    const artist = currentArtist(c)
    if (!artist) return c.notFound()
    const [rider, pictures] = await Promise.all([riderOf(db, artist.id), ownPictures(db, artist.id)])
    return c.html(<FilesPage {...{ c, artist, rider, pictures, errors, typed }} />, errors ? 422 : 200)
  }
  const back = (c: Context, done: 'rider' | 'rider_gone' | 'picture' | 'saved' | 'picture_gone') =>
    c.redirect(`${HERE}?done=${done}`, 303)
  const tooLarge = (c: Context<WebEnv>) =>
    show(c, { picture: imageSentence({ code: 'too-many-bytes', values: {} }, c.var.page.lang) })

  return new Hono<WebEnv>()
    .get(HERE, atDesk, (c) => show(c))
    .post(`${HERE}/rider`, atDesk, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      const { lang } = c.var.page
      const received = await receiveFile(c.req.raw, paths.work, MAX_RIDER_BYTES)
      if (!received.ok) return show(c, { rider: refusal(received.error, lang) })
      try {
        const kept = await keepRider(platform, { artistId: artist.id, path: received.value.path })
        return kept.ok ? back(c, 'rider') : show(c, { rider: refusal(kept.error, lang) })
      } finally {
        await rm(received.value.path, { force: true })
      }
    })
    .post(`${HERE}/rider/remove`, atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      await removeRider(platform, artist.id)
      return back(c, 'rider_gone')
    })
    .post(
      `${HERE}/pictures`,
      atDesk,
      bodyLimit({ maxSize: maxImageBytes + 100_000, onError: tooLarge as never }),
      async (c) => {
        const artist = currentArtist(c)
        if (!artist) return c.notFound()
        const { lang } = c.var.page
        const t = words(lang)
        const body = await c.req.parseBody()
        const file = body['picture']
        const typed = { caption: oneLine(body['caption']), credit: oneLine(body['credit']) }
        const errors: FieldErrors = {}
        if (!(file instanceof File) || file.size === 0) errors['picture'] = t('error_no_picture')
        if (!typed.caption) errors['caption'] = t('error_no_caption')
        if (!(file instanceof File) || Object.keys(errors).length > 0) return show(c, errors, typed)
        const picture = new Uint8Array(await file.arrayBuffer())
        const done = await addPressPicture(platform, { artistId: artist.id, picture, ...typed })
        if (done.ok) return back(c, 'picture')
        const sentence =
          done.error === 'too-many'
            ? t('error_many_pictures', { most: MOST_PICTURES })
            : imageSentence(done.error, lang)
        return show(c, { picture: sentence }, typed)
      },
    )
    .post(ONE, atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      const id = c.req.param('id')
      const posted = await readForm(c)
      const said = { caption: oneLine(posted.text('caption')), credit: oneLine(posted.text('credit')) }
      if (!said.caption) return show(c, { [`caption_${id}`]: words(c.var.page.lang)('error_no_caption') })
      return (await describePressPicture(platform, { artistId: artist.id, id, ...said }))
        ? back(c, 'saved')
        : c.notFound()
    })
    .post(`${ONE}/move`, atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      const id = c.req.param('id')
      const to = (await readForm(c)).text('to') === 'up' ? 'up' : 'down'
      const moved = artist && (await movePressPicture(platform, { artistId: artist.id, id, to }))
      return moved ? c.redirect(`${HERE}?moved=${id}&by=${to}#picture-${id}`, 303) : c.notFound()
    })
    .post(`${ONE}/remove`, atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      const gone = artist && (await removePressPicture(platform, { artistId: artist.id, id: c.req.param('id') }))
      return gone ? back(c, 'picture_gone') : c.notFound()
    })
}

const oneLine = (text: unknown): string =>
  String(text ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_CAPTION)

function refusal(code: RiderRefusal | 'none' | 'no-room', lang: Lang): string {
  const t = words(lang)
  switch (code) {
    case 'none':
    case 'empty':
      return t('error_no_rider')
    case 'type':
      return t('error_not_pdf')
    case 'too-large':
      return t('error_large_rider', { size: formats(lang).bytes(MAX_RIDER_BYTES) })
    case 'no-room':
      return t('error_no_room')
  }
}
