/** What to put in place of `from`..`to` of a text, and what to select then. */
export type Change = { text: string; from: number; to: number; select: [number, number] }

/** Sets a selection in bold or italics, or takes it back when it is. An empty one becomes `words`, selected. */
export function surround(text: string, from: number, to: number, mark: string, words: string): Change {
  const size = mark.length
  const inside = text.slice(from, to)
  const isSet = text.slice(from - size, from) === mark && text.slice(to, to + size) === mark && inside !== ''
  if (isSet) return { text: inside, from: from - size, to: to + size, select: [from - size, to - size] }
  const said = inside || words
  return { text: mark + said + mark, from, to, select: [from + size, from + size + said.length] }
}

/** Begins every line of a selection with a mark (`- `, `> `, `## `), or takes it away when all have it. */
export function startLines(text: string, start: number, end: number, mark: string): Change {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const next = text.indexOf('\n', end)
  const to = next < 0 ? text.length : next
  const lines = text.slice(from, to).split('\n')
  const all = lines.every((line) => line.startsWith(mark))
  const made = lines
    .map((line) => (all ? line.slice(mark.length) : line.startsWith(mark) ? line : mark + line))
    .join('\n')
  return { text: made, from, to, select: [from + made.length, from + made.length] }
}
