const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c)

const LINK = /\bhttps?:\/\/[^\s<>"']+/gi
/** Marks that end a sentence rather than an address. */
const TAIL = '.,;:!?)]»”’'

/**
 * Plain text as safe HTML: blank lines part paragraphs, single ones are kept, web addresses become links. Nothing of the text is
 * markup.
 */
export function proseHtml(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean)
    .map((paragraph) => `<p>${linked(paragraph).replace(/\n/g, '<br>')}</p>`)
    .join('')
}

function linked(text: string): string {
  let html = ''
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const url = withoutTail(match[0])
    html += escaped(text.slice(from, match.index))
    html += `<a href="${escaped(url)}" rel="nofollow noopener">${escaped(url.replace(/^https?:\/\//i, ''))}</a>`
    from = match.index + url.length
  }
  return html + escaped(text.slice(from))
}

/** "(see https://x.example/a_(b))." keeps the parenthesis that it opened. */
function withoutTail(url: string): string {
  // By hand: a pattern that ends in `+$` starts again at each mark of a long row, which takes seconds.
  let end = url.length
  while (TAIL.includes(url[end - 1] ?? ' ')) end--
  const cut = url.slice(0, end)
  const open = cut.split('(').length - cut.split(')').length
  return open > 0 && url.startsWith(`${cut})`) ? `${cut})` : cut
}
