import type { Sleeve } from './covers.ts'
import type { Style } from './music/index.ts'

/**
 * A label that does not exist, its artists and what they put out, to see every screen alive. The names were made up, the
 * music is composed by music/compose.ts, the sleeves are drawn by covers.ts, the words were written for this.
 */
export type DemoLabel = { slug: string; name: string; about: Record<'en' | 'fr', string>; place: string }

export type DemoArtist = {
  slug: string
  name: string
  sortName: string
  language: 'en' | 'fr'
  biography: string
  place: string
  portrait: Sleeve
}

export type DemoCredit = { role: string; artist: string; detail?: string }

export type DemoTrack = {
  title: string
  version?: string
  /** Slugs; the release's artist when absent. */
  artists?: string[]
  seed: string
  style: Style
  seconds: number
  lyrics?: string
  language?: 'en' | 'fr'
  credits?: DemoCredit[]
}

export type DemoRelease = {
  slug: string
  title: string
  kind: 'album' | 'ep' | 'single' | 'live' | 'compilation'
  artist: string
  /** Days before today on which it was published, so that a month of activity surrounds it. */
  publishedDaysAgo: number
  language: 'en' | 'fr'
  description: string
  /** SPDX in lower case, or all rights reserved. */
  licence: 'all-rights-reserved' | 'cc-by-4.0' | 'cc-by-sa-4.0' | 'cc-by-nc-sa-4.0' | 'cc0-1.0'
  catalogueNumber: string
  genres: string[]
  gives: { stream: boolean; download: boolean }
  sleeve: Sleeve
  credits: DemoCredit[]
  tracks: DemoTrack[]
}

export const demoLabel: DemoLabel = {
  slug: 'disques-du-grenier-imaginaire',
  name: 'Disques du Grenier Imaginaire',
  place: 'Vauclaire-les-Brumes (lieu inventé)',
  about: {
    fr: 'Un label de démonstration, qui n’existe que dans ce logiciel. Trois artistes inventés, cinq disques composés par un programme, et rien à vendre.',
    en: 'A demonstration label that exists only inside this program. Three invented artists, five records composed by a script, and nothing to sell.',
  },
}

export const demoArtists: DemoArtist[] = [
  {
    slug: 'oriane-talvast',
    name: 'Oriane Talvast',
    sortName: 'Talvast, Oriane',
    language: 'fr',
    place: 'Vauclaire-les-Brumes',
    biography:
      'Oriane Talvast est une pianiste imaginaire. Elle enregistre chez elle, la nuit, un piano droit dont elle a couvert les marteaux de feutre pour ne réveiller personne. Elle aime les phrases qui reviennent et les pièces qui tiennent sur une page.',
    portrait: { seed: 'oriane', manner: 'orbit', palette: ['#20283a', '#4b5a7d', '#8c9dbf', '#f0e3c8', '#d98f5c'] },
  },
  {
    slug: 'the-paper-weirs',
    name: 'The Paper Weirs',
    sortName: 'Paper Weirs, The',
    language: 'en',
    place: 'Nether Hollowby (an invented village)',
    biography:
      'The Paper Weirs are two guitars, a wooden flute and whoever is in the kitchen. They do not exist, which has never stopped them from arriving late. Their songs are about rivers, mostly, and about the people who wait beside them.',
    portrait: { seed: 'weirs', manner: 'hills', palette: ['#efe6d2', '#a9b89a', '#6f8a72', '#37503f', '#d9793d'] },
  },
  {
    slug: 'lampyre-9',
    name: 'Lampyre 9',
    sortName: 'Lampyre 9',
    language: 'fr',
    place: 'Vauclaire-les-Brumes',
    biography:
      'Lampyre 9 est une machine qui rêve d’être une fête de quartier. Derrière elle, personne : c’est une démonstration. Des nappes lentes pour la fin de la nuit, de petites danses pour le début.',
    portrait: { seed: 'lampyre', manner: 'tiles', palette: ['#14181f', '#e4b33a', '#24495a', '#c6543c', '#efe9dc'] },
  },
]

