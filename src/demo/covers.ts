import { type Rendition, rasteriseOwnSvg } from '../platform/images/index.ts'
import { type Random, randomFrom } from './music/random.ts'

/** How a sleeve is drawn. */
export type Manner = 'tide' | 'hills' | 'paper' | 'tiles' | 'orbit' | 'rain'

/** Ground first, then from the main colour to the rarest. */
export type Palette = readonly [string, string, string, string, string]

export type Sleeve = { seed: string; manner: Manner; palette: Palette }

const SIDE = 1400

/** The sleeve as a JPEG of 1400 pixels a side, always the same for the same wish. */
export const paintCover = (sleeve: Sleeve): Promise<Rendition> =>
  rasteriseOwnSvg(drawCover(sleeve), { width: SIDE, height: SIDE }, 'jpeg')

/** The same as SVG. Ours from the first to the last number: nothing of it comes from outside. */
export function drawCover({ seed, manner, palette }: Sleeve): string {
  const random = randomFrom(`${manner}/${seed}`)
  // Twice: where the trembling edge pulls the border inwards, the still copy underneath shows instead of a hole.
  const drawing = `<rect width="1000" height="1000" fill="${palette[0]}"/>${MANNERS[manner](random, palette)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" width="${SIDE}" height="${SIDE}">
<defs>
<filter id="edge" x="-5%" y="-5%" width="110%" height="110%"><feTurbulence type="fractalNoise" baseFrequency="0.018" numOctaves="2" seed="${random.whole(1, 999)}"/><feDisplacementMap in="SourceGraphic" scale="${manner === 'tiles' ? 3 : 9}"/></filter>
<filter id="grain"><feTurbulence type="fractalNoise" baseFrequency="0.9" numOctaves="1" stitchTiles="stitch" seed="${random.whole(1, 999)}"/><feColorMatrix values="0 0 0 0 0.5  0 0 0 0 0.48  0 0 0 0 0.45  0 0 0 -1.6 1.05"/></filter>
<pattern id="tooth" width="250" height="250" patternUnits="userSpaceOnUse"><rect width="250" height="250" filter="url(#grain)"/></pattern>
</defs>
${drawing}
<g filter="url(#edge)">${drawing}</g>
<rect width="1000" height="1000" fill="url(#tooth)" opacity="0.22"/>
</svg>`
}

const MANNERS: Record<Manner, (random: Random, palette: Palette) => string> = {
  tide: drawTide,
  hills: drawHills,
  paper: drawPaper,
  tiles: drawTiles,
  orbit: drawOrbit,
  rain: drawRain,
}

const n = (value: number): string => value.toFixed(1)

/** A moon low over water: bands that grow towards us, and its light broken in them. */
function drawTide(random: Random, [, far, near, light, spark]: Palette): string {
  const x = random.between(300, 700)
  const radius = random.between(105, 150)
  const horizon = random.between(400, 470)
  const parts = [`<circle cx="${n(x)}" cy="${n(horizon - radius * 0.35)}" r="${n(radius)}" fill="${light}"/>`]
  for (let y = horizon, i = 0; y < 1000; i++) {
    const height = 14 + i * i * 0.9
    parts.push(`<path d="${wave(random, y, 5 + i * 1.6, 240 - i * 4)}" fill="${i % 2 ? near : far}"/>`)
    const width = radius * random.between(0.5, 1.5)
    const shift = random.between(-30, 30)
    if (i < 11)
      parts.push(
        `<rect x="${n(x + shift - width / 2)}" y="${n(y + height * 0.45)}" width="${n(width)}" height="${n(4 + i)}" rx="4" fill="${i % 3 ? light : spark}" opacity="0.85"/>`,
      )
    y += height
  }
  return parts.join('')
}

function wave(random: Random, y: number, amplitude: number, length: number): string {
  const phase = random.between(0, 6)
  const points: string[] = []
  for (let x = -40; x <= 1040; x += 20) points.push(`${x} ${n(y + amplitude * Math.sin(phase + (x / length) * 2))}`)
  return `M${points.join('L')}L1040 1040L-40 1040Z`
}

/** Ranges of hills, one behind the other, and a sun cut by the nearest that is high enough. */
function drawHills(random: Random, palette: Palette): string {
  const [, far, middle, near, sun] = palette
  const parts = [
    `<circle cx="${n(random.between(250, 750))}" cy="${n(random.between(230, 340))}" r="${n(random.between(90, 140))}" fill="${sun}"/>`,
  ]
  const colours = [far, middle, far, near, middle, near]
  for (const [i, colour] of colours.entries()) {
    const base = 360 + i * 110
    const points: string[] = []
    const waves = [1, 2, 3, 5].map((k) => ({ k, size: random.between(20, 90) / k, phase: random.between(0, 6) }))
    for (let x = -40; x <= 1040; x += 20) {
      const rise = waves.reduce((sum, { k, size, phase }) => sum + size * Math.sin(phase + (k * x * Math.PI) / 700), 0)
      points.push(`${x} ${n(base + rise)}`)
    }
    parts.push(`<path d="M${points.join('L')}L1040 1040L-40 1040Z" fill="${colour}" opacity="${n(0.8 + 0.04 * i)}"/>`)
  }
  return parts.join('')
}

