import type { Page, Response } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { expect } from './support/journey.ts'
import { type Label, test } from './support/label.ts'

test.use({ tolerated: [/the server responded with a status of (404|410)/] })

/** Files, and places that say something else each time. */
const NO_PAGE = /^\/(media|assets|take)\/|\.(csv|json|xml|webmanifest|bin)$/

/** Two releases look alike: of each kind of page, told by its path without names and ids, two are looked at. */
const kindOf = ({ pathname, search }: URL): string => {
  const [, first = '', ...rest] = pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').split('/')
  const ours = /^(studio|search|visitor|legal|privacy|report|embed)$/.test(first)
  const query = new URLSearchParams(search)
  for (const name of ['lang', 'desk', 'artist']) query.delete(name)
  return ours ? [first, ...rest, ...query.keys()].join('/') : `public, ${rest.length} deep`
}

/** Every page that links lead to from there, two of each kind, in the order in which they are met. */
async function everyPage(page: Page, from: URL[], lang: string, visit: () => Promise<void>): Promise<string[]> {
  const waiting = [...from]
  const met = new Set(waiting.map(({ href }) => href))
  const kinds = new Map<string, number>()
  const visited: string[] = []
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    const answer = await openIn(page, lang, url)
    if (!answer?.headers()['content-type']?.startsWith('text/html')) continue
    visited.push(url.pathname)
    await visit()
    const links = await page.locator('a[href]').evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href))
    for (const href of links) {
      const url = new URL(href)
      if (url.origin !== new URL(page.url()).origin || NO_PAGE.test(url.pathname)) continue
      url.hash = ''
      url.searchParams.delete('lang')
      const kind = kindOf(url)
      const seen = kinds.get(kind) ?? 0
      if (met.has(url.href) || seen >= (kind.startsWith('public') ? 2 : 1)) continue
      met.add(url.href)
      kinds.set(kind, seen + 1)
      waiting.push(url)
    }
  }
  return visited
}

/** A page in a language; sent on to another address, it is asked for there again. */
async function openIn(page: Page, lang: string, url: URL): Promise<Response | null> {
  const asked = new URL(url)
  asked.searchParams.set('lang', lang)
  const answer = await page.goto(asked.href)
  const there = new URL(page.url())
  return there.searchParams.has('lang') || there.pathname === url.pathname ? answer : openIn(page, lang, there)
}

/** Telephones walk in French, desks in English: each page is seen in both languages, in light and in dark. */
async function walk(page: Page, label: Label, from: string[], isMobile: boolean): Promise<string[]> {
  const lang = isMobile ? 'fr' : 'en'
  const urls = from.map((path) => new URL(path, label.url))
  return everyPage(page, urls, lang, async () => {
    expect.soft(await page.locator('html').getAttribute('lang'), page.url()).toBe(lang)
    await expectAccessible(page, { soft: true })
    if (isMobile) await expectFits(page)
  })
}

/** With letters twice as large nothing hangs over the side of a telephone (WCAG 1.4.4, 1.4.10). */
async function expectFits(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%'
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
      .map((one) => `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent?.trim().slice(0, 40)}`)
      .slice(0, 5)
  })
  expect.soft(wide, `${page.url()} at twice the size`).toEqual([])
}

test('every public page can be used by everybody', async ({ page, label, isMobile }) => {
  test.setTimeout(300_000)
  const lost = [
    '/nowhere-at-all',
    '/studio/sign-in',
    '/studio/enter/no-such-link',
    '/search?q=harbour',
    '/search?q=zzz',
  ]
  const visited = await walk(page, label, ['/', ...lost], isMobile)
  expect(visited.length).toBeGreaterThan(14)
})

test('every page of the studio can be used by everybody', async ({ page, label, signIn, isMobile }) => {
  test.setTimeout(300_000)
  await label.bring(
    { artist: 'Ana Marsh', title: 'Walked', date: '2020', genre: 'Folk', tracks: [{ title: 'One', seconds: 2 }] },
    'draft',
  )
  await signIn(page)
  const visited = await walk(page, label, ['/studio?desk=ana-marsh', '/studio/returns', '/studio/music'], isMobile)
  expect(visited.length).toBeGreaterThan(25)
})
