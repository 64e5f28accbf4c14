import type { Pairing } from './colour/theme.types.ts'
import { FACES, type Face, LOCAL } from './fonts/faces.ts'

type Pair = { title: Face; text: Face; ui: 'title' | 'text' }

const PAIRS: Record<Pairing, Pair> = {
  sleeve: { title: FACES.familjen, text: FACES.literata, ui: 'title' },
  programme: { title: FACES.newsreader, text: FACES.instrument, ui: 'text' },
  reel: { title: FACES.martian, text: FACES.instrument, ui: 'text' },
  poster: { title: FACES.sofia, text: FACES.newsreaderText, ui: 'text' },
}

export type Assets = (name: string) => string

const facesOf = (pairing: Pairing): [Face, Face] => [PAIRS[pairing].title, PAIRS[pairing].text]

/** The addresses of the two files that a pairing needs, to be preloaded. */
export const fontFiles = (pairing: Pairing, assets: Assets): string[] =>
  facesOf(pairing).map((face) => assets(`fonts/${face.file}`))

/**
 * The `@font-face` rules of a pairing and the custom properties that put it to use. Each face has local twins, stretched to
 * the same metrics, that stand in while the file is on its way: nothing moves when it arrives.
 */
export function fontCss(pairing: Pairing, assets: Assets): string {
  const { title, text, ui } = PAIRS[pairing]
  const { weight, track, lead, size, hang } = title.title
  return (
    faceCss(title, assets) +
    faceCss(text, assets) +
    `:root{--title:${stack(title)};--text:${stack(text)};--ui:var(--${ui});` +
    `--title-weight:${weight};--title-track:${track};--title-lead:${lead};--title-size:${size};--title-hang:${hang}}`
  )
}

const stack = (face: Face): string => `"${face.family}","${face.family} local",${face.generic}`

function faceCss(face: Face, assets: Assets): string {
  const { local, regular, bold } = face.twin
  return (
    `@font-face{font-family:"${face.family}";src:url(${assets(`fonts/${face.file}`)})format("woff2");` +
    `font-weight:${face.weights};font-display:swap}` +
    twinCss(face, LOCAL[local].regular, regular, '400 549') +
    twinCss(face, LOCAL[local].bold, bold, '550 900')
  )
}

const percent = (value: number): string => `${Number((value * 100).toFixed(1))}%`

const twinCss = (face: Face, names: readonly string[], width: number, weights: string): string =>
  `@font-face{font-family:"${face.family} local";src:${names.map((name) => `local("${name}")`).join(',')};` +
  `font-weight:${weights};size-adjust:${percent(width)};ascent-override:${percent(face.ascent / width)};` +
  `descent-override:${percent(face.descent / width)};line-gap-override:0%}`
