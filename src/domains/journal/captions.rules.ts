/** Longest captions of one language, in letters: about ten hours of talk. */
const MOST = 600_000

/**
 * Captions as WebVTT (https://www.w3.org/TR/webvtt1/), read from WebVTT or SubRip. Null for what is neither. Notes, styles and regions are left
 * out: what is shown is the page's own affair.
 */
export function readCaptions(text: string): string | null {
  const plain = text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '')
  if (plain.length > MOST) return null
  const cues = plain.split(/\n{2,}/).flatMap((block) => {
    const lines = block.split('\n').filter((line) => line.trim())
    const at = lines.findIndex((line) => TIMES.test(line))
    const [, from, to] = TIMES.exec(lines[at] ?? '') ?? []
    const words = lines.slice(at + 1).join('\n')
    return from && to && at <= 1 && words ? [`${timeOf(from)} --> ${timeOf(to)}\n${words.replaceAll('-->', '→')}`] : []
  })
  return cues.length ? `WEBVTT\n\n${cues.join('\n\n')}\n` : null
}

const TIME = String.raw`(?:\d{1,3}:)?\d{2}:\d{2}[.,]\d{3}`
const TIMES = new RegExp(`^\\s*(${TIME})\\s+-->\\s+(${TIME})`)

/** `00:01,500` -> `00:00:01.500`. */
const timeOf = (time: string): string => {
  const dotted = time.replace(',', '.')
  return dotted.split(':').length === 2 ? `00:${dotted}` : dotted.padStart(12, '0')
}
