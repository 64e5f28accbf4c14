import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Drawing, markdownHtml, plainText } from './markdown.ts'

const ID = '01935b0a-7c1e-7d3b-9a55-0123456789ab'
const draw: Drawing = {
  block: (block) => (block.kind === 'embed' ? `<i>${block.embed.provider}</i>` : `<i>${block.kind}</i>`),
  picture: ({ alt, caption, alone }) => `<img alt="${alt}" title="${caption}"${alone ? ' class="alone"' : ''}>`,
}
const html = (text: string, lang = 'en') => markdownHtml(text, { lang, draw })

test('a letter with headings, a list and line ends', () => {
  expect(html('# Hello\n\nOne\ntwo *three*\n\n### Deeper\n\n- a\n- b')).toBe(
    '<h2>Hello</h2>\n<p>One<br />\ntwo <em>three</em></p>\n<h4>Deeper</h4>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n',
  )
  expect(html('### Only small ones')).toBe('<h2>Only small ones</h2>\n')
})

test('typography is that of the language, across what is set apart, and never inside code or addresses', () => {
  expect(html('Il dit : "*oui*, c\'est ça" ! Voilà... `a "b" : c`', 'fr')).toBe(
    '<p>Il dit\u00a0: «\u00a0<em>oui</em>, c’est ça\u00a0»\u202f! Voilà… <code>a "b" : c</code></p>\n',
  )
  expect(html("See https://a.example/it's?x=1:2 ; d'accord", 'fr')).toContain('href="https://a.example/it\'s?x=1:2"')
  expect(html("“Rain”, it's - they say - done")).toBe('<p>“Rain”, it’s – they say – done</p>\n')
})

test('what is put on a line of its own is drawn by whoever asks', () => {
  expect(html(`Before\n\n[[track:${ID}|Rain]]\n\nhttps://youtu.be/dQw4w9WgXcQ\n\nAfter`)).toBe(
    '<p>Before</p>\n<i>track</i><i>youtube</i><p>After</p>\n',
  )
  expect(html(`![A cat](picture:${ID} "At home")\n![B](picture:${ID})`)).toBe(
    '<img alt="A cat" title="At home" class="alone"><img alt="B" title="" class="alone">',
  )
  expect(html(`A ![x](picture:${ID}) among words`)).toBe('<p>A <img alt="x" title=""> among words</p>\n')
})

test('what is not there any more is left out', () => {
  const gone: Drawing = { block: () => null, picture: () => null }
  expect(markdownHtml(`a\n\n[[track:${ID}]]\n\n![x](picture:${ID})\n\nb`, { lang: 'en', draw: gone })).toBe(
    '<p>a</p>\n<p>b</p>\n',
  )
})

test('nothing is loaded from elsewhere, and nothing in a text is markup', () => {
  expect(html('![spy](https://elsewhere.example/x.gif)')).toBe(
    '<p><a href="https://elsewhere.example/x.gif" rel="noopener">spy</a></p>\n',
  )
  expect(html('<script>alert(1)</script> <div data-put="0"></div>')).not.toContain('<script')
  expect(html('<div data-put="0"></div>')).not.toContain('<div')
  expect(html('[x](javascript:alert(1)) [y](data:text/html,z) [z](//evil.example)')).not.toMatch(
    /javascript:alert\(1\)"|data:text\/html,z"/,
  )
})

test('however hostile the text, there is no script, no handler and no foreign picture', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '"',
    "'",
    '`',
    '[',
    ']',
    '(',
    ')',
    '!',
    '*',
    '_',
    '#',
    '\n',
    '\n\n',
    '    ',
    '- ',
    '> ',
    '|',
    '---',
    'javascript:alert(1)',
    'onerror=x',
    '<img src=x onerror=alert(1)>',
    '<script>',
    '&lt;',
    '&#x6a;avascript:',
    'https://e.example/',
    '\ue000',
    'data:image/svg+xml,',
    'a',
    ' ',
    ':',
    '<div data-put="0"></div>',
    `picture:${ID}`,
    `[[track:${ID}]]`,
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), fc.constantFrom('fr', 'en', 'de'), (list, lang) => {
      const made = markdownHtml(list.join(''), { lang, draw: { block: () => '', picture: () => '' } })
      expect(made).not.toMatch(
        /<(?:script|img|iframe|svg|style)|<[^>]+\son\w+\s*=|href="(?:javascript|data|vbscript):/i,
      )
    }),
    { numRuns: 300 },
  )
})

test('the words alone', () => {
  expect(
    plainText(`# Title\n\nIt's **here**, \`code\`\nand there\n\n[[track:${ID}|Rain]]\n\n![A cat](picture:${ID})`, 'en'),
  ).toBe('Title\n\nIt’s here, code\nand there')
})