const PIANO_CREDITS: DemoCredit[] = [
  { role: 'composer', artist: 'oriane-talvast' },
  { role: 'performer', artist: 'oriane-talvast', detail: 'piano' },
  { role: 'engineer', artist: 'lampyre-9' },
]
const SONG_CREDITS: DemoCredit[] = [
  { role: 'composer', artist: 'the-paper-weirs' },
  { role: 'lyricist', artist: 'the-paper-weirs' },
  { role: 'performer', artist: 'the-paper-weirs', detail: 'guitars, flute' },
  { role: 'mixer', artist: 'lampyre-9' },
]
const MACHINE_CREDITS: DemoCredit[] = [
  { role: 'composer', artist: 'lampyre-9' },
  { role: 'producer', artist: 'lampyre-9' },
]

const WAITING_FOR_THE_WATER = `The river wrote its name in silt
and rubbed it out again.
I left the lamp, I left the quilt,
I left the door to rain.

  And round it comes, and round it goes,
  the line I thought was done,
  the water says it, no one knows
  if it means everyone.

You said you’d come when it was low,
you said you’d cross on stones.
I learned to tell, from how they show,
the dry years by the bones.

  And round it comes, and round it goes,
  the line I thought was done,
  the water says it, no one knows
  if it means everyone.`

const LE_PHARE_EN_PAPIER = `J’ai plié un phare en papier
pour les bateaux de la baignoire,
il éclaire un peu l’escalier,
il a peur dans le soir.

  Reviens, refrain, reviens,
  la mer n’en saura rien.

Les voisins ont fermé leurs volets,
la pluie a compté les tuiles,
et mon phare, ce feu follet,
garde la chambre et l’île.

  Reviens, refrain, reviens,
  la mer n’en saura rien.`

const piano = (title: string, seed: string, seconds: number, more: Partial<DemoTrack> = {}): DemoTrack => ({
  title,
  seed,
  seconds,
  style: 'piano',
  ...more,
})
const song = (title: string, seed: string, seconds: number, more: Partial<DemoTrack> = {}): DemoTrack => ({
  title,
  seed,
  seconds,
  style: 'guitar',
  ...more,
})
const slow = (title: string, seed: string, seconds: number, more: Partial<DemoTrack> = {}): DemoTrack => ({
  title,
  seed,
  seconds,
  style: 'ambient',
  ...more,
})
const dance = (title: string, seed: string, seconds: number, more: Partial<DemoTrack> = {}): DemoTrack => ({
  title,
  seed,
  seconds,
  style: 'dance',
  ...more,
})

