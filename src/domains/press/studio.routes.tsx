import { type Context, Hono } from 'hono'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { FieldErrors } from '../../ui/forms.tsx'
import { currentArtist, guard, readForm, smallBody, type WebEnv } from '../identity/index.ts'
import { artistReleases } from '../music/index.ts'
import { followersOf } from './followers/followers.views.ts'
import { linkPath, makeLink, revokeLink } from './links.store.ts'
import { type PressPage, pressLinks, pressPage } from './press.views.ts'
import { PROOFS } from './proofs.rules.ts'
import { readProof, shownProofs } from './proofs.views.ts'
import { savePress } from './save-press.ts'
import { StudioPress } from './studio-page.tsx'
import { words } from './words.ts'

const LONGEST = 10_000
const DAYS = ['7', '30', '90', '365']

/** Where an artist says what professionals see, and to whom. */
export function pressStudio(platform: Platform): Hono<WebEnv> {
  const { db, now, signer, config } = platform
  const atDesk = guard('artist.edit', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })

  async function show(c: Context<WebEnv>, typed: Partial<{ madeFor: string }> = {}, errors?: FieldErrors) {
    const artist = currentArtist(c)
    if (!artist) return c.notFound()
    const at = now()
    const [said, shown, links, all, followers, ...figures] = await Promise.all([
      pressPage(db, artist.id),
      shownProofs(db, artist.id),
      pressLinks(db, artist.id),
      artistReleases(db, artist.id, at),
      followersOf(db, artist.id, at),
      ...PROOFS.map(async (kind) => ({ kind, facts: await readProof(db, kind, artist.id, at) })),
    ])
    const done = c.req.query('done')
    const t = words(c.var.page.lang)
    const notice =
      done === 'saved' ? t('saved') : done === 'link' ? t('link_made') : done === 'revoked' ? t('link_ended') : null
    return c.html(
      <StudioPress
        {...{ c, artist, said, shown, figures, notice, errors, now: at }}
        releases={all.filter(({ isOwn }) => isOwn)}
        followers={followers.length}
        madeFor={typed.madeFor ?? ''}
        links={links.map((link) => ({ ...link, href: config.baseUrl + linkPath(signer, link.id) }))}
      />,
      errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/studio/press', atDesk, (c) => show(c))
    .post('/studio/press', atDesk, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      const posted = await readForm(c)
      const text = (name: string, most = LONGEST) => posted.text(name).replaceAll('\r\n', '\n').trim().slice(0, most)
      const said: PressPage = {
        isPublic: posted.has('isPublic'),
        shortWords: text('shortWords', 1_000),
        contacts: text('contacts'),
        rider: text('rider', 40_000),
        pictureCredit: text('pictureCredit', 300),
      }
      await savePress(platform, {
        artistId: artist.id,
        ...said,
        proofs: PROOFS.filter((kind) => posted.has(`proof_${kind}`)),
      })
      return c.redirect('/studio/press?done=saved', 303)
    })
    .post('/studio/press/links', atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      const posted = await readForm(c)
      const madeFor = posted.text('madeFor').trim().slice(0, 200)
      if (!madeFor) return show(c, { madeFor }, { madeFor: words(c.var.page.lang)('error_for') })
      const days = Number(DAYS.find((one) => one === posted.text('days')) ?? '30')
      await makeLink(platform, { artistId: artist.id, madeFor, days })
      return c.redirect('/studio/press?done=link#links', 303)
    })
    .post('/studio/press/links/:id/revoke', atDesk, smallBody, async (c) => {
      const artist = currentArtist(c)
      const id = c.req.param('id')
      if (!artist || !isId(id)) return c.notFound()
      await revokeLink(platform, { artistId: artist.id, id })
      return c.redirect('/studio/press?done=revoked#links', 303)
    })
}
