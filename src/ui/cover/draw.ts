import { breakings, MAX_LETTERS } from './break-lines.ts'
import { type Inks, inksOf, n, pick } from './inks.ts'
import { CAP_HEIGHT, setLine } from './letters.ts'
import { sequence } from './random.ts'
import { SHAPES } from './shapes.ts'

export type CoverInput = { title: string; artist: string; seed: string }

/** The side of the drawing's square, and the margin inside of it. */
const SIDE = 1000
const MARGIN = 66

/**
 * A cover set from its title: an SVG of 1000 by 1000, the same for the same seed, title and artist, and unlike its
 * neighbours. Latin letters are outlines of our own typeface, so that it can be rasterised where no font is installed; other
 * scripts ask for a font. Everything from outside is escaped.
 */
export function drawCover({ title, artist, seed }: CoverInput): string {
  const random = sequence(`${seed}\n${title}\n${artist}`)
  const inks = inksOf(random)
  const layout = pick(random, LAYOUTS)
  const body = layout({
    title: clean(withoutPictographs(title), MAX_LETTERS) || '–',
    artist: clean(withoutPictographs(artist), 60),
    inks,
    random,
  })
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}">` +
    `<rect width="${SIDE}" height="${SIDE}" fill="${inks.ground}"/>${body}</svg>`
  )
}

type Sheet = { title: string; artist: string; inks: Inks; random: () => number }

/** Title above, one shape that leaves the page below. */
const hung = ({ title, artist, inks, random }: Sheet): string => {
  const block = fitBlock(title, SIDE - 2 * MARGIN, 470, 7)
  const y = Math.max(540, MARGIN + block.height + 96)
  const shape = pick(random, SHAPES)
  return (
    shape({ x: 0, y, width: SIDE, height: SIDE - y, inks, random }) +
    lines(block, MARGIN, MARGIN, inks.ink) +
    small(artist, MARGIN, MARGIN + block.height + 62, inks.ink)
  )
}

/** Each line as wide as the page: a poster of wood type. */
const poster = ({ title, artist, inks, random }: Sheet): string => {
  const width = SIDE - 2 * MARGIN
  const room = SIDE - 2 * MARGIN - 92
  const options = breakings(title, 6).map((texts) => {
    const sizes = texts.map((text) => Math.min(430, (width / setLine(text).width) * 1000))
    return { texts, sizes, height: sizes.reduce((sum, size) => sum + size * 0.83, 0) }
  })
  const misfit = ({ height }: { height: number }) => (height > room ? (height - room) * 3 : room - height)
  const best = options.reduce((a, b) => (misfit(b) < misfit(a) ? b : a))
  const shrink = Math.min(1, room / best.height)
  let y = MARGIN
  let drawn = ''
  for (const [index, text] of best.texts.entries()) {
    const size = (best.sizes[index] ?? 100) * shrink
    drawn += line(text, MARGIN, y + size * (CAP_HEIGHT / 1000) + size * 0.06, size, index % 2 ? inks.accent : inks.ink)
    y += size * 0.83
  }
  const left = SIDE - MARGIN - 62 - y
  const bar = left > 60 ? band(MARGIN, y + 14, width, left - 24, inks, random) : ''
  return drawn + bar + small(artist, MARGIN, SIDE - MARGIN, inks.ink)
}

/** The first letter, larger than the page that is left to it. */
const initial = ({ title, artist, inks, random }: Sheet): string => {
  const first = [...title].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? [...title][0] ?? '–'
  const letter = first.toLocaleUpperCase('en')
  const block = fitBlock(title, SIDE - 2 * MARGIN, 240, 5, 118)
  const top = MARGIN + block.height + 100
  const set = setLine(letter)
  const size = ((SIDE - top) / CAP_HEIGHT) * 1000 * (1.08 + random() * 0.25)
  const x = SIDE - (set.width * size) / 1000 + size * (0.02 + random() * 0.1)
  return (
    line(letter, x, top + (size * CAP_HEIGHT) / 1000, size, inks.accent) +
    lines(block, MARGIN, MARGIN, inks.ink) +
    small(artist, MARGIN, MARGIN + block.height + 56, inks.ink)
  )
}

/** The title that keeps coming back, row under row. */
const rows = ({ title, artist, inks, random }: Sheet): string => {
  const text = `${[...title].slice(0, 40).join('')} · `
  const size = Math.max(86, Math.min(170, 5400 / Math.sqrt(setLine(text).width)))
  const step = size * 0.92
  const count = Math.floor((SIDE - MARGIN * 2 - 60) / step)
  const loud = Math.floor(random() * count)
  const width = (setLine(text).width * size) / 1000
  // One outline used many times; its name must be its own on a page of several covers.
  const id = `c${Math.floor(random() * 2 ** 52).toString(36)}`
  let drawn = `<defs><g id="${id}">${line(text, 0, 0, size)}</g></defs>`
  for (let row = 0; row < count; row++) {
    const from = row === loud ? MARGIN : MARGIN - (((row - loud) * width * 0.19 + width * 20) % width)
    const y = MARGIN + size * 0.72 + row * step
    for (let x = from; x < SIDE; x += width)
      drawn += `<use href="#${id}" x="${n(x)}" y="${n(y)}" fill="${row === loud ? inks.ink : inks.faint}"/>`
  }
  return drawn + small(artist, MARGIN, SIDE - MARGIN, inks.ink)
}

