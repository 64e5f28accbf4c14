import type { Teaser as PostTeaser } from '../domains/journal/index.ts'
import { pictureOf, type ReleaseTeaser } from '../domains/music/index.ts'
import { LANGUAGES } from '../platform/i18n/index.ts'
import type { TeaserView } from './pages/teaser.tsx'
import type { Social } from './pages/types.ts'
import { dated, people } from './release.view.ts'
import { still } from './sleeve.ts'
import type { Visit } from './visit.ts'
import { served } from './words.ts'

type Plans = readonly { id: string; title: string }[]

const titled = (ids: readonly string[], plans: Plans) =>
  plans.filter(({ id }) => ids.includes(id)).map(({ title }) => title)
const shopOf = (visit: Visit, slug: string) => visit.to(`/${encodeURIComponent(slug)}/shop`)

export const releaseTeaserView = (of: ReleaseTeaser, plans: Plans, visit: Visit): TeaserView => ({
  ...{ id: of.id, title: of.title, kind: of.kind, by: people(of.artists, visit) },
  picture: of.cover && pictureOf(of.cover, served(visit.page.lang)('sleeve_of', { title: of.title })),
  ...dated(of.date),
  ...{ zone: of.publishZone ?? 'UTC', words: of.teaser, lang: of.language ?? of.artist.language },
  ...{ publicAt: of.publicAt, plans: titled(of.plans, plans), artist: of.artist.name },
  joinHref: shopOf(visit, of.artist.slug),
})

export const postTeaserView = (of: PostTeaser, plans: Plans, visit: Visit): TeaserView => ({
  ...{ id: of.id, title: of.title, kind: 'post' },
  by: [{ name: of.writer.name, href: visit.to(`/${encodeURIComponent(of.writer.slug)}`) }],
  picture: of.cover && pictureOf(of.cover, of.coverAlt),
  ...{ date: of.givenAt, zone: of.publishZone ?? 'UTC', words: of.teaser, lang: of.language },
  ...{ publicAt: of.publicAt, plans: titled(of.plans, plans), artist: of.writer.name },
  joinHref: shopOf(visit, of.writer.slug),
})

/** What other programs are told: that it exists, and that it is not free to all. */
export function teaserSocial(visit: Visit, of: ReleaseTeaser | PostTeaser): Social {
  const isPost = 'writer' in of
  const artist = isPost ? of.writer : of.artist
  const url = visit.full(of.path)
  const picture = of.cover && still({ kind: 'picture', cover: of.cover }, 1200)
  const image = picture && { ...picture, src: visit.full(picture.src), alt: isPost ? of.coverAlt : '' }
  return {
    canonical: url,
    languages: LANGUAGES,
    description: of.teaser || served(visit.page.lang)('card_members', { name: artist.name }),
    image,
    jsonLd: {
      '@context': 'https://schema.org',
      '@type': isPost ? 'BlogPosting' : 'MusicAlbum',
      '@id': url,
      url,
      ...(isPost ? { headline: of.title } : { name: of.title }),
      isAccessibleForFree: false,
      ...(image && { image: image.src }),
      [isPost ? 'author' : 'byArtist']: {
        '@type': 'MusicGroup',
        name: artist.name,
        url: visit.full(`/${encodeURIComponent(artist.slug)}`),
      },
    },
  }
}
