/** Letters and figures that are not taken for one another, printed or read aloud: no 0 and O, no 1, I and L. Their number is a prime, see {@link checkSign}. */
export const SIGNS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const BODY = 8
const GROUP = 3

/**
 * The last sign of a code, from those before. Each place weighs differently and the sum is taken by a prime, so that one wrong sign, or two that changed
 * places, are always found (as with ISO 7064): whoever mistypes is told so, and nobody else's code is taken.
 */
function checkSign(body: string): string {
  const sum = [...body].reduce((total, sign, index) => total + (index + 2) * SIGNS.indexOf(sign), 0)
  return SIGNS[(SIGNS.length - (sum % SIGNS.length)) % SIGNS.length] as string
}

/** A code from random bytes, {@link CODE_BYTES} of them or more; null when they would make some codes likelier than others, and new ones are needed. */
export function codeFrom(bytes: Uint8Array): string | null {
  const fair = 256 - (256 % SIGNS.length)
  const body = [...bytes].flatMap((byte) => (byte < fair ? [SIGNS[byte % SIGNS.length] as string] : [])).slice(0, BODY)
  return body.length < BODY ? null : body.join('') + checkSign(body.join(''))
}
export const CODE_BYTES = 16

/** `K7RM2QXF4` as it is printed: `K7R-M2Q-XF4`. */
export const codeShown = (code: string): string => code.replace(new RegExp(`(.{${GROUP}})(?=.)`, 'g'), '$1-')

/** What somebody typed, as a code: small letters, blanks and dashes of any kind are forgiven. Null when it cannot be one: a sign is wrong, missing or too many. */
export function readCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}._·/]/gu, '')
  if (code.length !== BODY + 1 || [...code].some((sign) => !SIGNS.includes(sign))) return null
  return checkSign(code.slice(0, BODY)) === code.at(-1) ? code : null
}

const DAY_MS = 24 * 3_600_000
/** Whether that day is over everywhere on earth. `until`: `2026-12-31`. */
export const isOver = (until: string | null, now: Date): boolean =>
  until !== null && now.getTime() >= Date.parse(`${until}T00:00:00Z`) + DAY_MS + DAY_MS / 2
