/** What an artist settles over the sleeve's own colours; empty: as the sleeve says. */
export type Choice = { pairing?: string; scheme?: 'auto' | 'light' | 'dark'; accent?: string }

export const SCHEMES = ['auto', 'light', 'dark'] as const
const NAMES = ['sleeve', 'programme', 'reel', 'poster']

/** Reads a form or an address; what is not a choice that exists is left out. `ownAccent` unticked: the sleeve's accent. */
export function readThemeChoice(values: Record<string, string | undefined>): Choice {
  const { pairing, scheme, accent, accentFrom } = values
  const known = SCHEMES.find((one) => one === scheme)
  const colour = accentFrom === 'own' && /^#[0-9a-f]{6}$/i.test(accent ?? '') ? accent?.toLowerCase() : undefined
  return {
    ...(pairing && NAMES.includes(pairing) && { pairing }),
    ...(known && { scheme: known }),
    ...(colour && { accent: colour }),
  }
}
