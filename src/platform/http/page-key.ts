import { isLang, preferredLanguage } from '../i18n/index.ts'

/** Which addresses are one page. */
export type PageAddresses = {
  /** Parameters that ask for another page, and may be kept: with the values that they take. All others but `bypass` are ignored. */
  parts: Record<string, readonly string[]>
  /** Parameters that ask for something that is not everyone's. */
  bypass: readonly string[]
  /** Whether what is at this path is answered to browsers (who accept HTML) in a form of its own. */
  hasForm?: (path: string) => boolean
}

/** What a browser holds that was let in to what is for some: no page that it is answered with is kept for others. */
export const MEMBER_COOKIE = 'member'

/** Whoever reads cookies may take blanks around a name. */
const IS_SOMEBODYS = new RegExp(`(session|${MEMBER_COOKIE})\\s*=`)

/** What a request asks of the kept pages: nothing (`null`) when its answer is for one person. */
export function pageKey(
  addresses: PageAddresses,
  asked: {
    url: string
    cookie: string | undefined
    authorization?: string | undefined
    language: string | undefined
    accept?: string | undefined
  },
): string | null {
  const { url, cookie, authorization, language, accept } = asked
  if (authorization || (cookie && IS_SOMEBODYS.test(cookie))) return null
  const mark = url.indexOf('?')
  const form = addresses.hasForm?.(mark < 0 ? url : url.slice(0, mark)) && isForBrowser(accept) ? 'browser ' : ''
  if (mark < 0) return `${form}${negotiated(language)} ${url}`
  const params = new URLSearchParams(url.slice(mark))
  if (addresses.bypass.some((name) => params.has(name))) return null
  const lang = params.get('lang')
  let key = `${form}${isLang(lang) ? `${lang}!` : negotiated(language)} ${url.slice(0, mark)}`
  for (const [name, values] of Object.entries(addresses.parts)) {
    const value = params.get(name)
    if (value && values.includes(value)) key += ` ${name}=${value}`
  }
  return key
}

/** A browser that opens an address says that it takes HTML; programs that fetch do not. */
export const isForBrowser = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false

/** A browser says the same at each request, and there are few browsers: reading it once is enough. */
const languages = remembering((header) => preferredLanguage(header))
const negotiated = (header: string | undefined) => languages(header ?? '')

export type Coding = 'br' | 'gzip' | 'identity'

/** The best of our codings that a client takes (RFC 9110, section 12.5.3). */
export const codingFor = remembering((header): Coding => {
  const offers = new Map<string, number>()
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...params] = part.split(';').map((piece) => piece.trim())
    const quality = params.find((param) => param.startsWith('q='))
    offers.set(name, quality ? Number(quality.slice(2)) : 1)
  }
  const takes = (name: string) => (offers.get(name) ?? offers.get('*') ?? 0) > 0
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity'
})

function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const value = read(text)
    if (known.size > 1_000) known.clear()
    if (text.length < 500) known.set(text, value)
    return value
  }
}
