type Values = Record<string, string | number | Date>

/** A word that loses its last letter before a vowel, and the argument that it stands before, which quotation marks may open. */
export type Elision = { word: string; opening: string; argument: string; name: string }

/** "de {name}", "de « {title} »", "parce que {name}"; "quelque" and "presque" keep their letters. What stands in a choice is found as well. */
const BEFORE_ARGUMENT = /(?<![\p{L}\p{N}’])(de|jusque|lorsque|puisque|que|quoique)[ \u00A0](«\u00A0)?\{(\w+)\}/giu

/**
 * A French message in which each such word and what follows it have become one argument, for `elided` to fill: "le journal de
 * {name}" reads "le journal {name_1}". Messages are written as one speaks, and none has to remember it.
 */
export function markElisions(text: string): { text: string; elisions: Elision[] } {
  const elisions: Elision[] = []
  const marked = text.replace(BEFORE_ARGUMENT, (_, word: string, opening: string | undefined, argument: string) => {
    const name = `${argument}_${elisions.length + 1}`
    elisions.push({ word, opening: opening ?? '', argument, name })
    return `{${name}}`
  })
  return { text: marked, elisions }
}

/** The values of a message with those of its elisions beside them. What is missing stays so: a choice may not ask for it. */
export function elided(elisions: readonly Elision[], values: Values | undefined): Values {
  const all: Values = { ...values }
  for (const { word, opening, argument, name } of elisions) {
    const value = values?.[argument]
    if (value !== undefined) all[name] = elide(word, String(value), opening)
  }
  return all
}

/**
 * "de" before "Léa" is "de Léa", before "Ana" "d’Ana". `word` is one that ends in a mute e. Nobody says quotation marks: with `opening`
 * ones before it, "Aube" is "d’« Aube", and whoever calls closes them.
 */
export const elide = (word: string, next: string, opening = ''): string =>
  beginsWithVowel(next) ? `${word.slice(0, -1)}’${opening}${next}` : `${word} ${opening}${next}`

/**
 * What is spoken as a consonant though it is written with a vowel, and so takes no elision: a y before a vowel (Yann, but not
 * Yves), the numeral onze, "oui", "uhlan", and the English "one", "once", "U2".
 */
const SPOKEN_AS_CONSONANT = /^(?:y[aeiou]|onz|(?:oui|one|once)(?!\p{L})|uhlan|u\d)/u

/**
 * Whether French elides before `text`. Only what Latin letters show: an h is left alone, since none tells whether it is one of those
 * that forbid it, and so are figures, quotation marks and other scripts.
 */
function beginsWithVowel(text: string): boolean {
  // Accents are taken off; these are letters of their own.
  const bare = text.slice(0, 8).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return /^[aeiouyæœø]/u.test(bare) && !/^y(?!\p{L})/u.test(bare) && !SPOKEN_AS_CONSONANT.test(bare)
}