export const demoReleases: DemoRelease[] = [
  {
    slug: 'huit-fenetres-allumees',
    title: 'Huit fenêtres allumées',
    kind: 'album',
    artist: 'oriane-talvast',
    publishedDaysAgo: 24,
    language: 'fr',
    description:
      'Huit pièces pour piano feutré, une par fenêtre encore allumée de l’autre côté de la rue. Chacune a son refrain, qui s’éloigne et revient. À écouter bas, la lumière éteinte.',
    licence: 'cc-by-nc-sa-4.0',
    catalogueNumber: 'DGI 001',
    genres: ['Piano', 'Minimal'],
    gives: { stream: true, download: true },
    sleeve: { seed: 'fenetres', manner: 'rain', palette: ['#1b2233', '#2d3a55', '#4a5f80', '#8fa3bd', '#f3c46a'] },
    credits: PIANO_CREDITS,
    tracks: [
      piano('Troisième étage, à gauche', 'f1', 138),
      piano('Quelqu’un range ses livres', 'f2', 121),
      piano('La veilleuse', 'f3', 104),
      piano('Répétition pour personne', 'f4', 152),
      piano('Le chat du cinquième', 'f5', 96),
      piano('Le phare en papier', 'f6', 144, {
        lyrics: LE_PHARE_EN_PAPIER,
        language: 'fr',
        credits: [{ role: 'lyricist', artist: 'oriane-talvast' }],
      }),
      piano('Deux ombres et une lampe', 'f7', 118),
      piano('Plus personne ne dort', 'f8', 165),
    ],
  },
  {
    slug: 'low-water-songs',
    title: 'Low Water Songs',
    kind: 'ep',
    artist: 'the-paper-weirs',
    publishedDaysAgo: 17,
    language: 'en',
    description:
      'Four songs made in the one dry week of the year, when the stones of the old ford came up and we could finally cross. Two guitars, a flute, a chair that creaks. Take them with you and pass them on.',
    licence: 'cc-by-sa-4.0',
    catalogueNumber: 'DGI 002',
    genres: ['Folk', 'Acoustic'],
    gives: { stream: true, download: true },
    sleeve: { seed: 'ford', manner: 'tide', palette: ['#e9dfc7', '#7fa3a0', '#3f6f73', '#f6efe0', '#d9793d'] },
    credits: SONG_CREDITS,
    tracks: [
      song('Waiting for the Water', 'w1', 141, { lyrics: WAITING_FOR_THE_WATER, language: 'en' }),
      song('Stepping Stones', 'w2', 116),
      song('Nether Hollowby Fair', 'w3', 128),
      song('The Ferryman’s Day Off', 'w4', 133),
    ],
  },
  {
    slug: 'petite-fete-sans-electricite',
    title: 'Petite fête sans électricité',
    kind: 'single',
    artist: 'lampyre-9',
    publishedDaysAgo: 9,
    language: 'fr',
    description:
      'Une danse de cuisine, douce pour les voisins du dessous. Donnée sans condition : faites-en ce que vous voulez.',
    licence: 'cc0-1.0',
    catalogueNumber: 'DGI 003',
    genres: ['Électronique', 'Danse'],
    gives: { stream: true, download: true },
    sleeve: { seed: 'cuisine', manner: 'tiles', palette: ['#f1e4cb', '#d4502f', '#2f5d62', '#f0a93b', '#1f2a33'] },
    credits: MACHINE_CREDITS,
    tracks: [
      dance('Petite fête sans électricité', 'd1', 148),
      slow('Petite fête sans électricité', 'd2', 132, { version: 'Version de l’aube' }),
    ],
  },
  {
    slug: 'live-at-the-tithe-barn',
    title: 'Live at the Tithe Barn of Nether Hollowby',
    kind: 'live',
    artist: 'the-paper-weirs',
    publishedDaysAgo: 5,
    language: 'en',
    description:
      'One evening in a barn that is not on any map. Nobody was counting, some of us were singing. You may listen as long as you like; the takes stay ours for now.',
    licence: 'all-rights-reserved',
    catalogueNumber: 'DGI 004',
    genres: ['Folk', 'Live'],
    gives: { stream: true, download: false },
    sleeve: { seed: 'barn', manner: 'paper', palette: ['#2a1e1a', '#b5552f', '#e0a458', '#6d7f5c', '#f2e3c6'] },
    credits: SONG_CREDITS,
    tracks: [
      song('Stepping Stones', 'w2-barn', 134, { version: 'Live' }),
      song('The Ferryman’s Day Off', 'w4-barn', 147, { version: 'Live' }),
      song('Waiting for the Water', 'w1-barn', 156, { version: 'Live', lyrics: WAITING_FOR_THE_WATER, language: 'en' }),
      song('One More, Then the Rain', 'barn-4', 122, { version: 'Live' }),
      song('Home by the Long Field', 'barn-5', 139, {
        version: 'Live',
        artists: ['the-paper-weirs', 'oriane-talvast'],
      }),
    ],
  },
  {
    slug: 'le-grenier-vol-1',
    title: 'Le Grenier, vol. 1',
    kind: 'compilation',
    artist: 'lampyre-9',
    publishedDaysAgo: 1,
    language: 'fr',
    description:
      'Tout le monde au grenier. Six morceaux inédits des trois artistes du label, pour dire bonjour. Citez-nous, et partagez.',
    licence: 'cc-by-4.0',
    catalogueNumber: 'DGI 005',
    genres: ['Folk', 'Piano', 'Électronique'],
    gives: { stream: true, download: true },
    sleeve: { seed: 'grenier', manner: 'hills', palette: ['#f0d9b5', '#d98b5f', '#a4503f', '#3d2b3d', '#fff3d6'] },
    credits: [],
    tracks: [
      piano('Poussière dans le soleil', 'g1', 112, { artists: ['oriane-talvast'], credits: PIANO_CREDITS }),
      song('A Trunk Full of Maps', 'g2', 124, { artists: ['the-paper-weirs'], credits: SONG_CREDITS }),
      dance('Toboggan', 'g3', 138, { artists: ['lampyre-9'], credits: MACHINE_CREDITS }),
      slow('La lucarne', 'g4', 150, { artists: ['lampyre-9', 'oriane-talvast'], credits: MACHINE_CREDITS }),
      song('Ladder Song', 'g5', 108, { artists: ['the-paper-weirs'], credits: SONG_CREDITS }),
      piano('Refermer la trappe', 'g6', 98, { artists: ['oriane-talvast'], credits: PIANO_CREDITS }),
    ],
  },
]
