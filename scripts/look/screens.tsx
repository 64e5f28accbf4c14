import type { PublicProduct } from '../../src/domains/shop/index.ts'
import type { Lang } from '../../src/platform/i18n/index.ts'
import { ArtistPage } from '../../src/site/pages/artist.tsx'
import { EmbedPage } from '../../src/site/pages/embed.tsx'
import { HomePage } from '../../src/site/pages/home.tsx'
import { LegalPage, NotFoundPage, ProblemPage } from '../../src/site/pages/plain.tsx'
import { ReleasePage, type ReleaseView } from '../../src/site/pages/release.tsx'
import { SearchPage } from '../../src/site/pages/search.tsx'
import { TrackPage } from '../../src/site/pages/track.tsx'
import type { Notice } from '../../src/site/pages/types.ts'
import { VisitorDataPage } from '../../src/site/pages/visitor-data.tsx'
import { tuneTheme } from '../../src/ui/colour/derive.ts'
import { houseTheme } from '../../src/ui/colour/house.ts'
import type { Theme } from '../../src/ui/colour/theme.types.ts'
import {
  artist,
  card,
  cards,
  pageFor,
  picture,
  prose,
  queue,
  release,
  site,
  social,
  type Themes,
  tracks,
} from './samples.ts'
import type { Screen } from './screen.types.ts'
import { studioScreens } from './studio-screens.tsx'

const releaseScreen = (
  name: string,
  over: (lang: Lang) => Partial<ReleaseView>,
  theme?: (themes: Themes) => Theme,
  notice?: Notice,
): Screen => ({
  name,
  render: ({ lang, assets, themes }) => {
    const view = release(lang, over(lang))
    return (
      <ReleasePage
        page={pageFor(lang, '/demo/etude-in-wood', assets)}
        site={site()}
        theme={theme?.(themes) ?? themes.wood}
        release={view}
        queue={queue(view.tracks)}
        social={social('/demo/etude-in-wood', 'Twelve tracks for a cold room.')}
        notice={notice}
        embedCode='<iframe src="http://demo.example/embed/1" width="400" height="120"></iframe>'
      />
    )
  },
})

const LONG = 'Twelve Small Pieces for a Large Room, and One for the Corridor, Played Once, in the Dark'
const silent = (lines: ReturnType<typeof tracks>) => lines.map((line) => ({ ...line, queueIndex: null }))
const OTHERS = ['Demo', 'Second Demo', 'A Third Demo with a Longer Name'].map((name) => ({ name, href: `/${name}` }))

const forSale: PublicProduct[] = (
  [
    ['Étude in Wood', 'download', 'named', 300, ['']],
    ['Étude in Wood, on vinyl', 'record', 'fixed', 2200, ['Black', 'Sea green']],
    ['The tape', 'record', 'fixed', 900, ['']],
  ] as const
).map(([title, kind, pricing, price, variants], n) => ({
  ...{ id: `p${n}`, title, kind, pricing, price, currency: 'EUR', description: '', releasedAt: null },
  ...{ artistId: 'demo', artistName: 'Demo', artistSlug: 'demo', sellerId: 'demo', slug: `p${n}` },
  ...{ subject: 'release:1', suggested: pricing === 'named' ? 800 : null, every: null, givesAll: false },
  pictures: [],
  sleeve: null,
  parts: [],
  early: [],
  variants: variants.map((name, i) => ({
    ...{ id: `v${n}${i}`, name, price, sent: kind === 'record' },
    left: n === 2 ? 0 : i === 1 ? 0 : null,
  })),
}))

