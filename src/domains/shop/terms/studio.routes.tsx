import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import { readAddress } from '../../fans/index.ts'
import { currentArtist, guard, readForm, type WebEnv } from '../../identity/index.ts'
import { saveTermsSettings, shopSettings, type TermsSettings } from '../settings.store.ts'
import { NoSellerPage } from '../studio/list-page.tsx'
import { words } from '../studio/words.ts'
import { TermsPage } from './studio-page.tsx'
import { lackingIn, termsFromTemplate } from './template.ts'
import { termsFacts, termsVersions } from './terms.store.ts'

const LONGEST = 40_000

/** Where an artist says what buyers agree to. */
export function termsStudio({ db, config }: Pick<Platform, 'db' | 'config'>): Hono<WebEnv> {
  const atDesk = guard('shop.edit', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  const sellerFor = (artistId: string) =>
    db.selectFrom('sellers').select('id').where('artistId', '=', artistId).executeTakeFirst()

  async function show(c: Context<WebEnv>, typed?: TermsSettings, errors?: FieldErrors) {
    const artist = currentArtist(c)
    if (!artist) return c.notFound()
    const seller = await sellerFor(artist.id)
    const facts = seller && (await termsFacts({ db, config }, seller.id))
    if (!seller || !facts) return c.html(<NoSellerPage c={c} artistId={artist.id} />)
    const templates = { en: termsFromTemplate(facts, 'en'), fr: termsFromTemplate(facts, 'fr') }
    const said = typed ?? (await shopSettings(db, seller.id))
    const versions = await termsVersions(db, seller.id)
    return c.html(
      <TermsPage
        {...{ c, artistId: artist.id, sellerId: seller.id, typed: said, templates, versions, errors }}
        lacking={lackingIn(facts)}
      />,
      errors ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/studio/shop/terms', atDesk, (c) => show(c))
    .post('/studio/shop/terms', atDesk, async (c) => {
      const artist = currentArtist(c)
      const seller = artist && (await sellerFor(artist.id))
      if (!seller) return c.notFound()
      const posted = await readForm(c)
      const text = (name: string, most: number) => posted.text(name).replaceAll('\r\n', '\n').trim().slice(0, most)
      const typed: TermsSettings = {
        contactMail: text('contactMail', 254),
        contactPhone: text('contactPhone', 40),
        mediator: text('mediator', 500),
        termsEn: text('termsEn', LONGEST),
        termsFr: text('termsFr', LONGEST),
      }
      if (typed.contactMail && !readAddress('mail', typed.contactMail).ok)
        return show(c, typed, { contactMail: words(c.var.page.lang)('problem_mail') })
      await saveTermsSettings(db, seller.id, typed)
      return c.redirect('/studio/shop/terms?done=saved', 303)
    })
}