/** Cut paper: leaves and stones laid on one another. */
function drawPaper(random: Random, [, ...colours]: Palette): string {
  const parts: string[] = []
  for (let i = 0; i < 13; i++) {
    const x = random.between(120, 880)
    const y = random.between(120, 880)
    const turn = random.between(0, 360)
    const size = random.between(110, 300) * (1 - i * 0.03)
    const colour = colours[i % colours.length]
    const leaf = `M0 ${n(-size)}C${n(size * 0.62)} ${n(-size * 0.5)} ${n(size * 0.5)} ${n(size * 0.6)} 0 ${n(size)}C${n(-size * 0.5)} ${n(size * 0.6)} ${n(-size * 0.62)} ${n(-size * 0.5)} 0 ${n(-size)}Z`
    const stone = `M${n(-size * 0.8)} 0C${n(-size * 0.8)} ${n(-size)} ${n(size * 0.9)} ${n(-size * 0.7)} ${n(size * 0.7)} ${n(size * 0.1)}C${n(size * 0.6)} ${n(size * 0.8)} ${n(-size * 0.7)} ${n(size * 0.7)} ${n(-size * 0.8)} 0Z`
    parts.push(
      `<path d="${random.chance(0.65) ? leaf : stone}" transform="translate(${n(x)} ${n(y)}) rotate(${n(turn)})" fill="${colour}"/>`,
    )
  }
  return parts.join('')
}

/** A floor of quarter circles, turned as they fell. */
function drawTiles(random: Random, palette: Palette): string {
  const [, ...colours] = palette
  const count = 5
  const side = 1000 / count
  const parts: string[] = []
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const x = column * side
      const y = row * side
      const below = random.pick([palette[0], palette[0], colours[1]])
      const above = random.pick([colours[0], colours[0], colours[2], colours[3]])
      const turn = 90 * random.whole(0, 3)
      const shape = random.chance(0.75)
        ? `<path d="M0 0H${n(side)}A${n(side)} ${n(side)} 0 0 1 0 ${n(side)}Z" fill="${above}"/>`
        : `<circle cx="${n(side / 2)}" cy="${n(side / 2)}" r="${n(side * 0.36)}" fill="${above}"/>`
      parts.push(
        `<g transform="translate(${n(x)} ${n(y)})"><rect width="${n(side + 1)}" height="${n(side + 1)}" fill="${below}"/><g transform="rotate(${turn} ${n(side / 2)} ${n(side / 2)})">${shape}</g></g>`,
      )
    }
  }
  return parts.join('')
}

/** Rings round a centre that is not in the middle, and what travels on them. */
function drawOrbit(random: Random, [, ring, body, bright, rare]: Palette): string {
  const x = random.between(380, 620)
  const y = random.between(400, 600)
  const parts: string[] = []
  for (let i = 8; i >= 1; i--) {
    const radius = 70 + i * i * 5.5 + i * 28
    const gap = random.between(0.15, 0.75)
    const round = 2 * Math.PI * radius
    parts.push(
      `<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" fill="none" stroke="${i % 3 ? ring : body}" stroke-width="${n(4 + (9 - i) * 2.2)}" stroke-linecap="round" stroke-dasharray="${n(round * gap)} ${n(round * (1 - gap))}" transform="rotate(${n(random.between(0, 360))} ${n(x)} ${n(y)})"/>`,
    )
    const angle = random.between(0, 2 * Math.PI)
    if (i % 2)
      parts.push(
        `<circle cx="${n(x + radius * Math.cos(angle))}" cy="${n(y + radius * Math.sin(angle))}" r="${n(random.between(12, 30))}" fill="${i % 3 ? bright : rare}"/>`,
      )
  }
  parts.push(`<circle cx="${n(x)}" cy="${n(y)}" r="72" fill="${bright}"/>`)
  return parts.join('')
}

/** Strokes of one brush that falls, lighter where it was lifted, and one window still lit. */
function drawRain(random: Random, [, dark, middle, light, lit]: Palette): string {
  const parts: string[] = []
  for (let i = 0; i < 90; i++) {
    const x = random.between(-20, 1020)
    const y = random.between(-120, 900)
    const length = random.between(90, 380)
    const colour = random.pick([dark, dark, middle, middle, light])
    parts.push(
      `<line x1="${n(x)}" y1="${n(y)}" x2="${n(x - length * 0.12)}" y2="${n(y + length)}" stroke="${colour}" stroke-width="${n(random.between(5, 22))}" stroke-linecap="round" opacity="${n(random.between(0.4, 0.95))}"/>`,
    )
  }
  const x = random.between(300, 620)
  parts.push(`<rect x="${n(x)}" y="${n(random.between(480, 620))}" width="120" height="165" rx="3" fill="${lit}"/>`)
  return parts.join('')
}