const releases: Screen[] = [
  releaseScreen('release', () => ({})),
  releaseScreen(
    'release-long-title',
    () => ({ title: LONG, artists: OTHERS, picture: picture('night', 'Night') }),
    (t) => t.night,
  ),
  releaseScreen(
    'release-long-word',
    () => ({ title: 'Donaudampfschifffahrtsgesellschaft', picture: picture('salt', 'Salt') }),
    (t) => t.salt,
  ),
  releaseScreen(
    'release-no-sleeve',
    () => ({ picture: null, title: 'Low Ceiling' }),
    () => houseTheme,
  ),
  releaseScreen(
    'release-one-track',
    () => ({ tracks: tracks(1), kind: 'single', bonus: [], more: [], story: null }),
    (t) => t.salt,
  ),
  releaseScreen('release-sixty-tracks', () => ({
    tracks: tracks(60).map((line, i) => ({ ...line, disc: i < 30 ? 1 : 2, number: (i % 30) + 1 })),
  })),
  releaseScreen('release-download-only', () => ({
    tracks: silent(tracks(5)),
    downloads: release('en').downloads.slice(0, 3),
  })),
  releaseScreen('release-for-sale', () => ({ downloads: [], bonus: [], offers: forSale })),
  releaseScreen('release-nothing-given', () => ({ tracks: silent(tracks(5)), downloads: [], bonus: [] })),
  releaseScreen('release-unlisted', () => ({}), undefined, { kind: 'unlisted' }),
  releaseScreen('release-scheduled', () => ({}), undefined, {
    kind: 'scheduled',
    at: new Date('2027-01-08T23:00:00Z'),
    zone: 'Europe/Paris',
  }),
  releaseScreen('release-other-script', () => ({
    title: '木の練習曲',
    picture: null,
    artists: [{ name: 'Демо', href: '/demo' }],
  })),
  ...(['programme', 'reel', 'poster'] as const).map((pairing) =>
    releaseScreen(
      `release-${pairing}`,
      () => ({}),
      (t) => tuneTheme(t.wood, { pairing }),
    ),
  ),
]

const lyrics = { text: 'Sample words, first line\nsample words, second\n\nand after a silence\none more', lang: 'en' }

const track: Screen = {
  name: 'track',
  render: ({ lang, assets, themes }) => {
    const lines = tracks(12)
    return (
      <TrackPage
        page={pageFor(lang, '/demo/etude-in-wood/3', assets)}
        site={site()}
        theme={themes.wood}
        queue={queue(lines)}
        queueIndex={2}
        social={social('/demo/etude-in-wood/3', 'A track.')}
        track={{
          ...release(lang),
          id: 'track-2',
          title: 'The Stairs Keep Time',
          version: 'second take',
          number: 3,
          durationMs: 187_000,
          explicit: false,
          isrc: 'ZZ-DEM-26-00003',
          bpm: 92,
          key: 'C minor',
          language: lang === 'fr' ? 'français' : 'French',
          lyrics,
          translations: [{ ...lyrics, lang: 'fr', language: lang === 'fr' ? 'français' : 'French', name: 'Zoé' }],
          earlier: null,
          later: null,
          story: null,
          release: {
            id: 'release-0',
            title: 'Étude in Wood',
            href: '/demo/etude-in-wood',
            artists: [{ name: 'Demo' }],
            picture: picture('wood'),
          },
          previous: { title: 'Étude in Wood', href: '/demo/etude-in-wood/2' },
          next: {
            title: 'A Very Long Walk from the Kitchen to the Garden Gate and Back',
            href: '/demo/etude-in-wood/4',
          },
        }}
      />
    )
  },
}

const artists: Screen[] = [
  {
    name: 'artist',
    render: ({ lang, assets, themes }) => (
      <ArtistPage
        page={pageFor(lang, '/demo', assets)}
        site={site('Sample Label')}
        theme={themes.wood}
        artist={artist(lang)}
        queue={queue(tracks(12))}
        social={social('/demo', 'Demo')}
      />
    ),
  },
  {
    name: 'artist-portrait',
    render: ({ lang, assets, themes }) => (
      <ArtistPage
        page={pageFor(lang, '/demo', assets)}
        site={site()}
        theme={themes.night}
        artist={artist(lang, {
          portrait: picture('salt', 'Demo'),
          name: 'The Demonstration Orchestra',
          releases: cards.slice(3),
        })}
        queue={[]}
        social={social('/demo', 'Demo')}
      />
    ),
  },
  {
    name: 'artist-nothing-yet',
    render: ({ lang, assets }) => (
      <ArtistPage
        page={pageFor(lang, '/demo', assets)}
        site={site()}
        artist={artist(lang, { releases: [], links: [], biography: null })}
        queue={[]}
        social={social('/demo', 'Demo')}
      />
    ),
  },
]

const homes: Screen[] = [
  {
    name: 'home-label',
    render: ({ lang, assets, themes }) => (
      <HomePage
        page={pageFor(lang, '/', assets, { name: 'Demo' })}
        site={site('Sample Label', true)}
        theme={themes.salt}
        social={social('/', 'A label')}
        home={{
          kind: 'label',
          queue: queue(tracks(12)),
          label: {
            id: 'label',
            name: 'Sample Label',
            about: prose(lang),
            releases: [card('Low Ceiling', 3, 'night'), ...cards],
            artists: OTHERS.map(({ name, href }, i) => ({
              name,
              href,
              line: i ? null : 'Nowhere-on-Sea',
              picture: i === 1 ? null : picture('wood'),
            })),
          },
        }}
      />
    ),
  },
  {
    name: 'home-empty',
    render: ({ lang, assets }) => (
      <HomePage
        page={pageFor(lang, '/', assets, { name: 'Demo' })}
        site={site(null, true)}
        home={{ kind: 'empty' }}
        social={social('/', '')}
      />
    ),
  },
]

