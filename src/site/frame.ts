import { type Artist, allArtists, allLabels, type Label, siteSettings } from '../domains/identity/index.ts'
import { latestReleases, type ReleaseCard } from '../domains/music/index.ts'
import type { Theme } from '../ui/colour/theme.types.ts'
import type { SiteFrame, SitePage } from './pages/types.ts'
import type { Site } from './site.ts'
import { iconsOf, type Sleeve, sleeveOf, themeOf } from './sleeve.ts'
import type { Visit } from './visit.ts'

/** What this installation is, as its first page shows it. */
export type Place = {
  artists: Artist[]
  labels: Label[]
  latest: ReleaseCard[]
  /** The artist whose page is the first page, when there is one artist alone. */
  only: Artist | null
  name: string | null
  sleeve: Sleeve | null
  theme: Theme
}

/** The settings' own default says nothing of whose place it is. */
const UNNAMED = 'Ritornello'

export const placeOf = ({ platform, pages }: Site): Promise<Place> =>
  pages.remember('place', async () => {
    const { db, now } = platform
    const [artists, labels, latest, settings] = await Promise.all([
      allArtists(db),
      allLabels(db),
      latestReleases(db, now(), 60),
      siteSettings(db),
    ])
    const only = artists.length === 1 && !labels.length ? (artists[0] ?? null) : null
    const label = labels.length === 1 ? labels[0] : undefined
    const first = latest[0]
    const sleeve = first ? sleeveOf(first) : null
    const named = settings.name === UNNAMED ? null : settings.name
    return {
      artists,
      labels,
      latest,
      only,
      name: only?.name ?? named ?? label?.name ?? null,
      sleeve,
      theme: themeOf(sleeve, only?.theme),
    }
  })

type Around = { sleeve?: Sleeve | null; manifest?: string | undefined; theme?: Theme; feeds?: SiteFrame['feeds'] }

/** What stands around a page: the place's own sleeve and colours, unless the page has others. */
export async function around(
  site: Site,
  visit: Visit,
  { sleeve, manifest, theme, feeds }: Around = {},
): Promise<SitePage> {
  const place = await placeOf(site)
  return {
    page: visit.page,
    site: { ...frame(visit, place.name, sleeve ?? place.sleeve, manifest ?? '/manifest.webmanifest'), feeds },
    theme: theme ?? place.theme,
  }
}

/** The same when nothing can be read: for the page that says so. */
export const bareAround = (visit: Visit): SitePage => ({ page: visit.page, site: frame(visit, null, null, undefined) })

const frame = (
  { page, to }: Visit,
  name: string | null,
  sleeve: Sleeve | null,
  manifest: string | undefined,
): SiteFrame => ({
  name,
  homeHref: to('/'),
  searchHref: '/search',
  studioHref: page.actor ? '/studio' : null,
  legalHref: to('/legal'),
  privacyHref: to('/privacy'),
  visitorHref: to('/visitor'),
  reportHref: to('/report'),
  icons: iconsOf(sleeve),
  manifestHref: manifest,
})
