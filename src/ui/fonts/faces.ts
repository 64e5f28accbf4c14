/** One variable face: its file, and the local faces whose metrics are bent to its own while it loads. See README.md here. */
export type Face = {
  family: string
  file: string
  weights: string
  generic: string
  /** Heights above and below the base line, in em, from the `hhea` table. */
  ascent: number
  descent: number
  /** Mean width of running text beside the local face's, regular and bold. */
  twin: { local: keyof typeof LOCAL; regular: number; bold: number }
  /** How large titles are set in it: weight, tracking, leading, size beside the scale's, and how far (em) capitals begin under the line's top. */
  title: { weight: number; track: string; lead: number; size: number; hang: number }
}

/** Faces that are on most machines, and those made to their measure. Full and PostScript names, as `local()` wants. */
export const LOCAL = {
  sans: {
    regular: ['Arial', 'ArialMT', 'Liberation Sans', 'Arimo', 'Roboto'],
    bold: ['Arial Bold', 'Arial-BoldMT', 'Liberation Sans Bold', 'Arimo Bold', 'Roboto Bold'],
  },
  serif: {
    regular: ['Times New Roman', 'TimesNewRomanPSMT', 'Liberation Serif', 'Tinos'],
    bold: ['Times New Roman Bold', 'TimesNewRomanPS-BoldMT', 'Liberation Serif Bold', 'Tinos Bold'],
  },
  mono: {
    regular: ['Courier New', 'CourierNewPSMT', 'Liberation Mono', 'Menlo Regular', 'Roboto Mono', 'DejaVu Sans Mono'],
    bold: ['Courier New Bold', 'CourierNewPS-BoldMT', 'Liberation Mono Bold', 'Menlo Bold', 'DejaVu Sans Mono Bold'],
  },
} as const

const plain = { weight: 700, track: '-.02em', lead: 1.02, size: 1, hang: 0.2 }

export const FACES = {
  familjen: {
    family: 'Familjen Grotesk',
    file: 'familjen.woff2',
    weights: '400 700',
    generic: 'system-ui,sans-serif',
    ascent: 1.025,
    descent: 0.225,
    twin: { local: 'sans', regular: 0.94, bold: 0.922 },
    title: { weight: 700, track: '-.035em', lead: 0.98, size: 1, hang: 0.24 },
  },
  newsreaderText: {
    family: 'Newsreader Text',
    file: 'newsreader-text.woff2',
    weights: '400 600',
    generic: 'serif',
    ascent: 0.735,
    descent: 0.265,
    twin: { local: 'serif', regular: 1.096, bold: 1.083 },
    title: plain,
  },
  newsreader: {
    family: 'Newsreader Display',
    file: 'newsreader.woff2',
    weights: '400 700',
    generic: 'serif',
    ascent: 0.735,
    descent: 0.265,
    twin: { local: 'serif', regular: 1.09, bold: 1.099 },
    title: { weight: 460, track: '-.025em', lead: 1, size: 1.08, hang: 0.065 },
  },
  instrument: {
    family: 'Instrument Sans',
    file: 'instrument.woff2',
    weights: '400 700',
    generic: 'system-ui,sans-serif',
    ascent: 0.97,
    descent: 0.25,
    twin: { local: 'sans', regular: 1.018, bold: 0.988 },
    title: plain,
  },
  martian: {
    family: 'Martian Mono',
    file: 'martian.woff2',
    weights: '400 700',
    generic: 'ui-monospace,monospace',
    ascent: 1,
    descent: 0.2,
    twin: { local: 'mono', regular: 1.083, bold: 1.083 },
    title: { weight: 600, track: '-.06em', lead: 1.08, size: 0.72, hang: 0.14 },
  },
  sofia: {
    family: 'Sofia Sans Extra Condensed',
    file: 'sofia.woff2',
    weights: '400 800',
    generic: 'system-ui,sans-serif',
    ascent: 0.9,
    descent: 0.3,
    twin: { local: 'sans', regular: 0.61, bold: 0.625 },
    title: { weight: 750, track: '-.012em', lead: 0.9, size: 1.42, hang: 0.095 },
  },
  literata: {
    family: 'Literata',
    file: 'literata.woff2',
    weights: '400 700',
    generic: 'serif',
    ascent: 1.177,
    descent: 0.308,
    twin: { local: 'serif', regular: 1.176, bold: 1.182 },
    title: plain,
  },
} as const satisfies Record<string, Face>