/** Shapes on a grid, as a weaver would lay them; the title in a clear band. */
const weave = ({ title, artist, inks, random }: Sheet): string => {
  const columns = 3 + Math.floor(random() * 3)
  const cell = SIDE / columns
  const rowsAbove = columns - Math.ceil(300 / cell)
  let drawn = ''
  for (let row = 0; row < rowsAbove; row++)
    for (let column = 0; column < columns; column++)
      if (random() < 0.8)
        drawn += quarter(
          column * cell,
          row * cell,
          cell,
          Math.floor(random() * 4),
          pick(random, [inks.accent, inks.ink, inks.faint]),
        )
  const top = rowsAbove * cell
  const block = fitBlock(title, SIDE - 2 * MARGIN, SIDE - top - MARGIN - 130, 4, 170)
  return drawn + lines(block, MARGIN, top + 56, inks.ink) + small(artist, MARGIN, SIDE - MARGIN, inks.ink)
}

/** A bar under the words; quarters of circles side by side when there is room for them. */
function band(x: number, y: number, width: number, height: number, inks: Inks, random: () => number): string {
  if (height < 190)
    return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${inks.accent}"/>`
  const count = Math.ceil(width / height)
  const side = width / count
  return Array.from({ length: count }, (_, i) =>
    quarter(x + i * side, y + height - side, side, Math.floor(random() * 4), i % 2 ? inks.faint : inks.accent),
  ).join('')
}

const LAYOUTS = [hung, poster, initial, rows, weave, hung]

function quarter(x: number, y: number, side: number, corner: number, fill: string): string {
  const [cx, cy] = [x + (corner % 2) * side, y + (corner > 1 ? side : 0)]
  const [dx, dy] = [corner % 2 ? -side : side, corner > 1 ? -side : side]
  const sweep = corner === 0 || corner === 3 ? 1 : 0
  return `<path d="M${n(cx)} ${n(cy)}h${n(dx)}A${n(side)} ${n(side)} 0 0 ${sweep} ${n(cx)} ${n(cy + dy)}z" fill="${fill}"/>`
}

type Block = { texts: string[]; size: number; height: number }

/** The largest setting of a title in a box, with lines of one size. */
function fitBlock(title: string, width: number, height: number, most: number, largest = 320): Block {
  const settings = breakings(title, most).map((texts) => {
    const widest = Math.max(...texts.map((text) => setLine(text).width))
    const size = Math.min(largest, (width / widest) * 1000, height / (texts.length * 0.9))
    return { texts, size, height: texts.length * size * 0.9 }
  })
  return settings.reduce((a, b) => (b.size > a.size ? b : a))
}

const lines = ({ texts, size }: Block, x: number, y: number, fill: string): string =>
  texts.map((text, index) => line(text, x - size * 0.05, y + size * 0.7 + index * size * 0.9, size, fill)).join('')

const small = (text: string, x: number, y: number, fill: string): string => {
  const size = Math.min(40, ((SIDE - 2 * MARGIN) / setLine(text, 0).width) * 1000)
  return text ? line(text, x, y, size, fill, 0) : ''
}

function line(text: string, x: number, y: number, size: number, fill?: string, tracking = -14): string {
  const { paths, unknown } = setLine(text, tracking)
  const ink = fill ? ` fill="${fill}"` : ''
  if (unknown)
    return (
      `<text x="${n(x)}" y="${n(y)}" font-size="${n(size)}" font-weight="700"${ink} xml:space="preserve" ` +
      `font-family="'Noto Sans','Noto Sans CJK JP','DejaVu Sans',sans-serif">${escapeXml(text)}</text>`
    )
  const outlines = paths.map(({ d, x: at }) => `<path d="${d}"${at ? ` transform="translate(${at})"` : ''}/>`).join('')
  return `<g${ink} transform="translate(${n(x)} ${n(y)})scale(${(size / 1000).toFixed(4)})">${outlines}</g>`
}

/** With what joins and colours it; not the signs of music (♭, ♯), which are type. */
const PICTOGRAPH =
  /(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)(?:\ufe0f|\u200d|\u20e3|\p{Emoji_Modifier})*/gu

/** Emoji are left to the page: fonts differ in how wide they draw them, and most servers have none. Where they are the whole title, they stay. */
function withoutPictographs(text: string): string {
  const rest = text.replace(PICTOGRAPH, ' ').trim()
  return rest || text
}

/** One line, without what XML cannot hold, no longer than `most` letters. */
function clean(text: string, most: number): string {
  const plain = text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const letters = [...plain]
  return letters.length > most
    ? `${letters
        .slice(0, most - 1)
        .join('')
        .trim()}…`
    : plain
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
