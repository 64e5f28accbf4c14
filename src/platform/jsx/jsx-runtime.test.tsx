import fc from 'fast-check'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import * as hono from 'hono/jsx/jsx-runtime'
import { expect, test } from 'vitest'
import * as ours from './jsx-runtime.ts'

type Tree =
  | string
  | number
  | boolean
  | null
  | Tree[]
  | { tag: string; props: Record<string, string | number | boolean>; inside: Tree[] }
type Runtime = { jsx(tag: string, props: Record<string, unknown>): unknown }

const text = fc.oneof(fc.string(), fc.constantFrom('&', '<b>', `"it's"`, '</script>', 'é\u2028😀'))
const attributes = fc.dictionary(
  fc.constantFrom(
    'class',
    'href',
    'aria-hidden',
    'data-x',
    'hidden',
    'disabled',
    'viewBox',
    'stroke-width',
    'tabindex',
  ),
  fc.oneof(text, fc.integer(), fc.boolean()),
)
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.record({
      tag: fc.constantFrom('p', 'a', 'svg', 'path', 'ul', 'select', 'main'),
      props: attributes,
      inside: fc.array(tie('tree'), { maxLength: 3 }),
    }),
  ),
}))

function built(runtime: Runtime, node: Tree): unknown {
  if (Array.isArray(node)) return node.map((each) => built(runtime, each))
  if (node === null || typeof node !== 'object') return node
  return runtime.jsx(node.tag, { ...node.props, children: node.inside.map((each) => built(runtime, each)) })
}

test("writes what Hono's own runtime writes, whatever the elements hold", () => {
  fc.assert(
    fc.property(tree, (node) => {
      const root: Tree = { tag: 'main', props: {}, inside: [node] }
      expect(String(built(ours as Runtime, root))).toBe(String(built(hono as unknown as Runtime, root)))
    }),
  )
})

const Twice = ({ children, mark }: { children?: Child; mark?: string }) => (
  <>
    {children}
    {mark && <i>{mark}</i>}
    {children}
  </>
)

test('components are given their children, finished HTML stays as it is, and everything else is escaped', () => {
  expect(
    String(
      <p title={'"<'}>
        <Twice mark="&">{raw('<b>so</b>')}</Twice>
        {[0, '<', false, null, undefined]}
        <br />
        <input value={5} checked required={false} />
      </p>,
    ),
  ).toBe('<p title="&quot;&lt;"><b>so</b><i>&amp;</i><b>so</b>0&lt;<br/><input value="5" checked=""/></p>')
  expect(String(<div dangerouslySetInnerHTML={{ __html: '<hr/>' }} />)).toBe('<div><hr/></div>')
  const Nothing = () => null
  expect(String(<Nothing />)).toBe('')
})

test('an element passed as an attribute cannot leave it', () => {
  const sly = (<b title="x" />) as unknown as string
  expect(String(<p title={sly} />)).toBe('<p title="&lt;b title=&quot;x&quot;&gt;&lt;/b&gt;"></p>')
})

test('what has no place in HTML is refused, and not written in some way', () => {
  const { jsx } = ours
  expect(() => jsx('p onclick=x', {})).toThrow('Not a name')
  expect(() => jsx('p', { 'x="" onclick': 'y' })).toThrow('Not a name')
  expect(() => jsx('p', { children: Promise.resolve('late') })).toThrow('await it first')
  expect(() => jsx('p', { children: () => 'never' })).toThrow('A function')
  expect(() => jsx('p', { onclick: () => 'never' })).toThrow('onclick')
  expect(() => jsx('p', { title: Promise.resolve('late') })).toThrow('title')
})
