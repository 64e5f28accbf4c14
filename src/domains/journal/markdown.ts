import MarkdownIt, { type Token } from 'markdown-it'
import sanitizeHtml from 'sanitize-html'
import { refine } from '../../ui/type.ts'
import { type Block, blockOf, pictureId } from './blocks.rules.ts'

/**
 * How what is no text is drawn where the words are going: a page, a feed, a mail. Each answers with HTML that is trusted, or null for what is
 * not there (any more): it is then left out.
 */
export type Drawing = {
  block(block: Block): string | null
  /** A picture among words, or one that stands alone, with the caption that its title gives it. */
  picture(picture: { id: string; alt: string; caption: string; alone: boolean }): string | null
}

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false })
markdown.linkify.set({ fuzzyEmail: false, fuzzyLink: false })

const ALLOWED: sanitizeHtml.IOptions = {
  allowedTags: 'p br hr h2 h3 h4 ul ol li blockquote pre code em strong s a table thead tbody tr th td div span'.split(
    ' ',
  ),
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    ol: ['start'],
    th: ['style'],
    td: ['style'],
    div: ['data-put', 'class'],
    span: ['data-put'],
  },
  allowedClasses: { div: ['table'] },
  allowedStyles: { '*': { 'text-align': [/^(?:left|right|center)$/] } },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
}

/**
 * Markdown (CommonMark, with tables, struck words and bare addresses) as safe HTML in the typography of `lang`. Headings begin at `<h2>`,
 * whatever the writer began with; a single line end is a line end. Nothing in the text is HTML. `base` makes addresses that begin with a
 * slash whole. `links` are the words of `rel`.
 */
export function markdownHtml(
  text: string,
  { lang, draw, base = '', rel = 'noopener' }: { lang: string; draw: Drawing; base?: string; rel?: string },
): string {
  const put: string[] = []
  const place = (html: string | null, tag = 'div'): string =>
    html === null ? '' : `<${tag} data-put="${put.push(html) - 1}"></${tag}>`
  const tokens = markdown.parse(tidy(text), {})
  shiftHeadings(tokens)
  const html = walk(tokens, { lang, draw, base, rel, place })
  return sanitizeHtml(html, ALLOWED)
    .replace(/<p>(?:<br \/>|\s)*<\/p>/g, '')
    .replace(/<(?:div|span) data-put="(\d+)"><\/(?:div|span)>/g, (_, n: string) => put[Number(n)] ?? '')
}

/** The words alone, without what is drawn: for cards, lists and subjects. */
export function plainText(text: string, lang: string): string {
  const words: string[] = []
  for (const token of blocks(markdown.parse(tidy(text), {}))) {
    if (token.kind === 'words') words.push(token.text)
    if (token.kind === 'code') words.push(token.text.trim())
  }
  return refine(words.filter(Boolean).join('\n\n'), lang)
}

/** Private signs of Unicode stand for what is not text while its typography is mended: nobody's text holds them. */
const tidy = (text: string) => text.normalize('NFC').replace(/[\ue000\ue001\0]/g, '')

type Part = { kind: 'words' | 'code'; text: string }

function* blocks(tokens: Token[]): Generator<Part> {
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'fence' || token.type === 'code_block') yield { kind: 'code', text: token.content }
    if (token.type !== 'inline' || standsAlone(tokens, i)) continue
    const text = (token.children ?? []).map(wordsOf).join('')
    yield { kind: 'words', text }
  }
}

const wordsOf = (token: Token): string =>
  token.type === 'text' || token.type === 'code_inline'
    ? token.content
    : token.type === 'softbreak' || token.type === 'hardbreak'
      ? '\n'
      : ''

/** Whether the paragraph around an inline token is no words but something put on a line of its own. */
function standsAlone(tokens: Token[], i: number): boolean {
  return tokens[i - 1]?.type === 'paragraph_open' && blockOf(tokens[i]?.content ?? '') !== null
}

function shiftHeadings(tokens: Token[]): void {
  const levels = tokens.filter((token) => token.type === 'heading_open').map((token) => Number(token.tag.slice(1)))
  const first = Math.min(...levels)
  for (const token of tokens)
    if (token.type === 'heading_open' || token.type === 'heading_close')
      token.tag = `h${Math.min(4, Number(token.tag.slice(1)) - first + 2)}`
}

type Walk = { lang: string; draw: Drawing; base: string; rel: string; place(html: string | null, tag?: string): string }

