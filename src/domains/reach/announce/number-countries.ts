import metadata from 'libphonenumber-js/min/metadata'

export type CallingCode = {
  /** Digits after the plus. */
  code: string
  /** The country that most of its numbers are of, and all that share it. */
  main: string
  countries: string[]
}

let codes: CallingCode[] | null = null

/** Which countries telephone numbers are of, by how they begin. */
export function callingCodes(): CallingCode[] {
  const byCode = (metadata as unknown as { country_calling_codes: Record<string, string[]> }).country_calling_codes
  codes ??= Object.entries(byCode).map(([code, countries]) => ({ code, main: countries[0] ?? '', countries }))
  return codes
}
