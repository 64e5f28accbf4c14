/** Roles of credits, as the field writes them, in the order in which a sleeve lists them. */
const ROLES = {
  composer: ['Composer', 'Composition'],
  lyricist: ['Lyrics', 'Paroles'],
  writer: ['Songwriter', 'Auteur-compositeur'],
  arranger: ['Arranger', 'Arrangements'],
  performer: ['Performer', 'Interprète'],
  vocals: ['Vocals', 'Chant'],
  'backing-vocals': ['Backing vocals', 'Chœurs'],
  guitar: ['Guitar', 'Guitare'],
  bass: ['Bass', 'Basse'],
  drums: ['Drums', 'Batterie'],
  percussion: ['Percussion', 'Percussions'],
  keyboards: ['Keyboards', 'Claviers'],
  piano: ['Piano', 'Piano'],
  synthesizer: ['Synthesizer', 'Synthétiseur'],
  strings: ['Strings', 'Cordes'],
  violin: ['Violin', 'Violon'],
  cello: ['Cello', 'Violoncelle'],
  brass: ['Brass', 'Cuivres'],
  saxophone: ['Saxophone', 'Saxophone'],
  flute: ['Flute', 'Flûte'],
  accordion: ['Accordion', 'Accordéon'],
  programming: ['Programming', 'Programmation'],
  conductor: ['Conductor', 'Direction'],
  remixer: ['Remix', 'Remix'],
  'dj-mixer': ['DJ mix', 'Mix'],
  producer: ['Producer', 'Réalisation'],
  'executive-producer': ['Executive producer', 'Production exécutive'],
  engineer: ['Recording engineer', 'Prise de son'],
  mixer: ['Mixing engineer', 'Mixage'],
  mastering: ['Mastering engineer', 'Mastering'],
  artwork: ['Artwork', 'Pochette'],
  photography: ['Photography', 'Photographie'],
  design: ['Design', 'Graphisme'],
  'liner-notes': ['Liner notes', 'Livret'],
  thanks: ['Thanks', 'Remerciements'],
} as const satisfies Record<string, readonly [en: string, fr: string]>

export type CreditRoleId = keyof typeof ROLES

export const CREDIT_ROLES = Object.keys(ROLES) as CreditRoleId[]

/** The role in a language, with the instrument or voice where it says more: "Performer (harp)". Unknown words stand as written. */
export function roleName(role: string, lang: 'en' | 'fr', detail?: string | null): string {
  const known = Object.hasOwn(ROLES, role) ? ROLES[role as CreditRoleId][lang === 'fr' ? 1 : 0] : role
  return detail ? `${known} (${detail})` : known
}

const folded = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .trim()

/** The role that a person typed, in either language or as our identifier; what we do not know is kept as their own word. */
export function readRole(text: string): string {
  const wanted = folded(text)
  const found = CREDIT_ROLES.find((role) => role === wanted || ROLES[role].some((name) => folded(name) === wanted))
  return found ?? text.normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, 80)
}

const order = (role: string) => {
  const index = CREDIT_ROLES.indexOf(role as CreditRoleId)
  return index < 0 ? CREDIT_ROLES.length : index
}

/** Credits in the order of a sleeve: by role, then as they were written. */
export const inSleeveOrder = <T extends { role: string }>(credits: readonly T[]): T[] =>
  credits
    .map((credit, index) => ({ credit, index }))
    .sort((a, b) => order(a.credit.role) - order(b.credit.role) || a.index - b.index)
    .map(({ credit }) => credit)
