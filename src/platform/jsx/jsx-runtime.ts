import type { JSX } from 'hono/jsx/jsx-runtime'

/**
 * What the elements of our server's pages compile to (the "automatic" JSX runtime, see `jsxImportSource`): HTML as text, made at
 * once from the inside out. There is no tree, no state and no context: a page is read once, by somebody who waits for it.
 * Types of elements and attributes are Hono's; names of attributes are written as HTML and SVG write them.
 */
export type { JSX }

/** HTML that is finished. `isEscaped` tells Hono's `html` and `raw` the same. */
class Html {
  readonly isEscaped = true
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

type Props = Record<string, unknown>
type Component = (props: Props) => unknown

/**
 * An element, or what a component makes of its properties.
 * @throws Error for what has no place in HTML: a promise, a function, a name that would end its tag
 */
export function jsx(tag: string | Component, props: Props): Html {
  if (typeof tag === 'function') {
    const made = tag(props)
    return made instanceof Html ? made : new Html(drawn(made))
  }
  let text = `<${known(tag)}`
  let inside = ''
  for (const name in props) {
    const value = props[name]
    if (value === undefined || value === null) continue
    if (name === 'children') inside = drawn(value)
    else if (name === 'dangerouslySetInnerHTML') inside = String((value as { __html: unknown }).__html)
    else text += attribute(name, value)
  }
  if (VOID.has(tag)) return new Html(`${text}/>`)
  return new Html(`${text}>${inside}</${tag}>`)
}

export { jsx as jsxDEV, jsx as jsxs }

/** `<>…</>`: its children, one after the other. */
export const Fragment = ({ children }: Props): Html => new Html(drawn(children))

/** Children as HTML: text escaped, finished HTML as it is, lists in their order; nothing for null, undefined, true and false. */
function drawn(child: unknown): string {
  if (typeof child === 'string') return escaped(child)
  if (child instanceof Html) return child.text
  if (child === undefined || child === null || typeof child === 'boolean') return ''
  if (Array.isArray(child)) {
    let text = ''
    for (const each of child) text += drawn(each)
    return text
  }
  if (typeof child === 'object') {
    if (child instanceof Promise) throw new Error('A promise cannot be drawn: await it first')
    if ((child as { isEscaped?: boolean }).isEscaped) return String(child)
  }
  if (typeof child === 'function') throw new Error('A function cannot be drawn')
  return escaped(String(child))
}

function attribute(name: string, value: unknown): string {
  if (typeof value === 'string') return ` ${known(name)}="${escaped(value)}"`
  if (typeof value === 'number') return ` ${known(name)}="${value}"`
  if (typeof value === 'boolean' && BOOLEAN.has(name)) return value ? ` ${name}=""` : ''
  if (typeof value === 'function' || value instanceof Promise)
    throw new Error(`${name} cannot be written: ${typeof value}`)
  // Finished text (`raw`) may be an attribute's; elements cannot: they hold quotes.
  const isFinished = value instanceof String && (value as { isEscaped?: boolean }).isEscaped === true
  return ` ${known(name)}="${isFinished ? value : escaped(String(value))}"`
}

const names = new Set<string>()

/** A name that can stand in a tag. The few that there are, are looked at once. */
function known(name: string): string {
  if (names.has(name)) return name
  if (!/^[A-Za-z][\w:.-]*$/.test(name)) throw new Error(`Not a name of an element or an attribute: ${name}`)
  if (names.size < 1_000) names.add(name)
  return name
}

const SPECIAL = /[&<>"']/
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Safe as text and between either kind of quotes. */
function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string) : text
}

/** Elements that hold nothing. https://html.spec.whatwg.org/multipage/syntax.html#void-elements */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

/** Attributes that are there or not, whatever their value. https://html.spec.whatwg.org/multipage/indices.html#attributes-3 */
const BOOLEAN = new Set(
  (
    'allowfullscreen async autofocus autoplay checked controls default defer disabled download formnovalidate hidden inert ismap ' +
    'itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected ' +
    'shadowrootclonable shadowrootdelegatesfocus shadowrootserializable'
  ).split(' '),
)
