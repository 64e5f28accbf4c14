import { type Inks, n } from './inks.ts'

type Field = { x: number; y: number; width: number; height: number; inks: Inks; random: () => number }

/** A sun that sets below the edge. */
const sun = ({ y, width, height, inks, random }: Field): string => {
  const radius = height * (0.7 + random() * 0.28)
  const cx = width * (0.3 + random() * 0.5)
  return `<circle cx="${n(cx)}" cy="${n(y + height)}" r="${n(radius)}" fill="${inks.accent}"/>`
}

/** Five lines, as a stave, with one round note. */
const stave = ({ y, width, height, inks, random }: Field): string => {
  const gap = height / 6.5
  const rules = [0, 1, 2, 3, 4].map(
    (i) => `<rect x="0" y="${n(y + 60 + i * gap)}" width="${width}" height="7" fill="${inks.faint}"/>`,
  )
  const at = Math.floor(random() * 8)
  const cx = width * (0.35 + random() * 0.45)
  return `${rules.join('')}<circle cx="${n(cx)}" cy="${n(y + 63 + (at * gap) / 2)}" r="${n(gap * 0.5 + 20)}" fill="${inks.accent}"/>`
}

/** Bars of a level meter, or a skyline. */
const bars = ({ y, width, height, inks, random }: Field): string => {
  const count = 7 + Math.floor(random() * 12)
  const step = width / count
  const phase = random() * 6
  return Array.from({ length: count }, (_, i) => {
    const tall = height * (0.18 + 0.8 * Math.abs(Math.sin(phase + i * 0.55) * (0.55 + 0.45 * random())))
    return `<rect x="${n(i * step)}" y="${n(y + height - tall)}" width="${n(step * 0.62)}" height="${n(tall)}" fill="${i % 5 === 2 ? inks.ink : inks.accent}"/>`
  }).join('')
}

/** Rings, as a record or a pool. */
const rings = ({ y, width, height, inks, random }: Field): string => {
  const cx = width * (0.25 + random() * 0.6)
  const cy = y + height * 0.95
  return [1, 0.78, 0.56, 0.34]
    .map(
      (part, i) =>
        `<circle cx="${n(cx)}" cy="${n(cy)}" r="${n(height * 0.95 * part)}" fill="${i % 2 ? inks.ground : inks.accent}"/>`,
    )
    .join('')
}

/** A hill against another. */
const hills = ({ y, width, height, inks, random }: Field): string => {
  const crest = (lift: number, fill: string) => {
    const a = y + height * (lift + random() * 0.25)
    const b = y + height * (lift + random() * 0.3)
    return `<path d="M0 ${n(a)}C${n(width * 0.35)} ${n(a - 190)} ${n(width * 0.6)} ${n(b + 190)} ${width} ${n(b)}V${n(y + height)}H0z" fill="${fill}"/>`
  }
  return crest(0.3, inks.faint) + crest(0.55, inks.accent)
}

export const SHAPES = [sun, stave, bars, rings, hills]