const found = {
  artists: [{ name: 'Demo', href: '/demo', line: 'Nowhere-on-Sea', picture: picture('wood') }],
  releases: cards.slice(0, 3),
  tracks: cards.slice(0, 3).map((release, i) => ({
    title: tracks(3)[i]?.title ?? '',
    href: '/demo/1/1',
    artists: ['Demo'],
    durationMs: 187_000,
    release,
  })),
  posts: [],
  near: true,
}

const searches: Screen[] = [
  {
    name: 'search',
    render: ({ lang, assets }) => (
      <SearchPage page={pageFor(lang, '/search?q=etude', assets)} site={site()} query="etude" found={found} />
    ),
  },
  {
    name: 'search-nothing',
    render: ({ lang, assets }) => (
      <SearchPage
        page={pageFor(lang, '/search?q=zzz', assets)}
        site={site()}
        query="zzz"
        found={{ artists: [], releases: [], tracks: [], posts: [], near: false }}
      />
    ),
  },
  {
    name: 'search-start',
    render: ({ lang, assets }) => (
      <SearchPage page={pageFor(lang, '/search', assets)} site={site()} query="" found={null} />
    ),
  },
]

const record = {
  id: '0190f3a2-7c41-7e0a-9d8e-5b2f6f1c0a77',
  since: new Date('2026-10-02'),
  until: new Date('2027-11-02'),
  pages: 14,
  plays: 31,
  listens: 22,
  downloads: 1,
  recent: (['download', 'listen', 'play', 'page'] as const).map((kind, i) => ({
    kind,
    title: 'Étude in Wood',
    href: '/demo/1',
    at: new Date(Date.UTC(2026, 10, 20 - i, 19, 42)),
  })),
}

const plains: Screen[] = [
  {
    name: 'not-found',
    render: ({ lang, assets }) => <NotFoundPage page={pageFor(lang, '/nowhere', assets)} site={site()} />,
  },
  {
    name: 'problem',
    render: ({ lang, assets }) => <ProblemPage page={pageFor(lang, '/demo', assets)} site={site()} id="7f3c-19a2" />,
  },
  {
    name: 'problem-refused',
    render: ({ lang, assets }) => <ProblemPage page={pageFor(lang, '/demo', assets)} site={site()} kind="refused" />,
  },
  {
    name: 'legal',
    render: ({ lang, assets }) => (
      <LegalPage
        page={pageFor(lang, '/legal', assets)}
        site={site()}
        title={lang === 'fr' ? 'Mentions légales' : 'Legal notice'}
        text={{ html: `<h2>1. Demo</h2>${prose(lang).html}<h2>2. Demo</h2>${prose(lang).html}`, lang }}
        updated={new Date('2026-11-01')}
        canonical="http://demo.example/legal"
      />
    ),
  },
  {
    name: 'visitor',
    render: ({ lang, assets }) => (
      <VisitorDataPage
        page={pageFor(lang, '/you', assets)}
        site={site()}
        record={record}
        eraseAction="/you/erase"
        objectAction="/visitor/object"
        allowAction="/visitor/allow"
        exportHref="/you.json"
      />
    ),
  },
  {
    name: 'visitor-nothing',
    render: ({ lang, assets }) => (
      <VisitorDataPage
        page={pageFor(lang, '/you', assets)}
        site={site()}
        record={null}
        eraseAction="/you/erase"
        objectAction="/visitor/object"
        allowAction="/visitor/allow"
        exportHref="/you.json"
      />
    ),
  },
]

const embed = (name: string, height: number, count: number): Screen => ({
  name,
  size: { width: 400, height },
  render: ({ lang, assets, themes }) => {
    const lines = tracks(count)
    return (
      <EmbedPage
        page={pageFor(lang, '/embed/1', assets)}
        theme={themes.wood}
        of={{ ...release(lang), href: '/demo/etude-in-wood', tracks: lines }}
        queue={queue(lines)}
        subject="release:0"
        canonical="http://demo.example/demo/etude-in-wood"
      />
    )
  },
})

export const SCREENS: Screen[] = [
  ...releases,
  track,
  ...artists,
  ...homes,
  ...searches,
  ...plains,
  embed('embed-small', 120, 12),
  embed('embed-tall', 500, 12),
  ...studioScreens,
]
