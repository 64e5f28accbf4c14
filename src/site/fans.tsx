import { sql } from 'kysely'
import { givenWay, makePass, mayTake, waitingPath } from '../domains/audio/index.ts'
import { describe } from '../domains/exchange/index.ts'
import type { FansFrame, GiftOf, ReachableBy } from '../domains/fans/index.ts'
import { artistBySlug } from '../domains/identity/index.ts'
import { LANGUAGES } from '../platform/i18n/index.ts'
import type { Theme } from '../ui/colour/theme.types.ts'
import { alternatesOf } from '../ui/page.ts'
import { releasesOf } from './artist.view.ts'
import { around } from './frame.ts'
import { SocialHead } from './pages/head.tsx'
import { SiteLayout } from './pages/layout.tsx'
import { Headline } from './pages/parts.tsx'
import { PassOn } from './pages/share.tsx'
import { htmlOf, type Site } from './site.ts'
import { type Sleeve, sleeveOf, themeOf } from './sleeve.ts'
import { cardSocial } from './social.ts'
import { visitOf } from './visit.ts'

/** What stands around the pages on which fans join, confirm, choose and leave: in the colours of whom they are about. */
export const fansFrame =
  (site: Site): FansFrame =>
  async ({ c, title, of, release, canonical: known, card, subject, feeds, children }) => {
    const visit = visitOf(c)
    c.header('Content-Language', visit.page.lang)
    c.header('Vary', 'Accept-Language, Cookie')
    const colours = await coloursOf(site, of, release)
    const frame = await around(site, visit, { ...colours, feeds })
    const social = card ? cardSocial(visit, card, colours.sleeve ?? null) : null
    const canonical = social?.canonical ?? known
    return (await htmlOf(
      <SiteLayout
        {...frame}
        title={title}
        {...(canonical ? { canonical, alternates: alternatesOf(canonical, LANGUAGES) } : { noindex: true })}
        description={social?.description}
        subject={subject}
        head={
          social && (
            <SocialHead
              social={social}
              title={title}
              siteName={frame.site.name ?? title}
              lang={visit.page.lang}
              type="website"
            />
          )
        }
      >
        <div class="sheet">
          <header class="opening">
            <Headline title={title} lang={visit.page.lang} />
          </header>
          <div class="band">{children}</div>
          {subject && (
            <div class="band">
              <PassOn page={visit.page} subject={subject} />
            </div>
          )}
        </div>
      </SiteLayout>,
    )) as Awaited<ReturnType<FansFrame>>
  }

async function coloursOf(
  { platform, pages }: Site,
  of: Parameters<FansFrame>[0]['of'],
  release?: string,
): Promise<{ sleeve?: Sleeve | null; theme?: Theme }> {
  if (!of || !('artistId' in of)) return {}
  const artist = await platform.db.selectFrom('artists').select('slug').where('id', '=', of.artistId).executeTakeFirst()
  const found = artist && (await artistBySlug(platform.db, artist.slug))
  if (found?.kind !== 'artist') return {}
  const cards = await pages.remember(`cards ${of.artistId}`, () => releasesOf(platform, of.artistId))
  const card = cards.find(({ id }) => id === release) ?? cards[0]
  const sleeve = card ? sleeveOf(card) : null
  return { sleeve, theme: themeOf(sleeve, found.artist.theme) }
}

/** Channels that a provider of the artist, the label or the place opens. */
export const reachableBy =
  ({ platform, pages }: Site): ReachableBy =>
  (to) => {
    const artistId = 'artistId' in to ? to.artistId : null
    const labelId = 'labelId' in to ? to.labelId : null
    return pages.remember(`reachable ${artistId ?? labelId}`, async () => {
      const { rows } = await sql<{ channel: 'sms' | 'push' }>`
        select distinct channel from providers where is_enabled and channel <> 'mail'
          and (artist_id is null or artist_id = ${artistId}) and (label_id is null or label_id = ${labelId})`.execute(
        platform.db,
      )
      return rows.map(({ channel }) => channel)
    })
  }

/** What everybody may take, and where: nothing of what is not public, or not given as a download. */
export const giftOf =
  ({ platform, subjects }: Site): GiftOf =>
  async (subject) => {
    const [kind = '', id = ''] = subject.split(':')
    if (kind !== 'release' && kind !== 'track') return null
    const facts = (await describe(platform.db, subjects, [subject])).get(subject)
    const item = kind === 'release' ? { release: id } : { track: id }
    if (!facts || !(await mayTake(platform, item))) return null
    const { artistId, title, givenAs } = facts
    const href = (key: string) =>
      waitingPath(kind, id, 'mp3-320', makePass(platform.signer, givenAs, givenWay(key), platform.now()))
    return { artistId, title, subject, givenAs, href }
  }
