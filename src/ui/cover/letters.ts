import cut from './letters.json' with { type: 'json' }

/** A line of letters as outlines, on 1000 units to the em, `x` from 0, the base line at 0. */
export type Line = { width: number; paths: { d: string; x: number }[]; unknown: boolean }

const LETTERS = new Map(
  cut.letters.split('\n').map((line) => {
    const [letter = '', advance = '0', d = ''] = line.split('\t')
    return [letter, { advance: Number(advance), d }] as const
  }),
)

export const CAP_HEIGHT = cut.capHeight

/** Sets a line in our own outlines, a little tight; `unknown` when a letter is not among them and a font must draw it. */
export function setLine(text: string, tracking = -12): Line {
  const paths: Line['paths'] = []
  let x = 0
  let unknown = false
  for (const letter of text.normalize('NFC')) {
    const found = LETTERS.get(letter)
    if (!found) unknown = true
    if (found?.d) paths.push({ d: found.d, x })
    x += (found?.advance ?? fallbackAdvance(letter)) + tracking
  }
  return { width: Math.max(1, x - tracking), paths, unknown }
}

/** How wide a font of the machine may draw what ours lacks: rather too wide than over the edge, as fonts differ. */
const fallbackAdvance = (letter: string): number =>
  /\p{Extended_Pictographic}/u.test(letter)
    ? 1300
    : /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(letter)
      ? 1000
      : 740