function walk(tokens: Token[], how: Walk): string {
  let html = ''
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token
    const inline = tokens[i + 1]
    if (token.type === 'paragraph_open' && inline?.type === 'inline') {
      const alone = alonePieces(inline, how)
      if (alone !== null) {
        html += alone
        i += 2
        continue
      }
    }
    if (token.type === 'inline') html += inlineHtml(token.children ?? [], how)
    else if (token.type === 'table_open') html += '<div class="table"><table>'
    else if (token.type === 'table_close') html += '</table></div>'
    else html += one(tokens, i)
  }
  return html
}

/** A token as markdown-it draws it, in view of those beside it. */
function one(tokens: Token[], i: number): string {
  const { renderer, options } = markdown
  const token = tokens[i] as Token
  const rule = renderer.rules[token.type]
  return rule ? rule(tokens, i, options, {}, renderer) : renderer.renderToken(tokens, i, options)
}

/** A paragraph that is a block, or nothing but pictures; null for one of words. */
function alonePieces(inline: Token, how: Walk): string | null {
  const block = blockOf(inline.content)
  if (block) return how.place(how.draw.block(block))
  const children = (inline.children ?? []).filter(
    (child) =>
      !(child.type === 'softbreak' || child.type === 'hardbreak' || (child.type === 'text' && !child.content.trim())),
  )
  const pictures = children.map(pictureOf)
  if (!pictures.length || !pictures.every((picture) => picture !== null)) return null
  return pictures.map((picture) => how.place(how.draw.picture({ ...picture, alone: true }))).join('')
}

function pictureOf(token: Token): { id: string; alt: string; caption: string } | null {
  if (token.type !== 'image') return null
  const id = pictureId(String(token.attrGet('src') ?? ''))
  return id ? { id, alt: altOf(token), caption: String(token.attrGet('title') ?? '') } : null
}

const altOf = (token: Token) => (token.children ?? []).map(wordsOf).join('').replace(/\s+/g, ' ').trim()

function inlineHtml(children: Token[], how: Walk): string {
  refineWords(children, how.lang)
  let html = ''
  for (const [i, token] of children.entries()) {
    if (token.type === 'image') html += imageHtml(token, how)
    else if (token.type === 'link_open') html += linkHtml(token, how)
    else html += one(children, i)
  }
  return html
}

/** A picture of ours in its place; a picture that lies elsewhere is a link to it, since nothing is loaded from elsewhere. */
function imageHtml(token: Token, how: Walk): string {
  const own = pictureOf(token)
  if (own) return how.place(how.draw.picture({ ...own, alone: false }), 'span')
  const href = String(token.attrGet('src') ?? '')
  const { escapeHtml } = markdown.utils
  return /^https?:\/\//.test(href)
    ? `<a href="${escapeHtml(href)}" rel="${how.rel}">${escapeHtml(altOf(token) || href)}</a>`
    : escapeHtml(altOf(token))
}

function linkHtml(token: Token, { base, rel }: Walk): string {
  const { escapeHtml } = markdown.utils
  const href = String(token.attrGet('href') ?? '')
  const title = token.attrGet('title')
  const whole = base && /^\/(?!\/)/.test(href) ? base + href : href
  const outside = /^https?:/.test(href)
  return `<a href="${escapeHtml(whole)}"${title ? ` title="${escapeHtml(String(title))}"` : ''}${outside ? ` rel="${rel}"` : ''}>`
}

const EDGE = '\ue000'
const THING = '\ue001'

/** Mends the typography of a line's words together, so that a quotation may hold words set in italics. */
function refineWords(children: Token[], lang: string): void {
  const texts = children.map((token) => {
    if (token.type === 'text') return token.content
    if (token.type === 'softbreak' || token.type === 'hardbreak') return '\n'
    return token.type === 'code_inline' || token.type === 'image' ? THING : ''
  })
  const linked = insideBareLinks(children)
  const line = texts.map((text, i) => (linked.has(i) ? THING : text)).join(EDGE)
  const refined = refine(line, lang).split(EDGE)
  if (refined.length !== texts.length) return
  for (const [i, token] of children.entries())
    if (token.type === 'text' && !linked.has(i)) token.content = refined[i] ?? token.content
}

/** The texts of addresses written as they are. */
function insideBareLinks(children: Token[]): Set<number> {
  const found = new Set<number>()
  for (const [i, token] of children.entries())
    if (token.type === 'link_open' && token.markup === 'linkify') found.add(i + 1)
  return found
}
