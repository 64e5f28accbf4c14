import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

test('what the Dockerfile copies is there, and is let through to who builds', () => {
  const let_ = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path)
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
    paths.split(' '),
  )
  expect(copied).toContain('src')
  for (const path of copied) expect([path, existsSync(new URL(`../../${path}`, import.meta.url))]).toEqual([path, true])
  expect(copied.filter((path) => !let_.includes(path))).toEqual([])
})

test('every variable that the program reads is passed on to the container, and told of in the README', () => {
  const [, table = ''] =
    read('src/platform/config.ts').match(/\n(?:export )?const Environment[^{]*\{([\s\S]*?)\n\}/) ?? []
  const names = [...table.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name)
  expect(names).toContain('DATABASE_URL')
  const compose = read('compose.yaml')
  const readme = read('README.md')
  // Where it listens and keeps things is the image's own affair.
  const ours = ['HOST', 'PORT', 'DATA_DIR']
  expect(names.filter((name) => !ours.includes(name) && !compose.includes(` ${name}: \${${name}:-`))).toEqual([])
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
