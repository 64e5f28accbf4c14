/** Where numbers without a prefix are from: the region of the browser's first language, else where most of its speakers live. */
export function countryOf(acceptLanguage: string | undefined, lang: string): string {
  const region = /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b/i.exec(acceptLanguage ?? '')?.[1]
  return region?.toUpperCase() ?? (lang === 'fr' ? 'FR' : 'GB')
}
