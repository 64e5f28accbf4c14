import { readdirSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PAIRINGS } from './colour/theme.types.ts'
import { Empty } from './empty.tsx'
import { fontCss, fontFiles } from './fonts.ts'
import { Checkbox, ErrorSummary, Field, Radios, SavedAsOneGoes, Select } from './forms.tsx'
import { inLanguage } from './page.ts'
import { StudioLayout } from './studio-layout.tsx'
import { Table } from './table.tsx'

test('a refused field says why, beside it, to everyone', () => {
  const html = String(
    <Field name="title" label="Title" hint="As on the sleeve." error="A release needs a title." value={'"a"'} />,
  )
  expect(html).toContain('aria-describedby="f-title-hint f-title-error"')
  expect(html).toContain('aria-invalid="true"')
  expect(html).toContain('id="f-title-error"')
  expect(html).toContain('value="&quot;a&quot;"')
  expect(html).toContain('<label for="f-title">')
})

test('the summary takes the focus and leads to each field; without errors there is none', () => {
  const html = String(<ErrorSummary lang="fr" errors={{ title: 'Il manque un titre.', '': 'Le serveur dort.' }} />)
  expect(html).toContain('autofocus')
  expect(html).toContain('href="#f-title"')
  expect(html).toContain('2 points à revoir')
  expect(String(<ErrorSummary lang="fr" errors={{}} />)).toBe('')
})

test('what stands in a paragraph is no block, which would end it; what holds a form is no paragraph', () => {
  expect(String(<SavedAsOneGoes lang="en" />)).toMatch(/^<span [^>]*role="status"/)
  const begin = <form action="/studio/announcements" />
  expect(String(<Empty title="Nothing yet" action={begin} />)).not.toContain('<p')
})

test('choices remember what was chosen', () => {
  const options = [
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B' },
  ]
  expect(String(<Select name="x" label="X" value="b" options={options} />)).toContain('<option value="b" selected="">')
  expect(String(<Radios name="x" label="X" value="b" options={options} />)).toMatch(/value="b" checked/)
  expect(String(<Checkbox name="x" label="X" checked={false} />)).not.toMatch(/ checked/)
})

test('a table names its columns in each cell, for when it is cards', () => {
  const html = String(
    <Table
      lang="en"
      caption="Gifts"
      rows={[{ name: 'Wood', n: 3 }]}
      columns={[
        { label: 'Gift', cell: (row) => row.name },
        { label: 'Listens', cell: (row) => row.n, numeric: true, sort: { href: '?sort=n', direction: 'down' } },
      ]}
    />,
  )
  expect(html).toContain('data-label="Listens"')
  expect(html).toContain('aria-sort="descending"')
  expect(html).toContain('scope="row"')
})

test('the studio’s rail marks where one is, and shows only what is given', () => {
  const html = String(
    <StudioLayout
      page={{
        lang: 'en',
        url: 'http://d/',
        path: '/',
        base: 'http://d',
        csrf: 't',
        actor: { name: 'Demo' },
        assets: (n) => n,
      }}
      title="Music"
      current="music"
      rail={[
        { section: 'home', href: '/studio' },
        { section: 'music', href: '/studio/music' },
      ]}
    />,
  )
  expect(html).toMatch(/href="\/studio\/music" aria-current="page"/)
  expect(html).not.toContain('Shop')
})

test('each pairing needs two files that exist and weigh at most 80 kB together', () => {
  const folder = new URL('./fonts/', import.meta.url)
  for (const pairing of PAIRINGS) {
    const names = fontFiles(pairing, (name) => name.replace('fonts/', ''))
    expect(new Set(names).size).toBe(2)
    expect(names.reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0)).toBeLessThanOrEqual(80_000)
    expect(fontCss(pairing, (name) => name)).toContain('size-adjust')
  }
  expect(readdirSync(new URL('licences/', folder)).length).toBeGreaterThan(5)
})

test('another language is the same address, said once', () => {
  expect(inLanguage('http://d/a?q=1&lang=en', 'fr')).toBe('http://d/a?q=1&lang=fr')
})
