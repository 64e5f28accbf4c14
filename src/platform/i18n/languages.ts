export const LANGUAGES = ['en', 'fr'] as const
export type Lang = (typeof LANGUAGES)[number]
export const DEFAULT_LANGUAGE: Lang = 'en'

export const isLang = (value: unknown): value is Lang => LANGUAGES.includes(value as Lang)

/** Picks the language to speak from an `Accept-Language` header (RFC 9110, section 12.5.4), by quality then order. */
export function preferredLanguage(header: string | undefined): Lang {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';')
      const q = params.map((p) => p.trim()).find((p) => p.startsWith('q='))
      return { lang: tag.toLowerCase().split('-')[0], quality: q ? Number(q.slice(2)) : 1 }
    })
    .filter((choice) => choice.quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return wanted.map((choice) => choice.lang).find(isLang) ?? DEFAULT_LANGUAGE
}
