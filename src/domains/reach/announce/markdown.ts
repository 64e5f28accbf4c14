import MarkdownIt, { type Token } from 'markdown-it'
import sanitizeHtml from 'sanitize-html'
import { refine } from '../../../ui/type.ts'

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false })
markdown.linkify.set({ fuzzyEmail: false, fuzzyLink: false })

const ALLOWED: sanitizeHtml.IOptions = {
  allowedTags: 'p br hr h2 h3 ul ol li blockquote pre code em strong s a'.split(' '),
  allowedAttributes: { a: ['href'], ol: ['start'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
}

/** Goes through the cleaning as an address, and comes out as what belongs there. */
const PLACE = 'https://link.invalid/'

type Options = {
  lang: string
  /** Says for each address of the words what stands in its place, which is trusted, or null: it stays as it is. */
  link: (href: string) => string | null
}

/**
 * Markdown as the HTML of a mail: no pictures (they would tell the sender who opened it), their description instead. Nothing in the text is HTML.
 */
export function markdownMail(text: string, { lang, link }: Options): string {
  const tokens = parse(text)
  for (const token of tokens) {
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = token.tag === 'h1' ? 'h2' : 'h3'
    if (token.type === 'inline') token.children = inline(token.children ?? [], lang)
  }
  const put: string[] = []
  for (const { type, children } of tokens)
    for (const child of (type === 'inline' && children) || []) {
      const href = child.type === 'link_open' ? child.attrGet('href') : null
      const instead = typeof href === 'string' && /^https?:/i.test(href) ? link(href) : null
      if (instead !== null) child.attrSet('href', `${PLACE}${put.push(instead) - 1}`)
    }
  const html = markdown.renderer.render(tokens, markdown.options, {})
  return sanitizeHtml(html, ALLOWED).replace(
    /https:\/\/link\.invalid\/(\d+)(?=")/g,
    (_, n: string) => put[Number(n)] ?? '',
  )
}

function inline(children: Token[], lang: string): Token[] {
  for (const child of children) {
    if (child.type === 'text') child.content = refine(child.content, lang)
    if (child.type === 'image') Object.assign(child, { type: 'text', tag: '', content: child.content, children: null })
  }
  return children
}

const parse = (text: string): Token[] => markdown.parse(text, {})

/** Markdown as plain text that reads well: lists with their marks, quotations with theirs, addresses after the words that lead to them. */
export function markdownText(text: string, link: Options['link']): string {
  const lines: string[] = []
  let list: { ordered: boolean; next: number }[] = []
  let quotes = 0
  let mark = ''
  const add = (words: string) => {
    const before = '> '.repeat(quotes) + '  '.repeat(Math.max(0, list.length - 1))
    const hang = ' '.repeat(mark.length)
    lines.push(...words.split('\n').map((line, n) => `${before}${n === 0 ? mark : hang}${line}`))
    mark = ''
  }
  const gap = () => void (lines.length && lines.at(-1) !== '' && lines.push(''))
  for (const token of parse(text)) {
    if (token.type === 'bullet_list_open' || token.type === 'ordered_list_open') {
      if (!list.length) gap()
      list.push({ ordered: token.type === 'ordered_list_open', next: Number(token.attrGet('start') ?? 1) })
    } else if (token.type.endsWith('_list_close')) list = list.slice(0, -1)
    else if (token.type === 'list_item_open') {
      const inner = list.at(-1)
      mark = inner?.ordered ? `${inner.next++}. ` : '- '
    } else if (token.type === 'blockquote_open') {
      gap()
      quotes++
    } else if (token.type === 'blockquote_close') quotes--
    else if (token.type === 'hr') {
      gap()
      add('* * *')
    } else if (token.type === 'fence' || token.type === 'code_block') {
      gap()
      add(token.content.trimEnd())
    } else if (token.type === 'inline') {
      if (!list.length) gap()
      add(plain(token.children ?? [], link))
    }
  }
  return lines.join('\n').trim()
}

/** The words alone, in one line: no marks, no addresses. */
export const markdownWords = (text: string): string =>
  parse(text)
    .filter(({ type }) => type === 'inline')
    .map(({ children }) =>
      (children ?? [])
        .map((child) => (child.type === 'softbreak' || child.type === 'hardbreak' ? ' ' : child.content))
        .join(''),
    )
    .join(' ')
    .trim()

function plain(children: Token[], link: Options['link']): string {
  let words = ''
  const open: { from: number; href: string | null }[] = []
  for (const child of children) {
    if (child.type === 'link_open') open.push({ from: words.length, href: String(child.attrGet('href') ?? '') || null })
    else if (child.type === 'link_close') {
      const { from, href } = open.pop() ?? { from: 0, href: null }
      if (!href) continue
      const said = words.slice(from)
      const leads = (/^https?:/i.test(href) ? link(href) : null) ?? href.replace(/^mailto:|^tel:/, '')
      words = said === href || said === leads ? words.slice(0, from) + leads : `${words} (${leads})`
    } else if (child.type === 'softbreak' || child.type === 'hardbreak') words += '\n'
    else words += child.content
  }
  return words
}
