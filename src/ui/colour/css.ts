import type { Oklch, Scheme, Theme } from './theme.types.ts'

/** `oklch(45% .095 162)`, short but exact to what contrast was checked on (three decimals of lightness). */
export const cssColour = ([l, c, h]: Oklch): string =>
  `oklch(${trim(l * 100, 1)}% ${trim(c, 3).replace(/^0\./, '.')} ${trim(h, 1)})`

const trim = (value: number, digits: number): string => String(Number(value.toFixed(digits)))

const NAMES: Record<keyof Scheme, string> = {
  ground: '--ground',
  ink: '--ink',
  quiet: '--quiet',
  accent: '--accent',
  onAccent: '--on-accent',
  press: '--press',
  onPress: '--on-press',
  soft: '--soft',
  line: '--line',
}

/** One scheme as custom properties, without the braces around them. */
export const schemeProperties = (scheme: Scheme): string =>
  Object.entries(NAMES)
    .map(([key, name]) => `${name}:${cssColour(scheme[key as keyof Scheme])}`)
    .join(';')

/**
 * A theme's colours for `:root`. A theme that is always light or always dark carries one block only; the others follow the
 * reader's preference unless `data-scheme` on the root says which.
 */
export function themeCss(theme: Theme): string {
  if (theme.scheme !== 'auto') return `:root{${schemeProperties(theme[theme.scheme])}}`
  const dark = schemeProperties(theme.dark)
  return (
    `:root{${schemeProperties(theme.light)}}` +
    `@media(prefers-color-scheme:dark){:root:not([data-scheme=light]){${dark}}}` +
    `:root[data-scheme=dark]{${dark}}`
  )
}
