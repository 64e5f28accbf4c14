import { Hono } from 'hono'
import { open } from '../../../platform/http/index.ts'
import { formats } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { FansFrame } from '../../fans/index.ts'
import { LegalText, readBlocks, type WebEnv } from '../../identity/index.ts'
import { termsPath } from './paths.rules.ts'
import { currentTerms, type Terms, termsVersion } from './terms.store.ts'
import { words } from './words.ts'

const UUID = '[0-9a-f-]{36}'

/** The terms of a seller, as they count now and as they were accepted. */
export function termsPublic({ db, config }: Pick<Platform, 'db' | 'config'>, frame: FansFrame): Hono<WebEnv> {
  const artistOf = async (sellerId: string) =>
    (await db.selectFrom('sellers').select('artistId').where('id', '=', sellerId).executeTakeFirst())?.artistId

  return new Hono<WebEnv>()
    .get(`/terms/:seller{${UUID}}`, open, async (c) => {
      const sellerId = c.req.param('seller')
      const terms = await currentTerms({ db, config }, sellerId, c.var.page.lang)
      if (!terms) return c.notFound()
      const t = words(c.var.page.lang)
      const { date } = formats(c.var.page.lang)
      const note =
        terms.version && terms.since && t('version', { version: String(terms.version), date: date(terms.since) })
      const artistId = await artistOf(sellerId)
      const children = <TermsText terms={terms} note={note || null} />
      return c.html(await frame({ c, title: t('title'), of: artistId ? { artistId } : null, children }))
    })
    .get(`/terms/:seller{${UUID}}/:accepted{(?:en|fr)-[1-9][0-9]{0,5}}`, open, async (c) => {
      const { seller: sellerId, accepted } = c.req.param()
      const language = accepted.startsWith('fr') ? 'fr' : 'en'
      const terms = await termsVersion(db, { sellerId, language, version: Number(accepted.slice(3)) })
      if (!terms?.since) return c.notFound()
      const t = words(c.var.page.lang)
      const { date } = formats(c.var.page.lang)
      const now = await currentTerms({ db, config }, sellerId, language)
      const isNow = now?.version === terms.version
      const said = { version: String(terms.version), date: date(terms.since) }
      const artistId = await artistOf(sellerId)
      const children = (
        <TermsText
          terms={terms}
          note={isNow ? t('version', said) : t('version_older', said)}
          newest={isNow ? null : { href: termsPath(sellerId), label: t('version_newest') }}
          lang={language}
        />
      )
      return c.html(await frame({ c, title: t('title'), of: artistId ? { artistId } : null, children }))
    })
}

type TextProps = {
  terms: Terms
  note: string | null
  newest?: { href: string; label: string } | null
  lang?: string | undefined
}

const TermsText = ({ terms, note, newest, lang }: TextProps) => (
  <>
    {note && (
      <p class="quiet">
        {note} {newest && <a href={newest.href}>{newest.label}</a>}
      </p>
    )}
    <div lang={lang}>
      <LegalText blocks={readBlocks(terms.body)} />
    </div>
  </>
)
