import type { Lang } from '../../src/platform/i18n/index.ts'
import type { ArtistView } from '../../src/site/pages/artist.tsx'
import type { ReleaseView } from '../../src/site/pages/release.tsx'
import { FORMATS, type ReleaseCard, type SiteFrame, type Social, type TrackLine } from '../../src/site/pages/types.ts'
import type { Theme } from '../../src/ui/colour/theme.types.ts'
import type { Page } from '../../src/ui/page.ts'
import type { PlayerTrack } from '../../src/ui/player.types.ts'
import type { Picture } from '../../src/ui/sleeve.tsx'

/** Works and names that nobody could take for real ones. */
const TITLES = [
  'Door, Half Open',
  'Étude in Wood',
  'Étude in Wood (again)',
  'The Stairs Keep Time',
  'Interlude for Kettle and Radiator',
  'What the Floor Said',
  'Low Ceiling',
  'Cupboard Fugue',
  'A Very Long Walk from the Kitchen to the Garden Gate and Back',
  'Salt',
  'Nocturne sans nuit',
  'Last One Out Turns Off the Lamp',
]

export const BASE = 'http://demo.example'

export const pageFor = (lang: Lang, path: string, assets: Page['assets'], actor: Page['actor'] = null): Page => ({
  lang,
  url: `${BASE}${path}`,
  path,
  base: BASE,
  csrf: 'sample-token',
  actor,
  assets,
})

export const site = (name: string | null = 'Demo', studio = false): SiteFrame => ({
  name,
  homeHref: '/',
  searchHref: '/search',
  studioHref: studio ? '/studio' : null,
  legalHref: '/legal',
  privacyHref: '/privacy',
  visitorHref: '/you',
  reportHref: '/report',
})

export const picture = (file: string, alt = ''): Picture => ({
  src: `/pictures/${file}.jpg`,
  width: 1200,
  height: 1200,
  alt,
  sources: [],
})

export const social = (path: string, description: string): Social => ({
  canonical: `${BASE}${path}`,
  languages: ['en', 'fr'],
  description,
  image: { src: `${BASE}/pictures/wood.jpg`, width: 1200, height: 1200, alt: 'Sleeve', type: 'image/jpeg' },
  embed: { src: `${BASE}/embed/1`, width: 400, height: 500 },
  oembed: { json: `${BASE}/oembed?format=json`, xml: `${BASE}/oembed?format=xml` },
})

export const tracks = (count: number): TrackLine[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `track-${i}`,
    number: i + 1,
    disc: 1,
    discTitle: null,
    title: TITLES[i % TITLES.length] ?? 'Demo',
    version: i === 2 ? 'second take' : null,
    artists: i === 7 ? [{ name: 'Demo' }, { name: 'Second Demo' }] : [],
    href: `/demo/etude-in-wood/${i + 1}`,
    durationMs: 61_000 + ((i * 47_717) % 400_000),
    explicit: i === 5,
    queueIndex: i,
  }))

export const queue = (lines: TrackLine[]): PlayerTrack[] =>
  lines
    .filter(({ queueIndex }) => queueIndex !== null)
    .map(({ id, title, href, durationMs }) => ({
      id,
      title,
      artist: 'Demo',
      album: 'Étude in Wood',
      url: `${BASE}${href}`,
      albumUrl: `${BASE}/demo/etude-in-wood`,
      durationMs,
      sources: [
        { src: `/media/stream/${id}-4f2a9c81d0.webm`, type: 'audio/webm; codecs=opus' },
        { src: `/media/stream/${id}-9b1c77e2aa.m4a`, type: 'audio/mp4; codecs=mp4a.40.2' },
      ],
      waveform: null,
      gainDb: -2.1,
      artwork: [{ src: '/pictures/wood.jpg', sizes: '1200x1200', type: 'image/jpeg' }],
      subject: `track:${id}`,
    }))

