import { createHash } from 'node:crypto'
import type { ThemeChoice } from '../domains/identity/index.ts'
import type { Cover } from '../domains/music/index.ts'
import { imageUrl } from '../platform/images/index.ts'
import { fromHex } from '../ui/colour/convert.ts'
import { deriveTheme, type Tuning } from '../ui/colour/derive.ts'
import type { Swatch } from '../ui/colour/palette.ts'
import { PAIRINGS, type Theme } from '../ui/colour/theme.types.ts'
import { drawnCoverPath } from '../ui/cover/address.ts'
import { drawCover } from '../ui/cover/draw.ts'
import { SCHEMES } from './theme/choice.rules.ts'

/** What a release or an artist is seen by: a picture, or the cover that is drawn from a title. */
export type Sleeve =
  | { kind: 'picture'; cover: Cover }
  | { kind: 'drawn'; id: string; title: string; artist: string; query?: string }

/** The sleeve of a release. `query` opens the drawn cover of one that not everyone may see. */
export const sleeveOf = (
  release: { id: string; title: string; artists: { name: string }[]; cover: Cover | null },
  query?: string,
): Sleeve =>
  release.cover
    ? { kind: 'picture', cover: release.cover }
    : {
        kind: 'drawn',
        id: release.id,
        title: release.title,
        artist: artistNames(release.artists),
        ...(query && { query }),
      }

const artistNames = (artists: { name: string }[]) => artists.map(({ name }) => name).join(', ')

export const drawnSvg = ({ id, title, artist }: { id: string; title: string; artist: string }): string =>
  drawCover({ title, artist, seed: id })

const themes = new Map<string, Theme>()

/** Colours of a sleeve under an artist's settings. Deriving them is measured in contrasts, so it is done once. */
export function themeOf(sleeve: Sleeve | null, choice: ThemeChoice = {}): Theme {
  const key = JSON.stringify([sleeve?.kind === 'picture' ? sleeve.cover.id : sleeve, choice])
  const found = themes.get(key)
  if (found) return found
  const theme = deriveTheme(sleeve ? swatchesOf(sleeve) : [], tuningOf(choice))
  if (themes.size > 500) themes.clear()
  themes.set(key, theme)
  return theme
}

export const tuningOf = ({ pairing, scheme, accent }: ThemeChoice): Tuning => {
  const known = PAIRINGS.find((name) => name === pairing)
  const asked = SCHEMES.find((name) => name === scheme)
  const colour = accent ? fromHex(accent) : null
  return { ...(known && { pairing: known }), ...(asked && { scheme: asked }), ...(colour && { accent: colour }) }
}

function swatchesOf(sleeve: Sleeve): Swatch[] {
  if (sleeve.kind === 'picture') return sleeve.cover.palette ?? []
  const inks = [...new Set(drawnSvg(sleeve).match(/#[0-9a-f]{6}/g) ?? [])]
  return inks.flatMap((ink, i) => {
    const colour = fromHex(ink)
    return colour ? [{ colour, share: i === 0 ? 0.6 : 0.4 / (inks.length - 1) }] : []
  })
}

export type Still = { src: string; width: number; height: number; type: string }

/** The sleeve as one file: for cards, lock screens, feeds. About as wide as asked. */
export function still(sleeve: Sleeve, wanted: 320 | 640 | 1200): Still {
  if (sleeve.kind === 'drawn')
    return { src: drawnCoverPath(sleeve.id, wanted, sleeve.query), width: wanted, height: wanted, type: 'image/png' }
  const { sha256, widths, width, height } = sleeve.cover
  const sorted = [...widths].sort((a, b) => a - b)
  const w = sorted.find((one) => one >= wanted) ?? sorted.at(-1) ?? width
  return { src: imageUrl(sha256, w, 'jpg'), width: w, height: Math.round((height * w) / width), type: 'image/jpeg' }
}

/** Icons of a page, cut from its sleeve; for one drawn for few eyes, none. */
export function iconsOf(sleeve: Sleeve | null) {
  if (!sleeve || (sleeve.kind === 'drawn' && sleeve.query)) return [{ href: '/favicon.ico', sizes: '32x32' }]
  const at = (size: number) => iconPath(sleeve, size)
  return [
    { href: at(32), type: 'image/png', sizes: '32x32' },
    { href: at(192), type: 'image/png', sizes: '192x192' },
    { rel: 'apple-touch-icon', href: at(180), sizes: '180x180' },
  ]
}

/** The hash in a drawn icon's address lets it be kept for ever, as a picture's does. */
export const iconPath = (sleeve: Sleeve, size: number): string =>
  sleeve.kind === 'picture'
    ? `/media/icon/image/${sleeve.cover.sha256}/${size}.png`
    : `/media/icon/cover/${sleeve.id}/${size}.png?v=${createHash('sha256').update(`${sleeve.title}\n${sleeve.artist}`).digest('hex').slice(0, 8)}`
