import { tidy } from './names.rules.ts'

/** A title taken apart: what is sung, which version of it, and who was invited. */
export type TitleParts = { title: string; version?: string; featured: string[] }

const VERSION_WORDS =
  /(?:^|[\s-])(?:re-?mix(?:ed)?|mix|edit|version|live|en public|en concert|acoustic|acoustique|unplugged|demo|démo|maquette|instrumentale?|re-?master(?:ed|isé|isée)?|rework|dub|extended|take \d+|prise \d+|alternate|a ?cap+ella|session|mono|stereo|stéréo|vip)(?:$|[\s\-.,:/0-9])/iu
const DASH_VERSION =
  /^(?:\d{4} )?(?:re-?master(?:ed)?(?: \d{4})?|(?:radio|single|extended|album) (?:edit|mix|version)|live(?: (?:at|in|from|on|à|au|aux) .+)?|instrumental|demo|démo|acoustic|acoustique|.{1,40} (?:remix|mix|edit|version))$/iu
const FEATURED_IN_BRACKETS = /\s*[([](?:feat\.?|ft\.?|featuring)\s+([^()[\]]+)[)\]]/iu
const FEATURED_AT_END = /\s+(?:feat\.?|ft\.?|featuring)\s+(.+)$/iu

export function splitTitle(text: string): TitleParts {
  const { rest, featured } = takeFeatured(text)
  const bracketed = /^(.*\S)\s*[([]([^()[\]]+)[)\]]$/u.exec(rest)
  if (bracketed?.[1] && bracketed[2] && VERSION_WORDS.test(bracketed[2])) {
    return parts(bracketed[1], bracketed[2], featured)
  }
  const dashed = /^(.*\S)\s+[-–—]\s+(\S.*)$/u.exec(rest)
  if (dashed?.[1] && dashed[2] && DASH_VERSION.test(dashed[2])) return parts(dashed[1], dashed[2], featured)
  return parts(rest, null, featured)
}

function parts(title: string, version: string | null, featured: string[]): TitleParts {
  const shown = tidy(version)
  return { title: tidy(title) ?? title, featured, ...(shown ? { version: shown } : {}) }
}

/** "Song (feat. X)" and "X feat. Y" both say who was invited: the names are taken out of the text. */
export function takeFeatured(text: string): { rest: string; featured: string[] } {
  const found = FEATURED_IN_BRACKETS.exec(text) ?? FEATURED_AT_END.exec(text)
  if (!found?.[1] || found.index === 0) return { rest: text, featured: [] }
  const rest = (text.slice(0, found.index) + text.slice(found.index + found[0].length)).trim()
  return { rest, featured: names(found[1]) }
}

// An ampersand alone may belong to a duo's name; after a comma it ends a list.
function names(list: string): string[] {
  const items = list.includes(',') ? list.split(/,\s*(?:(?:&|and|et)\s+)?|\s+(?:&|and|et)\s+/u) : [list]
  return items.map((item) => tidy(item)).filter((name): name is string => name !== null)
}

const PLACEHOLDER =
  /^(?:untitled|sans titre|no title|track|piste|titel|audio ?track|unknown|unbekannt|inconnue?|new recording|nouvel enregistrement|recording|enregistrement)?\s*[-_.#]?\s*\(?\d*\)?$/iu

/** "Track 07", "Piste 3", "Untitled": what software writes when nobody named the thing. */
export const isPlaceholderTitle = (text: string): boolean => PLACEHOLDER.test(text.trim())

/** "Live", "Radio Edit": right of a dash in a file's name, this is not a title. */
export const looksLikeVersion = (text: string): boolean => DASH_VERSION.test(text.trim())

/** A subtitle tag that tells versions apart, rather than a motto or a chapter. */
export const isVersionNote = (text: string): boolean => VERSION_WORDS.test(text)