const EN = `<p>The room was cold and the piano had not been tuned since March. We kept every creak: the stool, the pedal, the neighbour’s door.</p><p>Two microphones, one evening, no second chances but one. What you hear at the end of the sixth piece is rain; it came <em>in tune</em>, so it stayed.</p><blockquote><p>Play it low, with the window open.</p></blockquote>`
const FR = `<p>La pièce était froide et le piano n’avait pas été accordé depuis mars. Nous avons gardé chaque craquement\u00a0: le tabouret, la pédale, la porte du voisin.</p><p>Deux micros, une soirée, pas de seconde chance sauf une. Ce qu’on entend à la fin de la sixième pièce, c’est la pluie\u00a0; elle est tombée <em>juste</em>, elle est restée.</p><blockquote><p>À écouter bas, fenêtre ouverte.</p></blockquote>`

export const prose = (lang: Lang) => ({ html: lang === 'fr' ? FR : EN, lang })

const CREDITS: Record<Lang, string[]> = {
  en: ['Piano', 'Recorded and mixed by', 'Mastered by', 'Sleeve'],
  fr: ['Piano', 'Prise de son et mixage', 'Matriçage', 'Pochette'],
}

export const card = (title: string, i: number, file: string | null): ReleaseCard => ({
  id: `release-${i}`,
  title,
  href: `/demo/${i}`,
  artists: ['Demo'],
  kind: i % 3 ? 'ep' : 'album',
  date: new Date(Date.UTC(2026 - i, 3, 12)),
  picture: file ? picture(file) : null,
})

export const cards = [
  card('Étude in Wood', 0, 'wood'),
  card('Salt', 1, 'salt'),
  card('Twelve Small Pieces for a Large Room', 2, null),
  card('Low Ceiling', 3, 'night'),
  card('Nocturne sans nuit', 4, null),
]

export const release = (lang: Lang, over: Partial<ReleaseView> = {}): ReleaseView => ({
  id: 'release-0',
  title: 'Étude in Wood',
  kind: 'album',
  artists: [{ name: 'Demo', href: '/demo' }],
  label: { name: 'Sample Label', href: '/' },
  date: new Date('2026-03-12T00:00:00Z'),
  picture: picture('wood', lang === 'fr' ? 'Pochette : bandes de bois' : 'Sleeve: bands of wood'),
  tracks: tracks(12),
  story: prose(lang),
  credits: CREDITS[lang].map((role, i) => ({
    role,
    people: [{ name: ['Demo', 'Second Demo', 'Sample Studio', 'Nobody'][i] ?? '' }],
  })),
  licence: { name: 'CC BY-NC-SA 4.0', href: 'https://creativecommons.org/licenses/by-nc-sa/4.0/' },
  catalogueNumber: 'SAMPLE 001',
  barcode: '0123456789012',
  tags: [
    { name: 'piano', href: '/search?q=piano' },
    { name: 'room', href: '/search?q=room' },
  ],
  bonus: [{ title: lang === 'fr' ? 'Livret (PDF)' : 'Booklet (PDF)', href: '/media/booklet.pdf', bytes: 4_200_000 }],
  downloads: FORMATS.map((format, i) => ({
    format,
    href: `/demo/take/${format}`,
    bytes: i % 4 === 3 ? null : 400_000_000 / (i + 2),
  })),
  more: cards.slice(1, 4),
  ...over,
})

export const artist = (lang: Lang, over: Partial<ArtistView> = {}): ArtistView => ({
  id: 'artist-0',
  name: 'Demo',
  places: lang === 'fr' ? ['Nulle-part-sur-Mer', 'depuis 2019'] : ['Nowhere-on-Sea', 'since 2019'],
  portrait: null,
  biography: prose(lang),
  links: [
    { label: 'Mastodon', href: 'https://example.org/@demo' },
    { label: 'MusicBrainz', href: 'https://example.org/mb' },
  ],
  releases: cards,
  journal: { href: '/demo/journal', posts: [] },
  ...over,
})

export type Themes = Record<'wood' | 'salt' | 'night', Theme>
